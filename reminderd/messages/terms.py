"""What a carrier's terms say, in sentences for people."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from babel.lists import format_list

from reminderd.domain.activities import COUNTED
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.plans import LastDay, Leftover, Plan, Start, Tier, Way
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.terms import Activity, Back, Loss, Rule, Terms
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording

_MONTHS = 12

_CLOCKS: Mapping[DeadlineKind, str] = {
    DeadlineKind.CREDIT: N_("The credit is good for {period} after each {activity}."),
    DeadlineKind.KEEP_ALIVE: N_("The line lives for {period} after each {activity}."),
    DeadlineKind.NUMBER: N_("The number is kept for {period} after each {activity}."),
    DeadlineKind.START_BY: N_(
        "A plan has to be started within {period} of its purchase."
    ),
}
# The same where nothing that is done moves the date.
_FIXED: Mapping[DeadlineKind, str] = {
    **_CLOCKS,
    DeadlineKind.CREDIT: N_("The credit is good for {period}; nothing prolongs it."),
    DeadlineKind.KEEP_ALIVE: N_("The line lives for {period}; nothing prolongs it."),
    DeadlineKind.NUMBER: N_("The number is kept for {period}; nothing prolongs it."),
}
_COUNTS = N_("What counts: {activity}.")
_STARTS = N_("It starts with the first {activity}.")
_ACTIVITIES: Mapping[Activity, str] = {
    Activity.CALL: N_("outgoing call"),
    Activity.SMS: N_("text sent"),
    Activity.DATA: N_("data session"),
    Activity.TOP_UP: N_("top-up"),
    Activity.PLAN: N_("plan purchase"),
}
_RULE_STARTS: Mapping[Start, str] = {
    Start.OLD_END: N_("Each one adds to what is left."),
    Start.LATER: N_("If the old date is later, it stays."),
}
_LOSSES: Mapping[Loss, str] = {
    Loss.PLAN: N_("the plan"),
    Loss.CREDIT: N_("the credit"),
    Loss.OUTGOING: N_("outgoing calls and texts"),
    Loss.INCOMING: N_("incoming calls and texts"),
    Loss.NUMBER: N_("the number"),
}
_BACKS: Mapping[Back, str] = {
    Back.RENEW: N_("{lost} (back after a top-up or a renewal)"),
    Back.ASK: N_("{lost} (only the carrier can bring it back)"),
    Back.NEVER: N_("{lost} (for good)"),
}
_PLAN_STARTS: Mapping[Start, str] = {
    Start.OLD_END: N_("Renewed early, it counts from the old end: no day is lost."),
    Start.TODAY: N_("Renewed early, it starts at once: the days that were left go."),
    Start.LATER: N_("Renewed early, the later of both ends holds."),
    Start.QUEUE: N_("Bought early, it waits until the old plan ends."),
}
_LEFTOVERS: Mapping[Leftover, str] = {
    Leftover.DROP: N_("What is left of the old plan is lost with a renewal."),
    Leftover.ADD: N_("What is left of the old plan is added to the new one."),
    Leftover.KEEP: N_("What is left of the old plan keeps its own end."),
    Leftover.CAP: N_("Of the old plan's data up to {most} are carried over."),
}
WAYS: Mapping[str, str] = {
    Way.WEBSITE: N_("website"),
    Way.APP: N_("app"),
    Way.SHOP: N_("shop"),
}
_NAMES: Mapping[DeadlineKind, str] = {
    DeadlineKind.VALIDITY: N_("plan"),
    DeadlineKind.CREDIT: N_("credit"),
    DeadlineKind.KEEP_ALIVE: N_("keep-alive"),
    DeadlineKind.NUMBER: N_("number"),
    DeadlineKind.START_BY: N_("start"),
}


def period_text(period: Period, words: Wording) -> str:
    """Return a calendar period such as "180 days", "6 months" or "1 year"."""
    if not period.months:
        return words.days(period.days)
    if period.months % _MONTHS:
        return words.say_count("{n} month", "{n} months", period.months)
    return words.say_count("{n} year", "{n} years", period.months // _MONTHS)


def rule_name(kind: DeadlineKind, words: Wording) -> str:
    """Return what the date is called that a rule is about."""
    return words.say(_NAMES[kind])


def checked_text(checked_on: date, words: Wording, *, old: bool) -> str:
    """Return when facts were checked; of *old* ones that they need another look."""
    if not old:
        return words.say("checked {date}", date=words.day(checked_on, weekday=False))
    months = (words.today.year - checked_on.year) * _MONTHS
    months += words.today.month - checked_on.month
    months -= words.today.day < checked_on.day
    return words.say_count(
        "checked {n} month ago: look at the source",
        "checked {n} months ago: look at the source",
        months,
    )


def clock_texts(terms: Terms, words: Wording) -> list[str]:
    """Return the dates that *terms* set, in short: "credit 3 months"."""
    every = {DeadlineKind.VALIDITY: terms.plan.period} | {
        kind: rule.every for kind, rule in terms.rules.items() if rule.every
    }
    tiers = {DeadlineKind.VALIDITY: terms.plan.tiers or ()} | {
        kind: rule.tiers for kind, rule in terms.rules.items() if rule.tiers
    }
    return [
        words.say("{name} {period}", name=rule_name(kind, words), period=text)
        for kind in _NAMES
        if (text := _span_text(every.get(kind), tiers.get(kind, ()), words))
    ]


def plan_texts(plan: Plan, words: Wording) -> list[str]:
    """Return what a renewal of *plan* does, a sentence for each thing that is known."""
    return [*_plan_sentences(plan, words)]


def rule_texts(kind: DeadlineKind, rule: Rule, words: Wording) -> list[str]:
    """Return what *rule* says of the date of *kind*, and what is lost after it."""
    return [
        *_clock_sentences(kind, rule, words),
        *tier_texts(rule.tiers, words),
        *_loss_sentences(rule, words),
    ]


def leftover_text(leftover: Leftover, plan: Plan, words: Wording) -> str:
    """Return what becomes of what is left of the old plan in a renewal of *plan*."""
    most = words.amount(AllowanceKind.DATA, plan.cap or 0)
    return words.say(_LEFTOVERS[leftover], most=most)


def losses_text(losses: Iterable[Loss], words: Wording) -> str:
    """Return the things lost, such as "the plan and the number"."""
    lost = dict.fromkeys(losses)
    names = [words.say(_LOSSES[loss]) for loss in lost]
    if {Loss.OUTGOING, Loss.INCOMING} <= lost.keys():
        both = words.say("all calls and texts")
        outgoing = list(lost).index(Loss.OUTGOING)
        names[outgoing] = both
        del names[list(lost).index(Loss.INCOMING)]
    return format_list(names, locale=words.locale)


def _span_text(
    every: Period | None, tiers: Collection[Tier], words: Wording
) -> str | None:
    """Return one period, or from the shortest to the longest that money buys."""
    periods = [*([] if every is None else [every]), *(tier.period for tier in tiers)]
    if not periods:
        return None
    shortest, longest = period_text(periods[0], words), period_text(periods[-1], words)
    if shortest == longest:
        return shortest
    return words.say("{shortest} to {longest}", shortest=shortest, longest=longest)


def _plan_sentences(plan: Plan, words: Wording) -> Iterator[str]:
    if plan.period is not None:
        yield words.say(
            "A renewal lasts {period}.", period=period_text(plan.period, words)
        )
    yield from tier_texts(plan.tiers or (), words)
    if plan.price is not None:
        yield words.say("A renewal costs {amount}.", amount=words.money(plan.price))
    if plan.last_day is LastDay.DAY_BEFORE:
        yield words.say("The last day is the one before the same date next time.")
    if plan.start is not None:
        yield words.say(_PLAN_STARTS[plan.start])
    if plan.leftover is not None:
        yield leftover_text(plan.leftover, plan, words)
    if plan.auto_renews:
        yield words.say("It renews by itself.")


def _clock_sentences(kind: DeadlineKind, rule: Rule, words: Wording) -> Iterator[str]:
    activity = _activity_text(kind, rule, words)
    if rule.every is not None:
        clock = _CLOCKS[kind] if activity else _FIXED[kind]
        period = period_text(rule.every, words)
        yield words.say(clock, period=period, activity=activity)
    elif rule.tiers and activity:
        yield words.say(_COUNTS, activity=activity)
    if kind is DeadlineKind.START_BY and rule.resets:
        yield words.say(_STARTS, activity=activity)
    if rule.start in _RULE_STARTS:
        yield words.say(_RULE_STARTS[rule.start])
    if rule.stands_still:
        yield words.say("It stands still while a plan is active.")


def _activity_text(kind: DeadlineKind, rule: Rule, words: Wording) -> str:
    """Return what counts, such as "outgoing call or top-up of at least HK$100.00"."""
    usual = COUNTED.get(kind, frozenset({Activity.DATA}))
    counted = usual if rule.resets is None else rule.resets
    names = [
        words.say(name)
        if activity is not Activity.TOP_UP or rule.least is None
        else words.say("top-up of at least {amount}", amount=words.money(rule.least))
        for activity, name in _ACTIVITIES.items()
        if activity in counted
    ]
    return format_list(names, style="or", locale=words.locale) if names else ""


def tier_texts(tiers: Iterable[Tier], words: Wording) -> Iterator[str]:
    """Yield how long what is paid lasts, a sentence for each amount."""
    for tier in tiers:
        yield words.say(
            "{amount} or more buys {period}.",
            amount=words.money(tier.least),
            period=period_text(tier.period, words),
        )


def _loss_sentences(rule: Rule, words: Wording) -> Iterator[str]:
    if rule.loses:
        lost = _lost(rule.loses, rule.back, words)
        yield words.say("Lost when the date passes: {lost}.", lost=lost)
    for stage in rule.stages:
        yield words.say(
            "Lost {period} after that: {lost}.",
            period=period_text(stage.after, words),
            lost=_lost(stage.loses, stage.back, words),
        )


def _lost(losses: Iterable[Loss], back: Back | None, words: Wording) -> str:
    lost = losses_text(losses, words)
    return lost if back is None else words.say(_BACKS[back], lost=lost)
