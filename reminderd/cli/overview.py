"""The table of lines: one row a line, worst first, with bars for data and time."""

import shutil
from collections.abc import Iterator, Mapping, Sequence

from reminderd.cli.cards import next_text
from reminderd.cli.meters import bar_text, sparkline
from reminderd.cli.output import say, say_table
from reminderd.cli.rendering import cell_text, ends_text, state_text
from reminderd.messages.catalogs import N_
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording
from reminderd.storage.channels import Health
from reminderd.views.meters import Meters
from reminderd.views.status import OK, LineStatus

# More lines than a person reads: then only those that call for something are shown.
MOST_SHOWN = 50
# From here on each fact has a column of its own; below, two share one.
_WIDE = 120
_NARROW = (N_("line"), N_("ends"), N_("left"), N_("state"), N_("next reminder"))
_ALL = (
    N_("line"),
    N_("carrier"),
    N_("state"),
    N_("ends"),
    N_("time left"),
    N_("left"),
    N_("share left"),
    N_("use per day"),
    N_("as of"),
    N_("next reminder"),
)


def worst_of(rows: Sequence[LineStatus]) -> Sequence[LineStatus]:
    """Return the lines that are shown of *rows*, which are worst first."""
    if len(rows) <= MOST_SHOWN:
        return rows
    return [row for row in rows if row.state != OK][:MOST_SHOWN]


def show_overview(
    rows: Sequence[LineStatus], meters: Mapping[int, Meters], words: Wording
) -> None:
    """Print *rows* as a table that fits the terminal."""
    is_wide = shutil.get_terminal_size().columns >= _WIDE
    make = _wide if is_wide else _narrow
    headings = _ALL if is_wide else _NARROW
    cells = [make(row, meters[row.stored.id], words) for row in rows]
    say_table([words.say(heading) for heading in headings], cells)


def show_left_out(bad: int, fine: int, command: str, words: Wording) -> None:
    """Say how many lines a table leaves out, and which *command* shows them."""
    if bad:
        say(
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
        row.stored.card.name,
        row.stored.carrier or "-",
        state_text(row, words),
        ends_text(row, words),
        bar_text(meters.time) or "-",
        cell_text(row, words),
        bar_text(meters.amount) or "-",
        sparkline(meters.use) or "-",
        words.age(row.stored.line.observed_at),
        next_text(row, words),
    )


def _narrow(row: LineStatus, meters: Meters, words: Wording) -> tuple[str, ...]:
    age = words.age(row.stored.line.observed_at)
    return (
        _stacked(row.stored.card.name, row.stored.carrier),
        _stacked(ends_text(row, words), bar_text(meters.time)),
        _stacked(cell_text(row, words), bar_text(meters.amount), sparkline(meters.use)),
        _stacked(state_text(row, words), words.say("as of {age}", age=age)),
        next_text(row, words),
    )


def _stacked(*texts: str | None) -> str:
    return "\n".join(filter(None, texts))
