"""Carriers whose terms never change: what is tested is how they are worded."""

from collections.abc import Mapping
from datetime import date

from reminderd.carriers.facts import Carrier
from reminderd.domain.guides import Ask, Bring, Guide, Keep, Shop
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.plans import Leftover, Plan, Start
from reminderd.domain.quantities import Money
from reminderd.domain.terms import (
    Activity,
    Back,
    Loss,
    Promotion,
    Rule,
    Stage,
    Terms,
)
from tests.builders import LONDON

CHECKED_ON = date(2026, 11, 22)
_VOUCHER_SHOP = Guide(
    app="Mein O2",
    shop=Shop.VOUCHER,
    bring=(Bring.NUMBER, Bring.CASH),
    ask=(Ask.VOUCHER,),
    keep=(Keep.VOUCHER, Keep.RECEIPT),
)


def a_carrier(
    name: str, title: str, terms: Terms, guide: Guide | None = None
) -> Carrier:
    return Carrier(
        name=name,
        title=title,
        zone=LONDON,
        domains=(f"{name}.example",),
        renew_url=f"https://www.{name}.example/renew",
        terms=terms,
        guide=guide or Guide(),
        source=f"https://www.{name}.example/help",
        checked_on=CHECKED_ON,
    )


# Nothing is known of its terms.
GIFFGAFF = Carrier(
    name="giffgaff",
    title="giffgaff",
    zone=LONDON,
    domains=("giffgaff.com",),
    renew_url="https://www.giffgaff.com/",
)
# In grace for ten days, then only its staff can help, then the number is gone.
LEBARA_AU = a_carrier(
    "lebara-au",
    "Lebara AU",
    Terms(
        plan=Plan(period=Period(days=30), start=Start.OLD_END, leftover=Leftover.ADD),
        rules={
            DeadlineKind.VALIDITY: Rule(
                loses=(Loss.PLAN, Loss.OUTGOING),
                back=Back.RENEW,
                stages=(
                    Stage(Period(days=10), (Loss.INCOMING,), Back.ASK),
                    Stage(Period(days=30), (Loss.NUMBER,), Back.NEVER),
                ),
            )
        },
        promotions=(
            Promotion(
                title="Double data",
                begins_on=date(2026, 11, 20),
                ends_on=date(2026, 11, 30),
                url="https://www.lebara-au.example/double",
                note="Only online.",
            ),
        ),
    ),
)
# Only a top-up counts, bought as a voucher.
O2_DE = a_carrier(
    "o2-de",
    "O2 DE",
    Terms(
        rules={
            DeadlineKind.KEEP_ALIVE: Rule(
                every=Period(months=6),
                resets=frozenset({Activity.TOP_UP}),
                loses=(Loss.OUTGOING, Loss.INCOMING, Loss.NUMBER),
                back=Back.ASK,
            )
        }
    ),
    _VOUCHER_SHOP,
)
# Small top-ups do not count.
THREE_HK = a_carrier(
    "three-hk",
    "3HK",
    Terms(
        rules={
            DeadlineKind.CREDIT: Rule(
                every=Period(days=180),
                resets=frozenset({Activity.TOP_UP}),
                least=Money(10_000, "HKD"),
                loses=(Loss.CREDIT, Loss.NUMBER),
                back=Back.NEVER,
            )
        }
    ),
)
# Credit stands still while a plan is active; then all is gone at once.
TELLO = a_carrier(
    "tello",
    "Tello",
    Terms(
        plan=Plan(period=Period(days=30), start=Start.TODAY, leftover=Leftover.ADD),
        rules={
            DeadlineKind.CREDIT: Rule(
                every=Period(months=3),
                resets=frozenset({Activity.TOP_UP, Activity.PLAN}),
                stands_still=True,
                loses=(Loss.CREDIT, Loss.NUMBER),
                back=Back.NEVER,
            )
        },
    ),
)
EE_UK = a_carrier(
    "ee-uk",
    "EE UK",
    Terms(
        plan=Plan(period=Period(days=30)),
        rules={
            DeadlineKind.KEEP_ALIVE: Rule(
                every=Period(days=179),
                resets=frozenset({Activity.CALL, Activity.SMS, Activity.DATA}),
                loses=(Loss.CREDIT, Loss.OUTGOING, Loss.INCOMING),
                back=Back.ASK,
            )
        },
    ),
)
# A plan that waits to be started; data only.
AIRALO = a_carrier(
    "airalo",
    "Airalo",
    Terms(
        plan=Plan(period=Period(days=30)),
        rules={
            DeadlineKind.START_BY: Rule(
                every=Period(days=90),
                resets=frozenset({Activity.DATA}),
                loses=(Loss.PLAN,),
                back=Back.NEVER,
            )
        },
    ),
    Guide(app="Airalo"),
)
CARRIERS: Mapping[str, Carrier] = {
    each.name: each
    for each in (GIFFGAFF, LEBARA_AU, O2_DE, THREE_HK, TELLO, EE_UK, AIRALO)
}
