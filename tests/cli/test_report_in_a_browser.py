"""The report as people see it: in a browser, on a phone, on a desk, light and dark."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browsers import chromium, complaints, show
from tests.cli.shell import Shell
from tests.cli.test_reporting import HOSTILE
from tests.pictures.example import LINES, build, report

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

WIDTHS = (390, 1280)
VIEWS = list(product(("en", "zh_CN"), WIDTHS, (False, True)))
# Every text with its colour, and the colours behind it from the nearest on.
_COLOURS = """
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const text = walker.currentNode.textContent.trim();
  const element = walker.currentNode.parentElement;
  if (!text || element.closest('title, desc, symbol') || !element.checkVisibility())
    continue;
  const style = getComputedStyle(element);
  const behind = [];
  for (let each = element; each; each = each.parentElement)
    behind.push(getComputedStyle(each).backgroundColor);
  const colour = element.closest('svg') ? style.fill : style.color;
  found.push([text.slice(0, 40), colour, behind]);
}
return found;
"""
_TOO_FAR = """
const wide = document.documentElement.clientWidth;
return [...document.querySelectorAll('body *')]
  .filter(each => !each.closest('.defs') && !each.closest('details:not([open])'))
  .filter(each => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1);
  })
  .map(each => each.tagName + ' ' + each.textContent.trim().slice(0, 40));
"""
_OVERLAPS = """
const overlaps = [];
for (const chart of document.querySelectorAll('svg.chart')) {
  const texts = [...chart.querySelectorAll('text')];
  const boxes = texts.map(each => each.getBoundingClientRect());
  for (let a = 0; a < boxes.length; a++) for (let b = a + 1; b < boxes.length; b++)
    if (boxes[a].left < boxes[b].right && boxes[b].left < boxes[a].right &&
        boxes[a].top + 3 < boxes[b].bottom && boxes[b].top + 3 < boxes[a].bottom)
      overlaps.push(texts[a].textContent + ' / ' + texts[b].textContent);
}
return overlaps;
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report of one store with a past, in each language."""
    directory = tmp_path_factory.mktemp("example")
    config = build(directory)
    return {
        language: report(config, language, directory / f"{language}.html")
        for language in ("en", "zh_CN")
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium() as opened:
        yield opened


def test_every_line_is_there_and_nothing_is_complained_of(
    pages: dict[str, Path], browser: Chrome
) -> None:
    for language, width, dark in VIEWS:
        show(browser, pages[language], width=width, dark=dark)

        shown = [each.text for each in browser.find_elements(By.TAG_NAME, "h2")]
        assert set(LINES) <= set(shown)
        assert complaints(browser) == []


def test_nothing_is_cut_off_or_lies_over_something_else(
    pages: dict[str, Path], browser: Chrome
) -> None:
    for language, width in product(pages, (320, *WIDTHS)):
        show(browser, pages[language], width=width)

        assert browser.execute_script(_TOO_FAR) == []
        assert browser.execute_script(_OVERLAPS) == []


def test_every_text_has_enough_contrast(
    pages: dict[str, Path], browser: Chrome
) -> None:
    for dark in (False, True):
        show(browser, pages["en"], width=1280, dark=dark)

        texts = browser.execute_script(_COLOURS)

        assert len(texts) > 200
        poor = {
            (text, ratio)
            for text, colour, behind in texts
            if (ratio := _contrast(_rgba(colour), _flattened(behind))) < 4.5
        }
        assert poor == set()


def test_dark_is_dark(pages: dict[str, Path], browser: Chrome) -> None:
    colours = []
    for dark in (False, True):
        show(browser, pages["en"], width=390, dark=dark)
        behind = browser.execute_script(
            "return getComputedStyle(document.body).backgroundColor"
        )
        colours.append(_luminance(_rgba(behind)))

    assert colours[0] > 0.8
    assert colours[1] < 0.05


def test_it_is_the_same_page_without_scripts(
    pages: dict[str, Path], browser: Chrome
) -> None:
    show(browser, pages["en"], width=390)
    with_scripts = browser.find_element(By.TAG_NAME, "body").text
    with chromium(has_scripts=False) as bare:
        show(bare, pages["en"], width=390)

        assert bare.find_element(By.TAG_NAME, "body").text == with_scripts


def test_keys_reach_every_link_and_table(
    pages: dict[str, Path], browser: Chrome
) -> None:
    show(browser, pages["en"], width=1280)
    stops = browser.execute_script(
        "return [...document.querySelectorAll('a[href], summary')]"
        ".filter(each => each.tabIndex === 0 && each.checkVisibility()).length"
    )
    wanted = browser.find_elements(By.CSS_SELECTOR, "a, summary")

    assert stops == len(wanted) > 20
    for each in browser.find_elements(By.TAG_NAME, "summary"):
        each.send_keys("\ue007")  # the return key
    tables = browser.find_elements(By.CSS_SELECTOR, "details table")
    assert all(table.is_displayed() for table in tables)
    assert browser.execute_script(_TOO_FAR) == []


def test_hostile_names_do_nothing(shell: Shell, browser: Chrome) -> None:
    shell.write("")
    shell.ok("check")
    for name in HOSTILE:
        shell.ok("add", "--", name, "valid_until=2026-12-01", "data_remaining=1GB")
    page = shell.directory / "report.html"
    shell.ok("report", "-o", str(page))
    for width in WIDTHS:
        show(browser, page, width=width)

        shown = [
            each.text.replace("\u200b", "")
            for each in browser.find_elements(By.CSS_SELECTOR, "article h2")
        ]
        assert sorted(shown) == sorted(name.replace("\u200b", "") for name in HOSTILE)
        assert browser.execute_script(_TOO_FAR) == []
        assert complaints(browser) == []


Colour = tuple[float, float, float, float]


def _rgba(text: str) -> Colour:
    numbers = [float(each) for each in re.findall(r"[\d.]+", text)]
    red, green, blue, alpha = (*numbers, 1.0)[:4]
    return red, green, blue, alpha


def _flattened(behind: list[str]) -> Colour:
    """Return the nearest colour that hides what is behind it."""
    solid = (colour for text in behind if (colour := _rgba(text))[3] == 1)
    return next(solid)


def _luminance(colour: Colour) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [part / 255 for part in colour[:3]]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: Colour, other: Colour) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 2)
