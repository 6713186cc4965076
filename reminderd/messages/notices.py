"""What reminderd says about itself: a broken channel, a refused edit, a test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from reminderd.domain.reminders import Notice
from reminderd.messages.catalogs import N_
from reminderd.messages.foreign_text import defuse
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
            N_("Channel {channel} did not take it, and no other is left: {reason}"),
            N_("What it said: reminderd history"),
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


_INSTANTS = frozenset({"before", "after", "until"})


class _Details(dict[str, str]):
    """Values for a text; a missing one must not keep a notice from being sent."""

    def __missing__(self, key: str) -> str:
        return "?"


def notice_text(notice: Notice, words: Wording) -> NoticeText:
    """Return *notice* in words; one without a text of its own is shown as it is."""
    details = {key: defuse(value) for key, value in notice.details.items()}
    if notice.code not in _TEXTS:
        title = words.say("reminderd: {text}", text=defuse(notice.code))
        lines = tuple(f"{key}: {value}" for key, value in details.items())
        return NoticeText(title, lines or (title,))
    text = _TEXTS[notice.code]
    values = _Details(details)
    values.update(_moments(details, words))
    values["test"] = f"reminderd channels test {values['channel']}"
    lines = tuple(words.texts.gettext(line).format_map(values) for line in text.lines)
    title = words.texts.gettext(text.title).format_map(values)
    return NoticeText(title, (*lines[:1], *_more(details, words), *lines[1:]))


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
    count = details.get("count", "")
    others = int(count) - 1 if count.isdecimal() else 0
    if others < 1:
        return ()
    return (words.say_count("and {n} more mistake", "and {n} more mistakes", others),)
