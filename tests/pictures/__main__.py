"""Make the pictures of the report that the README shows.

Usage: python -m tests.pictures DIRECTORY
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from selenium.webdriver.common.by import By

from tests.browsers import chromium, picture, show
from tests.cli.shell import IMPORTED_FIRST
from tests.pictures.example import build, report

_MARGIN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What a picture shows: the whole report, or one line of it."""

    language: str = "en"
    width: int = 1280
    dark: bool = False
    height: int = 1400
    line: str | None = None


_VIEWS = {
    "report-phone": _View(width=390, height=1560, line="uk-travel"),
    "report-desktop": _View(),
    "report-dark": _View(dark=True, height=1120, line="uk-travel"),
    "report-zh_CN": _View(language="zh_CN"),
}


def main(directory: Path) -> None:
    """Write all pictures into *directory* as WebP."""
    assert IMPORTED_FIRST
    directory.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="reminderd-") as place, chromium() as browser:
        config = build(Path(place))
        for name, view in _VIEWS.items():
            only = ("--line", view.line) if view.line else ()
            page = report(config, view.language, Path(place) / f"{name}.html", *only)
            show(browser, page, width=view.width, dark=view.dark)
            article = browser.find_element(By.TAG_NAME, "article")
            top = article.location["y"] - _MARGIN if only else 0
            picture(browser, directory / f"{name}.webp", top=top, height=view.height)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
