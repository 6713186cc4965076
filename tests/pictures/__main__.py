"""Make the pictures of the report that the README shows.

Usage: python -m tests.pictures DIRECTORY
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browsers import chromium, picture, show
from tests.cli.shell import IMPORTED_FIRST
from tests.pictures.example import build, report

# What each picture shows: the language, the width, dark or light, how much of it.
_PICTURES = {
    "report-phone": ("en", 390, False, 1560),
    "report-desktop": ("en", 1280, False, 1400),
    "report-dark": ("en", 1280, True, 1400),
    "report-zh": ("zh_CN", 1280, False, 1400),
}


def main(directory: Path) -> None:
    """Write all pictures into *directory* as PNG."""
    assert IMPORTED_FIRST
    directory.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="reminderd-") as place, chromium() as browser:
        config = build(Path(place))
        for name, (language, width, dark, height) in _PICTURES.items():
            page = report(config, language, Path(place) / f"{language}.html")
            show(browser, page, width=width, dark=dark)
            picture(browser, directory / f"{name}.png", height=height)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
