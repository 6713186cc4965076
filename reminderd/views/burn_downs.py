"""The burn-down of an allowance: its readings, the forecast, and its limits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from reminderd.domain.forecasts import Sample, runs_out_at
from reminderd.domain.ladders import amount_of
from reminderd.domain.lines import Allowance, end_of
from reminderd.domain.states import is_moot
from reminderd.messages.allowances import noun_of
from reminderd.messages.catalogs import N_
from reminderd.messages.findings import end_text
from reminderd.messages.wording import Wording
from reminderd.views.axes import AxisLabel, axis_labels
from reminderd.views.charts import Curve, Point, Scale, Span, curve, forecast, spread
from reminderd.views.report import LineReport, Series
from reminderd.views.tables import Table

# In pixels: the highest amount is at the top, its number stands above it.
TOP, HEIGHT = 22.0, 108.0
_FEWEST = 2
_DOTTED = 40
_SHORTEST_AHEAD = timedelta(days=3)
_LONGEST_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Level:
    """A limit at ``y`` pixels; ``text`` is empty where there is no room for it."""

    y: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnDown:
    """An allowance over time; ``end_x`` is the end of what it belongs to."""

    about: str
    top: str
    curve: Curve
    dots: tuple[Point, ...]
    last: Point
    ahead: Curve | None
    levels: tuple[Level, ...]
    axis: tuple[AxisLabel, ...]
    now_x: float
    end_x: float | None
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of one allowance in words, and as a chart if it has a past.

    ``share`` is what is left in per cent, None where that is not known.
    """

    name: str
    left: str
    of: str
    age: str
    outlook: str
    share: int | None
    chart: BurnDown | None


def lefts_of(row: LineReport, words: Wording) -> Iterator[Left]:
    """Yield what is left of each allowance of a line."""
    for series in row.series:
        known = series.allowance
        noun = noun_of(known.item, 2, words)
        amount, of = _figures(known, words)
        yield Left(
            name=noun[:1].upper() + noun[1:],
            left=amount,
            of=of,
            age="" if known.daily else words.age(known.observed_at),
            outlook=_outlook(known, row, words),
            share=_share(known),
            chart=_chart(series, row, words),
        )


def amount_text(known: Allowance, amount: int, words: Wording) -> str:
    """Return an *amount* in the unit of an allowance."""
    return words.amount(known.kind, amount, known.currency, known.size_base)


def _figures(known: Allowance, words: Wording) -> tuple[str, str]:
    """Return what is left, and of how much, or when that is full again."""
    if known.unlimited:
        return words.say("unlimited"), ""
    if known.remaining is None:
        return words.say("unknown"), ""
    left = amount_text(known, known.remaining, words)
    if known.total is None:
        return left, words.say("left")
    text = N_("left of {total} for today") if known.daily else N_("left of {total}")
    return left, words.say(text, total=amount_text(known, known.total, words))


def _share(known: Allowance) -> int | None:
    if known.unlimited or known.remaining is None or not known.total:
        return None
    return min(max(known.remaining * 100 // known.total, 0), 100)


def _outlook(known: Allowance, row: LineReport, words: Wording) -> str:
    """Return how fast it is used and how long it lasts; nothing where unknown."""
    use = next(
        (use for use in row.known.uses if use.allowance.item == known.item), None
    )
    if use is None or known.per_day is None:
        return ""
    line, card = row.status.line, row.status.stored.card
    if use.runs_out is not None and not is_moot(use.runs_out, line):
        text = end_text(use.runs_out, line, card, words)
        return words.say("{text}.", text=text[:1].upper() + text[1:])
    text = (
        N_("You use {amount} {noun} a day.")
        if use.runs_out is None or line.plan_ends_at is None
        else N_("You use {amount} {noun} a day: that lasts until the plan ends.")
    )
    amount = amount_text(known, known.per_day, words)
    return words.say(text, amount=amount, noun=noun_of(known.item, 2, words))


def _chart(series: Series, row: LineReport, words: Wording) -> BurnDown | None:
    """Return the chart of an allowance, None where there is nothing to see yet."""
    known, samples = series.allowance, series.samples
    if len(samples) < _FEWEST or samples[0].observed_at == samples[-1].observed_at:
        return None
    limits = _limits(known, row, words)
    most = max(known.total or 0, *(each.remaining for each in samples))
    if most <= 0:
        return None
    span, ends_at = _span(series, row, words.now)
    scale = Scale(most, HEIGHT, TOP)
    drawn = curve(samples, span, scale)
    ahead = _ahead(series, span, scale)
    return BurnDown(
        about=_about(series, limits, words),
        top=amount_text(known, most, words),
        curve=drawn,
        dots=drawn.points if len(drawn.points) <= _DOTTED else (),
        last=drawn.points[-1],
        ahead=ahead,
        levels=_levels([limit for limit in limits if 0 < limit[0] < most], scale),
        axis=tuple(axis_labels(span, words, [ends_at] if ends_at else [])),
        now_x=span.at(words.now),
        end_x=span.at(ends_at) if ends_at and span.has(ends_at) else None,
        table=_table(series, limits, words),
    )


def _ends_at(known: Allowance, row: LineReport) -> datetime | None:
    """Return when an allowance ends or is full again, as far as that is known."""
    line = row.status.line
    ends = [line.plan_ends_at]
    ends += [end_of(day, line.zone) for day in (known.expires, known.refills_on) if day]
    return min((end for end in ends if end is not None), default=None)


def _span(
    series: Series, row: LineReport, now: datetime
) -> tuple[Span, datetime | None]:
    """Return the time to show, and when the allowance ends."""
    known, samples = series.allowance, series.samples
    start = samples[0].observed_at
    ends_at = _ends_at(known, row)
    out_at = runs_out_at(samples[-1].remaining, samples[-1].observed_at, known.per_day)
    ahead = [at for at in (ends_at, out_at) if at is not None and at > now]
    end = min(ahead, default=now) if ends_at is None else max(now, ends_at)
    longest = max(_LONGEST_AHEAD, now - start)
    end = min(max(end, now + _SHORTEST_AHEAD), now + longest)
    return Span(start, end + (end - start) * 0.02), ends_at


def _ahead(series: Series, span: Span, scale: Scale) -> Curve | None:
    """Return the forecast, None where there is none."""
    known, last = series.allowance, series.samples[-1]
    out_at = runs_out_at(last.remaining, last.observed_at, known.per_day)
    if known.per_day is None or out_at is None or last.remaining <= 0:
        return None
    return forecast(last, known.per_day, min(out_at, span.end), span, scale)


def _limits(known: Allowance, row: LineReport, words: Wording) -> list[tuple[int, str]]:
    """Return the limits of an allowance as amounts and in words, the highest first."""
    item = f"daily_{known.kind}" if known.daily else known.item
    found = (
        (amount, _limit_text(limit.text, amount_text(known, amount, words)))
        for limit in row.policy.limits(item)
        if (amount := amount_of(limit.text, known)) is not None
    )
    return sorted(found, reverse=True)


def _limit_text(limit: str, amount: str) -> str:
    return limit if limit.endswith("%") else amount


def _levels(limits: list[tuple[int, str]], scale: Scale) -> tuple[Level, ...]:
    heights = [scale.at(amount) for amount, _ in limits]
    has_room = spread(heights)
    return tuple(
        Level(y, text if fits else "")
        for y, fits, (_, text) in zip(heights, has_room, limits, strict=True)
    )


def _about(series: Series, limits: list[tuple[int, str]], words: Wording) -> str:
    """Return the course of an allowance in a sentence, for those who do not see it."""
    first, last = series.samples[0], series.samples[-1]
    known = series.allowance
    text = words.say(
        "From {before} on {first_day} to {after} on {last_day}.",
        before=amount_text(known, first.remaining, words),
        first_day=_day(first, words),
        after=amount_text(known, last.remaining, words),
        last_day=_day(last, words),
    )
    if not limits:
        return text
    listed = words.listed([limit for _, limit in limits])
    return words.together(text, words.say("Limits: {limits}.", limits=listed))


def _day(sample: Sample, words: Wording) -> str:
    return words.day(sample.observed_at.astimezone(words.reader.zone).date())


def _table(series: Series, limits: list[tuple[int, str]], words: Wording) -> Table:
    """Return the readings, the latest first, then the limits."""
    known = series.allowance
    readings = [
        (words.moment(each.observed_at), amount_text(known, each.remaining, words))
        for each in reversed(series.samples[-_DOTTED:])
    ]
    levels = [
        (words.say("limit: {limit}", limit=text), amount_text(known, amount, words))
        for amount, text in limits
    ]
    return Table(
        caption=words.say("Readings and limits"),
        headings=(words.say("when"), words.say("left")),
        rows=(*readings, *levels),
    )
