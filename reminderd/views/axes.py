"""The words below a chart: today, dates and months, as far as there is room."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from reminderd.domain.calendar import last_date
from reminderd.messages.wording import Wording
from reminderd.views.charts import Span, ticks

# The width of a letter, of a Chinese one, and of the gap between two labels, in per
# cent of a chart on a narrow phone.
_NARROW, _WIDE, _GAP = 2.8, 4.8, 2.5
_LAST_NARROW = 0x2E7F


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A word below an axis at ``x`` per cent."""

    x: float
    text: str
    is_now: bool = False

    @property
    def anchor(self) -> str:
        """Which end of the word is there, so that it stays within the chart."""
        if self.x < self._width / 2:
            return "start"
        return "end" if self.x > 100 - self._width / 2 else "middle"

    @property
    def reach(self) -> tuple[float, float]:
        """From where to where the word goes on a narrow phone, in per cent."""
        ahead = {"start": 0.0, "middle": self._width / 2, "end": self._width}
        start = self.x - ahead[self.anchor]
        return start, start + self._width

    @property
    def _width(self) -> float:
        return sum(_WIDE if ord(char) > _LAST_NARROW else _NARROW for char in self.text)


def axis_labels(
    span: Span, words: Wording, ends: Iterable[datetime] = ()
) -> Iterator[AxisLabel]:
    """Yield today, the last days before *ends*, and months, as far as there is room."""
    zone = words.reader.zone
    wanted = [AxisLabel(span.at(words.now), words.say("today"), is_now=True)]
    wanted += [
        AxisLabel(span.at(end), words.day(last_date(end, zone), weekday=False))
        for end in ends
        if span.has(end)
    ]
    wanted += [
        AxisLabel(tick.x, words.month(tick.on, year=tick.on.month == 1))
        for tick in ticks(span, zone)
    ]
    kept: list[AxisLabel] = []
    for label in wanted:
        if all(_is_apart(label, other) for other in kept):
            kept.append(label)
            yield label


def _is_apart(label: AxisLabel, other: AxisLabel) -> bool:
    (start, end), (other_start, other_end) = label.reach, other.reach
    return start > other_end + _GAP or end < other_start - _GAP
