"""A made-up clinic served for real, and a chromium to look at it. Without a chromium these tests are left out."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

MAKE = """
import django

django.setup()
from django.core.management import call_command
from django.utils import timezone

from sextant.clinic.demo import make_clinic
from sextant.clinic.models import User

call_command("migrate", verbosity=0)
list(make_clinic(29, timezone.localtime()))
User.objects.create_user("outsider", password="demo-outsider-sign-in")
"""


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no chromium on this machine; on Debian: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def clinic(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a made-up clinic, in a folder of its own."""
    folder = tmp_path_factory.mktemp("clinic")
    settings = {
        "SEXTANT_DATA_DIR": str(folder),
        "SEXTANT_DEMO": "1",
        "SEXTANT_TIME_ZONE": "America/Chicago",
        "DJANGO_SETTINGS_MODULE": "sextant.clinic.settings",
    }
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SEXTANT_")} | settings
    subprocess.run([sys.executable, "-c", MAKE], env=environment, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "sextant.clinic.wsgi", "--threads", "4", "--bind", f"127.0.0.1:{port}"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_served(address, folder / "server.log")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_until_served(address: str, log: Path) -> None:
    until = monotonic() + 30
    while monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/sign-in/", timeout=5):  # noqa: S310 - our own address
                return
        except OSError:  # refused, reset, or too slow to answer under load
            sleep(0.1)
    pytest.fail(f"The clinic did not start: {log.read_text()}")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A chromium without a window. It goes with its file: while it is there, Django lets nobody at a database."""
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield one
        one.close()


@dataclass
class Person:
    """Somebody at a screen: the page, and all that the browser complained of."""

    page: Page
    clinic: str
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Open an address of the clinic."""
        self.page.goto(self.clinic + address)
        return self.page

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what the browser's console says."""
        self.complaints.append(f"{self.page.url}: {message.text}")


@pytest.fixture(scope="module")
def sit_down_once(clinic: str, browser: Browser) -> Iterator["SitDown"]:
    """Somebody signs in to look up what several tests ask for."""
    seats = SitDown(clinic, browser)
    yield seats
    seats.leave()


@pytest.fixture
def sit_down(clinic: str, browser: Browser) -> Iterator["SitDown"]:
    """Somebody of a role signs in at a screen of a size, by day or by night."""
    seats = SitDown(clinic, browser)
    yield seats
    seats.leave()


class SitDown:
    """Signs people in; a sign-in is done once for each role."""

    _signed_in: dict[tuple[str, str], object] = {}  # noqa: RUF012 - shared on purpose

    def __init__(self, clinic: str, browser: Browser) -> None:
        self._clinic = clinic
        self._browser = browser
        self._contexts: list[object] = []

    def __call__(self, role: str = "", *, width: int = 1280, dark: bool = False, script: bool = True) -> Person:
        state = self._sign_in(role) if role else None
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            storage_state=state,  # type: ignore[arg-type]
        )
        self._contexts.append(context)
        person = Person(context.new_page(), self._clinic)
        person.page.on("console", person.heard)
        person.page.on("pageerror", lambda error: person.complaints.append(str(error)))
        return person

    def leave(self) -> None:
        """Close all screens."""
        for context in self._contexts:
            context.close()  # type: ignore[attr-defined]

    def _sign_in(self, role: str) -> object:
        key = (self._clinic, role)
        if key not in self._signed_in:
            context = self._browser.new_context()
            page = context.new_page()
            page.goto(f"{self._clinic}/sign-in/")
            page.fill("#id_login", role)
            page.fill("#id_password", f"demo-{role}-sign-in")
            page.get_by_role("button", name="Sign in").click()
            self._signed_in[key] = context.storage_state()
            context.close()
        return self._signed_in[key]
