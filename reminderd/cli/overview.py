"""The table of lines: one row a line, worst first, with bars for data and time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from reminderd.cli.layout import GAP, glued, wrapped
from reminderd.cli.meters import bar_text, sparkline
from reminderd.cli.output import say, say_table, say_wrapped, terminal_width
from reminderd.cli.rendering import (
    ends_text,
    next_text,
    short_left_text,
    size_text,
    state_text,
)
from reminderd.messages.catalogs import N_
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording
from reminderd.storage.channels import Health
from reminderd.views.meters import Meters, amount_left
from reminderd.views.status import OK, LineStatus

# More lines than a person reads: then only those that call for something are shown.
_MOST_SHOWN = 50
FINE = 2
# From here on there is room for all of a line beside its name.
_WIDE = 120
_WIDEST_NAME = 24
# So that the eye finds where the next line begins.
_HANG = 1
_HEADINGS = (
    (N_("line"),),
    (N_("carrier"),),
    (N_("state"),),
    (N_("as of"),),
    (N_("ends"),),
)
_STACKED_HEADINGS = (
    (N_("line"), N_("carrier")),
    (N_("state"), N_("as of")),
    (N_("ends"), N_("left")),
)


def rank_of(row: LineStatus) -> int:
    """Return 0 for a line that calls for something, else ``FINE``."""
    return FINE if row.state == OK else 0


def worst_of(
    rows: Sequence[LineStatus], rank: Callable[[LineStatus], int] = rank_of
) -> Sequence[LineStatus]:
    """Return the lines that are shown of *rows*, which are worst first.

    Of many those are left out that rank as ``FINE``, and the last of the others.
    """
    if len(rows) <= _MOST_SHOWN:
        return rows
    ranked = sorted(rows, key=rank)
    worth = sum(rank(row) < FINE for row in rows)
    return ranked[: min(worth, _MOST_SHOWN)]


def show_overview(
    rows: Sequence[LineStatus], meters: Mapping[int, Meters], words: Wording
) -> None:
    """Print *rows* as a table that fits the terminal."""
    is_wide = terminal_width() >= _WIDE
    make = _wide if is_wide else _narrow
    cells = [make(row, meters[row.stored.id], words) for row in rows]
    headings = _HEADINGS if is_wide else _STACKED_HEADINGS
    titles = [_stacked(*map(words.say, each)) for each in headings]
    say_table(titles, cells, hang=_HANG)


def show_left_out(bad: int, fine: int, command: str, words: Wording) -> None:
    """Say how many lines a table leaves out, and which *command* shows them."""
    if bad:
        say_wrapped(
            words.say_count(
                "{n} more line needs attention; see: {command}",
                "{n} more lines need attention; see: {command}",
                bad,
                command=command,
            )
        )
    if fine:
        say(words.say_count("{n} other line is fine", "{n} other lines are fine", fine))


def trouble_texts(health: Mapping[str, Health], words: Wording) -> Iterator[str]:
    """Yield which channels do not work, why, since when, and what to do."""
    for each in health.values():
        if not each.is_troubled:
            continue
        text = (
            N_(
                "channel {channel} is broken since {moment}: {reason}. "
                "Mend it, then: reminderd channels test {channel}"
            )
            if each.is_dead
            else N_(
                "channel {channel} has trouble since {moment}: {reason}. "
                "It is tried again by itself"
            )
        )
        since = each.troubled_since
        yield words.say(
            text,
            channel=each.name,
            reason=recall(each.trouble or "unknown", words),
            moment="-" if since is None else words.moment(since),
        )


def _wide(row: LineStatus, meters: Meters, words: Wording) -> tuple[str, ...]:
    return (
        _name(row),
        row.stored.carrier or "-",
        state_text(row, words),
        _age(row, words),
        _flow(row, _facts(row, meters, words), words),
    )


def _name(row: LineStatus) -> str:
    return "\n".join(wrapped(row.stored.card.name, _WIDEST_NAME))


def _narrow(row: LineStatus, meters: Meters, words: Wording) -> tuple[str, ...]:
    return (
        _stacked(_name(row), row.stored.carrier),
        _stacked(state_text(row, words), _age(row, words)),
        _flow(row, _facts(row, meters, words), words),
    )


def _facts(row: LineStatus, meters: Meters, words: Wording) -> Iterator[str]:
    """Yield what comes next, and what is left of the time and of each allowance."""
    moment = next_text(row, words)
    yield words.say("next {moment}", moment=moment) if moment != "-" else ""
    yield _barred(words.say("time"), meters.time) if meters.time is not None else ""
    for known in row.line.allowances:
        yield _barred(short_left_text(known, words), amount_left(known))
    yield size_text(row, words) or ""
    yield sparkline(meters.use)


def _flow(row: LineStatus, facts: Iterable[str], words: Wording) -> str:
    """Return the ends of a line and *facts* one after the other, each of them whole."""
    return GAP.join((ends_text(row, words), *map(glued, filter(None, facts))))


def _age(row: LineStatus, words: Wording) -> str:
    """Return how old the figures are, without the date: that is on the card."""
    return words.days_ago(words.days_since(row.stored.line.observed_at))


def _barred(text: str, share: Fraction | None) -> str:
    return f"{text} {bar_text(share, is_short=True)}".rstrip()


def _stacked(*texts: str | None) -> str:
    return ("\n" + " " * _HANG).join(filter(None, texts))
