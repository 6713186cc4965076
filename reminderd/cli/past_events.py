"""What somebody did with a line, as the history tells it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import reduce

from reminderd.domain.quantities import AllowanceKind
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.storage.events import ACKNOWLEDGED, SNOOZED
from reminderd.storage.past import PastEvent
from reminderd.storage.undoing import RENEWAL, UNDONE

# For a line that had been removed.
_CHARGED = N_("charge noted")
EVENTS: Mapping[str, str] = {
    "added": N_("added by hand"),
    "removed": N_("removed by hand"),
    RENEWAL: N_("renewed by hand"),
    UNDONE: N_("renewal taken back"),
    "activity": N_("activity noted"),
    ACKNOWLEDGED: N_("acknowledged"),
    SNOOZED: N_("snoozed"),
    "edit": N_("figures edited"),
}


def event_text(known: PastEvent, words: Wording) -> str:
    """Return what was done, what it cost, where that was paid, and its receipt."""
    is_charge = known.kind == RENEWAL and "items" not in known.detail
    name = _CHARGED if is_charge else EVENTS.get(known.kind, known.kind)
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
    if known.kind == SNOOZED:
        yield from _until(detail, words)
    if detail.get("receipt"):
        yield words.say("receipt {receipt}", receipt=detail["receipt"])


def _until(detail: Mapping[str, object], words: Wording) -> Iterator[str]:
    """Yield when a snooze ends, nothing where an older event does not say it."""
    try:
        until = datetime.fromisoformat(str(detail.get("until")))
    except ValueError:
        return
    zoned = until.replace(tzinfo=until.tzinfo or UTC)
    yield words.say("until {moment}", moment=words.moment(zoned))
