"""What is typed of a renewal, and the plan that it says."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TypeVar

from reminderd.cli.times import span
from reminderd.config.plans import leftover as parse_leftover
from reminderd.config.plans import price as parse_price
from reminderd.config.plans import start as parse_start
from reminderd.config.plans import way as parse_way
from reminderd.domain.names import clean_name
from reminderd.domain.plans import Plan
from reminderd.domain.texts import Text, said
from reminderd.errors import UsageError

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewOptions:
    """What was typed, not yet looked into."""

    until: str | None
    period: str | None
    start: str | None
    leftover: str | None
    on: str | None
    data: str | None
    price: str | None
    via: str | None
    receipt: str | None

    def __post_init__(self) -> None:
        if self.until and self.period:
            raise UsageError(Text("--until and --period: give one of the two"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return all(getattr(self, field.name) is None for field in fields(self))


def plan_given(options: RenewOptions) -> Plan:
    """Return what was typed of the plan.

    Raises:
        UsageError: An option is none of what it may be.
    """
    leftover, cap = _parsed("--leftover", options.leftover, parse_leftover) or (
        None,
        None,
    )
    return Plan(
        period=None if options.period is None else span(options.period),
        start=_parsed("--from", options.start, parse_start),
        leftover=leftover,
        cap=cap,
        price=_parsed("--price", options.price, parse_price),
        way=_parsed("--via", options.via, parse_way),
    )


def _parsed(
    option: str, text: str | None, parse: Callable[[object], _Value]
) -> _Value | None:
    """Return the value of an option that may be absent.

    Raises:
        UsageError: It is none of what it may be.
    """
    try:
        return None if text is None else parse(text)
    except ValueError as error:
        raise UsageError(
            Text("{place}: {problem}", place=option, problem=said(error))
        ) from error


def receipt_given(options: RenewOptions) -> str | None:
    """Return the number of the receipt, in which nothing can deceive a reader.

    Raises:
        UsageError: It cannot be shown.
    """
    return _parsed("--receipt", options.receipt, _cleaned)


def _cleaned(text: object) -> str:
    return clean_name(str(text))
