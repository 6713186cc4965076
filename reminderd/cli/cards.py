"""The card of one line: what is known of it, one thing below the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminderd.cli.advice import use_text
from reminderd.cli.layout import GAP, glued, wrapped
from reminderd.cli.meters import bar_text, sparkline
from reminderd.cli.output import say, terminal_width
from reminderd.cli.quiet_texts import foretold_text, recipient_text, said_text
from reminderd.cli.quietness import Quietness, quietness_of
from reminderd.cli.rendering import (
    aged_text,
    amount_text,
    deadline_text,
    left_text,
    next_text,
    size_text,
    state_text,
)
from reminderd.config.loading import Loaded
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Allowance, Reading
from reminderd.domain.names import mask_iccid, mask_number
from reminderd.messages.allowances import noun_of
from reminderd.messages.catalogs import N_
from reminderd.messages.losses import STAGES
from reminderd.messages.terms import WAYS, period_text
from reminderd.messages.wording import Wording
from reminderd.views.explanation import Explanation, explanation_of
from reminderd.views.meters import amount_left, time_left, use_of
from reminderd.views.status import LineStatus

_HANG = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One line with all that is known of it.

    ``daily`` is the use of each day by the item of an allowance. A line that cannot be
    reviewed has neither ``known`` nor ``quietness``.
    """

    row: LineStatus
    daily: Mapping[str, tuple[int, ...]]
    known: Explanation | None = None
    quietness: Quietness | None = None


def card_of(
    tx: Connection, row: LineStatus, policy: Policy, loaded: Loaded, now: datetime
) -> Card:
    """Return the card of the line of *row* at *now*.

    Raises:
        StoreError: The store cannot be read.
    """
    daily = {
        known.item: use_of(tx, row, known, now)
        for known in row.line.allowances
        if not known.unlimited
    }
    if not row.is_reviewed:
        return Card(row=row, daily=daily)
    return Card(
        row=row,
        daily=daily,
        known=explanation_of(tx, row.stored, policy, now),
        quietness=quietness_of(tx, row, policy, loaded, now),
    )


def show_card(card: Card, words: Wording) -> None:
    """Print all that is known of a line, one thing a line."""
    for name, value in (*_facts(card, words), *_news(card, words)):
        if value:
            text = f"{words.say(name)}: {value}"
            for part in wrapped(text, terminal_width(), _HANG):
                say(part)


def _facts(card: Card, words: Wording) -> Iterator[tuple[str, str | None]]:
    """Yield what the line is, what is left of it, and when."""
    row, stored = card.row, card.row.stored
    yield N_("line"), stored.card.name
    yield N_("carrier"), stored.carrier
    yield N_("number"), stored.number and mask_number(stored.number)
    yield N_("SIM card"), stored.iccid and mask_iccid(stored.iccid)
    yield N_("plan"), _plan_text(row, words)
    yield N_("tags"), ", ".join(stored.tags)
    yield N_("state"), state_text(row, words)
    yield N_("stage"), row.stage and words.say(STAGES[row.stage])
    for end in row.ends:
        bar = bar_text(time_left(end, row, words.now))
        yield N_("ends"), _figure(deadline_text(end, row, words), bar, end, row, words)
    for known in row.line.allowances:
        bar = bar_text(amount_left(known))
        yield N_("left"), _figure(left_text(known, words), bar, known, row, words)
    yield N_("sizes"), size_text(row, words)
    for known in row.line.allowances:
        yield N_("use"), _use_text(known, card, words)
    yield N_("as of"), words.age(stored.line.observed_at)


def _news(card: Card, words: Wording) -> Iterator[tuple[str, str | None]]:
    """Yield what was said of the line, what comes next, and to whom."""
    quietness = card.quietness
    if quietness is None:
        return
    if quietness.said:
        yield N_("last reminder"), said_text(quietness.said[0], words)
    answers = [
        item.told.acknowledged_at
        for item in quietness.limits
        if item.told is not None and item.told.acknowledged_at is not None
    ]
    if answers:
        yield N_("answered"), words.moment(max(answers))
    text = next_text(card.row, words)
    if quietness.ahead is not None:
        foretold = foretold_text(quietness.ahead, quietness, words)
        text = words.say("{name}: {text}", name=text, text=foretold)
    yield N_("next reminder"), text
    for each in quietness.recipients:
        yield N_("channel"), recipient_text(each, quietness, words)


def _figure(
    text: str, bar: str, reading: Reading, row: LineStatus, words: Wording
) -> str:
    """Return a figure with its bar, and its age if it is not that of the line."""
    age = words.age(row.stored.line.observed_at)
    if words.age(reading.observed_at) != age:
        text = aged_text(text, reading, words)
    return f"{text}{GAP}{glued(bar)}".rstrip()


def _plan_text(row: LineStatus, words: Wording) -> str | None:
    """Return for how long a renewal is, what it costs and where it is made."""
    plan = row.line.plan.over(row.terms.plan)
    known = (
        period_text(plan.period, words) if plan.period else None,
        words.money(plan.price) if plan.price else None,
        words.say(WAYS[plan.way]) if plan.way else None,
        words.say("renews by itself") if plan.auto_renews else None,
    )
    return words.say(", ").join(filter(None, known)) or None


def _use_text(known: Allowance, card: Card, words: Wording) -> str | None:
    """Return how fast an allowance is used, how long it lasts, and the last days.

    When it runs out is told with the ends, unless something else ends first.
    """
    days = sparkline(card.daily.get(known.item, ()))
    uses = () if card.known is None else card.known.uses
    use = next((each for each in uses if each.allowance.item == known.item), None)
    if known.per_day is None:
        return days and f"{noun_of(known.item, 2, words)}{GAP}{days}"
    if use is not None and card.known is not None and use.runs_out not in card.row.ends:
        text = use_text(use, card.known, words)
    else:
        text = words.say(
            "{noun} {amount} a day",
            noun=noun_of(known.item, known.per_day, words),
            amount=amount_text(known, known.per_day, words),
        )
    return f"{text}{GAP}{days}".rstrip()
