from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminderd.domain.ladders import EXHAUSTED, EXPIRED, STALE, Limit, Severity
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.reminders import Finding, Recovery, Reminder
from reminderd.domain.review import Quiet, Review, review, still_to_say
from tests.builders import (
    LONDON,
    NOW,
    SHANGHAI,
    a_deadline,
    a_line,
    a_policy,
    an_allowance,
    with_readings,
)
from tests.domain.kept import KeptLine

BERLIN = ZoneInfo("Europe/Berlin")
SANTIAGO = ZoneInfo("America/Santiago")
GB = 10**9
MB = 10**6
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def kept(
    *readings: Allowance | Deadline, stale: str | None = None, repeat: str = ""
) -> KeptLine:
    return KeptLine(a_line(*readings), a_policy(stale=stale, repeat=repeat))


def said(outcome: Review) -> Reminder:
    assert outcome.reminder is not None, outcome.quiet
    return outcome.reminder


def new_items(outcome: Review) -> list[str]:
    return [
        f"{finding.item} {finding.step}"
        for finding in said(outcome).findings
        if finding.new
    ]


class TestWhatIsSaid:
    def test_a_line_of_which_nothing_is_known_is_quiet(self) -> None:
        outcome = review(a_line(), a_policy(stale=None), {}, NOW)

        assert outcome == Review(
            findings=(),
            reminder=None,
            quiet=Quiet.NOTHING_REACHED,
            told=(),
            snoozed_until=None,
            next_review_at=None,
        )

    @pytest.mark.parametrize(
        "now", [NOW.replace(tzinfo=None), NOW.astimezone(SHANGHAI)]
    )
    def test_an_instant_that_is_not_in_utc_is_refused(self, now: datetime) -> None:
        with pytest.raises(ValueError, match="now must be an aware instant in UTC"):
            review(a_line(), a_policy(), {}, now)

    def test_a_finding_says_all_that_is_known_of_a_deadline(self) -> None:
        outcome = kept(a_deadline(date(2026, 11, 27))).review(NOW)

        assert outcome.quiet is None
        assert said(outcome) == Reminder(
            findings=(
                Finding(
                    item="validity",
                    step="7d",
                    severity=Severity.WARNING,
                    cycle="2026-11-27",
                    new=True,
                    due=date(2026, 11, 27),
                    due_at=utc("2026-11-28 00:00"),
                    observed_at=NOW,
                ),
            ),
            severity=Severity.WARNING,
            useful_until=utc("2026-11-28 00:00"),
            key="validity@2026-11-27/7d#0",
        )
        assert outcome.next_review_at == utc("2026-11-24 09:00")

    def test_a_finding_says_all_that_is_known_of_an_allowance(self) -> None:
        balance = Allowance(
            kind=AllowanceKind.BALANCE,
            remaining=0,
            total=2000,
            currency="GBP",
            observed_at=NOW,
        )
        outcome = kept(balance).review(NOW)

        assert said(outcome).findings == (
            Finding(
                item="balance",
                step=EXHAUSTED,
                severity=Severity.CRITICAL,
                cycle=NOW.isoformat(),
                new=True,
                remaining=0,
                total=2000,
                currency="GBP",
                observed_at=NOW,
            ),
        )
        assert said(outcome).useful_until is None
        assert said(outcome).key == f"balance@{NOW.isoformat()}/exhausted#0"
        assert outcome.next_review_at is None

    def test_the_same_step_is_said_once(self) -> None:
        line = kept(a_deadline(date(2026, 11, 27)))
        first = line.review(NOW)

        again = line.review(NOW + DAY)

        assert again.reminder is None
        assert again.quiet is Quiet.ALREADY_SAID
        assert [finding.new for finding in again.findings] == [False]
        assert again.told == first.told

    def test_each_worse_step_is_said_once(self) -> None:
        line = kept(a_deadline(date(2026, 12, 4)))
        days = [NOW + day * DAY for day in range(20)]

        steps = [
            said(outcome).findings[0].step
            for day in days
            if (outcome := line.review(day)).reminder
        ]

        assert steps == ["30d", "7d", "3d", "1d", EXPIRED]

    def test_a_message_carries_every_finding_and_marks_what_is_new(self) -> None:
        line = kept(a_deadline(date(2026, 11, 27)))
        line.review(NOW)
        line.read(an_allowance(300 * MB, 10 * GB))

        outcome = line.review(NOW + DAY)

        assert [(found.item, found.new) for found in said(outcome).findings] == [
            ("data", True),
            ("validity", False),
        ]
        assert said(outcome).severity is Severity.CRITICAL
        assert said(outcome).key == f"data@{NOW.isoformat()}/500000000#0"

    def test_the_key_names_everything_new_in_a_fixed_order(self) -> None:
        outcome = kept(an_allowance(0), a_deadline(date(2026, 11, 27))).review(NOW)

        assert said(outcome).key == (
            f"data@{NOW.isoformat()}/exhausted#0|validity@2026-11-27/7d#0"
        )

    def test_a_reminder_is_as_severe_as_the_worst_thing_that_is_new(self) -> None:
        line = kept(an_allowance(0))
        line.review(NOW)
        line.read(a_deadline(date(2026, 11, 27)))

        reminder = said(line.review(NOW))

        assert reminder.severity is Severity.WARNING
        assert reminder.worst is Severity.CRITICAL

    def test_the_worst_comes_first(self) -> None:
        policy = a_policy(stale="1d")
        line = a_line(
            an_allowance(1 * GB, 10 * GB),
            an_allowance(0, kind=AllowanceKind.SMS),
            an_allowance(0, kind=AllowanceKind.VOICE),
            a_deadline(date(2026, 11, 25)),
            a_deadline(date(2026, 11, 24), kind=DeadlineKind.START_BY),
            a_deadline(date(2026, 11, 23), kind=DeadlineKind.NUMBER),
            a_deadline(date(2026, 11, 20), kind=DeadlineKind.KEEP_ALIVE),
            a_deadline(date(2026, 11, 21), kind=DeadlineKind.CREDIT),
        )
        old = [replace(reading, observed_at=NOW - 2 * DAY) for reading in line.readings]

        outcome = review(with_readings(line, *old), policy, {}, NOW)

        assert [found.item for found in outcome.findings] == [
            "keep_alive",
            "credit",
            "number",
            "sms",
            "voice",
            "start_by",
            "validity",
            "data",
            "stale",
        ]

    def test_unlimited_and_unknown_allowances_never_speak(self) -> None:
        line = kept(
            an_allowance(0, unlimited=True),
            an_allowance(None, 10, kind=AllowanceKind.SMS),
        )

        outcome = line.review(NOW)

        assert outcome.quiet is Quiet.NOTHING_REACHED
        assert outcome.next_review_at is None


class TestExpiry:
    def test_an_ended_plan_silences_its_allowances(self) -> None:
        line = kept(an_allowance(0), a_deadline(date(2026, 11, 21)))

        assert new_items(line.review(NOW)) == ["validity expired"]

    def test_a_plan_ends_with_its_last_day_in_the_carriers_zone(self) -> None:
        line = a_line(a_deadline(date(2026, 12, 12)), zone=LONDON)
        kept_line = KeptLine(line, a_policy(zone=SHANGHAI, stale=None))
        due_at = utc("2026-12-13 00:00")

        before = kept_line.review(due_at - SECOND)
        after = kept_line.review(due_at)

        assert new_items(before) == ["validity 1d"]
        assert before.next_review_at == due_at
        assert new_items(after) == ["validity expired"]
        assert said(after).severity is Severity.CRITICAL
        assert after.next_review_at is None

    def test_what_was_said_of_silenced_allowances_is_not_said_again(self) -> None:
        line = kept(an_allowance(0), a_deadline(date(2026, 11, 24)))
        line.review(NOW)
        line.review(NOW + 5 * DAY)
        assert line.steps == {"data": EXHAUSTED, "validity": EXPIRED}
        line.read(a_deadline(date(2027, 11, 24)))

        outcome = line.review(NOW + 5 * DAY)

        assert [found.item for found in said(outcome).recoveries] == ["validity"]
        assert [found.new for found in said(outcome).findings] == [False]

    def test_what_is_no_longer_known_is_not_told_any_more(self) -> None:
        line = kept(an_allowance(0), a_deadline(date(2026, 11, 24)))
        line.review(NOW)
        line.line = a_line(an_allowance(0))

        line.review(NOW)

        assert line.steps == {"data": EXHAUSTED}


class TestStaleness:
    def test_a_line_without_readings_for_too_long_is_a_finding_of_its_own(
        self,
    ) -> None:
        line = kept(an_allowance(9 * GB), stale="30d")
        quiet = line.review(NOW)
        assert quiet.next_review_at == utc("2026-12-22 09:00")

        outcome = line.review(utc("2026-12-22 09:00"))

        assert new_items(outcome) == ["stale stale"]
        assert said(outcome).severity is Severity.INFO
        assert said(outcome).useful_until is None
        assert outcome.next_review_at is None

    def test_after_the_end_of_a_plan_it_is_not_waited_for(self) -> None:
        credit = a_deadline(date(2027, 6, 1), kind=DeadlineKind.CREDIT)
        line = kept(a_deadline(date(2026, 11, 1)), credit, stale="30d")

        assert line.review(NOW).next_review_at == utc("2027-05-02 08:00")

    def test_a_new_reading_ends_it_without_a_word(self) -> None:
        line = kept(an_allowance(9 * GB), stale="30d")
        line.review(NOW + 40 * DAY)
        line.read(an_allowance(9 * GB, observed_at=NOW + 40 * DAY))

        outcome = line.review(NOW + 40 * DAY)

        assert outcome.quiet is Quiet.NOTHING_REACHED
        assert line.told == {}

    def test_it_is_said_again_after_the_next_reading_has_become_old(self) -> None:
        line = kept(an_allowance(9 * GB), stale="30d")
        line.review(NOW + 40 * DAY)
        line.read(an_allowance(9 * GB, observed_at=NOW + 41 * DAY))

        assert new_items(line.review(NOW + 90 * DAY)) == ["stale stale"]


class TestRecovery:
    def test_a_renewal_is_confirmed_once_with_the_next_date(self) -> None:
        line = kept(a_deadline(date(2026, 11, 23)))
        line.review(NOW)
        line.read(a_deadline(date(2027, 1, 31)))

        outcome = line.review(NOW)

        assert said(outcome) == Reminder(
            findings=(),
            recoveries=(
                Recovery(
                    item="validity",
                    cycle="2027-01-31",
                    due=date(2027, 1, 31),
                    due_at=utc("2027-02-01 00:00"),
                    next_at=utc("2027-01-01 09:00"),
                ),
            ),
            severity=Severity.INFO,
            useful_until=utc("2027-02-01 00:00"),
            key="validity@2027-01-31/renewed",
        )
        assert outcome.told == ()
        assert outcome.next_review_at == utc("2027-01-01 09:00")
        assert line.review(NOW).quiet is Quiet.NOTHING_REACHED

    def test_a_refill_is_confirmed_once_with_what_is_left(self) -> None:
        line = kept(an_allowance(0, 10 * GB))
        line.review(NOW)
        refilled_at = NOW + DAY
        line.read(an_allowance(8 * GB, 10 * GB, observed_at=refilled_at))

        outcome = line.review(NOW + DAY)

        assert said(outcome).recoveries == (
            Recovery(
                item="data",
                cycle=refilled_at.isoformat(),
                remaining=8 * GB,
                total=10 * GB,
            ),
        )
        assert outcome.told == ()
        assert line.review(NOW + DAY).reminder is None

    def test_an_allowance_that_has_become_unlimited_says_so(self) -> None:
        line = kept(an_allowance(0))
        line.review(NOW)
        line.read(an_allowance(None, None, unlimited=True))

        (recovery,) = said(line.review(NOW)).recoveries

        assert recovery.unlimited

    def test_a_confirmation_shows_what_is_still_wrong_but_not_as_new(self) -> None:
        line = kept(an_allowance(0), a_deadline(date(2026, 11, 23)))
        line.review(NOW)
        line.read(a_deadline(date(2026, 12, 20)))

        outcome = line.review(NOW)

        assert said(outcome).severity is Severity.INFO
        assert [(f.item, f.step, f.new) for f in said(outcome).findings] == [
            ("data", EXHAUSTED, False),
            ("validity", "30d", False),
        ]
        assert line.steps == {"data": EXHAUSTED, "validity": "30d"}

    def test_a_small_refill_arms_the_ladder_without_a_word(self) -> None:
        line = kept(an_allowance(100 * MB, 10 * GB))
        line.review(NOW)
        later = NOW + DAY
        line.read(an_allowance(1 * GB, 10 * GB, observed_at=later))

        quiet = line.review(later)
        line.read(an_allowance(100 * MB, 10 * GB, observed_at=NOW + 2 * DAY))
        outcome = line.review(NOW + 2 * DAY)

        assert quiet.quiet is Quiet.ALREADY_SAID
        assert said(outcome).key == f"data@{later.isoformat()}/500000000#0"

    def test_a_small_refill_takes_the_answer_back(self) -> None:
        line = kept(an_allowance(100 * MB, 10 * GB))
        line.review(NOW)
        line.acknowledge(NOW)
        line.read(an_allowance(1 * GB, 10 * GB))

        assert line.review(NOW).quiet is Quiet.ALREADY_SAID

    def test_a_corrected_figure_is_neither_a_refill_nor_news(self) -> None:
        line = kept(an_allowance(490 * MB, 10 * GB))
        line.review(NOW)
        for remaining in (510 * MB, 490 * MB):
            line.read(an_allowance(remaining, 10 * GB, observed_at=NOW + DAY))
            assert line.review(NOW + DAY).quiet is Quiet.ALREADY_SAID

    def test_a_line_never_in_trouble_is_renewed_without_a_word(self) -> None:
        line = kept(a_deadline(date(2027, 6, 1)))
        line.review(NOW)
        line.read(a_deadline(date(2027, 7, 1)))

        assert line.review(NOW).quiet is Quiet.NOTHING_REACHED


class TestRepeats:
    def test_an_unanswered_reminder_is_repeated_as_wanted(self) -> None:
        line = kept(an_allowance(0), repeat="24h 72h")
        keys = []
        now: datetime | None = NOW
        for _ in range(4):
            assert now is not None
            outcome = line.review(now)
            keys.append((now, said(outcome).key.rpartition("/")[2]))
            now = outcome.next_review_at

        assert keys == [
            (NOW, "exhausted#0"),
            (NOW + DAY, "exhausted#1"),
            (NOW + 4 * DAY, "exhausted#2"),
            (NOW + 7 * DAY, "exhausted#3"),
        ]

    def test_a_repeat_counts_as_new_and_keeps_its_severity(self) -> None:
        line = kept(an_allowance(0), repeat="24h")
        line.review(NOW)

        reminder = said(line.review(NOW + DAY))

        assert [(f.new, f.count) for f in reminder.findings] == [(True, 1)]
        assert reminder.severity is Severity.CRITICAL

    def test_what_stands_in_a_message_needs_no_repeat_of_its_own(self) -> None:
        line = kept(an_allowance(0), repeat="48h")
        line.review(NOW)
        line.read(a_deadline(date(2026, 11, 24)))

        outcome = line.review(NOW + timedelta(hours=36))

        assert new_items(outcome) == ["validity 1d"]
        assert outcome.next_review_at == utc("2026-11-25 00:00")
        assert {told.said_at for told in outcome.told} == {NOW + timedelta(hours=36)}

    def test_a_repeat_after_a_small_correction_is_of_what_was_told(self) -> None:
        line = kept(an_allowance(490 * MB, 10 * GB), repeat="24h")
        line.review(NOW)
        line.read(an_allowance(510 * MB, 10 * GB, observed_at=NOW))

        outcome = line.review(NOW + DAY)

        assert said(outcome).key == f"data@{NOW.isoformat()}/500000000#1"
        assert line.steps == {"data": "500000000"}

    def test_what_was_corrected_is_not_waited_for(self) -> None:
        line = kept(an_allowance(2 * GB - 1, 10 * GB), repeat="24h")
        line.review(NOW)
        line.read(an_allowance(2 * GB, 10 * GB))

        assert line.review(NOW).next_review_at is None

    def test_what_was_never_said_is_not_repeated(self) -> None:
        line = kept(a_deadline(date(2027, 6, 1)), repeat="24h")

        assert line.review(NOW).next_review_at == utc("2027-05-02 08:00")


class TestAnswers:
    def test_an_acknowledgement_mutes_until_it_gets_worse(self) -> None:
        line = kept(a_deadline(date(2026, 11, 27)), repeat="1d")
        line.review(NOW)
        line.acknowledge(NOW)

        quiet = line.review(NOW + DAY)
        worse = line.review(NOW + 2 * DAY)

        assert quiet.quiet is Quiet.ACKNOWLEDGED
        assert quiet.next_review_at == utc("2026-11-24 09:00")
        assert new_items(worse) == ["validity 3d"]

    def test_one_unanswered_finding_is_enough_for_not_being_acknowledged(
        self,
    ) -> None:
        line = kept(an_allowance(0))
        line.review(NOW)
        line.acknowledge(NOW)
        line.read(a_deadline(date(2026, 11, 27)))
        line.review(NOW)

        assert line.review(NOW).quiet is Quiet.ALREADY_SAID

    @pytest.mark.parametrize(
        ("now", "quiet"),
        [(NOW + 2 * DAY - SECOND, Quiet.SNOOZED), (NOW + 2 * DAY, None)],
    )
    def test_a_snooze_mutes_the_line_until_its_instant(
        self, now: datetime, quiet: Quiet | None
    ) -> None:
        line = kept(an_allowance(0))
        line.review(NOW)
        line.snooze(NOW + 2 * DAY)

        outcome = line.review(now)

        assert outcome.quiet is quiet

    def test_a_snoozed_review_changes_nothing_and_comes_back(self) -> None:
        line = kept(an_allowance(0))
        first = line.review(NOW)
        line.snooze(NOW + 2 * DAY)

        outcome = line.review(NOW + DAY)

        assert outcome.reminder is None
        assert outcome.told == first.told
        assert outcome.snoozed_until == NOW + 2 * DAY
        assert outcome.next_review_at == NOW + 2 * DAY
        assert [finding.item for finding in outcome.findings] == ["data"]

    def test_after_a_snooze_what_still_holds_is_said_again(self) -> None:
        line = kept(an_allowance(0), a_deadline(date(2026, 12, 4)))
        line.review(NOW)
        line.snooze(NOW + 2 * DAY)

        outcome = line.review(NOW + 2 * DAY)

        assert new_items(outcome) == ["data exhausted", "validity 30d"]
        assert said(outcome).key.count("#1") == 2
        assert outcome.snoozed_until is None

    def test_after_a_snooze_what_was_acknowledged_since_stays_mute(self) -> None:
        line = kept(an_allowance(0))
        line.review(NOW)
        line.acknowledge(NOW)
        line.line = replace(line.line, snoozed_until=NOW + DAY)

        assert line.review(NOW + DAY).quiet is Quiet.ACKNOWLEDGED

    def test_after_a_snooze_what_is_over_is_not_said_again(self) -> None:
        line = kept(an_allowance(490 * MB, 10 * GB))
        line.review(NOW)
        line.snooze(NOW + DAY)
        line.read(an_allowance(2 * GB, 10 * GB), a_deadline(date(2027, 6, 1)))

        outcome = line.review(NOW + DAY)

        assert [recovery.item for recovery in said(outcome).recoveries] == ["data"]
        assert outcome.findings == ()

    def test_a_worse_step_waits_for_the_end_of_the_snooze(self) -> None:
        line = kept(a_deadline(date(2026, 11, 27)))
        line.review(NOW)
        line.snooze(NOW + 3 * DAY)

        assert line.review(NOW + 2 * DAY).quiet is Quiet.SNOOZED
        assert new_items(line.review(NOW + 3 * DAY)) == ["validity 3d"]
        assert line.steps == {"validity": "3d"}

    def test_after_a_snooze_what_was_corrected_is_not_said_again(self) -> None:
        line = kept(an_allowance(2 * GB - 1, 10 * GB))
        first = line.review(NOW)
        line.snooze(NOW + DAY)
        line.read(an_allowance(2 * GB, 10 * GB))

        outcome = line.review(NOW + DAY)

        assert outcome.quiet is Quiet.NOTHING_REACHED
        assert outcome.told == first.told

    def test_a_snooze_never_lasts_past_a_due_date(self) -> None:
        line = kept(a_deadline(date(2026, 11, 24)))
        line.review(NOW)
        line.snooze(NOW + 30 * DAY)
        due_at = utc("2026-11-25 00:00")

        assert line.review(NOW).next_review_at == due_at
        assert line.review(due_at - SECOND).quiet is Quiet.SNOOZED
        assert new_items(line.review(due_at)) == ["validity expired"]
        assert line.line.snoozed_until is None

    def test_a_due_date_after_the_snooze_does_not_shorten_or_extend_it(self) -> None:
        line = kept(a_deadline(date(2026, 11, 24)))
        line.review(NOW)
        line.snooze(NOW + DAY)

        assert line.review(NOW).next_review_at == NOW + DAY

    def test_what_has_expired_before_the_snooze_stays_snoozed(self) -> None:
        line = kept(
            a_deadline(date(2026, 11, 20)),
            a_deadline(date(2026, 12, 1), kind=DeadlineKind.NUMBER),
        )
        line.review(NOW)
        line.snooze(NOW + 30 * DAY)

        outcome = line.review(NOW + DAY)

        assert outcome.quiet is Quiet.SNOOZED
        assert outcome.next_review_at == utc("2026-12-02 00:00")

    def test_with_the_clock_set_back_an_expiry_said_is_not_waited_for(self) -> None:
        line = kept(a_deadline(date(2026, 11, 24)))
        line.review(NOW + 5 * DAY)
        line.snooze(NOW + 3 * DAY)

        assert line.review(NOW).next_review_at == NOW + 3 * DAY


class TestLateness:
    @pytest.mark.parametrize(
        ("late_by", "is_late"),
        [(timedelta(0), False), (DAY, False), (DAY + SECOND, True)],
    )
    def test_a_reminder_is_late_more_than_a_day_after_its_review_was_due(
        self, *, late_by: timedelta, is_late: bool
    ) -> None:
        line = kept(a_deadline(date(2026, 12, 31)))
        due_at = line.review(NOW).next_review_at
        assert due_at == utc("2026-12-01 09:00")

        reminder = said(line.review(due_at + late_by))

        assert reminder.late_since == (due_at if is_late else None)

    def test_a_line_never_reviewed_is_not_late(self) -> None:
        assert said(kept(an_allowance(0)).review(NOW)).late_since is None

    def test_a_confirmation_is_not_late(self) -> None:
        line = kept(a_deadline(date(2026, 11, 27)))
        line.review(NOW)
        line.read(a_deadline(date(2027, 11, 27)))

        assert said(line.review(NOW + 30 * DAY)).late_since is None

    def test_what_a_snooze_has_put_off_is_not_late(self) -> None:
        line = kept(a_deadline(date(2026, 11, 30)))
        line.review(NOW)
        line.snooze(NOW + 6 * DAY)
        line.review(NOW + SECOND)

        outcome = line.review(NOW + 8 * DAY)

        assert new_items(outcome) == ["validity 1d"]
        assert said(outcome).late_since is None

    def test_off_from_day_8_to_day_2_is_one_late_message(self) -> None:
        line = kept(a_deadline(date(2026, 12, 4)))
        line.review(utc("2026-11-26 12:00"))

        outcome = line.review(utc("2026-12-02 12:00"))

        assert new_items(outcome) == ["validity 3d"]
        assert said(outcome).late_since == utc("2026-11-27 09:00")
        assert line.review(utc("2026-12-02 13:00")).reminder is None


class TestUsefulness:
    def test_a_reminder_is_useful_until_the_nearest_due_date_at_a_limit(self) -> None:
        line = kept(
            a_deadline(date(2026, 12, 20), kind=DeadlineKind.CREDIT),
            a_deadline(date(2026, 12, 10), kind=DeadlineKind.START_BY),
            a_deadline(date(2026, 11, 1), kind=DeadlineKind.NUMBER),
        )

        assert said(line.review(NOW)).useful_until == utc("2026-12-11 00:00")

    def test_a_due_date_at_no_limit_does_not_count(self) -> None:
        credit = a_deadline(date(2027, 6, 1), kind=DeadlineKind.CREDIT)

        assert said(kept(an_allowance(0), credit).review(NOW)).useful_until is None

    def test_low_data_is_news_only_until_the_plan_ends(self) -> None:
        line = kept(an_allowance(0), a_deadline(date(2027, 6, 1)))

        assert said(line.review(NOW)).useful_until == utc("2027-06-01 23:00")

    def test_after_expiry_there_is_no_end_to_usefulness(self) -> None:
        line = kept(a_deadline(date(2026, 11, 1)))

        assert said(line.review(NOW)).useful_until is None

    def test_a_due_instant_is_not_useful_at_itself(self) -> None:
        line = kept(a_deadline(NOW))

        assert said(line.review(NOW)).useful_until is None


class TestClocks:
    @pytest.mark.parametrize(
        ("zone", "due", "said_at"),
        [
            pytest.param(
                BERLIN,
                date(2026, 4, 1),
                [
                    utc("2026-03-02 08:00"),
                    utc("2026-03-25 08:00"),
                    utc("2026-03-29 07:00"),
                    utc("2026-03-31 07:00"),
                    utc("2026-04-01 22:00"),
                ],
                id="Berlin in spring",
            ),
            pytest.param(
                BERLIN,
                date(2026, 10, 28),
                [
                    utc("2026-09-28 07:00"),
                    utc("2026-10-21 07:00"),
                    utc("2026-10-25 08:00"),
                    utc("2026-10-27 08:00"),
                    utc("2026-10-28 23:00"),
                ],
                id="Berlin in autumn",
            ),
            pytest.param(
                SANTIAGO,
                date(2026, 9, 5),
                [
                    utc("2026-08-06 13:00"),
                    utc("2026-08-29 13:00"),
                    utc("2026-09-02 13:00"),
                    utc("2026-09-04 13:00"),
                    utc("2026-09-06 04:00"),
                ],
                id="Santiago, due at a midnight that is skipped",
            ),
            pytest.param(
                SANTIAGO,
                date(2026, 4, 4),
                [
                    utc("2026-03-05 12:00"),
                    utc("2026-03-28 12:00"),
                    utc("2026-04-01 12:00"),
                    utc("2026-04-03 12:00"),
                    utc("2026-04-05 04:00"),
                ],
                id="Santiago, due on a day of 25 hours",
            ),
        ],
    )
    def test_limits_are_reached_at_the_hour_across_clock_changes(
        self, zone: ZoneInfo, due: date, said_at: list[datetime]
    ) -> None:
        line = a_line(a_deadline(due), zone=zone, added_at=utc("2026-01-01 00:00"))
        kept_line = KeptLine(line, a_policy(zone=zone, stale=None))

        instants = []
        now: datetime | None = utc("2026-01-01 00:00")
        while now is not None:
            outcome = kept_line.review(now)
            instants += [now] if outcome.reminder else []
            now = outcome.next_review_at

        assert instants == said_at

    def test_a_reader_in_shanghai_with_a_line_in_london(self) -> None:
        line = a_line(a_deadline(date(2026, 12, 12)), zone=LONDON)
        kept_line = KeptLine(line, a_policy(zone=SHANGHAI, stale=None))

        outcome = kept_line.review(utc("2026-12-05 01:00"))

        assert new_items(outcome) == ["validity 7d"]
        assert outcome.findings[0].due == date(2026, 12, 12)
        assert outcome.findings[0].due_at == utc("2026-12-13 00:00")
        assert outcome.next_review_at == utc("2026-12-09 01:00")

    def test_a_clock_set_back_says_nothing_again(self) -> None:
        line = kept(a_deadline(date(2026, 12, 4)))
        line.review(NOW + 10 * DAY)

        outcome = line.review(NOW)

        assert outcome.quiet is Quiet.ALREADY_SAID
        assert line.steps == {"validity": "3d"}
        assert line.review(NOW + 10 * DAY).quiet is Quiet.ALREADY_SAID

    def test_what_a_clock_that_ran_ahead_has_said_is_said_when_it_is_true(
        self,
    ) -> None:
        line = kept(a_deadline(date(2026, 12, 24)))
        line.review(NOW + 60 * DAY)
        when_right_again = line.review(NOW)
        said_at, now = [], when_right_again.next_review_at
        while now is not None:
            said_at += [(now, *new_items(line.review(now)))]
            now = line.line.review_at

        assert when_right_again.quiet is Quiet.NOTHING_REACHED
        assert said_at == [
            (utc("2026-11-24 09:00"), "validity 30d"),
            (utc("2026-12-17 09:00"), "validity 7d"),
            (utc("2026-12-21 09:00"), "validity 3d"),
            (utc("2026-12-23 09:00"), "validity 1d"),
            (utc("2026-12-25 00:00"), "validity expired"),
        ]

    @pytest.mark.parametrize(
        ("ahead", "is_said"),
        [
            pytest.param(DAY, False, id="a day ahead"),
            pytest.param(DAY + SECOND, True, id="more than a day ahead"),
        ],
    )
    def test_an_expiry_said_too_early_is_said_again_if_that_was_over_a_day_before(
        self, *, ahead: timedelta, is_said: bool
    ) -> None:
        due_at = NOW + 5 * DAY
        line = kept(a_deadline(due_at))
        line.policy = replace(line.policy, ladders={})
        line.review(due_at + ahead)
        line.review(NOW)

        assert (line.review(due_at).reminder is not None) is is_said

    def test_staleness_said_too_early_is_said_when_it_is_true(self) -> None:
        line = kept(an_allowance(9 * GB), stale="30d")
        line.review(NOW + 400 * DAY)

        outcome = line.review(NOW)
        stale_at = outcome.next_review_at

        assert outcome.quiet is Quiet.NOTHING_REACHED
        assert stale_at == utc("2026-12-22 09:00")
        assert new_items(line.review(stale_at)) == ["stale stale"]

    def test_a_clock_set_back_says_nothing_again_of_an_allowance(self) -> None:
        line = kept(an_allowance(0))
        line.review(NOW)

        assert line.review(NOW - 20_000 * DAY).quiet is Quiet.ALREADY_SAID
        assert line.review(NOW).quiet is Quiet.ALREADY_SAID

    def test_a_clock_set_back_asks_nobody_again_who_has_answered(self) -> None:
        line = kept(a_deadline(date(2026, 11, 27)), repeat="1d")
        line.review(NOW)
        line.acknowledge(NOW)

        line.review(NOW - 20_000 * DAY)

        assert line.review(NOW + DAY).quiet is Quiet.ACKNOWLEDGED

    def test_a_clock_set_back_before_staleness_says_nothing_again(self) -> None:
        line = kept(an_allowance(9 * GB), stale="30d")
        line.review(NOW + 40 * DAY)

        assert line.review(NOW).quiet is Quiet.NOTHING_REACHED
        assert line.review(NOW + 40 * DAY).quiet is Quiet.ALREADY_SAID
        assert line.steps == {STALE: STALE}


class TestEditedLadders:
    def test_a_new_limit_that_is_reached_and_worse_is_said(self) -> None:
        line = kept(a_deadline(date(2026, 11, 27)))
        line.review(NOW)
        limits = (Limit(Period(days=7)), Limit(Period(days=5)))
        line.policy = replace(line.policy, ladders={"validity": limits})

        assert new_items(line.review(NOW)) == ["validity 5d"]

    def test_a_limit_taken_away_takes_nothing_back(self) -> None:
        line = kept(a_deadline(date(2026, 11, 27)))
        line.review(NOW)
        line.policy = replace(line.policy, ladders={})

        outcome = line.review(NOW)

        assert outcome.quiet is Quiet.NOTHING_REACHED
        assert line.steps == {"validity": "7d"}
        assert outcome.next_review_at == utc("2026-11-28 00:00")


class TestWhatWaits:
    """A message that waits says what holds when it goes out, or is taken back."""

    def waiting(self, line: KeptLine) -> Reminder:
        return said(line.review(NOW))

    def still(self, line: KeptLine, reminder: Reminder) -> Reminder | None:
        assert line.review(NOW).reminder is None
        return still_to_say(reminder, line.line, line.policy, line.told, NOW)

    def test_it_stays_as_it_is_while_nothing_has_changed(self) -> None:
        line = kept(an_allowance(1 * GB), a_deadline(date(2026, 11, 27)))
        reminder = self.waiting(line)

        assert self.still(line, reminder) == reminder

    def test_it_names_the_latest_figures(self) -> None:
        line = kept(an_allowance(1 * GB))
        reminder = self.waiting(line)
        line.read(an_allowance(900 * MB))

        current = self.still(line, reminder)

        assert current is not None
        assert current.key == reminder.key
        assert current.severity is reminder.severity
        assert [(known.remaining, known.new) for known in current.findings] == [
            (900 * MB, True)
        ]

    def test_it_is_useful_until_the_date_that_is_believed_now(self) -> None:
        line = kept(an_allowance(1 * GB), a_deadline(date(2026, 11, 24)))
        line.policy = replace(
            line.policy, ladders={"data": line.policy.ladders["data"]}
        )
        reminder = self.waiting(line)
        line.read(a_deadline(date(2026, 12, 24)))

        current = self.still(line, reminder)

        assert reminder.useful_until == utc("2026-11-25 00:00")
        assert current is not None
        assert current.useful_until == utc("2026-12-25 00:00")

    def test_it_is_taken_back_when_nothing_is_short_any_more(self) -> None:
        line = kept(an_allowance(1 * GB, 10 * GB))
        reminder = self.waiting(line)
        line.read(an_allowance(2 * GB + 1, 10 * GB))

        assert self.still(line, reminder) is None

    def test_it_is_taken_back_when_it_has_been_acknowledged(self) -> None:
        line = kept(an_allowance(1 * GB))
        reminder = self.waiting(line)
        line.acknowledge(NOW)

        assert self.still(line, reminder) is None

    def test_it_is_taken_back_when_it_has_been_snoozed(self) -> None:
        line = kept(a_deadline(date(2026, 11, 27)))
        reminder = self.waiting(line)
        line.snooze(NOW + 3 * DAY)

        assert self.still(line, reminder) is None

    def test_an_acknowledged_finding_is_not_what_it_is_about_any_more(self) -> None:
        line = kept(an_allowance(0), a_deadline(date(2026, 11, 27)))
        reminder = self.waiting(line)
        told = line.told["data"]
        line.told["data"] = replace(told, acknowledged_at=NOW)

        current = self.still(line, reminder)

        assert current is not None
        assert [(known.item, known.new) for known in current.findings] == [
            ("data", False),
            ("validity", True),
        ]
        assert current.severity is Severity.WARNING

    def test_a_confirmation_stays_and_names_the_date_of_now(self) -> None:
        line = kept(a_deadline(date(2026, 11, 27)))
        line.review(NOW)
        line.read(a_deadline(date(2026, 12, 27)))
        confirmation = self.waiting(line)
        line.read(a_deadline(date(2026, 12, 28)))

        current = self.still(line, confirmation)

        assert current is not None
        assert [known.due for known in current.recoveries] == [date(2026, 12, 28)]
        assert current.severity is Severity.INFO


class TestCorrectedDates:
    def test_an_earlier_date_within_the_same_step_is_said(self) -> None:
        line = kept(a_deadline(date(2026, 12, 18)))
        line.review(NOW)
        line.read(a_deadline(date(2026, 12, 1)))

        outcome = line.review(NOW)

        assert new_items(outcome) == ["validity 30d"]
        assert outcome.findings[0].due == date(2026, 12, 1)

    @pytest.mark.parametrize("zone", [SHANGHAI, SANTIAGO])
    def test_the_same_date_in_another_zone_is_no_news(self, zone: ZoneInfo) -> None:
        line = kept(a_deadline(date(2026, 11, 27)))
        line.review(NOW)
        line.line = replace(line.line, zone=zone)

        assert line.review(NOW).quiet is Quiet.ALREADY_SAID

    def test_an_expiry_is_not_taken_back_by_another_zone(self) -> None:
        line = kept(a_deadline(date(2026, 11, 22)))
        line.line = replace(line.line, zone=SHANGHAI)
        line.review(utc("2026-11-22 17:00"))
        line.line = replace(line.line, zone=LONDON)

        assert line.review(utc("2026-11-22 17:00")).reminder is None
