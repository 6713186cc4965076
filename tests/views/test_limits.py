"""The limits that are explained are those that a review goes by."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reminderd.domain.ladders import limits_of
from reminderd.domain.lines import Deadline, DeadlineKind
from reminderd.domain.reminders import LineCard
from reminderd.domain.review import review
from reminderd.storage.lines import StoredLine
from reminderd.views.limits import ItemLimits, limits_at
from tests.builders import LONDON, NOW, a_deadline, a_line, a_policy, an_allowance

_GB = 10**9


def stored(*readings: object) -> StoredLine:
    line = a_line(*readings)  # type: ignore[arg-type]  # readings of either kind
    return StoredLine(
        id=1,
        line=line,
        told={},
        card=LineCard(name=line.name, zone=LONDON),
        carrier=None,
        number=None,
        iccid=None,
        tags=(),
        route=None,
        origin="cli",
        archived_at=None,
    )


def explained(known: StoredLine, minutes: int = 0) -> dict[str, ItemLimits]:
    now = NOW + timedelta(minutes=minutes)
    return {each.item: each for each in limits_at(known, a_policy(), now)}


@settings(max_examples=60, deadline=None)
@given(
    days=st.integers(-5, 60),
    alive=st.integers(1, 60),
    left=st.integers(0, 10 * _GB),
    minutes=st.integers(0, 60 * 24 * 40),
)
def test_what_is_reached_and_what_is_next_is_as_in_the_review(
    days: int, alive: int, left: int, minutes: int
) -> None:
    known = stored(
        a_deadline(date(2026, 11, 22) + timedelta(days=days)),
        a_deadline(
            date(2026, 11, 22) + timedelta(days=alive), kind=DeadlineKind.KEEP_ALIVE
        ),
        an_allowance(left, 10 * _GB),
    )
    now = NOW + timedelta(minutes=minutes)

    outcome = review(known.line, a_policy(), {}, now)
    items = explained(known, minutes)

    reached = {item: each.step.text for item, each in items.items() if each.step}
    assert reached == {each.item: each.step for each in outcome.findings}
    ahead = [
        at
        for each in items.values()
        for at in (each.limit_at, each.again_at)
        if at is not None
    ]
    assert min(ahead, default=None) == outcome.next_review_at
    for each in items.values():
        if isinstance(each.reading, Deadline):
            limits = tuple(rung.limit for rung in each.rungs)
            assert limits == limits_of(each.reading, a_policy())
