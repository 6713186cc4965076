"""Where things stand in a chart: times across in per cent, amounts down in pixels.

A chart is as wide as its page lets it, and its letters keep their size: so what lies
across has no pixels here, and what goes down has no per cent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import add_months, local_date, local_instant
from reminderd.domain.forecasts import Sample

# More points than that on a phone's screen are no better line.
_MOST_POINTS = 120
# With more months than that only some get a tick.
_MOST_TICKS = 5
# The lowest a number may stand above another one, and still be read.
_LETTER_HEIGHT = 13.0
_WHOLE = 100.0
_WIDEST_BAR = 8.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a chart shows, across its whole width."""

    start: datetime
    end: datetime

    def at(self, instant: datetime) -> float:
        """Return where *instant* is, in per cent; at an end where it lies beyond."""
        share = (instant - self.start) / (self.end - self.start)
        return round(min(max(share, 0.0), 1.0) * _WHOLE, 2)

    def has(self, instant: datetime) -> bool:
        """Tell whether *instant* lies within it."""
        return self.start <= instant <= self.end


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month, and where it begins in per cent."""

    x: float
    on: date


def ticks(span: Span, zone: ZoneInfo) -> list[Tick]:
    """Return the beginnings of months in *span*, of many months only some."""
    months = list(_months(span, zone))
    every = -(-len(months) // _MOST_TICKS)
    return months[::every] if every else []


def _months(span: Span, zone: ZoneInfo) -> Iterator[Tick]:
    day = local_date(span.start, zone).replace(day=1)
    while (at := local_instant(day, time(), zone)) <= span.end:
        if at > span.start:
            yield Tick(span.at(at), day)
        day = add_months(day, 1)


@dataclass(frozen=True, slots=True)
class Scale:
    """How far down an amount is, in pixels: ``most`` is at the ``top``, 0 below it."""

    most: int
    height: float
    top: float

    def at(self, amount: float) -> float:
        """Return how far down *amount* is; at an end where it lies beyond."""
        share = min(max(amount / self.most, 0.0), 1.0)
        return round(self.top + (1 - share) * self.height, 1)


@dataclass(frozen=True, slots=True)
class Curve:
    """What was left, as points from the left to the right."""

    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)


def curve(samples: Iterable[Sample], span: Span, scale: Scale) -> Curve:
    """Return *samples* within *span* as a line; of many only the last of each bit."""
    found: dict[int, Point] = {}
    for sample in samples:
        if span.has(sample.observed_at):
            x = span.at(sample.observed_at)
            found[int(x * _MOST_POINTS / _WHOLE)] = (x, scale.at(sample.remaining))
    return Curve(tuple(found.values()))


def forecast(
    last: Sample, per_day: int, until: datetime, span: Span, scale: Scale
) -> Curve:
    """Return the straight line from the *last* sample on, down to nothing at most."""
    days = (until - last.observed_at) / timedelta(days=1)
    left = last.remaining - per_day * days
    return Curve(
        (
            (span.at(last.observed_at), scale.at(last.remaining)),
            (span.at(until), scale.at(left)),
        )
    )


def spread(heights: Sequence[float]) -> list[bool]:
    """Tell which of *heights* have room for a number, each from the one before."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    has_room = [True] * len(heights)
    kept = -_LETTER_HEIGHT
    for place in order:
        has_room[place] = heights[place] - kept >= _LETTER_HEIGHT
        kept = heights[place] if has_room[place] else kept
    return has_room


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: from ``x`` on so ``wide`` in per cent, from ``y`` on so ``high``."""

    x: float
    wide: float
    y: float
    high: float


def bars(amounts: Sequence[int], height: float, top: float) -> list[Bar]:
    """Return one bar for each amount, the highest as high as there is room."""
    scale = Scale(max((*amounts, 1)), height, top)
    slot = _WHOLE / max(len(amounts), 1)
    wide = min(slot * 0.64, _WIDEST_BAR)
    return [
        Bar(
            x=round(number * slot + (slot - wide) / 2, 2),
            wide=round(wide, 2),
            y=(y := scale.at(amount)),
            high=round(height + top - y, 1),
        )
        for number, amount in enumerate(amounts)
    ]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a track between two instants, the ``step``-th of its decline."""

    x: float
    wide: float
    step: int


def stretches(instants: Sequence[datetime], span: Span) -> list[Stretch]:
    """Return the parts between *instants* that follow each other, as far as shown."""
    return [
        Stretch(span.at(start), round(span.at(end) - span.at(start), 2), step)
        for step, (start, end) in enumerate(pairwise(instants))
        if span.at(end) > span.at(start)
    ]
