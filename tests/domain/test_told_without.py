from dataclasses import replace
from datetime import date

from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Finding, Recovery, Reminder
from reminderd.domain.review import told_without
from reminderd.domain.told import Told
from tests.builders import NOW

TOLD = {"data": Told(item="data", cycle="c", step="exhausted", said_at=NOW)}


def a_finding(step: str = "exhausted", *, new: bool = True) -> Finding:
    return Finding(
        item="data",
        step=step,
        severity=Severity.WARNING,
        cycle="c",
        new=new,
        observed_at=NOW,
    )


def a_reminder(*findings: Finding, recovered: bool = False) -> Reminder:
    recoveries = (Recovery(item="data", cycle="d"),) if recovered else ()
    return Reminder(
        findings=findings, recoveries=recoveries, severity=Severity.INFO, key="k"
    )


WRITTEN = a_reminder(a_finding())


def test_what_never_arrived_and_is_not_said_any_more_has_not_been_told() -> None:
    assert told_without(TOLD, WRITTEN, None) == {}
    assert told_without(TOLD, WRITTEN, a_reminder()) == {}


def test_what_is_said_more_mildly_is_told_at_the_milder_step() -> None:
    milder = a_reminder(a_finding("20%"))

    kept = told_without(TOLD, WRITTEN, milder)

    assert kept == {"data": replace(TOLD["data"], step="20%")}


def test_what_has_recovered_keeps_its_new_cycle() -> None:
    assert told_without(TOLD, WRITTEN, a_reminder(recovered=True)) == TOLD


def test_what_was_not_new_in_it_stays_told() -> None:
    assert told_without(TOLD, a_reminder(a_finding(new=False)), None) == TOLD


def test_an_answer_counts_all_the_same() -> None:
    answered = {"data": replace(TOLD["data"], acknowledged_at=NOW)}

    assert told_without(answered, WRITTEN, None) == answered


def test_what_was_never_told_stays_untold() -> None:
    assert told_without({}, WRITTEN, None) == {}


def test_what_has_arrived_elsewhere_stays_told_as_long_as_it_is_a_figure() -> None:
    assert told_without(TOLD, WRITTEN, None, arrived=True) == TOLD


def test_date_that_a_clock_ahead_has_told_on_one_channel_has_not_been_told() -> None:
    too_early = a_reminder(replace(a_finding(), due=date(2026, 12, 4)))

    assert told_without(TOLD, too_early, None, arrived=True) == {}
