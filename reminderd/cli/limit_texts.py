"""The limits of a line in words: where they are set, and which of them is reached."""

from collections.abc import Iterator, Mapping

from reminderd.cli.limit_sources import Source
from reminderd.cli.quietness import Quietness
from reminderd.cli.rendering import STATES, amount_text, deadline_text, left_text
from reminderd.config.effective import Layer
from reminderd.domain.ladders import EXHAUSTED, EXPIRED, OFFER, STALE
from reminderd.domain.lines import Allowance, Deadline
from reminderd.domain.quantities import Money, Share
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.views.limits import ItemLimits, Mute, Rung

_MUTE: Mapping[Mute, str] = {
    Mute.PLAN_ENDED: N_("silent: the plan has ended"),
    Mute.ENDED: N_("silent: it has ended"),
    Mute.UNLIMITED: N_("silent: unlimited"),
    Mute.UNKNOWN: N_("silent: how much is left is not known"),
    Mute.ASSUMED: N_("silent: it is full again, until somebody reads how much is left"),
    Mute.AFTER_THE_END: N_("silent: it lasts until the plan ends or it is full again"),
}
_SOURCES: Mapping[Layer, str] = {
    Layer.BUILT_IN: N_("built in"),
    Layer.SHIPPED: N_("shipped with what is known of the carrier"),
}
_STEPS = {EXHAUSTED: N_("used up"), EXPIRED: N_("over"), OFFER: N_("on offer")}


def limit_texts(known: Quietness, words: Wording) -> Iterator[str]:
    """Yield for each item what it is, its limits with their source, how it stands."""
    for item in known.limits:
        yield f"- {_what(item, known, words)}"
        yield f"  {_ladder(item, known.sources.get(item.key), words)}"
        standing = words.say("; ").join(_standing(item, words))
        yield f"  {standing}"


def _what(item: ItemLimits, known: Quietness, words: Wording) -> str:
    if isinstance(item.reading, Deadline):
        return deadline_text(item.reading, known.status, words)
    if isinstance(item.reading, Allowance):
        return left_text(item.reading, words)
    observed = known.status.stored.line.observed_at
    return words.say("last news of the line: {age}", age=words.age(observed))


def _ladder(item: ItemLimits, source: Source | None, words: Wording) -> str:
    limits = ", ".join(_rung(rung, item, words) for rung in item.rungs)
    place = ""
    if source is not None:
        place = source.place or words.say(_SOURCES[source.layer])
    text = f"{item.key} = {limits or words.say('no limits')}"
    return words.say("{what} ({facts})", what=text, facts=place) if place else text


def _rung(rung: Rung, item: ItemLimits, words: Wording) -> str:
    limit = rung.limit
    text = limit.text
    if isinstance(item.reading, Allowance):
        text = _amount(rung, item.reading, words)
    if limit.severity is not None and limit.text != OFFER:
        text = f"{text} {words.say(STATES[limit.severity.word])}"
    return _step(text, words)


def _amount(rung: Rung, allowance: Allowance, words: Wording) -> str:
    limit = rung.limit
    if rung.amount is None:
        ignored = words.say("ignored: the total is not known")
        if isinstance(limit.at, Money):
            ignored = words.say("ignored: another currency")
        return words.say("{what} ({facts})", what=limit.text, facts=ignored)
    amount = amount_text(allowance, rung.amount, words)
    return f"{limit.text} = {amount}" if isinstance(limit.at, Share) else amount


def _step(text: str, words: Wording) -> str:
    return words.say(_STEPS[text]) if text in _STEPS else text


def _standing(item: ItemLimits, words: Wording) -> Iterator[str]:
    """Yield which limit is reached, what was said of it, and what is next."""
    if item.mute is not None:
        yield words.say(_MUTE[item.mute])
    elif item.step is None:
        yield words.say("none is reached")
    else:
        yield _reached(item, words)
    told = item.told
    if told is not None and item.step is not None:
        yield words.say("said {moment}", moment=words.moment(told.said_at))
        if told.acknowledged_at is not None:
            answered = words.moment(told.acknowledged_at)
            yield words.say("answered {moment}", moment=answered)
    if item.again_at is not None:
        yield words.say("said again {moment}", moment=words.moment(item.again_at))
    if item.limit_at is not None:
        yield words.say(
            "next: {limit}, {moment}",
            limit=_next(item, words),
            moment=words.moment(item.limit_at),
        )


def _reached(item: ItemLimits, words: Wording) -> str:
    step = item.step
    if step is None or step.text == STALE:
        return words.say("reached: too old")
    rungs = (each for each in item.rungs if each.limit.text == step.text)
    rung = next(rungs, None)
    text = _step(step.text, words) if rung is None else _rung(rung, item, words)
    if step.reached_at is None:
        return words.say("reached: {limit}", limit=text)
    since = words.moment(step.reached_at)
    return words.say("reached: {limit}, {moment}", limit=text, moment=since)


def _next(item: ItemLimits, words: Wording) -> str:
    ahead = (each for each in item.rungs if each.at == item.limit_at)
    rung = next(ahead, None)
    return words.say("its end") if rung is None else _rung(rung, item, words)
