"""Mutation testing of the gates: `make mutants`. Each rule is changed in one place, and the vignettes must notice.

mutmut writes the mutants; each is tried in this process against the approved wording of every vignette that its file
serves, so that some thousand are tried in minutes. A mutant is killed when any vignette says anything else, or nothing.

    .venv/bin/python tests/mutants.py [--show]
"""

import argparse
import importlib
import io
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
MUTATED = ("protocol/rules/*.py", "protocol/asked.py", "protocol/measured.py", "protocol/overrides.py")
ASKED_FOR = 0.95


def main(arguments: list[str]) -> int:
    """Print how many mutants were killed, file by file where some live; 1 when fewer than asked for were."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--show", action="store_true", help="show each mutant that lives")
    show = asked.parse_args(arguments).show
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SOURCE / "sextant", Path(folder) / "sextant")
        for path in sorted(one for pattern in MUTATED for one in (Path(folder) / "sextant").glob(pattern)):
            _mutate(path)
        sys.path[:0] = [folder, str(Path(__file__).parent)]
        return _try_all(Path(folder), show=show)


def _mutate(path: Path) -> None:
    from mutmut.__main__ import write_all_mutants_to_file

    out = io.StringIO()
    write_all_mutants_to_file(out=out, source=path.read_text(encoding="utf-8"), filename=path)
    path.write_text(out.getvalue(), encoding="utf-8")


def _try_all(folder: Path, *, show: bool) -> int:
    from mutmut.mutation.trampoline import set_mutant_under_test

    from approved_wording import lines_of, vignettes

    set_mutant_under_test("")
    serving: dict[str, list] = {}  # type: ignore[type-arg]
    everything = vignettes()
    for vignette in everything:
        serving.setdefault(vignette.rule.check.__module__, []).append(vignette)
    approved = {id(vignette): lines_of(vignette) for vignette in everything}
    alive: dict[str, list[str]] = {}
    tried = 0
    for module, names in _mutants(folder):
        concerned = serving.get(module, everything)
        for name in names:
            tried += 1
            set_mutant_under_test(f"{module}.{name}")
            if _lives(concerned, approved, lines_of):
                alive.setdefault(module, []).append(name)
    set_mutant_under_test("")
    killed = tried - sum(map(len, alive.values()))
    for module, names in alive.items():
        print(f"{module}: {len(names)} live")
        if show:
            for name in names:
                print(_shown(module, name))
    print(f"{killed} of {tried} mutants killed: {100 * killed / tried:.1f} % (asked for: {100 * ASKED_FOR:.0f} %)")
    return 0 if killed >= ASKED_FOR * tried else 1


def _mutants(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each mutated module with the names of its mutants."""
    for path in sorted(one for pattern in MUTATED for one in (folder / "sextant").glob(pattern)):
        name = ".".join(path.relative_to(folder).with_suffix("").parts)
        if path.stem == "__init__":
            continue
        module = importlib.import_module(name)
        if module.__file__ is None or not module.__file__.startswith(str(folder)):
            raise SystemExit(f"{name} was read from {module.__file__}, not from the mutated copy.")
        yield name, [one for one in vars(module) if "__mutmut_" in one and one.rsplit("_", 1)[-1].isdecimal()]


def _lives(concerned: list, approved: dict, lines_of) -> bool:  # type: ignore[no-untyped-def, type-arg]
    """Whether every vignette says what it said before."""
    for vignette in concerned:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                if lines_of(vignette) != approved[id(vignette)]:
                    return False
        except Exception:  # noqa: BLE001 - a mutant that cannot speak is noticed
            return False
    return True


def _shown(module: str, name: str) -> str:
    """What a mutant changed, as the lines that differ."""
    import difflib
    import inspect

    where = sys.modules[module]
    original = inspect.getsource(getattr(where, name.rsplit("_", 1)[0] + "_orig")).splitlines()
    mutant = inspect.getsource(getattr(where, name)).splitlines()
    changed = [line for line in difflib.unified_diff(original, mutant, n=0, lineterm="") if line[:1] in "+-"]
    return "\n".join(f"    {line}" for line in changed[2:] if "__mutmut_" not in line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
