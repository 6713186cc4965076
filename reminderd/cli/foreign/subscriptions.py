"""What programs that keep subscriptions know of one, as a row of ours."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from reminderd.cli.amount_texts import money_text
from reminderd.cli.tables import Row
from reminderd.domain.calendar import local_date
from reminderd.domain.quantities import Money, minor_digits
from reminderd.domain.texts import Text
from reminderd.errors import DataError

_MOST_CHARACTERS = 64 * 1024 * 1024
_SPANS = {
    **dict.fromkeys(("day", "days", "daily"), (1, "d")),
    **dict.fromkeys(("week", "weeks", "weekly"), (7, "d")),
    **dict.fromkeys(("month", "months", "monthly"), (1, "mo")),
    **dict.fromkeys(("quarter", "quarters", "quarterly"), (3, "mo")),
    **dict.fromkeys(("year", "years", "yearly", "annual", "annually"), (12, "mo")),
}
_CYCLE = re.compile(r"(?:every\s+)?(?:(\d{1,3})\s+)?([a-z]+)")
# Signs that stand for one currency only; $, ¥ and kr stand for several.
_CURRENCIES = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "฿": "THB",
    "₫": "VND",
    "₴": "UAH",
    "₪": "ILS",
    "₱": "PHP",
    "₦": "NGN",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "R$": "BRL",
    "US$": "USD",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "NT$": "TWD",
    "S$": "SGD",
    "MX$": "MXN",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "RM": "MYR",
    "Rp": "IDR",
    "元": "CNY",
}
_PRICE = re.compile(r"(?P<sign>[^\d.,-]*)(?P<number>\d[\d.,\s]*)(?P<after>[^\d.,-]*)")
_CODE = re.compile(r"[A-Z]{3}")


@dataclass(slots=True)
class Taking:
    """What to take over of a foreign file, and what could not be.

    ``only`` are words of which a name or category has to have one; ``currency`` is
    that of a sign which stands for several; ``zone`` is the reader's.
    """

    zone: ZoneInfo
    only: tuple[str, ...] = ()
    currency: str | None = None
    not_taken: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One subscription: texts as its program has them, "" or None for unknown."""

    name: Any
    until: str | None
    cycle: str | None = None
    price: str | None = None
    renews_itself: bool | None = None
    category: str | None = None
    is_active: bool = True


def records(stream: TextIO) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a JSON file, or the rows of a table by their headings.

    Raises:
        DataError: It is neither, or too large for a list that somebody keeps.
    """
    try:
        text = stream.read(_MOST_CHARACTERS + 1)
        # What is read as UTF-8 without being told so keeps other bytes as surrogates.
        text.encode()
    except UnicodeError:
        raise DataError(
            Text("the file is in another encoding; name it: --encoding gb18030")
        ) from None
    if len(text) > _MOST_CHARACTERS:
        raise DataError(Text("the file is too large for an export of subscriptions"))
    if text.lstrip()[:1] not in ("{", "["):
        yield from _rows(text)
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise DataError(Text("the file is no JSON")) from None
    if isinstance(found, dict):
        found = found.get("subscriptions")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise DataError(Text("the file has no list of subscriptions in it"))
    yield from found


def _rows(text: str) -> Iterator[Mapping[str, Any]]:
    table = csv.DictReader(text.splitlines(keepends=True))
    try:
        if "name" not in {
            heading.strip().lower() for heading in table.fieldnames or ()
        }:
            raise DataError(
                Text("the file is no export of this program: no column Name")
            )
        yield from table
    except csv.Error:
        raise DataError(Text("the file is no table in CSV")) from None


def row_of(number: int, known: Subscription, taking: Taking) -> Row:
    """Return a subscription as a row of ours; what no line can have is noted."""
    name = known.name if isinstance(known.name, str) else ""
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {"name": " ".join(name.split())}
    left_out = _why_left_out(known, taking) if values["name"] else None
    for key, read in (
        ("valid_until", _day(known.until, taking)),
        ("renew_every", _period(known.cycle)),
        ("renew_price", _price(known.price, taking)),
    ):
        if isinstance(read, Text):
            problems.append((key, read))
        elif read is not None:
            values[key] = read
    if known.renews_itself is not None:
        values["auto_renew"] = known.renews_itself
    if known.category and known.category.strip():
        values["tags"] = [" ".join(known.category.split())]
    return Row(number, values, () if left_out else tuple(problems), left_out)


def text_of(record: Mapping[str, Any], key: str) -> str | None:
    """Return the text of a record, None where it has none."""
    value = record.get(key)
    return None if value is None or isinstance(value, dict | list) else str(value)


def note_rest(
    record: Mapping[str, Any], keys: Mapping[str, str], taking: Taking
) -> None:
    """Note which of *keys*, by what people call them, a record says something of."""
    taking.not_taken |= {name for key, name in keys.items() if record.get(key)}


def _why_left_out(known: Subscription, taking: Taking) -> str | None:
    if not known.is_active:
        return Text("it is not active")
    text = f"{known.name} {known.category or ''}".casefold()
    if taking.only and not any(word.casefold() in text for word in taking.only):
        return Text("it has none of the words of --only")
    return None


def _day(text: str | None, taking: Taking) -> str | Text | None:
    """Return the date in *text*; a midnight in UTC is how programs keep a date."""
    if not text or not text.strip():
        return None
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        return Text("is not a date; write 2027-01-31")
    if parsed.utcoffset() is None or parsed.timetz().replace(tzinfo=None) == time():
        return parsed.date().isoformat()
    try:
        return local_date(parsed.astimezone(UTC), taking.zone).isoformat()
    except OverflowError:
        return Text("is not a date; write 2027-01-31")


def _period(text: str | None) -> str | Text | None:
    if not text or not text.strip():
        return None
    match = _CYCLE.fullmatch(" ".join(text.lower().split()))
    if match is None or match[2] not in _SPANS:
        return Text("is no cycle that is known; write 1mo")
    times, unit = _SPANS[match[2]]
    return f"{int(match[1] or 1) * times}{unit}"


def _price(text: str | None, taking: Taking) -> str | Text | None:
    """Return a price with its currency, None where nobody knows which one that is."""
    match = _PRICE.fullmatch((text or "").strip())
    if match is None:
        return Text("is no price") if text and text.strip() else None
    sign = match["sign"].strip() or match["after"].strip()
    known = sign if _CODE.fullmatch(sign) else _CURRENCIES.get(sign)
    currency = known or taking.currency
    if currency is None:
        taking.not_taken.add(Text("prices without a clear currency (see --currency)"))
        return None
    try:
        number = Decimal(_point(match["number"]))
        minor = number.scaleb(minor_digits(currency))
        if minor != int(minor):
            return Text("has more decimals than the currency has; write 1234.50")
        return money_text(Money(int(minor), currency)) if minor else None
    except (InvalidOperation, ValueError, OverflowError):
        return Text("is no price")


def _point(number: str) -> str:
    """Return *number* with a point before its decimals and nothing between others."""
    number = "".join(number.split())
    if "," in number and "." not in number:
        whole, _, rest = number.rpartition(",")
        # Three digits after a comma are thousands: nobody asks for a tenth of a cent.
        joint = "" if len(rest) == len("000") else "."
        return f"{whole.replace(',', '')}{joint}{rest}"
    if number.rfind(",") > number.rfind("."):
        return number.replace(".", "").replace(",", ".")
    return number.replace(",", "")
