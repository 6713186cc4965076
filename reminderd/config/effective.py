"""What applies to a line once line, carrier and global settings are put together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reminderd.carriers.facts import Carrier
from reminderd.config.carriers import CarrierSettings
from reminderd.config.known_carriers import KnownCarriers, whole_section
from reminderd.config.sections import ThresholdSettings
from reminderd.config.settings import LineSettings, Settings
from reminderd.domain.ladders import Limit
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.plans import Plan, period_for
from reminderd.domain.quantities import DECIMAL, Bytes
from reminderd.domain.terms import UNKNOWN_TERMS, Terms

CALENDAR_FILE = "calendar.file"
METRICS_FILE = "metrics.textfile"

# What is reported without a word in the configuration file.
BUILT_IN = ThresholdSettings.model_validate(
    {
        "validity": ["30d", "7d", "3d", "1d"],
        "credit": ["30d", "7d", "3d", "1d"],
        "keep_alive": ["30d", "14d", "7d", "3d", "1d"],
        "number": ["30d", "14d", "7d", "3d", "1d"],
        "start_by": ["30d", "7d", "3d", "1d"],
        "grace": ["7d", "3d", "1d"],
        "expiry": ["7d", "3d", "1d"],
        "runs_out": ["7d", "3d"],
        "data": ["20%", "500MB"],
        "voice": ["20%"],
        "sms": ["20%"],
        "balance": ["20%"],
        "daily_data": [],
        "daily_voice": [],
        "daily_sms": [],
        "stale": "30d",
    }
)


class Layer(StrEnum):
    """Where a limit is set, from the widest place to the narrowest."""

    BUILT_IN = "built-in"
    GLOBAL = "global"
    SHIPPED = "shipped"
    CARRIER = "carrier"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The limits of a line by item, and after how long its readings are stale.

    ``stale`` is None where they never are. ``layers`` says where each key is set.
    """

    ladders: Mapping[str, tuple[Limit, ...]]
    stale: Period | None
    layers: Mapping[str, Layer]


def carriers_of(settings: Settings) -> Mapping[str, Carrier]:
    """Return all carriers by name: those shipped, with what *settings* say of them."""
    return KnownCarriers(settings.carriers)


def section_of(settings: Settings, name: str) -> CarrierSettings:
    """Return what is known of the carrier called *name*, as one would write it."""
    return whole_section(name, settings.carriers.get(name, CarrierSettings()))


def is_carrier(settings: Settings, name: str) -> bool:
    """Return whether there is a carrier called *name*."""
    return name in carriers_of(settings)


def carrier_of(settings: Settings, line: LineSettings) -> Carrier | None:
    """Return the carrier of *line*, None where it has none or an unknown one."""
    return carriers_of(settings).get(line.carrier or "")


def zone_of(settings: Settings, line: LineSettings) -> ZoneInfo:
    """Return where *line* is at home: its own zone, its carrier's, the reader's."""
    carrier = carrier_of(settings, line)
    return line.timezone or (carrier and carrier.zone) or settings.timezone


def keep_alive_of(settings: Settings, line: LineSettings) -> Period | None:
    """Return how long *line* lives without activity, None where nobody says."""
    carrier = carrier_of(settings, line)
    known = carrier and carrier.terms.rule(DeadlineKind.KEEP_ALIVE).every
    return line.keep_alive_every or known or None


def size_base_of(settings: Settings, line: LineSettings) -> int:
    """Return how many bytes are a kilobyte on *line*: what it says, or its carrier."""
    carrier = carrier_of(settings, line)
    return line.data_base or (carrier and carrier.size_base) or DECIMAL


def plan_of(line: LineSettings) -> Plan:
    """Return what *line* says of how it is renewed."""
    leftover, cap = line.renew_leftover or (None, None)
    return Plan(
        period=line.renew_every,
        start=line.renew_from,
        leftover=leftover,
        cap=cap,
        price=line.renew_price,
        auto_renews=line.auto_renew,
        way=line.renew_via,
    )


def renewal_period_of(settings: Settings, line: LineSettings) -> Period | None:
    """Return for how long *line* is renewed, None where nobody says.

    As the line says it; else what its usual price buys; else as its carrier does.
    """
    plan = plan_of(line).over(terms_of(settings, line).plan)
    return line.renew_every or period_for(plan.tiers, plan.price) or plan.period


def terms_of(settings: Settings, line: LineSettings) -> Terms:
    """Return the terms of the carrier of *line*, with the line's own keep-alive."""
    carrier = carrier_of(settings, line)
    terms = UNKNOWN_TERMS if carrier is None else carrier.terms
    if line.keep_alive_every is None:
        return terms
    kind = DeadlineKind.KEEP_ALIVE
    rule = replace(terms.rule(kind), every=line.keep_alive_every)
    return replace(terms, rules={**terms.rules, kind: rule})


def thresholds_of(settings: Settings, line: LineSettings | None = None) -> Thresholds:
    """Return the limits of *line*, key by key the narrowest: line, carrier, global.

    Without a line, those of a line of which the file says nothing.
    """
    chosen: dict[str, Any] = {}
    layers: dict[str, Layer] = {}
    for layer, section in _layers(settings, line):
        said = {key: value for key, value in section if value is not None}
        chosen |= said
        layers |= dict.fromkeys(said, layer)
    stale = chosen.pop("stale")
    if line is not None and size_base_of(settings, line) != DECIMAL:
        base = size_base_of(settings, line)
        chosen["data"] = tuple(_counted_by(base, limit) for limit in chosen["data"])
    return Thresholds(
        ladders=chosen, stale=None if stale == "never" else stale, layers=layers
    )


def _layers(
    settings: Settings, line: LineSettings | None
) -> Iterator[tuple[Layer, ThresholdSettings]]:
    """Yield the limits of all places, the widest first."""
    yield Layer.BUILT_IN, BUILT_IN
    yield Layer.GLOBAL, settings.thresholds
    if line is None:
        return
    name, own = line.carrier or "", CarrierSettings()
    yield Layer.SHIPPED, whole_section(name, own).thresholds
    yield Layer.CARRIER, settings.carriers.get(name, own).thresholds
    yield Layer.LINE, line.thresholds


def _counted_by(base: int, limit: Limit) -> Limit:
    """Return *limit* in the units of a carrier: a reading is compared in the same."""
    at = limit.at
    return replace(limit, at=at.counted_by(base)) if isinstance(at, Bytes) else limit


def in_force(settings: Settings) -> Settings:
    """Return *settings* with the built-in limits where they name none."""
    named = {key: value for key, value in settings.thresholds if value is not None}
    return settings.model_copy(update={"thresholds": BUILT_IN.model_copy(update=named)})


def kept_paths(settings: Settings, config: Path | None) -> dict[str, Path]:
    """Return the files that passes keep written, by the keys that name them.

    A relative one lies beside the *config* file.
    """
    named = {
        CALENDAR_FILE: settings.calendar.file,
        METRICS_FILE: settings.metrics.textfile,
    }
    directory = Path() if config is None else config.parent
    return {
        key: (directory / file).absolute()
        for key, file in named.items()
        if file is not None
    }
