"""What Prometheus may know of single lines."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from reminderd.domain.ladders import Severity
from reminderd.domain.lines import Allowance, DeadlineKind
from reminderd.domain.quantities import AllowanceKind, Money
from reminderd.views.gauges import gauge
from reminderd.views.status import OK, UNKNOWN, LineStatus

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

_STATES = (OK, *(severity.word for severity in Severity), UNKNOWN)
_KINDS = (
    (AllowanceKind.DATA, "_bytes", "data"),
    (AllowanceKind.VOICE, "_seconds", "talk time"),
    (AllowanceKind.SMS, "", "text messages"),
    (AllowanceKind.BALANCE, "", "balance in units of its currency"),
)


def line_gauges(rows: Sequence[LineStatus]) -> Iterator["GaugeMetricFamily"]:
    """Yield the state, the dates and the amounts of the lines in *rows*."""
    yield gauge(
        "line_info",
        "What is known of the line; always 1.",
        ("line", "carrier", "timezone"),
        (
            ((row.stored.name, row.stored.carrier or "", row.line.zone.key), 1)
            for row in rows
        ),
    )
    yield gauge(
        "line_state",
        "1 for the state that the line is in, 0 for the others.",
        ("line", "state"),
        (
            ((row.stored.name, state), row.state == state)
            for row in rows
            for state in _STATES
        ),
    )
    yield gauge(
        "line_deadline_timestamp_seconds",
        "When something of the line ends, or will have run out at the present use.",
        ("line", "item"),
        ((labels, at.timestamp()) for labels, at in _ends(rows)),
    )
    yield gauge(
        "line_observed_timestamp_seconds",
        "When the allowance or the date was learnt.",
        ("line", "item"),
        ((labels, at.timestamp()) for labels, at in _observed(rows)),
    )
    yield gauge(
        "line_unlimited",
        "1 for each allowance that is unlimited.",
        ("line", "item"),
        (
            ((row.stored.name, known.item), 1)
            for row in rows
            for known in row.line.allowances
            if known.unlimited
        ),
    )
    yield from _of_allowances(rows)


def line_spans(
    rows: Sequence[LineStatus], now: datetime
) -> Iterator["GaugeMetricFamily"]:
    """Yield how long it is at *now* until each date, and how old each figure is."""
    yield gauge(
        "line_deadline_seconds",
        "Seconds until something of the line ends, as of the writing; negative after.",
        ("line", "item"),
        ((labels, (at - now).total_seconds()) for labels, at in _ends(rows)),
    )
    yield gauge(
        "line_observed_age_seconds",
        "How old the allowance or the date is, as of the writing.",
        ("line", "item"),
        ((labels, (now - at).total_seconds()) for labels, at in _observed(rows)),
    )


def _ends(rows: Sequence[LineStatus]) -> Iterator[tuple[tuple[str, str], datetime]]:
    for row in rows:
        for end in row.line.deadlines:
            if end.kind is not DeadlineKind.PROMOTION:
                yield (row.stored.name, end.item), end.due_at(row.line.zone)


def _observed(
    rows: Sequence[LineStatus],
) -> Iterator[tuple[tuple[str, str], datetime]]:
    for row in rows:
        for known in row.stored.line.readings:
            yield (row.stored.name, known.item), known.observed_at


def _of_allowances(rows: Sequence[LineStatus]) -> Iterator["GaugeMetricFamily"]:
    for kind, unit, noun in _KINDS:
        labels: tuple[str, ...] = ("line", "bucket")
        if kind is AllowanceKind.BALANCE:
            labels = (*labels, "currency")
        known = [
            ((row.stored.name, each.bucket, each.currency or ""), each)
            for row in rows
            for each in row.line.allowances
            if each.kind is kind
        ]
        remaining = (
            (values[: len(labels)], _base(each, each.remaining))
            for values, each in known
            if each.remaining is not None and not each.unlimited
        )
        total = (
            (values[: len(labels)], _base(each, each.total))
            for values, each in known
            if each.total is not None
        )
        yield gauge(
            f"line_{kind}_remaining{unit}",
            f"What is left of the {noun}.",
            labels,
            remaining,
        )
        # Prometheus keeps the ending _total for counters.
        yield gauge(
            f"line_{kind}_size{unit}", f"The whole of the {noun}.", labels, total
        )


def _base(allowance: Allowance, amount: int) -> float:
    if allowance.currency is None:
        return amount
    return float(Money(amount, allowance.currency).major)
