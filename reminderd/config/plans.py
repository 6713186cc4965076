"""The types of settings about plans: how a line is renewed, and what that costs."""

from typing import Annotated

from pydantic import PlainValidator

from reminderd.config.amounts import amount
from reminderd.config.texts import choice, text_of
from reminderd.config.wording import SettingError
from reminderd.domain.plans import Leftover, Start, Way
from reminderd.domain.quantities import BINARY, DECIMAL, AllowanceKind, Bytes, Money
from reminderd.domain.texts import Text

_CAP = "cap:"
_LEFTOVERS = (*(known.value for known in Leftover if known is not Leftover.CAP),)


def start(value: object) -> Start:
    """Return from when a renewal counts."""
    return Start(choice(value, tuple(known.value for known in Start)))


def way(value: object) -> Way:
    """Return where a line is renewed."""
    return Way(choice(value, tuple(known.value for known in Way)))


def leftover(value: object) -> tuple[Leftover, int | None]:
    """Return what becomes of what is left, and how many bytes of it at most."""
    text = text_of(value, '"drop"')
    if text.startswith(_CAP):
        most = amount(AllowanceKind.DATA, text.removeprefix(_CAP))
        if not isinstance(most, Bytes) or not most:
            raise SettingError(Text('is nothing; write "drop", or a size: "cap:5GB"'))
        return Leftover.CAP, most
    return Leftover(choice(text, (*_LEFTOVERS, "cap:5GB"))), None


def price(value: object) -> Money:
    """Return what something costs."""
    money = amount(AllowanceKind.BALANCE, value)
    if not isinstance(money, Money) or not money.minor:
        raise SettingError(Text('is nothing; write an amount such as "15.00 GBP"'))
    return money


def _size_base(value: object) -> int:
    for base in (DECIMAL, BINARY):
        if value in (base, str(base)) and not isinstance(value, bool):
            return base
    raise SettingError(Text("is how many bytes are a kilobyte; write 1000 or 1024"))


StartWord = Annotated[Start, PlainValidator(start)]
WayWord = Annotated[Way, PlainValidator(way)]
LeftoverWord = Annotated[tuple[Leftover, int | None], PlainValidator(leftover)]
Price = Annotated[Money, PlainValidator(price)]
SizeBase = Annotated[int, PlainValidator(_size_base)]
