"""What the items of a line are called when a command speaks of them."""

from reminderd.domain.lines import DeadlineKind
from reminderd.domain.quantities import AllowanceKind
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording

_NAMES: dict[str, str] = {
    DeadlineKind.VALIDITY: N_("The end of the plan"),
    DeadlineKind.START_BY: N_("The last day to start it"),
    DeadlineKind.KEEP_ALIVE: N_("The last day to use it"),
    DeadlineKind.CREDIT: N_("The end of the credit"),
    DeadlineKind.NUMBER: N_("The last day to keep the number"),
    AllowanceKind.DATA: N_("data"),
    AllowanceKind.VOICE: N_("call time"),
    AllowanceKind.SMS: N_("text messages"),
    AllowanceKind.BALANCE: N_("balance"),
}


def item_text(item: str, words: Wording) -> str:
    """Return the name of an *item*; a bucket has the one that its owner gave it."""
    kind, _, bucket = item.partition("/")
    return bucket or words.say(_NAMES.get(kind, kind))
