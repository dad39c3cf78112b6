"""`sextant demo`, `serve`, `manage` and `audit`: the commands that start Django."""

import argparse
import json
import os
import shutil
import socket
import sys
from pathlib import Path

from sextant.cli.refused import REFUSED, Refused

_THREADS = 8
_MOST_PATIENTS = 1000
_CHAIN_BROKEN = 4
_MARK = "made-up-clinic.json"


def demo(options: argparse.Namespace) -> int:
    """Make the made-up clinic in a folder of its own, if it is not there yet, and serve it."""
    if not 1 <= options.patients <= _MOST_PATIENTS:
        raise Refused(f"--patients {options.patients} is out of range. Write 1 to {_MOST_PATIENTS}.")
    if not options.no_serve:
        _check_port("127.0.0.1", options.port)
    folder = _demo_folder(options.data)
    os.environ.update(SEXTANT_DEMO="1", SEXTANT_DATA_DIR=str(folder), SEXTANT_DATABASE_URL="")
    start_django()
    from django.core.management import call_command
    from django.utils import timezone

    from sextant.clinic.demo import SIGN_INS, make_clinic

    mark = folder / _MARK
    made = mark.exists() and json.loads(mark.read_text()).get("done", False)
    call_command("migrate", verbosity=0)
    if made:
        print(f"The made-up clinic is in {options.data}; remove that folder for a new one.")
    else:
        for number in make_clinic(options.patients, timezone.localtime()):
            if sys.stderr.isatty():
                print(f"\rMaking virtual patient {number} of {options.patients}", end="", file=sys.stderr, flush=True)
        if sys.stderr.isatty():
            print(file=sys.stderr)
        mark.write_text(json.dumps({"done": True, "patients": options.patients}))
        print(f"Made a clinic with {options.patients} virtual patients in {options.data}. Nobody in it is real.")
    print(f"\n  http://127.0.0.1:{options.port}/\n")
    for one in SIGN_INS:
        print(f"  {one.username:<14} {one.password:<28} {one.role.label}")
    print("\nStop with Ctrl-C.", flush=True)
    return 0 if options.no_serve else _serve("127.0.0.1", options.port)


def _demo_folder(name: str) -> Path:
    """A folder that is the demo's own: empty, new, or marked by it. A half-made one is made again from the start."""
    if not name.strip():
        raise Refused("--data names no folder. Write one for the made-up clinic, such as demo-data.")
    folder = Path(name).absolute()
    mark = folder / _MARK
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{name} is a file. Name a folder for the made-up clinic.")
    try:
        if folder.is_dir() and any(folder.iterdir()):
            if not mark.exists():
                raise Refused(
                    f"{name} holds other things than a made-up clinic. Name an empty or new folder, such as demo-data."
                )
            if not json.loads(mark.read_text() or "{}").get("done"):
                shutil.rmtree(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not mark.exists():
            mark.write_text("{}")
    except (OSError, ValueError) as error:
        raise Refused(f"{name} cannot be used ({error}). Name another folder.") from None
    return folder


def serve(options: argparse.Namespace) -> int:
    """Serve the clinic: one process, several threads."""
    _check_port(options.bind, options.port)
    start_django()
    return _serve(options.bind, options.port)


def manage(arguments: list[str]) -> int:
    """Django's own commands."""
    start_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["sextant manage", *arguments])
    return 0


def audit(options: argparse.Namespace) -> int:
    """Recompute the audit chain; 0 when it holds, 4 when an entry or what it tells of was changed."""
    start_django()
    from django.db import DatabaseError

    from sextant.clinic.services.audit import head, verify

    try:
        verdict, newest = verify(), head()
    except DatabaseError:
        raise Refused(
            "There is no clinic in this database yet, or it is older than this program. Run: sextant manage migrate."
        ) from None
    if options.json:
        print(
            json.dumps(
                {
                    "schema": "audit-verify/1",
                    "ok": verdict.ok,
                    "entries": verdict.entries,
                    "first_bad": verdict.first_bad,
                    "unsealed_rows": verdict.unsealed_facts,
                    "head": None if newest is None else {"number": newest.seq, "hash": newest.hash},
                }
            )
        )
    elif verdict.ok:
        print(f"The audit chain holds: {verdict.entries} entries.")
        if newest is not None:
            print(f"Its head, to be kept elsewhere: {newest.seq} {newest.hash}")
    else:
        where = f"entry {verdict.first_bad} was changed" if verdict.first_bad else "a row has no entry"
        print(f"The audit chain does not hold: {where}. Keep the database as it is and tell the director.")
    return 0 if verdict.ok else _CHAIN_BROKEN


def start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sextant.clinic.settings")
    try:
        import django
    except ModuleNotFoundError:
        raise Refused("The clinic needs Django. Install it with: pip install 'sextant[clinic]'.") from None
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Refused(str(error)) from None


def _check_port(address: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "no such port"
            raise Refused(
                f"Port {port} on {address} cannot be used ({reason}). Choose another, such as --port 8001.", REFUSED
            ) from None


def _serve(address: str, port: int) -> int:
    from gunicorn.app.base import BaseApplication

    from sextant.clinic.wsgi import application

    class Clinic(BaseApplication):  # type: ignore[misc]
        """Gunicorn with settings of ours: one process, since SQLite has one writer."""

        def load_config(self) -> None:
            for name, value in {
                "bind": f"{address}:{port}",
                "workers": 1,
                "threads": _THREADS,
                "timeout": 120,
                "loglevel": "warning",
                "proc_name": "sextant",
            }.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            return application

    Clinic().run()
    return 0
