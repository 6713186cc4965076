"""What is known of a line already, beside what is typed of it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from reminderd.cli.figure_keys import (
    PAID_FOR,
    is_about,
    traits_of,
    typed_key,
)
from reminderd.config.effective import carriers_of
from reminderd.config.settings import Settings
from reminderd.domain.lines import Allowance, DeadlineKind, Line, Reading
from reminderd.domain.quantities import BINARY, DECIMAL, AllowanceKind
from reminderd.domain.texts import Text
from reminderd.errors import UsageError
from reminderd.storage.lines import StoredLine


def completed(
    typed: Mapping[str, Any], settings: Settings, stored: StoredLine
) -> dict[str, Any]:
    """Return the keys that a section needs to be read, from what is known of the line.

    A carrier that is described no longer is nothing that was typed just now.
    """
    known: dict[str, Any] = {}
    if "carrier" not in typed:
        is_described = stored.carrier in carriers_of(settings)
        known["carrier"] = stored.carrier if is_described else None
        known["timezone"] = stored.line.zone.key
    for allowance in stored.line.allowances:
        if is_about(typed, allowance):
            known |= _amounts(allowance, typed)
    keep_alive = stored.line.deadline(DeadlineKind.KEEP_ALIVE)
    counts = {"last_activity", "keep_alive_every", *PAID_FOR}
    if keep_alive is not None and typed.keys() & counts:
        known["last_activity"] = keep_alive.last_activity_on
        known["keep_alive_every"] = keep_alive.period and str(keep_alive.period)
    if "renewed_on" in typed:
        plan = stored.line.plan
        known["renew_every"] = plan.period and str(plan.period)
        known["renew_from"] = plan.start
    return {
        key: value
        for key, value in known.items()
        if value is not None and key not in typed
    }


def merged(reading: Reading, keys: Collection[str], line: Line | None) -> Reading:
    """Return *reading* with the part of an allowance that was not typed."""
    if line is None or not isinstance(reading, Allowance):
        return reading
    known = line.allowance(reading.kind, reading.bucket)
    names = {
        what: typed_key(reading.bucket, f"{reading.kind}_{what}")
        for what in ("remaining", "used", "total")
    }
    is_left_typed = names["remaining"] in keys or names["used"] in keys
    if known is None or (is_left_typed and known.currency != reading.currency):
        return reading
    if known.currency != reading.currency:
        raise UsageError(
            Text(
                "{total}: is in {currency}, but what is left in {other}; "
                "write {remaining} too",
                total=names["total"],
                currency=reading.currency,
                other=known.currency,
                remaining=names["remaining"],
            )
        )
    if names["total"] not in keys:
        reading = replace(reading, total=known.total)
    if is_left_typed:
        return reading
    # Nobody has looked at what is left: it stays as old as it is.
    return replace(
        reading,
        remaining=known.remaining,
        unlimited=known.unlimited,
        observed_at=known.observed_at,
    )


def _amounts(known: Allowance, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys that say again what is known of an allowance."""
    keys: dict[str, Any] = {}
    names = {
        what: typed_key(known.bucket, f"{known.kind}_{what}")
        for what in ("remaining", "used", "total")
    }
    if known.kind is AllowanceKind.DATA:
        keys["data_base"] = known.size_base
    is_new = names["remaining"] in typed or names["used"] in typed
    if known.kind is not AllowanceKind.BALANCE:
        keys[names["total"]] = known.total and _text(known, known.total)
        if not is_new and not known.total:
            # Nothing below zero can be typed; what is left is not read again anyway.
            keys[names["remaining"]] = _text(known, max(known.remaining or 0, 0))
    for trait in traits_of(known):
        name = trait.removeprefix("data_")
        value = known.expires if name == "until" else getattr(known, name) or None
        keys[typed_key(known.bucket, trait)] = value
    return keys


def _text(known: Allowance, amount: int) -> str:
    if known.kind is AllowanceKind.DATA:
        return _size_text(amount, known.size_base)
    return f"{amount}s" if known.kind is AllowanceKind.VOICE else str(amount)


def _size_text(size: int, base: int) -> str:
    """Return a size as text: a count of bytes may have more digits than one can type.

    Units of 1000 would be read as those of the carrier, units of 1024 never are.
    """
    if not size % BINARY:
        return f"{size // BINARY}KiB"
    is_decimal = base == DECIMAL and not size % DECIMAL
    return f"{size // DECIMAL}kB" if is_decimal else f"{size}B"
