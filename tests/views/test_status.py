"""How lines stand: state, worst first, and what comes next."""

from datetime import UTC, date, datetime, timedelta

from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.reminders import LineCard
from reminderd.domain.review import Quiet, review
from reminderd.domain.told import Told
from reminderd.storage.stored import StoredLine
from reminderd.views.status import OK, UNKNOWN, line_status, overview
from tests.builders import LONDON, NOW, a_deadline, a_line, a_policy, an_allowance

POLICY = a_policy()


def a_stored(
    *readings: Allowance | Deadline,
    name: str = "uk-travel",
    told: tuple[Told, ...] = (),
    snoozed_until: datetime | None = None,
) -> StoredLine:
    """Return a line as it comes from the store, of which *told* has been said."""
    return StoredLine(
        id=1,
        line=a_line(*readings, name=name, snoozed_until=snoozed_until),
        told={known.item: known for known in told},
        card=LineCard(name=name, zone=LONDON, carrier=None, number=None),
        carrier=None,
        number=None,
        iccid=None,
        tags=(),
        route=None,
        origin="cli",
        archived_at=None,
    )


def told_by_now(stored: StoredLine) -> tuple[Told, ...]:
    return review(stored.line, POLICY, {}, NOW).told


def test_a_line_with_time_and_data_left_is_ok() -> None:
    status = line_status(a_stored(a_deadline(date(2027, 3, 31))), POLICY, NOW)

    assert status.state == OK
    assert status.findings == ()
    assert status.reminder is None
    assert status.quiet is Quiet.NOTHING_REACHED
    # It goes stale before its first limit is reached.
    assert status.next_at == datetime(2026, 12, 22, 9, tzinfo=UTC)


def test_a_line_of_which_nothing_is_known_is_unknown() -> None:
    status = line_status(a_stored(), POLICY, NOW)

    assert status.state == UNKNOWN
    assert status.headline is None


def test_a_line_that_was_never_read_is_unknown_even_when_it_is_stale() -> None:
    status = line_status(a_stored(), POLICY, NOW + timedelta(days=60))

    assert status.state == UNKNOWN


def test_the_state_is_the_worst_finding() -> None:
    status = line_status(a_stored(a_deadline(), an_allowance()), POLICY, NOW)

    assert [finding.item for finding in status.findings] == ["data", "validity"]
    assert status.state == "critical"


def test_the_nearest_deadline_is_its_end() -> None:
    credit = a_deadline(date(2026, 11, 30), kind=DeadlineKind.CREDIT)

    status = line_status(a_stored(a_deadline(), credit), POLICY, NOW)

    assert status.headline == credit


def test_what_is_new_is_the_next_reminder() -> None:
    status = line_status(a_stored(a_deadline()), POLICY, NOW)

    assert status.reminder is not None
    assert status.quiet is None


def test_what_was_said_is_not_said_again_before_the_next_limit() -> None:
    told = told_by_now(a_stored(a_deadline()))

    status = line_status(a_stored(a_deadline(), told=told), POLICY, NOW)

    assert status.reminder is None
    assert status.quiet is Quiet.ALREADY_SAID
    assert status.next_at == datetime(2026, 11, 27, 9, tzinfo=UTC)


def test_a_snoozed_line_keeps_its_state() -> None:
    until = NOW + timedelta(days=3)

    status = line_status(a_stored(a_deadline(), snoozed_until=until), POLICY, NOW)

    assert status.state == "warning"
    assert status.quiet is Quiet.SNOOZED
    assert status.next_at == until


def test_without_limits_nothing_comes_next() -> None:
    silent = a_policy(ladders={}, stale=None)

    status = line_status(a_stored(an_allowance()), silent, NOW)

    assert status.next_at is None


def test_an_overview_has_the_worst_first_then_what_ends_first_then_by_name() -> None:
    lines = [
        a_stored(name="unknown"),
        a_stored(a_deadline(date(2027, 3, 31)), name="late"),
        a_stored(a_deadline(date(2027, 2, 28)), name="z-early"),
        a_stored(a_deadline(date(2027, 2, 28)), name="early"),
        a_stored(a_deadline(date(2026, 12, 4)), name="warning"),
        a_stored(an_allowance(0), name="critical"),
        a_stored(a_deadline(date(2026, 11, 21)), name="expired"),
    ]

    rows = overview(lines, lambda _: POLICY, NOW)

    assert [row.stored.card.name for row in rows] == [
        "expired",
        "critical",
        "warning",
        "early",
        "z-early",
        "late",
        "unknown",
    ]


def test_each_line_is_looked_at_by_its_own_policy() -> None:
    lines = [a_stored(a_deadline(), name="loud"), a_stored(a_deadline(), name="calm")]
    calm = a_policy(ladders={}, stale=None)

    rows = overview(
        lines, lambda known: calm if known.card.name == "calm" else POLICY, NOW
    )

    assert [(row.stored.card.name, row.state) for row in rows] == [
        ("loud", "warning"),
        ("calm", OK),
    ]


def test_a_line_that_cannot_be_reviewed_is_unknown_and_hides_no_other() -> None:
    def policy_for(stored: StoredLine) -> Policy:
        if stored.card.name == "odd":
            raise ZeroDivisionError
        return POLICY

    rows = overview(
        [a_stored(an_allowance(0), name="odd"), a_stored(a_deadline())], policy_for, NOW
    )

    assert [(row.stored.card.name, row.state, row.is_reviewed) for row in rows] == [
        ("uk-travel", "warning", True),
        ("odd", UNKNOWN, False),
    ]
