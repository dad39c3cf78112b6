"""Take the pictures of the README from a made-up clinic: `make screenshots`."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
PORT = 8173
ADDRESS = f"http://127.0.0.1:{PORT}"
CHART_OF = "Demo patient 5"
SHOTS = (("desktop", 1280, "light"), ("tablet", 820, "light"), ("dark", 1280, "dark"))


def wait_until_served() -> None:
    """Return when the clinic answers."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{ADDRESS}/sign-in/", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit("The clinic did not start.")


def main() -> None:
    """Serve a clinic in a folder that is thrown away, and look at Today and one chart."""
    chromium = shutil.which("chromium") or sys.exit("Screenshots need a chromium: apt-get install chromium")
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sextant.cli.main", "demo", "--data", folder, "--port", str(PORT)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "SEXTANT_TIME_ZONE": "UTC"})
        try:
            wait_until_served()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                for name, width, scheme in SHOTS:
                    page = browser.new_page(viewport={"width": width, "height": 1000}, color_scheme=scheme)
                    page.goto(ADDRESS)
                    page.fill("#id_login", "prescriber")
                    page.fill("#id_password", "demo-prescriber-sign-in")
                    page.get_by_role("button", name="Sign in").click()
                    page.screenshot(path=IMAGES / f"today-{name}.png")
                    page.get_by_role("link", name=CHART_OF, exact=True).click()
                    page.screenshot(path=IMAGES / f"chart-{name}.png")
                    page.close()
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
