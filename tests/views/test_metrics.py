"""What Prometheus reads: names, labels and values, as its own library parses them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.outages import DEAD_AFTER
from reminderd.domain.quantities import AllowanceKind
from reminderd.storage.channels import note_failure, note_success
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine, add_line, archive_line
from reminderd.storage.quarantine import leave_aside
from reminderd.storage.readings import save_readings
from reminderd.views.measures import Scope, measure
from reminderd.views.metrics import metrics_text
from reminderd.views.status import overview
from tests.builders import NOW, a_deadline, a_policy, an_allowance
from tests.outboxes import AGAIN, enqueue, settle, take

HOUR = timedelta(hours=1)
Values = Mapping[tuple[str, ...], float]


def add(database: Database, name: str, *readings: Allowance | Deadline) -> int:
    new = NewLine(
        name=name,
        timezone="Europe/London",
        origin="cli",
        added_at=NOW,
        carrier="giffgaff",
        number="+447700900123",
        iccid="8944110000000001234",
    )
    with database.write() as tx:
        line_id = add_line(tx, new)
        save_readings(tx, line_id, readings, "cli", NOW)
    return line_id


def measured(database: Database, *, most_lines: int = 10, now: datetime = NOW) -> bytes:
    scope = Scope(
        channels=("phone",),
        most_lines=most_lines,
        quiet_until=lambda _delivery: None,
    )
    with database.read() as tx:
        known = measure(tx, scope, NOW - HOUR, now)
    rows = overview(known.lines, lambda _stored: a_policy(), now)
    return metrics_text(known, rows, now)


def values(content: bytes, name: str) -> Values:
    """Return the values of one metric by its labels, in the order of their names."""
    found = {}
    for family in text_string_to_metric_families(content.decode()):
        assert family.documentation.endswith(".")
        for sample in family.samples:
            if sample.name == f"reminderd_{name}":
                labels = tuple(sample.labels[key] for key in sorted(sample.labels))
                found[labels] = sample.value
    return found


def test_amounts_are_in_base_units_and_money_in_whole_ones(database: Database) -> None:
    add(
        database,
        "uk",
        an_allowance(300_000_000, 10 * 10**9),
        replace(an_allowance(5, 9), bucket="night"),
        an_allowance(90, 3600, kind=AllowanceKind.VOICE),
        an_allowance(7, None, kind=AllowanceKind.SMS),
        an_allowance(750, 1000, kind=AllowanceKind.BALANCE),
    )

    text = measured(database)

    assert values(text, "line_data_remaining_bytes") == {
        ("general", "uk"): 300_000_000,
        ("night", "uk"): 5,
    }
    assert values(text, "line_data_size_bytes")["general", "uk"] == 10**10
    assert values(text, "line_voice_remaining_seconds") == {("general", "uk"): 90}
    assert values(text, "line_sms_remaining") == {("general", "uk"): 7}
    assert values(text, "line_sms_size") == {}
    assert values(text, "line_balance_remaining") == {("general", "GBP", "uk"): 7.5}


@pytest.mark.parametrize(
    ("minor", "currency", "major"),
    [(500, "JPY", 500), (1234, "KWD", 1.234), (-5, "EUR", -0.05)],
)
def test_a_currency_counts_its_own_minor_units(
    database: Database, minor: int, currency: str, major: float
) -> None:
    balance = an_allowance(minor, None, kind=AllowanceKind.BALANCE)
    add(database, "uk", replace(balance, currency=currency))

    found = values(measured(database), "line_balance_remaining")

    assert found == {("general", currency, "uk"): major}


def test_unknown_is_no_zero_and_unlimited_is_no_number(database: Database) -> None:
    add(
        database,
        "uk",
        an_allowance(None, None),
        an_allowance(None, None, kind=AllowanceKind.VOICE, unlimited=True),
    )

    text = measured(database)

    assert values(text, "line_data_remaining_bytes") == {}
    assert values(text, "line_voice_remaining_seconds") == {}
    assert values(text, "line_unlimited") == {("voice", "uk"): 1}


def test_dates_are_the_instants_at_which_they_have_passed(database: Database) -> None:
    add(database, "uk", a_deadline(date(2026, 12, 4), observed_at=NOW - HOUR))

    text = measured(database)

    end = datetime(2026, 12, 5, tzinfo=UTC).timestamp()
    assert values(text, "line_deadline_timestamp_seconds") == {("validity", "uk"): end}
    learnt = (NOW - HOUR).timestamp()
    observed = values(text, "line_observed_timestamp_seconds")
    assert observed == {("validity", "uk"): learnt}
    left = values(text, "line_deadline_seconds")
    assert left == {("validity", "uk"): end - NOW.timestamp()}
    assert set(values(text, "line_observed_age_seconds").values()) == {3600}
    assert values(text, "last_pass_timestamp_seconds") == {(): learnt}


def test_line_is_in_one_state(database: Database) -> None:
    add(database, "bad", a_deadline(date(2026, 11, 1)))
    add(database, "fine", a_deadline(date(2027, 11, 1)))
    add(database, "new")

    states = values(measured(database), "line_state")

    assert {key for key, value in states.items() if value} == {
        ("bad", "critical"),
        ("fine", "ok"),
        ("new", "unknown"),
    }
    assert len(states) == 3 * 5


def test_with_too_many_lines_there_are_only_totals(database: Database) -> None:
    for number in range(4):
        add(database, f"line-{number}", a_deadline())

    few, many = measured(database, most_lines=4), measured(database, most_lines=3)

    assert len(values(few, "line_info")) == 4
    assert b"reminderd_line_" not in many
    assert values(many, "lines") == {(): 4}
    assert values(many, "lines_due") == {(): 4}


def test_left_aside_and_removed_lines_are_told_apart(
    either_database: Database,
) -> None:
    database = either_database
    aside = add(database, "aside", a_deadline())
    gone = add(database, "gone", a_deadline())
    with database.write() as tx:
        leave_aside(tx, aside, "it cannot be reviewed", NOW)
        archive_line(tx, gone, NOW)

    text = measured(database)

    assert values(text, "lines") == {(): 1}
    assert values(text, "lines_quarantined") == {(): 1}
    assert set(values(text, "line_info")) == {("giffgaff", "aside", "Europe/London")}


def test_channel_that_fails_and_what_waits_for_it_are_seen(
    either_database: Database,
) -> None:
    database = either_database
    with database.write() as tx:
        note_success(tx, "mail", NOW)
        refused = Verdict(outcome=Outcome.TRANSIENT, reason="refused")
        for _ in range(DEAD_AFTER):
            note_failure(tx, "mail", refused, NOW)
    enqueue(database, "phone")
    (claimed,) = take(database)
    settle(database, claimed, AGAIN)

    text = measured(database, now=NOW + HOUR)

    assert values(text, "channel_up") == {("mail",): 0, ("phone",): 1}
    failures = values(text, "channel_consecutive_failures")
    assert failures["mail",] == DEAD_AFTER
    assert values(text, "channel_last_success_timestamp_seconds")["mail",] == (
        NOW.timestamp()
    )
    outbox = values(text, "outbox_deliveries")
    assert outbox["phone", "pending"] == 1
    assert outbox["phone", "dead"] == 0
    assert values(text, "undelivered_messages") == {(): 1}


def test_names_are_escaped_and_numbers_are_not_shown(database: Database) -> None:
    name = 'say "hi" \\ 爸爸'
    add(database, name, a_deadline(kind=DeadlineKind.NUMBER))

    text = measured(database)

    assert ("giffgaff", name, "Europe/London") in values(text, "line_info")
    assert b"0123" not in text
    assert b"1234" not in text
