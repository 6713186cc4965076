"""What can be said of a line or of reminderd, one case each, by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from reminderd.domain.charges import Charge, Doubt, DoubtKind
from reminderd.domain.ladders import Severity
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.reminders import (
    Content,
    Gap,
    GapKind,
    LineReminder,
    Notice,
)
from reminderd.messages.bills import CHECK_BILL, doubt_details
from reminderd.messages.wording import Reader
from tests.builders import a_charge
from tests.messages.contents import (
    CHINESE,
    ENGLISH,
    IN_SHANGHAI,
    IN_SHANGHAI_ENGLISH,
    TONIGHT,
    a_date,
    a_notice,
    a_reminder,
    an_amount,
    said,
)
from tests.messages.line_cases import LINE_CASES

_GB = 10**9
_TODAY = TONIGHT.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Contents, and who reads them in each language."""

    contents: Sequence[Content]
    english: Reader = ENGLISH
    chinese: Reader = CHINESE


def low_data(*, days_old: int = 3, name: str = "uk-travel") -> LineReminder:
    return a_reminder(
        an_amount(AllowanceKind.DATA, 300_000_000, 10 * _GB, days_old=days_old),
        name=name,
    )


def five_lines() -> list[LineReminder]:
    return [
        a_reminder(
            a_date(date(2027, 1, 31)),
            an_amount(AllowanceKind.DATA, 10 * _GB, 10 * _GB, days_old=0),
            told=[
                said("validity", "7d", datetime(2026, 11, 25, tzinfo=UTC)),
                said("data", "20%"),
            ],
            name="spare",
        ),
        a_reminder(
            a_date(date(2026, 12, 6), DeadlineKind.KEEP_ALIVE),
            due_since=datetime(2026, 11, 17, 9, tzinfo=UTC),
            name="keep",
        ),
        low_data(name="tablet"),
        a_reminder(a_date(date(2026, 11, 23), DeadlineKind.NUMBER), name="home"),
        a_reminder(
            a_date(_TODAY),
            an_amount(AllowanceKind.DATA, 1_900_000_000, 10 * _GB),
        ),
    ]


def several_kinds() -> list[LineReminder]:
    """Return reminders of lines that are renewed in different ways."""
    names = (
        "in grace",
        "renews by itself",
        "data runs out before the plan ends",
        "data counted by 1024",
        "renewed in the app",
    )
    return [
        replace(known, line=replace(known.line, name=f"sim-{number}"))
        for number, known in enumerate((LINE_CASES[name] for name in names), start=1)
    ]


def hundred_lines() -> list[LineReminder]:
    return [
        a_reminder(a_date(_TODAY + timedelta(days=n % 25)), name=f"sim-{n:03}")
        for n in range(100)
    ]


def after_gap(
    content: LineReminder, kind: GapKind = GapKind.DOWN, *, lines: int = 1
) -> LineReminder:
    """Return *content* as decided after nearly six days in which nobody looked."""
    start = datetime(2026, 11, 16, 22, 5, tzinfo=UTC)
    gap = Gap(kind=kind, start=start, end=TONIGHT, lines=lines)
    return replace(content, reminder=replace(content.reminder, gap=gap))


def a_bill(
    kind: DoubtKind,
    charge: Charge,
    *,
    before: Charge | None = None,
    paid_until: date | None = None,
) -> Notice:
    doubt = Doubt(kind=kind, charge=charge, before=before, paid_until=paid_until)
    return a_notice(CHECK_BILL, severity=Severity.INFO, **doubt_details(doubt))


def _alone(*readings: LineReminder | Notice) -> Case:
    return Case(contents=readings)


CASES: Mapping[str, Case] = {
    "plan ends in 3 days": _alone(a_reminder(a_date(date(2026, 11, 25)))),
    "plan ends today": _alone(a_reminder(a_date(_TODAY))),
    "plan ended yesterday": _alone(a_reminder(a_date(date(2026, 11, 21)))),
    "plan ends in 3 days, carrier in another zone": Case(
        contents=[a_reminder(a_date(date(2026, 11, 25)))],
        english=IN_SHANGHAI_ENGLISH,
        chinese=IN_SHANGHAI,
    ),
    "plan ends today, carrier in another zone": Case(
        contents=[a_reminder(a_date(_TODAY))],
        english=IN_SHANGHAI_ENGLISH,
        chinese=IN_SHANGHAI,
    ),
    "keep-alive in 14 days": _alone(
        a_reminder(a_date(date(2026, 12, 6), DeadlineKind.KEEP_ALIVE))
    ),
    "number lost tomorrow": _alone(
        a_reminder(a_date(date(2026, 11, 23), DeadlineKind.NUMBER))
    ),
    "to be started in 3 days": _alone(
        a_reminder(a_date(date(2026, 11, 25), DeadlineKind.START_BY))
    ),
    "credit ends in 7 days": _alone(
        a_reminder(a_date(date(2026, 11, 29), DeadlineKind.CREDIT))
    ),
    "data low": _alone(low_data()),
    "data used up": _alone(
        a_reminder(an_amount(AllowanceKind.DATA, 0, 10 * _GB, days_old=0))
    ),
    "call time, texts and balance low": _alone(
        a_reminder(
            an_amount(AllowanceKind.VOICE, 720, 6000),
            an_amount(AllowanceKind.SMS, 8, 50, days_old=1),
            an_amount(AllowanceKind.BALANCE, 190, 1000, days_old=0),
        )
    ),
    "not checked for long": _alone(
        a_reminder(an_amount(AllowanceKind.DATA, 10 * _GB, 10 * _GB, days_old=34))
    ),
    "something new, and something worse that is known": _alone(
        a_reminder(
            a_date(date(2026, 11, 23)),
            an_amount(AllowanceKind.DATA, 1_900_000_000, 10 * _GB, days_old=0),
            told=[said("validity", "1d", datetime(2026, 11, 24, tzinfo=UTC))],
        )
    ),
    "late": _alone(
        a_reminder(
            a_date(date(2026, 11, 24)),
            due_since=datetime(2026, 11, 17, 9, tzinfo=UTC),
        )
    ),
    "late after a gap": _alone(
        after_gap(
            a_reminder(
                a_date(date(2026, 11, 24)),
                due_since=datetime(2026, 11, 17, 9, tzinfo=UTC),
            ),
            lines=4,
        )
    ),
    "after a gap in which one line reached a limit": _alone(
        after_gap(a_reminder(a_date(date(2026, 11, 24))), GapKind.CLOCK)
    ),
    "two lines after a sleep": Case(
        contents=[
            after_gap(a_reminder(a_date(_TODAY), name=name), GapKind.ASLEEP, lines=2)
            for name in ("home", "tablet")
        ]
    ),
    "renewed": _alone(
        a_reminder(
            a_date(date(2027, 1, 31)),
            told=[said("validity", "7d", datetime(2026, 11, 25, tzinfo=UTC))],
        )
    ),
    "unlimited now": _alone(
        a_reminder(
            an_amount(AllowanceKind.DATA, None, None, days_old=0),
            told=[said("data", "20%")],
        )
    ),
    "five lines": Case(contents=five_lines()),
    "a hundred lines": Case(contents=hundred_lines()),
    "channel broken": _alone(
        a_notice("channel-broken", channel="phone", reason="401 Unauthorized")
    ),
    "channel failing": _alone(
        a_notice("channel-failing", channel="phone", reason="connection refused")
    ),
    "message given up": _alone(
        a_notice("delivery-dead", channel="phone", reason="413 Content Too Large")
    ),
    "line left aside": _alone(
        a_notice(
            "line-left-aside",
            lines="odd, spare",
            line="odd",
            fault="its row cannot be read (ValueError)",
        )
    ),
    "proof of life": _alone(
        a_notice(
            "proof",
            severity=Severity.INFO,
            channel="phone",
            lines="12",
            line="uk-travel",
            due="2026-12-04",
            next="2026-12-22",
        )
    ),
    "proof of life without a deadline": _alone(
        a_notice(
            "proof",
            severity=Severity.INFO,
            channel="mail",
            lines="1",
            next="2027-11-22",
        )
    ),
    "configuration refused": _alone(
        a_notice(
            "config-refused",
            problem="config.toml:12: channels.phone.fallback: there is no channel"
            " 'mial'; did you mean 'mail'?",
            count="3",
        )
    ),
    "held": _alone(
        a_notice(
            "held",
            reminders="67",
            lines="120",
            until=(TONIGHT + timedelta(hours=1)).isoformat(),
        )
    ),
    "clock moved": _alone(
        a_notice(
            "clock-moved",
            before=(TONIGHT - timedelta(days=400)).isoformat(),
            after=TONIGHT.isoformat(),
            until=(TONIGHT + timedelta(hours=1)).isoformat(),
        )
    ),
    "test": _alone(a_notice("test", channel="phone", severity=Severity.INFO)),
    "charged twice": _alone(
        a_bill(
            DoubtKind.TWICE,
            a_charge(date(2026, 11, 12), way="app", receipt="R-123"),
            before=a_charge(date(2026, 11, 8), way="website"),
            paid_until=date(2026, 12, 8),
        )
    ),
    "price that rose": _alone(
        a_bill(
            DoubtKind.DEARER,
            a_charge(date(2026, 11, 12), "16.50 GBP"),
            before=a_charge(date(2026, 10, 12), way="shop", receipt="77"),
        )
    ),
    "charge for a removed line": _alone(
        a_bill(
            DoubtKind.REMOVED,
            a_charge(
                date(2026, 11, 12),
                "3.00 EUR",
                way="app",
                carrier=None,
                removed_at=datetime(2026, 11, 1, 9, tzinfo=UTC),
            ),
        )
    ),
    "a line and a notice": _alone(
        a_reminder(a_date(_TODAY)),
        a_notice("channel-broken", channel="mail", reason="535 bad credentials"),
    ),
    **{name: _alone(content) for name, content in LINE_CASES.items()},
    "lines of several kinds": Case(contents=several_kinds()),
}
