"""What somebody did with a line, as the history tells it."""

from collections.abc import Iterator
from functools import reduce

from reminderd.domain.quantities import AllowanceKind
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.storage.history import PastEvent
from reminderd.storage.undoing import RENEWAL, UNDONE

# For a line that had been removed.
_CHARGED = N_("charge noted")
_EVENTS = {
    "added": N_("added by hand"),
    "removed": N_("removed by hand"),
    RENEWAL: N_("renewed by hand"),
    UNDONE: N_("renewal taken back"),
    "activity": N_("activity noted"),
    "acknowledged": N_("acknowledged"),
    "snoozed": N_("snoozed"),
    "edit": N_("figures edited"),
}


def event_text(known: PastEvent, words: Wording) -> str:
    """Return what was done, what it cost, where that was paid, and its receipt."""
    is_charge = known.kind == RENEWAL and "items" not in known.detail
    name = _CHARGED if is_charge else _EVENTS.get(known.kind, known.kind)
    what = words.say(name)
    facts = list(_facts(known, words))
    if not facts:
        return what
    listed = reduce(
        lambda first, second: words.say(
            "{first}, {second}", first=first, second=second
        ),
        facts,
    )
    return words.say("{what} ({facts})", what=what, facts=listed)


def _facts(known: PastEvent, words: Wording) -> Iterator[str]:
    money, detail = known.money, known.detail
    if money is not None:
        yield words.amount(AllowanceKind.BALANCE, money.minor, money.currency)
    if detail.get("way"):
        yield words.say(str(detail["way"]))
    if detail.get("receipt"):
        yield words.say("receipt {receipt}", receipt=detail["receipt"])
