"""When the last pass was by every clock there is, and whether these agree."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from reminderd.domain.clocks import KEPT_INTERVALS, ClockReading
from reminderd.storage import meta

_PULSE = "pulse"
_DOUBT = "clock_doubt"


@dataclass(frozen=True, slots=True)
class Pulse:
    """The clocks at the last pass, and the times between the last few passes."""

    reading: ClockReading
    intervals: Sequence[timedelta] = ()


@dataclass(frozen=True, slots=True)
class Doubted:
    """The clocks when they were first found to disagree.

    The wall clock may be trusted all the same: an hour has passed, or somebody said
    so.
    """

    reading: ClockReading
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Pulses:
    """The pulse of the last pass and a doubt about the clock, None where unknown."""

    last: Pulse | None
    doubted: Doubted | None


def read(tx: Connection) -> Pulses:
    """Return what is known of the clocks."""
    found = meta.get_all(tx, [_PULSE, _DOUBT])
    return Pulses(_pulse(found.get(_PULSE)), _doubted(found.get(_DOUBT)))


def beat(tx: Connection, reading: ClockReading) -> None:
    """Note that a pass was made when the clocks showed *reading*."""
    before = read(tx).last
    seconds: list[float] = []
    if before is not None:
        seconds = [each.total_seconds() for each in before.intervals]
        elapsed = (reading.wall - before.reading.wall).total_seconds()
        seconds += [elapsed] if elapsed > 0 else []
    record = {**_record(reading), "intervals": seconds[-KEPT_INTERVALS:]}
    meta.put(tx, _PULSE, json.dumps(record))
    settle_doubt(tx)


def doubt(tx: Connection, reading: ClockReading, *, is_trusted: bool = False) -> None:
    """Note that the wall clock of *reading* was moved, and whether it is right."""
    record = {**_record(reading), "trusted": is_trusted}
    meta.put(tx, _DOUBT, json.dumps(record))


def settle_doubt(tx: Connection) -> None:
    """Note that there is no doubt about the clock any more."""
    if meta.get(tx, _DOUBT):
        meta.put(tx, _DOUBT, "")


def _pulse(text: str | None) -> Pulse | None:
    if not text:
        return None
    known = json.loads(text)
    seconds = known["intervals"]
    return Pulse(_reading(known), [timedelta(seconds=each) for each in seconds])


def _doubted(text: str | None) -> Doubted | None:
    if not text:
        return None
    known = json.loads(text)
    return Doubted(_reading(known), known["trusted"])


def _record(reading: ClockReading) -> dict[str, Any]:
    return {
        "wall": reading.wall.isoformat(),
        "boot": reading.boot,
        "up": reading.up,
        "awake": reading.awake,
    }


def _reading(known: dict[str, Any]) -> ClockReading:
    return ClockReading(
        wall=datetime.fromisoformat(known["wall"]),
        boot=known["boot"],
        up=known["up"],
        awake=known["awake"],
    )
