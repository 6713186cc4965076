"""The report: one page that needs nothing else, shows no secret and breaks nothing."""

import re
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine, add_line
from tests.builders import NOW
from tests.cli.shell import HOME, ICCID, NUMBER, TRAVEL, Shell
from tests.programs import command, environment

A_DAY = timedelta(days=1)

AT = ("--now", "2026-11-30T12:00Z")
HOSTILE = (
    "<script>alert(1)</script>",
    "\"' onload='x",
    "</style></title><b>",
    "{{7*7}}{% raw %}",
    "a&b;&lt;",
    "香港备用📱",
    "W" * 64,
    "[Renew](javascript:alert(1))",
)
_HEADING = re.compile("h[1-6]")


@pytest.fixture
def known(checked: Callable[[str], Shell]) -> Shell:
    """A shell whose file describes two lines that a check has seen."""
    return checked(TRAVEL + HOME)


def parsed(html: str) -> Element:
    """Return the tree of a page that has not a single mistake."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(html)
    return tree


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def svgs(tree: Element) -> Iterator[Element]:
    return tree.iter("{http://www.w3.org/2000/svg}svg")


def names(html: str) -> list[str]:
    return [text_of(each) for each in parsed(html).iter("h2")][1:-2]


def test_the_page_has_every_line_worst_first(known: Shell) -> None:
    html = known.ok("report", *AT).out

    assert names(html) == ["uk-travel", "home"]
    assert "4 days left, ends Fri 4 Dec" in html
    assert "4.2 GB" in html
    assert 'lang="en"' in html


@pytest.mark.slow
def test_the_same_store_and_moment_make_the_same_page(known: Shell) -> None:
    assert known.ok("report", *AT).out == known.ok("report", *AT).out


def test_one_line_can_be_reported_alone(known: Shell) -> None:
    assert names(known.ok("report", "--line", "home", *AT).out) == ["home"]
    assert "did you mean 'home'" in known.refused("report", "--line", "hom").err


def test_chinese_readers_get_a_chinese_page(checked: Callable[[str], Shell]) -> None:
    shell = checked(TRAVEL)
    shell.write(TRAVEL, language="zh_CN")

    html = shell.ok("report", *AT).out

    assert 'lang="zh-CN"' in html
    assert "总览" in html
    assert "Overview" not in html


def test_a_store_without_lines_makes_a_page_too(
    checked: Callable[[str], Shell],
) -> None:
    html = checked("").ok("report", *AT).out

    assert names(html) == []
    assert "No deadline lies ahead." in html


def test_nothing_private_but_what_the_owner_asked_for_is_on_the_page(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL)
    shell.write(TRAVEL + '[channels.phone]\nurl = "json://secret.test/token"\n')

    html = shell.ok("report", *AT).out

    assert "phone" in html
    assert NUMBER not in html
    assert ICCID not in html
    assert "secret" not in html
    assert "+44 •••• 0987" in html


def test_the_page_fetches_and_runs_nothing(known: Shell) -> None:
    html = known.ok("report", *AT).out
    tree = parsed(html)

    assert not {"script", "img", "iframe", "object", "form"} & {
        str(each.tag) for each in tree.iter()
    }
    assert not any(key.startswith("on") for each in tree.iter() for key in each.attrib)
    assert not any("style" in each.attrib for each in tree.iter())
    style = "".join(next(tree.iter("style")).itertext())
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html
    assert re.findall(r"url\(([^#]*)\)|@import", style) == []


def test_links_lead_within_the_page_or_to_the_carrier(known: Shell) -> None:
    tree = parsed(known.ok("report", *AT).out)
    ids = {each.attrib["id"] for each in tree.iter() if "id" in each.attrib}
    links = [each.attrib for each in tree.iter("a")]

    outside = [link for link in links if not link["href"].startswith("#")]
    assert {link["href"][1:] for link in links if link not in outside} <= ids
    assert {link["href"] for link in outside} == {
        "https://www.giffgaff.com/",
        "https://www.three.co.uk/",
    }
    assert {link["rel"] for link in outside} == {"noopener noreferrer"}


def test_every_chart_has_a_text_and_no_id_is_used_twice(known: Shell) -> None:
    known.ok("update", "uk-travel", "data_remaining=4GB")
    tree = parsed(known.ok("report", *AT).out)
    ids = [each.attrib["id"] for each in tree.iter() if "id" in each.attrib]
    charts = [each for each in svgs(tree) if each.attrib.get("role") == "img"]

    assert len(ids) == len(set(ids))
    assert len(charts) >= 3
    for chart in charts:
        title, about, *_ = chart
        wanted = f"{title.attrib['id']} {about.attrib['id']}"
        assert chart.attrib["aria-labelledby"] == wanted
        assert text_of(title)
        assert text_of(about)


def test_headings_go_down_one_step_at_a_time(known: Shell) -> None:
    tree = parsed(known.ok("report", *AT).out)
    levels = [
        int(each.tag[1]) for each in tree.iter() if _HEADING.fullmatch(str(each.tag))
    ]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels.count(1) == 1


def test_a_burn_down_shows_readings_limits_and_forecast_as_a_table_too(
    known: Shell,
) -> None:
    for left in ("3.9GB", "3.0GB", "2.1GB", "1.2GB"):
        known.now += A_DAY
        known.ok("update", "uk-travel", f"data_remaining={left}")

    html = known.ok("report", "--line", "uk-travel").out

    assert 'class="ahead"' in html
    assert "Data will run out in 2 days" in html
    rows = [text_of(each) for each in parsed(html).iter("tr")]
    assert "limit: 20%2 GB" in rows
    assert any(row.endswith("3.9 GB") for row in rows)


def test_payments_are_summed_by_currency_and_odd_ones_marked(known: Shell) -> None:
    for price in ("15.00 GBP", "18.00 GBP"):
        known.ok("renew", "uk-travel", "--period", "30d", "--price", price)
    known.ok("renew", "uk-travel", "--period", "30d", "--price", "4.00 EUR")

    html = known.ok("report", "--line", "uk-travel").out

    assert "£33.00" in html
    assert "€4.00" in html
    assert "Check the bill" in html
    assert "ask the carrier (giffgaff) why the price rose" in html


def test_a_renewal_that_was_taken_back_is_not_listed(known: Shell) -> None:
    known.ok("renew", "uk-travel", "--until", "2027-03-03")
    assert "3 Mar" in known.ok("report").out
    known.ok("renew", "uk-travel", "--undo")

    assert "3 Mar" not in known.ok("report").out


@pytest.mark.slow
def test_hostile_names_are_only_names(checked: Callable[[str], Shell]) -> None:
    shell = checked("")
    for name in HOSTILE:
        shell.ok("add", "--", name, "valid_until=2026-12-01", "data_remaining=1GB")

    html = shell.ok("report", *AT).out

    shown = {name.replace("\u200b", "") for name in names(html)}
    assert shown == {name.replace("\u200b", "") for name in HOSTILE}
    assert "script" not in {str(each.tag) for each in parsed(html).iter()}
    assert html.count("</style>") == 1


def test_a_name_that_turns_the_direction_of_writing_stays_by_itself(
    known: Shell,
) -> None:
    # The command line refuses it; an older store may still have it.
    with (
        closing(Database.open(f"sqlite:///{known.store}")) as store,
        store.write() as tx,
    ):
        name = "a\u202eb"
        add_line(
            tx, NewLine(name=name, timezone="Europe/London", origin="cli", added_at=NOW)
        )

    html = known.ok("report", *AT).out

    assert html.count(name) == html.count(f"<bdi>{name}</bdi>") == 2


def test_a_file_is_private_and_replaced_by_the_next_report(known: Shell) -> None:
    path = known.directory / "lines.html"

    assert known.ok("report", "-o", str(path), *AT).out == f"The report is in {path}\n"
    path.chmod(0o644)
    before = path.stat().st_ino
    known.ok("report", "-o", str(path), *AT)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_ino != before
    assert [each.name for each in known.directory.glob("*lines.html*")] == [
        "lines.html"
    ]
    assert names(path.read_text("utf-8")) == ["uk-travel", "home"]


@pytest.mark.parametrize("content", ["<html>my own page</html>", "notes\n"])
def test_what_is_no_report_is_never_written_over(known: Shell, content: str) -> None:
    path = known.directory / "mine.html"
    path.write_text(content)

    answer = known.refused("report", "-o", str(path))

    assert answer.status == 73
    assert "is there and is no report" in answer.err
    assert path.read_text() == content


def test_a_link_to_a_report_stays_a_link(known: Shell) -> None:
    (known.directory / "web").mkdir()
    real, link = known.directory / "web" / "lines.html", known.directory / "link.html"
    link.symlink_to(real)

    known.ok("report", "-o", str(link))

    assert link.is_symlink()
    assert names(real.read_text("utf-8"))


def test_an_impossible_place_is_named(known: Shell) -> None:
    for place in (known.directory, known.directory / "none" / "lines.html"):
        answer = known.refused("report", "-o", str(place))
        assert answer.status == 73
        assert str(place) in answer.err


@pytest.mark.slow
def test_the_page_is_utf_8_in_every_locale(known: Shell) -> None:
    environ = environment({"PYTHONIOENCODING": "ascii"})
    done = subprocess.run(
        command(known.config, "report", *AT),
        env=environ,
        capture_output=True,
        check=True,
    )

    assert done.stdout.decode("utf-8") == known.ok("report", *AT).out


def test_a_dash_is_stdout(known: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(known.directory)

    assert known.ok("report", "-o", "-").out.startswith("<!DOCTYPE html>\n<html")
    assert not Path("-").exists()
