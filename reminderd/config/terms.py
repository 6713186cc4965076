"""The types of settings about a carrier's terms and the ways to renew with it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, PlainValidator

from reminderd.config.plans import price
from reminderd.config.texts import choice, items, text_of
from reminderd.config.times import calendar_period
from reminderd.config.wording import SettingError, did_you_mean, echo
from reminderd.domain.calendar import shift
from reminderd.domain.guides import Ask, Bring, Keep, Shop
from reminderd.domain.plans import LastDay, Start, Tier
from reminderd.domain.terms import Activity, Back, Loss, Stage
from reminderd.domain.texts import Text, said

_Word = TypeVar("_Word", bound=StrEnum)

_TIER = '{ from = "20.00 GBP", period = "90d" }'
_STAGE = '{ after = "30d", loses = ["number"], back = "never" }'
# A date to count periods from, to tell which one is the longer.
_ANY_DAY = date(2026, 1, 1)


def _word(
    kind: type[_Word], without: Iterable[_Word] = ()
) -> Callable[[object], _Word]:
    known = tuple(word.value for word in kind if word not in without)
    return lambda value: kind(choice(value, known))


def _words(kind: type[_Word]) -> Callable[[object], tuple[_Word, ...]]:
    def parse(value: object) -> tuple[_Word, ...]:
        return _distinct(tuple(map(_word(kind), items(value))))

    return parse


def _distinct(words: tuple[_Word, ...]) -> tuple[_Word, ...]:
    for index, word in enumerate(words):
        if word in words[:index]:
            raise SettingError(
                Text("lists {value} twice; keep one of the two", value=echo(word.value))
            )
    return words


def _tier(value: object) -> Tier:
    parsers = {"from": price, "period": calendar_period}
    known = _fields(value, parsers, _TIER)
    return Tier(least=known["from"], period=known["period"])


def _stage(value: object) -> Stage:
    parsers = {
        "after": calendar_period,
        "loses": _words(Loss),
        "back": _word(Back),
    }
    known = _fields(value, parsers, _STAGE, optional="back")
    return Stage(
        after=known["after"], loses=known["loses"], back=known.get("back", None)
    )


def _fields(
    value: object,
    parsers: Mapping[str, Callable[[object], Any]],
    example: str,
    optional: str = "",
) -> dict[str, Any]:
    """Return the values of a table in braces, each read by its own parser."""
    if not isinstance(value, dict):
        raise SettingError(
            Text("is no table in braces; write {example}", example=example)
        )
    for key in value:
        if key not in parsers:
            hint = did_you_mean(str(key), tuple(parsers))
            raise SettingError(Text("has an unknown key{hint}", hint=hint))
    missing = next(
        (key for key in parsers if key not in value and key != optional), None
    )
    if missing is not None:
        raise SettingError(
            Text(
                "lacks {missing}; write {example}",
                missing=repr(missing),
                example=example,
            )
        )
    known = {}
    for key, inner in value.items():
        try:
            known[key] = parsers[key](inner)
        except ValueError as error:
            raise SettingError(
                Text("{place}: {problem}", place=key, problem=said(error))
            ) from None
    return known


def _rising_tiers(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    for lower, higher in pairwise(tiers):
        if higher.least.currency != lower.least.currency:
            raise SettingError(
                Text(
                    "mixes {currency} and {other}; write all amounts in one currency",
                    currency=lower.least.currency,
                    other=higher.least.currency,
                )
            )
        if higher.least.minor <= lower.least.minor:
            raise SettingError(
                Text("is not in rising order; write the least amount first")
            )
    return tiers


def _rising_stages(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    for sooner, later in pairwise(stages):
        if shift(_ANY_DAY, later.after) <= shift(_ANY_DAY, sooner.after):
            raise SettingError(
                Text("is not in rising order; write what comes first first")
            )
    return stages


def _app(value: object) -> str:
    name = text_of(value, '"My Vodafone"')
    if not name.strip() or not name.isprintable():
        raise SettingError(Text('is no name; write one such as "My Vodafone"'))
    return name


_in_list = BeforeValidator(items)
_once = AfterValidator(_distinct)

RuleStart = Annotated[Start, PlainValidator(_word(Start, without=(Start.QUEUE,)))]
LastDayWord = Annotated[LastDay, PlainValidator(_word(LastDay))]
BackWord = Annotated[Back, PlainValidator(_word(Back))]
Activities = Annotated[
    tuple[Annotated[Activity, PlainValidator(_word(Activity))], ...], _in_list, _once
]
Losses = Annotated[
    tuple[Annotated[Loss, PlainValidator(_word(Loss))], ...], _in_list, _once
]
Tiers = Annotated[
    tuple[Annotated[Tier, PlainValidator(_tier)], ...],
    _in_list,
    AfterValidator(_rising_tiers),
]
Stages = Annotated[
    tuple[Annotated[Stage, PlainValidator(_stage)], ...],
    _in_list,
    AfterValidator(_rising_stages),
]
AppName = Annotated[str, PlainValidator(_app)]
ShopWord = Annotated[Shop, PlainValidator(_word(Shop))]
ThingsToBring = Annotated[
    tuple[Annotated[Bring, PlainValidator(_word(Bring))], ...], _in_list, _once
]
ThingsToAsk = Annotated[
    tuple[Annotated[Ask, PlainValidator(_word(Ask))], ...], _in_list, _once
]
ThingsToKeep = Annotated[
    tuple[Annotated[Keep, PlainValidator(_word(Keep))], ...], _in_list, _once
]
