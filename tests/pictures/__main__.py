"""Make the pictures that the README shows: of the terminal, and of the report.

Usage: python -m tests.pictures DIRECTORY
"""

import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from selenium.webdriver.common.by import By

from tests.browsers import chromium, picture, show
from tests.cli.shell import IMPORTED_FIRST
from tests.pictures.example import build, report, screen

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screen:
    """What a picture shows of the terminal: a command, and what it says."""

    command: tuple[str, ...]
    language: str = "en"
    columns: int = 80


_SCREENS = {
    "status": _Screen(command=("status",)),
    "status-140": _Screen(command=("status",), columns=140),
    "status-zh_CN": _Screen(command=("status",), language="zh_CN"),
    "plan": _Screen(command=("plan",)),
    "plan-140": _Screen(command=("plan",), columns=140),
    "plan-zh_CN": _Screen(command=("plan",), language="zh_CN"),
    "explain": _Screen(command=("explain", "uk-travel")),
    "explain-140": _Screen(command=("explain", "uk-travel"), columns=140),
    "explain-zh_CN": _Screen(command=("explain", "uk-travel"), language="zh_CN"),
}
_TERMINAL = """<!doctype html><meta charset="utf-8"><title>terminal</title><style>
@font-face {{ font-family: wide; src: local("Noto Sans Mono CJK SC");
  unicode-range: U+2E80-9FFF, U+FF00-FFEF; size-adjust: 120.4% }}
body {{ margin: 0; background: #1c1f26; color: #e3e6ec }}
pre {{ margin: 0; padding: 20px; width: {columns}ch; white-space: pre;
  font: 15px/1.35 wide, "DejaVu Sans Mono", monospace }}
b {{ color: #8fc7ff; font-weight: normal }}
</style><pre><b>$ reminderd {command}</b>
{text}</pre>"""


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
        for name, shown in _SCREENS.items():
            text = screen(config, shown.language, shown.columns, *shown.command)
            page = Path(place) / f"{name}.html"
            page.write_text(
                _TERMINAL.format(
                    columns=shown.columns,
                    command=escape(" ".join(shown.command)),
                    text=escape(text),
                ),
                "utf-8",
            )
            # A digit of this font is 9 pixels wide; two margins of 20.
            show(browser, page, width=shown.columns * 9 + 44)
            height = browser.find_element(By.TAG_NAME, "pre").size["height"]
            picture(browser, directory / f"{name}.webp", height=height)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
