"""Does it work: what reaches nobody, what is held, which lines are left aside."""

from collections.abc import Iterator

from reminderd.cli.facts import Facts, Finding, ok, unheard, warning
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording

# So many are named; a list that scrolls away helps nobody.
_MOST_NAMED = 5


def deliveries(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say how many messages have reached nobody."""
    known = facts.checkup
    if known is None:
        return
    if not known.undelivered:
        yield ok(
            "deliveries",
            words.say("deliveries: what was sent has arrived, or will be tried"),
        )
        return
    text = words.say_count(
        "deliveries: {n} message has reached nobody",
        "deliveries: {n} messages have reached nobody",
        known.undelivered,
    )
    command = f"{facts.program} undelivered"
    yield unheard("deliveries", text, words.say("see why: {command}", command=command))


def held(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say what waits for a channel to be mended, and what a brake holds."""
    known = facts.checkup
    if known is None:
        return
    for channel, count in sorted(known.held.items()):
        text = words.say_count(
            "deliveries: {n} message is held for {channel}",
            "deliveries: {n} messages are held for {channel}",
            count,
            channel=channel,
        )
        command = f"{facts.program} channels test {channel}"
        advice = words.say("mend it, then run: {command}", command=command)
        yield warning("held", text, advice)
    if known.braked and known.release_at is not None:
        text = words.say_count(
            "deliveries: {n} message is held back until {moment}",
            "deliveries: {n} messages are held back until {moment}",
            known.braked,
            moment=words.moment(known.release_at),
        )
        command = f"{facts.program} release"
        advice = words.say("let them go: {command}", command=command)
        yield warning("brake", text, advice)


def lines(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say which lines cannot be looked at, and how many lack news."""
    known = facts.checkup
    if known is None:
        return
    for aside in known.asides[:_MOST_NAMED]:
        text = words.say(
            "line {line} is left aside: {reason}",
            line=aside.name,
            reason=recall(aside.fault or "unknown", words),
        )
        yield warning("line", text)
    more = len(known.asides) - _MOST_NAMED
    if more > 0:
        yield warning(
            "line",
            words.say_count(
                "{n} more line is left aside", "{n} more lines are left aside", more
            ),
        )
    if known.stale:
        text = words.say_count(
            "lines: of {n} there has been no news for too long",
            "lines: of {n} there has been no news for too long",
            known.stale,
        )
        command = f"{facts.program} status"
        yield warning("stale", text, words.say("see: {command}", command=command))
    if not known.asides and not known.stale:
        count = words.say_count("{n} line", "{n} lines", known.lines)
        yield ok("lines", words.say("lines: {lines}, all looked after", lines=count))
