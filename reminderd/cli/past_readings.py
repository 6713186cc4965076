"""What was read of a line, as the history tells it."""

from datetime import datetime

from reminderd.cli.item_names import item_text
from reminderd.domain.quantities import AllowanceKind
from reminderd.messages.catalogs import N_
from reminderd.messages.foreign_text import defuse
from reminderd.messages.wording import Wording
from reminderd.storage.past import Figure, PastReading

# Those that are not said of are from commands.
_SOURCES = {"config": N_("from the file"), "import": N_("imported")}


def reading_text(known: PastReading, words: Wording) -> str:
    """Return an item, what it was before and then, and where the figure is from.

    A question mark stands for a figure that cannot be read.
    """
    before = known.before and _figure(known, known.before, words)
    now = _figure(known, known.figure, words)
    figure = now
    if before is not None and before != now:
        figure = words.say("{before} → {now}", before=before, now=now)
    item = defuse(item_text(known.item, words))
    text = words.say("{item}: {figure}", item=item, figure=figure)
    if known.source not in _SOURCES:
        return text
    source = words.say(_SOURCES[known.source])
    return words.say("{what} ({facts})", what=text, facts=source)


def _figure(known: PastReading, figure: Figure, words: Wording) -> str:
    try:
        if figure.due is not None:
            return _due(figure.due, words)
        return _left(known, figure, words)
    except (ValueError, TypeError, LookupError, ArithmeticError):
        return "?"


def _due(due: str, words: Wording) -> str:
    end = datetime.fromisoformat(due)
    return words.moment(end) if end.tzinfo else words.day(end.date())


def _left(known: PastReading, figure: Figure, words: Wording) -> str:
    kind = AllowanceKind(known.item.partition("/")[0])

    def amount(base_units: int) -> str:
        return words.amount(kind, base_units, figure.currency, known.size_base)

    if figure.unlimited:
        return words.say("unlimited")
    if figure.remaining is None:
        return words.say("unknown")
    if figure.total is None:
        return amount(figure.remaining)
    left, total = amount(figure.remaining), amount(figure.total)
    return words.say("{left} of {total}", left=left, total=total)
