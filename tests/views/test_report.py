"""What a report tells: of many lines the worst, of all how many there are."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from reminderd.messages.wording import Reader, Wording
from reminderd.storage.channels import mark_broken, note_success
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine, add_line, find_line
from reminderd.storage.readings import save_readings
from reminderd.views.report import MOST_LINES, Report, Setting, report_of
from reminderd.views.report_page import Page, page_of
from tests.builders import LONDON, NOW, a_deadline, a_policy, an_allowance

SETTING = Setting(
    policy_for=lambda _stored: a_policy(), channels=("phone", "mail"), zone=LONDON
)
WORDS = Wording(Reader(language="en", zone=LONDON), NOW)


def add(
    tx: Connection, name: str, days: int | None, route: tuple[str, ...] | None = None
) -> int:
    """Add a line whose plan ends in so many *days*; return its id."""
    line_id = add_line(
        tx,
        NewLine(
            name=name,
            timezone="Europe/London",
            origin="cli",
            added_at=NOW,
            route=route,
        ),
    )
    if days is not None:
        end = a_deadline(date(2026, 11, 22) + timedelta(days=days))
        save_readings(tx, line_id, [end], "cli", NOW)
    return line_id


def reported(database: Database, line: str | None = None) -> Report:
    with database.read() as tx:
        wanted = None if line is None else find_line(tx, line)
        return report_of(tx, wanted, SETTING, NOW)


def shown(database: Database) -> Page:
    return page_of(reported(database), {}, WORDS)


@pytest.mark.slow
def test_of_many_lines_the_worst_are_shown_and_the_others_counted(
    database: Database,
) -> None:
    with database.write() as tx:
        for number in range(MOST_LINES + 3):
            add(tx, f"line-{number:03}", 300 - number)

    report = reported(database)

    assert len(report.rows) == MOST_LINES
    assert report.rows[0].status.stored.name == f"line-{MOST_LINES + 2:03}"
    assert (report.lines, report.left_out) == (MOST_LINES + 3, 3)


def test_the_next_event_is_the_earliest_end_ahead_and_none_that_has_passed(
    database: Database,
) -> None:
    with database.write() as tx:
        for name, days in (("ended", -2), ("soon", 5), ("later", 9), ("never", None)):
            add(tx, name, days)

    page = shown(database)

    assert [section.name for section in page.sections] == [
        "ended",
        "soon",
        "later",
        "never",
    ]
    assert page.next_name == "soon"
    assert page.next_text == "Plan: 5 days left, ends Fri 27 Nov"
    assert (page.lines, page.attention) == (4, 3)


def test_a_line_that_cannot_be_read_is_named_and_the_others_are_shown(
    database: Database,
) -> None:
    with database.write() as tx:
        add(tx, "fine", 5)
        add(tx, "bad", 5)
        tx.execute(text("UPDATE line SET timezone = 'Nowhere' WHERE name = 'bad'"))

    page = shown(database)

    assert [section.name for section in page.sections] == ["fine"]
    assert page.unseen == ("bad",)


def test_one_line_says_nothing_of_the_others(database: Database) -> None:
    with database.write() as tx:
        add(tx, "wanted", 5)
        add(tx, "other", 1)

    report = reported(database, "wanted")

    assert (report.lines, report.left_out, report.unseen) == (1, 0, ())
    assert report.next is not None
    assert report.next.stored.name == "wanted"


def test_a_line_has_the_channels_that_it_goes_to(database: Database) -> None:
    with database.write() as tx:
        add(tx, "routed", 5, route=("mail",))
        note_success(tx, "phone", NOW)
        mark_broken(tx, "mail", "the service answered 404 Not Found", NOW)

    page = shown(database)

    (mail,) = page.sections[0].channels
    assert (mail.name, mail.outcome.look, mail.proven) == ("mail", "critical", "-")
    assert mail.outcome.text == "broken: the service answered 404 Not Found"
    phone = page.channels[0]
    assert (phone.outcome.text, phone.proven) == ("works", "Sun 22 Nov 12:00")


@pytest.mark.parametrize(
    ("remaining", "share"), [(2_500_000_000, 25), (0, 0), (-5, 0), (12 * 10**9, 100)]
)
def test_one_reading_makes_a_bar_and_no_chart(
    database: Database, remaining: int, share: int
) -> None:
    with database.write() as tx:
        line_id = add(tx, "uk-travel", 5)
        save_readings(tx, line_id, [an_allowance(remaining)], "cli", NOW)

    (left,) = shown(database).sections[0].lefts

    assert (left.share, left.chart) == (share, None)


def test_a_chart_begins_with_the_last_refill(database: Database) -> None:
    with database.write() as tx:
        line_id = add(tx, "uk-travel", 5)
        for days, gigabytes in ((20, 2), (10, 10), (5, 8), (1, 6)):
            known = an_allowance(
                gigabytes * 10**9, observed_at=NOW - timedelta(days=days)
            )
            save_readings(tx, line_id, [known], "cli", NOW)

    (left,) = shown(database).sections[0].lefts

    assert left.chart is not None
    assert left.chart.about == (
        "From 10 GB on Thu 12 Nov to 6 GB on Sat 21 Nov. Limits: 20% and 500 MB."
    )
    assert [level.text for level in left.chart.levels] == ["20%", "500 MB"]
    assert left.outlook == "You use 444 MB data a day: that lasts until the plan ends."


def test_a_date_shows_what_is_behind_and_what_is_ahead(database: Database) -> None:
    with database.write() as tx:
        add(tx, "uk-travel", 5)

    timeline = shown(database).sections[0].timeline

    assert timeline is not None
    (track,) = timeline.tracks
    assert [mark.is_past for mark in track.limits] == [True, True, False, False]
    assert track.due is not None
    assert not track.due.is_past
    assert track.start_x == track.now_x < track.end_x == track.due.x
    assert ("Fri 27 Nov", "Plan: 5 days left, ends Fri 27 Nov") in timeline.table.rows
