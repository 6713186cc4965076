"""Why to check a bill, which receipt to look at, and what to ask the carrier."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from reminderd.domain.calendar import local_date
from reminderd.domain.charges import Charge, Doubt, DoubtKind
from reminderd.domain.quantities import AllowanceKind, parse_money
from reminderd.messages.catalogs import N_
from reminderd.messages.foreign_text import command, defuse
from reminderd.messages.terms import WAYS
from reminderd.messages.wording import Wording

CHECK_BILL = "check-bill"

_WHY = {
    DoubtKind.TWICE: N_(
        "Charged {amount} on {day}, although the {before} paid on {before_day} last "
        "until {until}."
    ),
    DoubtKind.DEARER: N_(
        "Charged {amount} on {day}; the same period cost {before} on {before_day}."
    ),
    DoubtKind.REMOVED: N_(
        "Charged {amount} on {day}, although the line was removed on {removed_day}."
    ),
}
_ASK = {
    DoubtKind.TWICE: N_(
        "If one purchase was charged twice, ask {carrier} for the money back. If it "
        "was only recorded twice: {undo}"
    ),
    DoubtKind.DEARER: N_(
        "If nobody chose a dearer plan, ask {carrier} why the price rose."
    ),
    DoubtKind.REMOVED: N_(
        "If the line was given up, ask {carrier} to stop it and to give the money back."
    ),
}


def doubt_details(doubt: Doubt) -> dict[str, str]:
    """Return *doubt* as the details of a notice; what is not known is left out."""
    charge = doubt.charge
    details: dict[str, str | None] = {
        "line": charge.line,
        "carrier": charge.carrier,
        "why": doubt.kind.value,
        **_charge_details(charge, ""),
    }
    if doubt.paid_until is not None:
        details["until"] = doubt.paid_until.isoformat()
    if doubt.kind is DoubtKind.REMOVED and charge.removed_at is not None:
        details["removed"] = charge.removed_at.isoformat()
    if doubt.before is not None:
        details |= _charge_details(doubt.before, "before_")
    return {key: value for key, value in details.items() if value}


def _charge_details(charge: Charge, prefix: str) -> dict[str, str | None]:
    money = charge.money
    return {
        f"{prefix}amount": f"{money.major} {money.currency}",
        f"{prefix}on": charge.on.isoformat(),
        f"{prefix}way": charge.way,
        f"{prefix}receipt": charge.receipt,
    }


def bill_title(details: Mapping[str, str], words: Wording) -> str:
    """Return of which line the bill is to be checked."""
    return words.say("{line}: check the bill", line=_known(details, "line"))


def bill_lines(details: Mapping[str, str], words: Wording) -> Iterator[str]:
    """Yield what is odd about a charge, where to look, and what to do about it."""
    try:
        kind = DoubtKind(details.get("why", ""))
    except ValueError:
        # Written by another version; a notice is always sent.
        yield from (defuse(f"{key}: {value}") for key, value in details.items())
        return
    yield words.say(
        _WHY[kind],
        amount=_amount(details, "amount", words),
        day=_day(details, "on", words),
        before=_amount(details, "before_amount", words),
        before_day=_day(details, "before_on", words),
        until=_day(details, "until", words),
        removed_day=_day(details, "removed", words),
    )
    yield from _where(details, words)
    yield words.say(
        _ASK[kind],
        carrier=_carrier(details, words),
        undo=command("renew", details.get("line", "?"), "--undo"),
    )


def _carrier(details: Mapping[str, str], words: Wording) -> str:
    if "carrier" not in details:
        return words.say("the carrier")
    return words.say("the carrier ({name})", name=_known(details, "carrier"))


def _where(details: Mapping[str, str], words: Wording) -> Iterator[str]:
    receipt = _receipt(details, "", words)
    if "before_on" in details:
        earlier = _receipt(details, "before_", words)
        yield words.say(
            "Look at the receipts of {first} and {second}.",
            first=earlier,
            second=receipt,
        )
    else:
        yield words.say("Look at the receipt of {receipt}.", receipt=receipt)
    if "receipt" not in details:
        yield words.say(
            "Where there is no receipt, look at what was taken from the card or the "
            "account."
        )


def _receipt(details: Mapping[str, str], prefix: str, words: Wording) -> str:
    """Return the day of a receipt, and the way and the number where they are known."""
    day = _day(details, f"{prefix}on", words)
    way, number = details.get(f"{prefix}way"), details.get(f"{prefix}receipt")
    known = [] if way is None else [words.say(WAYS[way]) if way in WAYS else way]
    known += [] if number is None else [number]
    match [defuse(text) for text in known]:
        case [only]:
            return words.say("{day} ({fact})", day=day, fact=only)
        case [where, receipt]:
            return words.say(
                "{day} ({way}, {receipt})", day=day, way=where, receipt=receipt
            )
        case _:
            return day


def _known(details: Mapping[str, str], key: str) -> str:
    return defuse(details.get(key, "?"))


def _amount(details: Mapping[str, str], key: str, words: Wording) -> str:
    try:
        money = parse_money(details.get(key, ""))
    except ValueError:
        return _known(details, key)
    return words.amount(AllowanceKind.BALANCE, money.minor, money.currency)


def _day(details: Mapping[str, str], key: str, words: Wording) -> str:
    """Return a date, or the date of an instant, as the reader writes it."""
    text = details.get(key, "")
    try:
        if "T" in text:
            instant = datetime.fromisoformat(text)
            return words.day(local_date(instant, words.reader.zone))
        return words.day(date.fromisoformat(text))
    except ValueError:
        return _known(details, key)
