"""Where and how to renew a line: on the website, in the app, or in a shop."""

from collections.abc import Iterable, Iterator, Mapping

from reminderd.domain.guides import UNGUIDED, Ask, Bring, Guide, Keep, Shop
from reminderd.domain.names import mask_number
from reminderd.domain.plans import Way
from reminderd.domain.terms import Rule
from reminderd.messages.catalogs import N_
from reminderd.messages.foreign_text import command, defuse
from reminderd.messages.subjects import TOPPED_UP, Subject, renewal_command
from reminderd.messages.terms import period_text
from reminderd.messages.wording import Wording

_BRING: Mapping[Bring, str] = {
    Bring.NUMBER: N_("the number"),
    Bring.SIM: N_("the SIM card"),
    Bring.ID: N_("an identity card or passport"),
    Bring.CASH: N_("cash"),
}
_ASK: Mapping[Ask, str] = {
    Ask.PLAN: N_("the plan that you have"),
    Ask.TOP_UP: N_("a top-up"),
    Ask.VOUCHER: N_("a voucher"),
}
_KEEP: Mapping[Keep, str] = {
    Keep.RECEIPT: N_("the receipt"),
    Keep.VOUCHER: N_("the voucher with its code"),
}


def place_of(subject: Subject, words: Wording) -> str | None:
    """Return where the owner of a line renews it; None where nothing is known."""
    carrier = subject.carrier
    match subject.plan.way:
        case Way.APP:
            app = _guide(subject).app
            if app is None:
                return words.say("in the carrier's official app")
            return words.say("in the app {app}", app=defuse(app))
        case Way.SHOP:
            return _shop(subject, words)
        case _:
            return carrier.renew_url if carrier else None


def guide_in_short(subject: Subject, words: Wording) -> Iterator[str]:
    """Yield where to renew, and for a shop what to bring, ask for and keep."""
    place = place_of(subject, words)
    official = words.say("the carrier's official website, app or shop")
    yield words.say("Renew or top up: {place}", place=place or official)
    if subject.plan.way is Way.SHOP:
        yield from filter(None, (words.together(*_errand(subject, words)),))


def guide(subject: Subject, words: Wording) -> list[str]:
    """Return how to renew a line, one step after the other."""
    match subject.plan.way:
        case Way.APP:
            steps = _app_steps(subject, words)
        case Way.SHOP:
            steps = _shop_steps(subject, words)
        case _:
            steps = _website_steps(subject, words)
    name = subject.line.name
    paid = _top_up_rule(subject)
    done = renewal_command(subject)
    if paid is not None and paid.has_clock:
        price = ("--price", "AMOUNT") if paid.least or paid.tiers else ()
        done = command("touch", name, "--kind", "top-up", *price)
    elif paid is not None:
        # Only the carrier knows how long a top-up lasts.
        done = command("update", name, "credit_until=DATE")
    return [
        *steps,
        words.say(
            "Look at the bill or the card a few days later: one charge, and the right "
            "amount."
        ),
        words.say("Tell reminderd: {command}", command=done),
    ]


def _website_steps(subject: Subject, words: Wording) -> Iterator[str]:
    yield words.say(
        "Use a network that you trust: your own, not an open hotspot; and no link from "
        "a message that somebody sent you."
    )
    url = subject.carrier.renew_url if subject.carrier else None
    if url is None:
        yield words.say("Type the carrier's official address yourself, and sign in.")
    else:
        yield words.say("Open {url} and sign in.", url=url)
    yield from _account_steps(subject, words)


def _app_steps(subject: Subject, words: Wording) -> Iterator[str]:
    app = _guide(subject).app
    yield words.say(
        "Use a network that you trust: your own, not an open hotspot; and an app from "
        "the phone's own store."
    )
    if app is None:
        yield words.say("Open the carrier's official app and sign in.")
    else:
        yield words.say("Open the app {app} and sign in.", app=defuse(app))
    yield from _account_steps(subject, words)


def _account_steps(subject: Subject, words: Wording) -> Iterator[str]:
    if subject.line.number is not None:
        number = mask_number(subject.line.number)
        yield words.say("Check that it shows the number {number}.", number=number)
    yield _choice(subject, words)
    yield words.say("Pay, and keep the receipt.")


def _shop_steps(subject: Subject, words: Wording) -> Iterator[str]:
    place = _shop(subject, words)
    yield words.say("Go to the shop: {place}.", place=place)
    yield from _errand(subject, words)
    yield _choice(subject, words)
    yield words.say("Let them read the number back to you before you pay.")


def _choice(subject: Subject, words: Wording) -> str:
    """Return what to choose: the plan, or how much to top up."""
    rule = _top_up_rule(subject)
    if rule is None:
        plan = _plan(subject, words)
        return words.say("Choose the plan and for how long: {plan}.", plan=plan)
    if rule.least is None:
        return words.say("Choose how much to top up.")
    least = words.money(rule.least)
    return words.say("Choose how much to top up: at least {amount}.", amount=least)


def _top_up_rule(subject: Subject) -> Rule | None:
    """Return what top-ups keep on a line without a plan, None where that is unlike."""
    if subject.plan.period is not None:
        return None
    rules = (subject.rule(kind) for kind in TOPPED_UP)
    return next((rule for rule in rules if rule.is_paid_for), None)


def _plan(subject: Subject, words: Wording) -> str:
    """Return which plan to choose, as far as that is known."""
    plan = subject.plan
    known = [period_text(plan.period, words)] if plan.period else []
    if plan.price:
        known.append(words.money(plan.price))
    return words.say(", ").join(known) or words.say("the same as last time")


def _shop(subject: Subject, words: Wording) -> str:
    carrier = subject.carrier
    shop = _guide(subject).shop
    if carrier is None or shop is None:
        return words.say("an official shop of the carrier")
    if shop is Shop.CARRIER:
        return words.say("a shop of {carrier}", carrier=defuse(carrier.title))
    return words.say(
        "a shop that sells vouchers of {carrier}", carrier=defuse(carrier.title)
    )


def _errand(subject: Subject, words: Wording) -> Iterator[str]:
    """Yield what to bring to a shop, what to ask for, and what to keep."""
    known = _guide(subject)
    things: Iterable[tuple[str, list[str]]] = (
        (N_("Bring: {things}."), [words.say(_BRING[each]) for each in known.bring]),
        (N_("Ask for: {things}."), [words.say(_ASK[each]) for each in known.ask]),
        (N_("Keep: {things}."), [words.say(_KEEP[each]) for each in known.keep]),
    )
    for text, listed in things:
        if listed:
            yield words.say(text, things=words.listed(listed))


def _guide(subject: Subject) -> Guide:
    return subject.carrier.guide if subject.carrier else UNGUIDED
