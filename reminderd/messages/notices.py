"""What reminderd says about itself: a broken channel, a refused edit, a test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from reminderd.domain.reminders import Notice
from reminderd.messages.bills import CHECK_BILL, bill_lines, bill_title
from reminderd.messages.catalogs import N_
from reminderd.messages.examples import EXAMPLE, example_lines, example_title
from reminderd.messages.foreign_text import defuse
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice in words."""

    title: str
    lines: tuple[str, ...]


_TEXTS: Mapping[str, NoticeText] = {
    "channel-broken": NoticeText(
        N_("reminderd: channel {channel} is broken"),
        (
            N_("Channel {channel} refuses every message: {reason}"),
            N_("Its reminders are kept, and go to its fallback where there is one."),
            N_("Mend it in the configuration, then try it: {test}"),
        ),
    ),
    "channel-failing": NoticeText(
        N_("reminderd: channel {channel} is failing"),
        (
            N_("Nothing gets through channel {channel} at present: {reason}"),
            N_("Its reminders are kept, and tried again by themselves."),
        ),
    ),
    "delivery-dead": NoticeText(
        N_("reminderd: a message was not delivered"),
        (
            N_("Channel {channel} did not take it, and is not asked again: {reason}"),
            N_("It went to the fallback where there is one. To try again: {retry}"),
            N_("What it said: reminderd history"),
        ),
    ),
    "channel-still-down": NoticeText(
        N_("reminderd: channel {channel} still does not work"),
        (
            N_("Nothing has got through channel {channel} since {since}: {reason}"),
            "{waiting}",
            N_("If it is yours to mend, mend it, then try it: {test}"),
        ),
    ),
    "channel-back": NoticeText(
        N_("reminderd: channel {channel} works again"),
        (
            N_("Nothing got through channel {channel} from {since} to {until}."),
            "{late}",
            "{elsewhere}",
        ),
    ),
    "line-left-aside": NoticeText(
        N_("reminderd: cannot look at {lines}"),
        (
            N_("Left aside, and tried again every hour: {lines}"),
            N_("What is the matter with {line}: {fault}"),
            N_("Until that is mended, nothing is reminded of on what is left aside."),
            N_("Record its figures anew, or remove the line and add it again."),
            N_("How it stands, and what to do: reminderd check"),
        ),
    ),
    "config-refused": NoticeText(
        N_("reminderd: the edited configuration has a mistake"),
        (
            "{problem}",
            N_("The settings from before go on. Every mistake: reminderd config check"),
        ),
    ),
    "held": NoticeText(
        N_("reminderd: {reminders} reminders are held"),
        (
            N_(
                "So many lines call for a word at once, {reminders} of {lines}, that "
                "it may be a mistake in the figures or the limits. None of it has "
                "been sent."
            ),
            N_("Look at them: reminderd status"),
            N_("Send them now: reminderd release"),
            N_("Without an answer they are sent by themselves: {until}."),
        ),
    ),
    "clock-moved": NoticeText(
        N_("reminderd: the clock was moved"),
        (
            N_("The clock shows {after}; by the time passed it should be {before}."),
            N_("If it is wrong, set it: nothing new is said until {until}."),
            N_("If it is right, go on at once: reminderd release"),
        ),
    ),
    "test": NoticeText(
        N_("reminderd: test message"),
        (
            N_("Channel {channel} works: reminders will arrive here."),
            N_("What is due on your lines: reminderd status"),
        ),
    ),
}


# What was written down in English: why something failed.
_SENTENCES = frozenset({"reason", "fault", "problem"})
_INSTANTS = frozenset({"since", "before", "after", "until"})


class _Details(dict[str, str]):
    """Values for a text; a missing one must not keep a notice from being sent."""

    def __missing__(self, key: str) -> str:
        return "?"


def notice_text(notice: Notice, words: Wording) -> NoticeText:
    """Return *notice* in words; one without a text of its own is shown as it is."""
    if notice.code == CHECK_BILL:
        title = bill_title(notice.details, words)
        return NoticeText(title, tuple(bill_lines(notice.details, words)))
    if notice.code == EXAMPLE:
        title = example_title(notice.details, words)
        return NoticeText(title, tuple(example_lines(notice.details, words)))
    details = {key: defuse(value) for key, value in _told(notice, words)}
    if notice.code == "proof":
        return _proof(notice, _Details(details), words)
    if notice.code not in _TEXTS:
        title = words.say("reminderd: {text}", text=defuse(notice.code))
        lines = tuple(f"{key}: {value}" for key, value in details.items())
        return NoticeText(title, lines or (title,))
    text = _TEXTS[notice.code]
    values = _values(details, words)
    texts = (words.texts.gettext(line).format_map(values) for line in text.lines)
    lines = tuple(line for line in texts if line)
    title = words.texts.gettext(text.title).format_map(values)
    return NoticeText(title, (*lines[:1], *_more(details, words), *lines[1:]))


def _told(notice: Notice, words: Wording) -> Iterator[tuple[str, str]]:
    """Yield the details of *notice*, the sentences in the reader's language."""
    for key, value in notice.details.items():
        yield key, recall(value, words) if key in _SENTENCES else value


def _values(details: dict[str, str], words: Wording) -> _Details:
    """Return what is filled into the text of a notice, in the reader's words."""
    values = _Details(details | _counts(details, words))
    values["test"] = f"reminderd channels test {values['channel']}"
    values["retry"] = "reminderd undelivered --retry"
    values.update(_moments(details, words))
    return values


def _counts(details: Mapping[str, str], words: Wording) -> dict[str, str]:
    """Return in words how many reminders an outage concerns, nothing for none."""
    waiting, late, elsewhere = (
        _number(details, key) for key in ("waiting", "late", "elsewhere")
    )
    texts = {
        "waiting": words.say_count(
            "{n} reminder waits for it.", "{n} reminders wait for it.", waiting
        ),
        "late": words.say_count(
            "{n} reminder waited for it, and arrives late.",
            "{n} reminders waited for it, and arrive late.",
            late,
        ),
        "elsewhere": words.say_count(
            "{n} reminder of that time arrived through {channels}.",
            "{n} reminders of that time arrived through {channels}.",
            elsewhere,
            channels=details.get("channels", "?"),
        ),
    }
    return {key: text if _number(details, key) else "" for key, text in texts.items()}


def _number(details: Mapping[str, str], key: str) -> int:
    text = details.get(key, "")
    return int(text) if text.isdecimal() else 0


def _proof(notice: Notice, details: Mapping[str, str], words: Wording) -> NoticeText:
    """Return the proof that reminderd is alive, and the channel that brings it."""
    next_deadline = words.say("No deadline lies ahead.")
    if "due" in details:
        due = _day(details["due"], words)
        line = details["line"]
        next_deadline = words.say("Next deadline: {line}, {day}", line=line, day=due)
    return NoticeText(
        words.say("reminderd is alive"),
        (
            words.say_count(
                "{n} line is watched; the last pass was on {moment}.",
                "{n} lines are watched; the last pass was on {moment}.",
                int(details["lines"]),
                moment=words.moment(notice.created_at),
            ),
            next_deadline,
            words.say(
                "Channel {channel} works if it brought you this message.",
                channel=details["channel"],
            ),
            words.say(
                "The next one of this kind comes on {day}; if it does not, run: "
                "reminderd check",
                day=_day(details["next"], words),
            ),
        ),
    )


def _day(text: str, words: Wording) -> str:
    """Return a date, or the date of an instant, as the reader writes it."""
    if "T" in text:
        return words.moment(datetime.fromisoformat(text))
    return words.day(date.fromisoformat(text))


def _moments(details: Mapping[str, str], words: Wording) -> Iterator[tuple[str, str]]:
    """Yield the instants among *details* as the reader writes them."""
    for key in _INSTANTS & details.keys():
        try:
            yield key, words.moment(datetime.fromisoformat(details[key]))
        except ValueError:
            # Shown as it is; a notice is always sent.
            continue


def _more(details: Mapping[str, str], words: Wording) -> tuple[str, ...]:
    """Return how many mistakes there are besides the one that is shown."""
    others = _number(details, "count") - 1
    if others < 1:
        return ()
    return (words.say_count("and {n} more mistake", "and {n} more mistakes", others),)
