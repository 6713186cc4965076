"""Each carrier's line, set up from its file alone, walked to its very end.

``walks.txt`` holds what has to be said: the section of the line, and one row for each
reminder, with the day in the line's zone, what is new in it, and the stage of the
line. It was compared by hand with what the carriers state (see the sources in their
files).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from reminderd.cli.declaring import policies_of
from reminderd.cli.sections import readings_of
from reminderd.config.effective import plan_of, zone_of
from reminderd.config.loading import load
from reminderd.domain.calendar import local_date
from reminderd.domain.effects import in_effect
from reminderd.domain.lines import Line
from reminderd.domain.reminders import LineCard, Reminder
from reminderd.domain.stages import stage_of
from reminderd.storage.lines import StoredLine
from tests.builders import with_readings
from tests.domain.kept import KeptLine

BEGIN = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
# Longer than anything that a shipped carrier does.
END = BEGIN + 1200 * DAY

_HEADING = re.compile(r"^=== (\S+)\n", re.MULTILINE)


@cache
def walks() -> dict[str, tuple[str, list[str]]]:
    """Return the section and the expected rows of each walk, by carrier."""
    text = Path(__file__).with_name("walks.txt").read_text("utf-8")
    _, *parts = _HEADING.split(text)
    return {
        name: (section, [row.strip() for row in rows.strip().splitlines()])
        for name, part in zip(parts[::2], parts[1::2], strict=True)
        for section, _, rows in [part.partition("--\n")]
    }


def kept_line(carrier: str, section: str, directory: Path) -> KeptLine:
    path = directory / "config.toml"
    path.write_text(
        f'timezone = "UTC"\n[thresholds]\nstale = "never"\n'
        f'[lines.x]\ncarrier = "{carrier}"\n{section}',
        "utf-8",
    )
    settings = load(path, {}, now=BEGIN).settings
    described = settings.lines["x"]
    zone = zone_of(settings, described)
    line = Line(name="x", zone=zone, added_at=BEGIN, plan=plan_of(described))
    stored = StoredLine(
        id=1,
        line=line,
        told={},
        card=LineCard(name="x", zone=zone, carrier=carrier),
        carrier=carrier,
        number=None,
        iccid=None,
        tags=(),
        route=None,
        origin="config",
        archived_at=None,
    )
    known = readings_of(described, settings, BEGIN)
    return KeptLine(with_readings(line, *known), policies_of(settings)(stored))


def rows_of(kept: KeptLine, reminder: Reminder, now: datetime) -> Iterator[str]:
    line = in_effect(kept.line, kept.policy, now)
    stage = stage_of(line, kept.policy.terms, now)
    new = (
        f"{each.item} {each.step} {each.severity.word}"
        for each in reminder.findings
        if each.new
    )
    yield f"{local_date(now, line.zone)} | {', '.join(new)} | {stage or '-'}"


def by_day(kept: KeptLine) -> list[str]:
    """Look each day at nine, and at midnight where the line is at home."""
    rows: list[str] = []
    now = BEGIN
    while now <= END:
        outcome = kept.review(now)
        if outcome.reminder is not None:
            rows += rows_of(kept, outcome.reminder, now)
        due = outcome.next_review_at
        tomorrow = now.replace(hour=9, minute=0, second=0, microsecond=0) + DAY
        now = tomorrow if due is None else min(tomorrow, max(due, now))
    return rows


def by_request(kept: KeptLine) -> list[str]:
    """Look only when the last review has asked for it."""
    rows: list[str] = []
    due: datetime | None = BEGIN
    while due is not None:
        outcome = kept.review(due)
        if outcome.reminder is not None:
            rows += rows_of(kept, outcome.reminder, due)
        due = outcome.next_review_at
    return rows


@pytest.mark.parametrize("carrier", walks())
def test_a_line_is_reminded_of_to_its_very_end(carrier: str, tmp_path: Path) -> None:
    section, expected = walks()[carrier]

    assert by_request(kept_line(carrier, section, tmp_path)) == expected


@pytest.mark.slow
@pytest.mark.parametrize("carrier", walks())
def test_whoever_looks_every_day_says_the_same(carrier: str, tmp_path: Path) -> None:
    section, expected = walks()[carrier]

    assert by_day(kept_line(carrier, section, tmp_path)) == expected
