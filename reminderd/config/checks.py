"""Mistakes that only show when several keys are looked at together."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reminderd.config.carrier_checks import carrier_problems
from reminderd.config.effective import (
    carriers_of,
    is_carrier,
    zone_of,
)
from reminderd.config.line_dates import bucket_problems, date_problems
from reminderd.config.problems import Loc, Problem
from reminderd.config.secrets import exposure
from reminderd.config.settings import (
    AddressSettings,
    ChannelSettings,
    FigureSettings,
    LineSettings,
    Settings,
)
from reminderd.config.wording import did_you_mean, echo
from reminderd.domain.calendar import local_date
from reminderd.domain.names import clean_name
from reminderd.domain.quantities import Money
from reminderd.domain.texts import Text

_URL_KEYS = ("url", "url_file", "url_env", "url_credential")
_DAYS = ("last_activity", "last_top_up", "renewed_on", "bought_on", "observed_on")


def find_problems(
    settings: Settings, config_dir: Path, now: datetime
) -> Iterator[Problem]:
    """Yield what does not go together in *settings*; dates are compared with *now*."""
    for name, channel in settings.channels.items():
        yield from _address_problems(("channels", name), channel, config_dir)
        yield from _fallback_problems(name, settings.channels)
    yield from _circle_problems(settings.channels)
    if settings.heartbeat.model_fields_set:
        yield from _address_problems(("heartbeat",), settings.heartbeat, config_dir)
    yield from carrier_problems(settings.carriers)
    for name, line in settings.lines.items():
        yield from line_problems(("lines", name), line, settings, now)


def line_problems(
    loc: Loc, line: LineSettings, settings: Settings, now: datetime
) -> Iterator[Problem]:
    """Yield what does not go together in the section of one *line* at *loc*."""
    yield from _carrier_of_line_problems(loc, line, settings)
    yield from _route_problems(loc, line, settings)
    yield from date_problems(loc, line, settings)
    yield from _figure_problems(loc, line)
    for bucket, figures in line.buckets.items():
        yield from bucket_problems((*loc, "buckets", bucket), figures)
        yield from _figure_problems((*loc, "buckets", bucket), figures)
    yield from _balance_problems(loc, line)
    yield from _future_problems(loc, line, settings, now)


def name_problems(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the names in raw *values* that are the same once they are cleaned."""
    lines = values.get("lines")
    seen: dict[str, str] = {}
    for name in lines if isinstance(lines, Mapping) else ():
        try:
            cleaned = clean_name(name)
        except ValueError:
            continue
        if cleaned in seen:
            text = Text(
                "is the same name as {name}; rename one of the two",
                name=echo(seen[cleaned]),
            )
            yield Problem(("lines", name), text)
        seen[cleaned] = name


def _address_problems(
    loc: Loc, section: AddressSettings, config_dir: Path
) -> Iterator[Problem]:
    given = [key for key in _URL_KEYS if getattr(section, key) is not None]
    if not given:
        yield Problem(
            loc,
            Text("has no address; write url, url_file, url_env or url_credential"),
            involves=_keys(loc, _URL_KEYS),
        )
    for key in given[1:]:
        text = Text("{key} is given too; keep one of the two", key=given[0])
        yield Problem((*loc, key), text)
    if section.url_file is not None:
        exposed = exposure(config_dir / section.url_file)
        if exposed is not None:
            yield Problem((*loc, "url_file"), exposed)


def _fallback_problems(
    name: str, channels: Mapping[str, ChannelSettings]
) -> Iterator[Problem]:
    fallback = channels[name].fallback
    loc: Loc = ("channels", name, "fallback")
    if fallback is None:
        return
    if fallback == name:
        yield Problem(
            loc, Text("is the channel itself; write another one, or leave it out")
        )
    elif fallback not in channels:
        yield _no_channel(loc, fallback, set(channels) - {name})


def _circle_problems(channels: Mapping[str, ChannelSettings]) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in channels:
        path: list[str] = []
        step: str | None = name
        while step is not None and step in channels and step not in seen:
            seen.add(step)
            path.append(step)
            step = channels[step].fallback
        circle = path[path.index(step) :] if step in path else []
        if len(circle) > 1:
            first = circle.index(min(circle))
            ring = " -> ".join((*circle[first:], *circle[: first + 1]))
            loc: Loc = ("channels", circle[first], "fallback")
            yield Problem(
                loc, Text("goes in a circle: {ring}; leave out one of them", ring=ring)
            )


def _carrier_of_line_problems(
    loc: Loc, line: LineSettings, settings: Settings
) -> Iterator[Problem]:
    if line.carrier is not None and not is_carrier(settings, line.carrier):
        hint = did_you_mean(line.carrier, carriers_of(settings))
        yield Problem(
            (*loc, "carrier"),
            Text(
                "there is no carrier {name}{hint}",
                name=echo(line.carrier),
                hint=hint,
            ),
            involves=(("carriers", line.carrier),),
        )


def _route_problems(
    loc: Loc, line: LineSettings, settings: Settings
) -> Iterator[Problem]:
    if line.channels == ():
        text = Text("lists no channel; leave the key out for all channels")
        yield Problem((*loc, "channels"), text)
    for index, channel in enumerate(line.channels or ()):
        if channel not in settings.channels:
            yield _no_channel((*loc, "channels", index), channel, settings.channels)


def _figure_problems(loc: Loc, figures: FigureSettings) -> Iterator[Problem]:
    for kind in ("data", "voice", "sms"):
        if getattr(figures, f"{kind}_used") is None:
            continue
        keys = (f"{kind}_used", f"{kind}_total", f"{kind}_remaining")
        involves = _keys(loc, keys)
        if getattr(figures, f"{kind}_total") is None:
            text = Text("needs what it was used of; write {kind}_total too", kind=kind)
            yield Problem((*loc, keys[0]), text, involves)
        elif getattr(figures, f"{kind}_remaining") is not None:
            text = Text(
                "says the same as {kind}_remaining; keep one of the two", kind=kind
            )
            yield Problem((*loc, keys[0]), text, involves)


def _balance_problems(loc: Loc, line: LineSettings) -> Iterator[Problem]:
    left, total = line.balance_remaining, line.balance_total
    if not isinstance(left, Money) or total is None:
        return
    if left.currency != total.currency:
        text = Text(
            "is in {currency}, but balance_remaining in {other}",
            currency=total.currency,
            other=left.currency,
        )
        yield Problem(
            (*loc, "balance_total"),
            Text("{text}; write both in one currency", text=text),
        )


def _future_problems(
    loc: Loc, line: LineSettings, settings: Settings, now: datetime
) -> Iterator[Problem]:
    zones = {zone_of(settings, line), settings.timezone}
    today = max(local_date(now, zone) for zone in zones)
    for key in _DAYS:
        day: date | None = getattr(line, key)
        if day is not None and day > today:
            text = Text(
                "lies in the future; write a date up to today, {today}", today=today
            )
            yield Problem((*loc, key), text)


def _no_channel(loc: Loc, name: str, known: Iterable[str]) -> Problem:
    known = list(known)
    hint = did_you_mean(name, known) or Text("; add a section [channels.NAME] first")
    involves: tuple[Loc, ...] = (("channels", name),)
    return Problem(
        loc,
        Text("there is no channel {name}{hint}", name=echo(name), hint=hint),
        involves,
    )


def _keys(loc: Loc, keys: Iterable[str]) -> tuple[Loc, ...]:
    return tuple((*loc, key) for key in keys)
