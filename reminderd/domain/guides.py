"""Where and how a line is renewed: on the website, in the app, in a shop."""

from dataclasses import dataclass
from enum import StrEnum


class Shop(StrEnum):
    """What kind of shop sells a top-up or a plan of a carrier."""

    CARRIER = "carrier"
    VOUCHER = "voucher"


class Bring(StrEnum):
    """What to bring to a shop."""

    NUMBER = "number"
    SIM = "sim"
    ID = "id"
    CASH = "cash"


class Ask(StrEnum):
    """What to ask for in a shop."""

    PLAN = "plan"
    TOP_UP = "top-up"
    VOUCHER = "voucher"


class Keep(StrEnum):
    """What to keep from a shop."""

    RECEIPT = "receipt"
    VOUCHER = "voucher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The ways of a carrier: its app by name, and its shops; None where it has none.

    The website is the carrier's ``renew_url``.
    """

    app: str | None = None
    shop: Shop | None = None
    bring: tuple[Bring, ...] = ()
    ask: tuple[Ask, ...] = ()
    keep: tuple[Keep, ...] = ()


UNGUIDED = Guide()
