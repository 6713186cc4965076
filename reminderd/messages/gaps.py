"""How long nobody looked at the lines, in words."""

from collections.abc import Iterable, Iterator

from reminderd.domain.reminders import Gap, GapKind, LineReminder
from reminderd.messages.wording import Wording


def gap_texts(contents: Iterable[LineReminder], words: Wording) -> Iterator[str]:
    """Yield one sentence for each gap that *contents* speak of."""
    gaps = {known.reminder.gap for known in contents}
    known = (gap for gap in gaps if gap is not None)
    for gap in sorted(known, key=lambda gap: gap.start):
        yield _text(gap, words)


def _text(gap: Gap, words: Wording) -> str:
    start, end = words.moment(gap.start), words.moment(gap.end)
    match gap.kind:
        case GapKind.DOWN:
            return words.say_count(
                "reminderd was not running from {start} to {end}; {n} line reached a "
                "limit in that time.",
                "reminderd was not running from {start} to {end}; {n} lines reached a "
                "limit in that time.",
                gap.lines,
                start=start,
                end=end,
            )
        case GapKind.ASLEEP:
            return words.say_count(
                "The machine was asleep, or reminderd not running, from {start} to "
                "{end}; {n} line reached a limit in that time.",
                "The machine was asleep, or reminderd not running, from {start} to "
                "{end}; {n} lines reached a limit in that time.",
                gap.lines,
                start=start,
                end=end,
            )
        case GapKind.CLOCK:
            return words.say_count(
                "The clock was put forward; from {start} to {end} by its time, {n} "
                "line reached a limit.",
                "The clock was put forward; from {start} to {end} by its time, {n} "
                "lines reached a limit.",
                gap.lines,
                start=start,
                end=end,
            )
