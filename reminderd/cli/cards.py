"""The card of one line: what is known of it, one thing below the other."""

from collections.abc import Iterator

from reminderd.cli.meters import bar_text, sparkline
from reminderd.cli.output import say
from reminderd.cli.rendering import (
    amount_text,
    deadline_text,
    left_texts,
    size_text,
    state_text,
)
from reminderd.domain.names import mask_iccid, mask_number
from reminderd.messages.allowances import noun_of
from reminderd.messages.catalogs import N_
from reminderd.messages.losses import STAGES
from reminderd.messages.terms import WAYS, period_text
from reminderd.messages.wording import Wording
from reminderd.views.meters import Meters
from reminderd.views.status import LineStatus


def show_card(row: LineStatus, meters: Meters, words: Wording) -> None:
    """Print all that is known of a line, one thing a line."""
    stored = row.stored
    facts = [
        (N_("line"), stored.card.name),
        (N_("carrier"), stored.carrier),
        (N_("number"), stored.number and mask_number(stored.number)),
        (N_("SIM card"), stored.iccid and mask_iccid(stored.iccid)),
        (N_("plan"), _plan_text(row, words)),
        (N_("state"), state_text(row, words)),
        (N_("stage"), row.stage and words.say(STAGES[row.stage])),
        *((N_("left"), text) for text in left_texts(row, words)),
        (N_("sizes"), size_text(row, words)),
        *((N_("use"), text) for text in _use_texts(row, words)),
        *((N_("ends"), deadline_text(known, row, words)) for known in row.ends),
        (N_("time left"), bar_text(meters.time) or None),
        (N_("share left"), bar_text(meters.amount) or None),
        (N_("use per day"), sparkline(meters.use) or None),
        (N_("tags"), ", ".join(stored.tags) or None),
        (N_("as of"), words.age(stored.line.observed_at)),
        (N_("next reminder"), next_text(row, words)),
    ]
    for name, value in facts:
        if value is not None:
            say(f"{words.say(name)}: {value}")


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


def _use_texts(row: LineStatus, words: Wording) -> Iterator[str]:
    """Yield how fast each allowance is used, where that is known."""
    for known in row.line.allowances:
        if known.per_day is not None:
            yield words.say(
                "{noun} {amount} a day",
                noun=noun_of(known.item, known.per_day, words),
                amount=amount_text(known, known.per_day, words),
            )


def next_text(row: LineStatus, words: Wording) -> str:
    """Return when the next reminder comes, a dash for never."""
    if row.reminder is not None:
        return words.say("at the next check")
    return "-" if row.next_at is None else words.moment(row.next_at)
