"""Is it set up: the configuration, the channels, the clock, and what makes passes."""

from collections.abc import Iterator
from datetime import timedelta
from shlex import quote

from reminderd.cli.facts import (
    ChannelFacts,
    Facts,
    Finding,
    Runner,
    failed,
    ok,
    unheard,
    warning,
)
from reminderd.errors import ExitStatus
from reminderd.messages.catalogs import N_
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording

# This code was not written before.
_FIRST_YEAR = 2026
_CLOCK_MAY_BE_OFF = timedelta(hours=1)
# A pass says that it lives once a minute; the timer runs each quarter of an hour.
_SERVICE_MAY_REST = timedelta(minutes=10)
_TIMER_MAY_REST = timedelta(minutes=45)
_ANYBODY_MAY_REST = timedelta(days=2)
_POLLS_MISSED = 3
# What worked so long ago may have ended without a word, such as a token.
_PROVEN_FOR = timedelta(days=30)


def configuration(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say every mistake in the configuration, and what is unwise in it."""
    known = facts.config
    for problem in known.problems:
        advice = words.say("mend it, then run: {command}", command=_checking(facts))
        yield failed("configuration", words.tell(problem), advice)
    if not known.problems:
        text = words.say("configuration: {path} is fine", path=known.path)
        yield ok("configuration", text)
    for text in known.warnings:
        yield warning("configuration", words.tell(text))
    if known.is_open:
        text = words.say(
            "configuration: others can write into {path}, and turn reminders elsewhere",
            path=known.path,
        )
        yield warning("configuration", text, f"chmod go-w {quote(str(known.path))}")


def channels(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say of each channel whether it can be used, and how it has been doing."""
    if not facts.channels and not facts.config.problems:
        yield warning(
            "channels",
            words.say("channels: none is configured, nobody is sent anything"),
            words.say("describe one in the configuration: [channels.NAME]"),
        )
    for channel in facts.channels:
        yield from _channel(channel, facts, words)
    if facts.channels and not any(_lives(each, facts) for each in facts.channels):
        yield unheard(
            "channels",
            words.say("channels: none of them works, nobody can be told anything"),
            _test(facts, "", words),
        )


def fallbacks(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Warn of a fallback that fails together with its channel."""
    servers = {each.name: each.server for each in facts.channels}
    for channel in facts.channels:
        fallback = channel.fallback
        if fallback and channel.server and channel.server == servers.get(fallback):
            yield warning(
                "fallback",
                words.say(
                    "channel {channel} and its fallback {fallback} use one server: "
                    "when it is down, both are",
                    channel=channel.name,
                    fallback=fallback,
                ),
                words.say("choose a fallback at another service"),
            )


def clock(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say whether the clock can be believed."""
    advice = words.say("look at: {command}", command="timedatectl")
    moment = words.moment(facts.now)
    last = facts.last_pass
    if facts.now.year < _FIRST_YEAR:
        text = words.say("clock: it is set to the year {year}", year=facts.now.year)
        yield failed("clock", text, advice)
    elif last is not None and last > facts.now + _CLOCK_MAY_BE_OFF:
        text = words.say(
            "clock: it says {moment}, but the last pass was at {last}",
            moment=moment,
            last=words.moment(last),
        )
        yield warning("clock", text, advice)
    elif facts.doubt is not None and facts.doubt.until is not None:
        text = words.say(
            "clock: it was moved to {moment}, nothing new is said until {until}",
            moment=moment,
            until=words.moment(facts.doubt.until),
        )
        command = f"{facts.program} release"
        advice = words.say("if it is right, run: {command}", command=command)
        yield warning("clock", text, advice)
    else:
        yield ok("clock", words.say("clock: {moment}", moment=moment))


def last_pass(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say when the lines were looked at last, and how to have that done."""
    if facts.checkup is None:
        return
    last = facts.last_pass
    if last is None:
        text = words.say("last pass: there has been none")
        yield warning("last_pass", text, _start(facts, words))
        return
    moment = words.moment(last)
    if facts.now - last > _patience(facts) and not _is_doubting(facts):
        text = words.say("last pass: {moment}, none since", moment=moment)
        yield warning("last_pass", text, _start(facts, words))
    else:
        yield ok("last_pass", words.say("last pass: {moment}", moment=moment))


def _channel(channel: ChannelFacts, facts: Facts, words: Wording) -> Iterator[Finding]:
    name = channel.name
    for problem in channel.problems:
        advice = words.say("mend it, then run: {command}", command=_checking(facts))
        yield failed("channel", words.tell(problem), advice)
    health = facts.health_of(name)
    if health.broken is not None:
        text = words.say(
            "channel {channel} is broken: {reason}",
            channel=name,
            reason=recall(health.broken, words),
        )
        yield failed("channel", text, _test(facts, name, words))
    elif health.is_troubled:
        since = health.troubled_since or health.last_error_at or facts.now
        text = words.say(
            "channel {channel} has been failing since {moment}: {reason}",
            channel=name,
            moment=words.moment(since),
            reason=recall(health.last_error or "unknown", words),
        )
        command = f"{facts.program} channels test {name}"
        yield warning("channel", text, words.say("try it: {command}", command=command))
    elif channel.unreachable is not None:
        text = words.say(
            "channel {channel} cannot be reached: {reason}",
            channel=name,
            reason=words.tell(channel.unreachable),
        )
        command = f"{facts.program} channels test {name}"
        yield warning("channel", text, words.say("try it: {command}", command=command))
    elif not channel.problems:
        yield _worked(channel, facts, words)


def _worked(channel: ChannelFacts, facts: Facts, words: Wording) -> Finding:
    """Return when it was last proven to work, and whether its server answers now."""
    name, text = channel.name, N_("channel {channel} has not been used yet")
    last_ok_at = facts.health_of(name).last_ok_at
    if facts.checkup is None and not facts.store.is_missing:
        text = N_("channel {channel} can be used")
    elif last_ok_at is not None:
        text = N_("channel {channel} works, last used {moment}")
    moment = "" if last_ok_at is None else words.moment(last_ok_at)
    said = words.say(text, channel=name, moment=moment)
    if channel.is_tried:
        said = words.say("{text}; its server answers", text=said)
    if last_ok_at is None or facts.now - last_ok_at <= _PROVEN_FOR:
        return ok("channel", said)
    command = f"{facts.program} channels test {name}"
    advice = words.say(
        "that is {age}; prove it: {command}",
        age=words.days_ago((facts.now - last_ok_at).days),
        command=command,
    )
    return Finding(check="channel", status=ExitStatus.OK, text=said, advice=advice)


def _lives(channel: ChannelFacts, facts: Facts) -> bool:
    """Tell whether a message may well get through."""
    return not (channel.problems or facts.health_of(channel.name).is_dead)


def _patience(facts: Facts) -> timedelta:
    match facts.runner:
        case Runner.SERVICE:
            return max(_POLLS_MISSED * facts.config.poll_every, _SERVICE_MAY_REST)
        case Runner.TIMER:
            return _TIMER_MAY_REST
        case None:
            return _ANYBODY_MAY_REST


def _is_doubting(facts: Facts) -> bool:
    """Tell whether passes are made, and do not count for lack of a clock."""
    if facts.doubt is None:
        return False
    return facts.doubt.until is None or facts.now <= facts.doubt.until


def _start(facts: Facts, words: Wording) -> str:
    if facts.runner is not None:
        command = f"systemctl restart {facts.runner}"
        return words.say("start it: {command}", command=command)
    return words.say(
        "let it run by itself: {command}", command="systemctl enable --now reminderd"
    )


def _checking(facts: Facts) -> str:
    return f"{facts.program} config check"


def _test(facts: Facts, name: str, words: Wording) -> str:
    command = f"{facts.program} channels test {name}".rstrip()
    return words.say("mend it, then run: {command}", command=command)
