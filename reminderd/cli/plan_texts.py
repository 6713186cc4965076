"""What a plan says to a person, and how another one differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reminderd.cli.delivery_texts import brake_texts, titled_text
from reminderd.cli.output import say, say_json, say_table, say_wrapped
from reminderd.cli.overview import trouble_texts
from reminderd.cli.plan_changes import Change, changes, sayings
from reminderd.cli.plan_records import Plan, Wanted
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.scheduling.preview import Planned

# More than a person reads.
_MOST_SHOWN = 200
_MOST_IN_ONE = 10
_FEW = 2
_ABOUT_A_DAY = timedelta(hours=25)
_HEADINGS = (N_("when"), N_("where to"), N_("what"))
_CHANGES = {
    Change.NEW: N_("new"),
    Change.GONE: N_("no longer"),
    Change.MOVED: N_("moved from {moment}"),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One message, through which channels; the same is said each day until *last*."""

    at: datetime
    channels: Sequence[str]
    text: str
    last: datetime | None = None


def show_plan(known: Plan, wanted: Wanted, words: Wording) -> None:
    """Print what of a plan is wanted, and what keeps it from coming true."""
    messages = wanted.messages(known)
    if messages:
        rows = list(_rows(messages, words))
        say_table([words.say(heading) for heading in _HEADINGS], rows[:_MOST_SHOWN])
        _count(len(rows) - _MOST_SHOWN, words)
    until = words.day(known.until.astimezone(words.reader.zone).date())
    text = N_("That is all until {date}, if nothing changes.")
    if not messages:
        text = N_("Nothing is sent until {date}, if nothing changes.")
    say_wrapped(
        words.together(
            words.say(text, date=until),
            words.say("(No renewal, no new figures, no edit; the service runs.)"),
        )
    )
    for waiting in wanted.waiting(known):
        say_wrapped(
            words.say(
                "Will not arrive: {delivery}", delivery=titled_text(waiting, words)
            )
        )
    for text in (
        *trouble_texts(known.health, words),
        *brake_texts(known.brakes, words),
    ):
        say_wrapped(text)


def _count(more: int, words: Wording) -> None:
    if more > 0:
        say(
            words.say_count(
                "and {n} more; see all with --json",
                "and {n} more; see all with --json",
                more,
            )
        )


def _rows(
    messages: Sequence[Planned], words: Wording
) -> Iterator[tuple[str, str, str]]:
    """Yield a row for each message; one that goes to several channels has one row."""
    before = None
    for row in _daily(_together(messages, words)):
        day = row.at.astimezone(words.reader.zone).date()
        when = words.moment(row.at) if day != before else _time(row.at, words)
        text = row.text
        if row.last is not None:
            until = words.day(row.last.astimezone(words.reader.zone).date())
            text += "\n" + words.say("the same each day until {date}", date=until)
        yield when, ", ".join(row.channels), text
        before = day


def _together(messages: Sequence[Planned], words: Wording) -> list[_Row]:
    found: dict[tuple[datetime, str], list[str]] = {}
    for known in messages:
        text = _text(known, replace(words, now=known.at))
        found.setdefault((known.at, text), []).append(known.channel)
    return [_Row(at, channels, text) for (at, text), channels in found.items()]


def _daily(rows: Sequence[_Row]) -> list[_Row]:
    """Put into one row what is said in the same words day after day."""
    runs: dict[tuple[str, str], list[list[_Row]]] = {}
    for row in rows:
        known = runs.setdefault((", ".join(row.channels), row.text), [[row]])
        if known[-1][-1] is row:
            continue
        if row.at - known[-1][-1].at <= _ABOUT_A_DAY:
            known[-1].append(row)
        else:
            known.append([row])
    found: list[_Row] = []
    for run in (run for known in runs.values() for run in known):
        is_long = len(run) > _FEW
        found += [replace(run[0], last=run[-1].at)] if is_long else run
    return sorted(found, key=lambda row: row.at)


def _text(message: Planned, words: Wording) -> str:
    """Return the title of a message, and below it those of what is grouped in it."""
    if len(message.contents) == 1:
        return message.message.title
    said = [saying.title(words) for saying in sayings(message)]
    more = len(said) - _MOST_IN_ONE
    shown = [words.say("- {text}", text=text) for text in said[:_MOST_IN_ONE]]
    if more > 0:
        shown.append(words.say_count("and {n} more", "and {n} more", more))
    return "\n".join((words.say("in one message:"), *shown))


def _time(at: datetime, words: Wording) -> str:
    """Return the local time alone, below a moment that ends with one."""
    return f"{at.astimezone(words.reader.zone):%H:%M}"


def show_changes(
    plans: Sequence[Plan], wanted: Wanted, words: Wording, *, as_json: bool
) -> None:
    """Print what of the first of two *plans* is otherwise in the second."""
    before, after = plans
    found = changes(wanted.messages(before), wanted.messages(after), words)
    if as_json:
        say_json([known.record() for known in found])
        return
    if not found:
        say(words.say("The same messages are sent at the same times."))
        return
    rows = [
        (
            words.say(
                _CHANGES[known.change],
                moment=known.before and words.moment(known.before),
            ),
            words.moment(known.at),
            known.channel,
            known.title,
        )
        for known in found
    ]
    headings = (words.say("change"), *(words.say(heading) for heading in _HEADINGS))
    say_table(headings, rows[:_MOST_SHOWN])
    _count(len(rows) - _MOST_SHOWN, words)
