"""Lines in the reader's words, for tables and sentences."""

from collections.abc import Iterator
from datetime import datetime

from reminderd.cli.language import language_at_terminal
from reminderd.config.settings import Settings
from reminderd.domain.ladders import Severity
from reminderd.domain.lines import Allowance, Deadline, Reading
from reminderd.domain.quantities import DECIMAL, AllowanceKind
from reminderd.messages.allowances import base_text
from reminderd.messages.catalogs import N_
from reminderd.messages.findings import end_text
from reminderd.messages.foreign_text import defuse
from reminderd.messages.wording import Reader, Wording
from reminderd.views.status import LineStatus

STATES = {
    "ok": N_("ok"),
    "info": N_("info"),
    "warning": N_("warning"),
    "critical": N_("critical"),
    "unknown": N_("unknown"),
}
GETS = {
    Severity.INFO: N_("everything"),
    Severity.WARNING: N_("warnings and worse"),
    Severity.CRITICAL: N_("only what is critical"),
}
NO_LINE = N_("There is no line yet; describe one in the configuration file.")
_LEFT = {
    AllowanceKind.DATA: N_("data {left}"),
    AllowanceKind.VOICE: N_("calls {left}"),
    AllowanceKind.SMS: N_("texts {left}"),
    AllowanceKind.BALANCE: N_("balance {left}"),
}


def wording_of(settings: Settings, now: datetime) -> Wording:
    """Return the words for who reads at the terminal, at *now*."""
    reader = Reader(language=language_at_terminal(settings), zone=settings.timezone)
    return Wording(reader, now)


def state_text(status: LineStatus, words: Wording) -> str:
    """Return the state of a line in a word, and whether it is snoozed."""
    text = words.say(STATES[status.state])
    until = status.stored.line.snoozed_until
    if until is None or until <= words.now:
        return text
    return words.say(
        "{state}, snoozed until {moment}", state=text, moment=words.moment(until)
    )


def next_text(row: LineStatus, words: Wording) -> str:
    """Return when the next reminder comes, a dash for never."""
    if row.reminder is not None:
        return words.say("at the next check")
    return "-" if row.next_at is None else words.moment(row.next_at)


def left_texts(status: LineStatus, words: Wording) -> Iterator[str]:
    """Yield what is left of each allowance, such as "data 300 MB of 10 GB"."""
    for allowance in status.line.allowances:
        yield left_text(allowance, words)


def left_text(allowance: Allowance, words: Wording) -> str:
    """Return what is left of an allowance, such as "data 300 MB of 10 GB"."""
    return _named(_left(allowance, words), allowance, words)


def short_left_text(allowance: Allowance, words: Wording) -> str:
    """Return what is left of an allowance without its total, where a bar shows that."""
    if allowance.remaining is None or allowance.unlimited or not allowance.total:
        return left_text(allowance, words)
    amount = amount_text(allowance, allowance.remaining, words)
    return _named(amount, allowance, words)


def _named(left: str, allowance: Allowance, words: Wording) -> str:
    left = words.say(_LEFT[allowance.kind], left=left)
    if allowance.throttled and not allowance.unlimited:
        left = words.say("full-speed {noun}", noun=left)
    if allowance.bucket != "general":
        bucket = defuse(allowance.bucket)
        left = words.say("{left} ({bucket})", left=left, bucket=bucket)
    return words.say("{left} for today", left=left) if allowance.daily else left


def aged_text(figure: str, reading: Reading, words: Wording) -> str:
    """Return *figure*, which is of *reading*, and how old it is."""
    age = words.age(reading.observed_at)
    return words.say("{figure}, as of {age}", figure=figure, age=age)


def size_text(status: LineStatus, words: Wording) -> str | None:
    """Return how the sizes of a line are counted, None for the usual way."""
    bases = {known.size_base for known in status.line.allowances}
    return base_text(max(bases, default=DECIMAL), words)


def cell_text(status: LineStatus, words: Wording) -> str:
    """Return what is left as the cell of a table, and how sizes are counted."""
    size = size_text(status, words)
    texts = (*left_texts(status, words), *filter(None, (size,)))
    return "\n".join(texts) or "-"


def _left(allowance: Allowance, words: Wording) -> str:
    if allowance.unlimited:
        return words.say("unlimited")
    if allowance.remaining is None:
        return words.say("unknown")
    left = amount_text(allowance, allowance.remaining, words)
    if allowance.total is None:
        return left
    total = amount_text(allowance, allowance.total, words)
    return words.say("{left} of {total}", left=left, total=total)


def amount_text(allowance: Allowance, amount: int, words: Wording) -> str:
    """Return an *amount* in the unit of *allowance*."""
    return words.amount(allowance.kind, amount, allowance.currency, allowance.size_base)


def deadline_text(deadline: Deadline, status: LineStatus, words: Wording) -> str:
    """Return when something ends, such as "3 days left, ends Sat 12 Dec"."""
    return end_text(deadline, status.line, status.stored.card, words)


def ends_text(status: LineStatus, words: Wording) -> str:
    """Return what has ended and the earliest end ahead, a dash where none is known."""
    zone = status.line.zone
    passed = [
        known
        for known in status.ends
        if known.due_at(zone) <= words.now and known.follows is None
    ]
    ends = dict.fromkeys((*passed, *filter(None, (status.headline,))))
    return "\n".join(deadline_text(each, status, words) for each in ends) or "-"


def describe(status: LineStatus, words: Wording) -> Iterator[str]:
    """Yield what is known of a line in a few words: its ends, then what is left."""
    for deadline in status.ends:
        yield deadline_text(deadline, status, words)
    yield from left_texts(status, words)
