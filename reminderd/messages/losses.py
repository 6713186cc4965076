"""What a passing date costs, how it comes back, and what keeps it from passing."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from reminderd.domain.lines import DeadlineKind
from reminderd.domain.stages import Decline, LineStage, Lost, decline
from reminderd.domain.terms import Activity, Back, Loss, Rule
from reminderd.messages.catalogs import N_
from reminderd.messages.subjects import Subject
from reminderd.messages.terms import losses_text, tier_texts
from reminderd.messages.wording import Wording

STAGES: Mapping[LineStage, str] = {
    LineStage.ENDED: N_("the plan has stopped"),
    LineStage.GRACE: N_("in grace"),
    LineStage.OUTGOING_BARRED: N_("outgoing calls and texts are barred"),
    LineStage.RECEIVE_ONLY: N_("it can only receive"),
    LineStage.SUSPENDED: N_("suspended, nothing goes out or comes in"),
    LineStage.NUMBER_LOST: N_("the number is lost"),
}
_IF: Mapping[DeadlineKind, str] = {
    DeadlineKind.VALIDITY: N_("If it is not renewed, this is lost: {losses}."),
    DeadlineKind.START_BY: N_("If it is not started, this is lost: {losses}."),
}
_BACK: Mapping[Back, str] = {
    Back.RENEW: N_("A renewal or a top-up brings it back."),
    Back.ASK: N_("Then only the carrier can bring it back: ask them."),
    Back.NEVER: N_("It does not come back."),
}
_BACK_NOW: Mapping[Back, str] = {
    Back.RENEW: N_("Renewing or topping it up now brings that back."),
    Back.ASK: N_("Only the carrier can bring that back now: ask them."),
    Back.NEVER: N_("That does not come back."),
}


_ACTIVITIES: Mapping[Activity, str] = {
    Activity.CALL: N_("an outgoing call"),
    Activity.SMS: N_("a text sent"),
    Activity.DATA: N_("a data session"),
    Activity.TOP_UP: N_("a top-up"),
    Activity.PLAN: N_("the purchase of a plan"),
}


def loss_texts(
    kind: DeadlineKind, due_at: datetime, subject: Subject, words: Wording
) -> list[str]:
    """Return what is lost at *due_at*, next and for good; nothing where unknown."""
    rule = subject.rule(kind)
    if not rule.loses and not rule.stages:
        return []
    losing = decline(kind, due_at, subject.line.zone, rule, words.now)
    return list(decline_texts(kind, losing, words))


def later_loss_texts(
    kind: DeadlineKind, due_at: datetime, subject: Subject, words: Wording
) -> list[str]:
    """Return what is lost after *due_at*, next and for good."""
    rule = subject.rule(kind)
    losing = decline(kind, due_at, subject.line.zone, rule, words.now)
    later = tuple(lost for lost in losing.ahead if lost.at > due_at)
    return list(later_texts(later, words))


def decline_texts(kind: DeadlineKind, losing: Decline, words: Wording) -> Iterator[str]:
    """Yield what is lost, at what stage the line is, what comes next and for good."""
    if losing.past:
        yield from _lost(losing, words)
        yield from later_texts(losing.ahead, words)
    elif losing.ahead:
        first, *later = losing.ahead
        text = _IF.get(kind, N_("If nothing is done, this is lost: {losses}."))
        yield words.together(
            words.say(text, losses=losses_text(first.loses, words)),
            *_how_back(first, words),
        )
        yield from later_texts(tuple(later), words)


def later_texts(ahead: tuple[Lost, ...], words: Wording) -> Iterator[str]:
    """Yield what is lost first of *ahead*, and what of it is for good."""
    if not ahead:
        return
    final = next((lost for lost in ahead if lost.is_final), None)
    if ahead[0] != final:
        yield words.together(
            words.say(
                "Lost next, after {date}: {losses}.",
                date=words.day(ahead[0].last_on),
                losses=losses_text(ahead[0].loses, words),
            ),
            *_how_back(ahead[0], words),
        )
    if final is not None:
        yield words.say(
            "Lost for good after {date}: {losses}.",
            date=words.day(final.last_on),
            losses=losses_text(final.loses, words),
        )


def reset_texts(kind: DeadlineKind, rule: Rule, words: Wording) -> Iterator[str]:
    """Yield what the carrier counts as use of the line or payment for it."""
    if rule.resets:
        things = [_thing(each, rule, words) for each in Activity if each in rule.resets]
        thing = words.listed(things, is_choice=True)
        yield words.say(_counting(kind, rule), thing=thing)
    elif kind is DeadlineKind.KEEP_ALIVE:
        yield words.say(
            "With most carriers a paid call, text or data session or a top-up counts "
            "as use."
        )
    yield from tier_texts(rule.tiers, words)
    if rule.stands_still:
        yield words.say("It stands still while a plan is active.")


def _lost(losing: Decline, words: Wording) -> Iterator[str]:
    stage = losing.stage
    if stage is not None:
        yield words.say("Now: {stage}.", stage=words.say(STAGES[stage]))
    lost = [words.say("Lost: {losses}.", losses=losses_text(losing.losses, words))]
    if losing.kept:
        kept = losses_text(losing.kept, words)
        lost.append(words.say("Still there: {losses}.", losses=kept))
    yield words.together(*lost)
    if losing.back is not None:
        yield words.say(_BACK_NOW[losing.back])
    if stage is LineStage.NUMBER_LOST:
        yield words.say("Replace the number wherever it receives login codes.")


def _how_back(lost: Lost, words: Wording) -> Iterator[str]:
    if lost.back is not None:
        yield words.say(_BACK[lost.back])
    if Loss.NUMBER in lost.loses:
        yield words.say("Login codes sent to it may then reach somebody else.")


def _counting(kind: DeadlineKind, rule: Rule) -> str:
    if kind is DeadlineKind.START_BY:
        return N_("It starts with {thing}.")
    if rule.resets == frozenset(Activity):
        return N_("Any of these counts: {thing}.")
    return N_("Only {thing} counts.")


def _thing(activity: Activity, rule: Rule, words: Wording) -> str:
    if activity is Activity.TOP_UP and rule.least is not None:
        return words.say(
            "a top-up of at least {amount}", amount=words.money(rule.least)
        )
    return words.say(_ACTIVITIES[activity])
