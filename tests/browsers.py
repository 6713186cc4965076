"""A real browser without a window: Chromium, with nothing of the user's own."""

import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)


@contextmanager
def chromium(*, has_scripts: bool = True) -> Iterator[Chrome]:
    """Give a browser; without *has_scripts* no page can run any."""
    driver, browser = shutil.which("chromedriver"), shutil.which("chromium")
    assert driver, "install chromium-driver"
    assert browser, "install chromium"
    options = ChromeOptions()
    options.binary_location = browser
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not has_scripts:
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": 2}
        )
    with TemporaryDirectory(prefix="chromium-") as profile:
        for flag in (*_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        # The path is given: nothing is looked for, or fetched, on the network.
        opened = Chrome(options=options, service=Service(driver))
        try:
            yield opened
        finally:
            opened.quit()


def show(browser: Chrome, page: Path, *, width: int, dark: bool = False) -> None:
    """Open a *page* as on a screen of that *width*, light or dark."""
    _tell(
        browser,
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=844,
        deviceScaleFactor=2 if width < 600 else 1,
        mobile=width < 600,
    )
    scheme = "dark" if dark else "light"
    _tell(
        browser,
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-color-scheme", "value": scheme}],
    )
    browser.get(page.absolute().as_uri())


def complaints(browser: Chrome) -> list[str]:
    """Return what the console says of the pages shown since it was last asked."""
    log: list[dict[str, str]] = browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium has none there
    return [entry["message"] for entry in log]


def picture(browser: Chrome, path: Path, *, top: int = 0, height: int) -> None:
    """Save *height* pixels of the page that is shown, from *top* on, as WebP."""
    size = _tell(browser, "Page.getLayoutMetrics")["cssContentSize"]
    height = min(height, size["height"] - top)
    clip = {"x": 0, "y": top, "width": size["width"], "height": height, "scale": 1}
    taken = _tell(
        browser,
        "Page.captureScreenshot",
        format="webp",
        quality=85,
        captureBeyondViewport=True,
        clip=clip,
    )
    path.write_bytes(b64decode(taken["data"]))


def _tell(browser: Chrome, what: str, **how: Any) -> dict[str, Any]:
    told: dict[str, Any] = browser.execute_cdp_cmd(what, how)
    return told
