"""What Prometheus may know: figures in base units, instants as seconds since 1970.

There are instants instead of ages and of spans until a date: a file that is read
after reminderd has stopped must not show a clock that stands still.
"""

import platform
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.ladders import Severity
from reminderd.domain.lines import Allowance, DeadlineKind
from reminderd.domain.quantities import AllowanceKind, Money
from reminderd.domain.texts import Text
from reminderd.errors import UnavailableError
from reminderd.storage.channels import Health
from reminderd.views.measures import Measured
from reminderd.views.status import OK, UNKNOWN, LineStatus

if TYPE_CHECKING:
    from prometheus_client.core import (
        GaugeMetricFamily,
    )
    from prometheus_client.registry import Collector

    Family = GaugeMetricFamily

_STATES = (OK, *(severity.word for severity in Severity), UNKNOWN)
_OFFER = DeadlineKind.PROMOTION
Sample = tuple[Sequence[str], float]


def metrics_text(measured: Measured, rows: Sequence[LineStatus]) -> bytes:
    """Return what was *measured* in Prometheus' text format, with *rows* of its lines.

    Raises:
        UnavailableError: The library for it is not installed.
    """
    try:
        from prometheus_client import (
            CollectorRegistry,
            generate_latest,
        )
    except ImportError as error:
        raise UnavailableError(
            Text(
                "metrics need the library prometheus-client, which is not installed; "
                "run: {command}",
                command="pip install 'reminderd[metrics]'",
            )
        ) from error
    registry = CollectorRegistry()
    registry.register(_collector(_families(measured, rows)))
    return generate_latest(registry)


def _collector(families: Iterable["Family"]) -> "Collector":
    from prometheus_client.registry import Collector

    known = tuple(family for family in families if family.samples)

    class Measurements(Collector):
        def collect(self) -> Iterable["Family"]:
            return known

    return Measurements()


def _families(measured: Measured, rows: Sequence[LineStatus]) -> Iterator["Family"]:
    yield from _of_reminderd(measured)
    yield from _of_outbox(measured)
    yield from _of_channels(measured)
    yield from _of_lines(rows)


def _gauge(
    name: str, text: str, labels: Sequence[str], samples: Iterable[Sample]
) -> "Family":
    from prometheus_client.core import (
        GaugeMetricFamily,
    )

    family = GaugeMetricFamily(f"reminderd_{name}", text, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _one(name: str, text: str, value: float) -> "Family":
    return _gauge(name, text, (), [((), value)])


def _of_reminderd(measured: Measured) -> Iterator["Family"]:
    known = measured.checkup
    labels = ("version", "python_version")
    values = (version("reminderd"), platform.python_version())
    text = "The version of reminderd that wrote this; always 1."
    yield _gauge("build_info", text, labels, [(values, 1)])
    if measured.last_pass is not None:
        text = "When the lines were looked at last; noted once a minute."
        yield _one("last_pass_timestamp_seconds", text, measured.last_pass.timestamp())
    yield _one("lines", "Lines that are watched.", known.lines)
    yield _one("lines_due", "Lines that wait to be reviewed.", measured.due)
    yield _one(
        "lines_warned",
        "Lines that were reminded of, and have not become better since.",
        measured.warned,
    )
    yield _one("lines_stale", "Lines without news for too long.", known.stale)
    yield _one(
        "lines_quarantined",
        "Lines that cannot be reviewed and are left aside.",
        len(known.asides),
    )


def _of_outbox(measured: Measured) -> Iterator["Family"]:
    yield _gauge(
        "outbox_deliveries",
        "Deliveries in the outbox by channel and state.",
        ("channel", "state"),
        (
            ((channel, state.value), measured.deliveries.get((channel, state), 0))
            for channel in sorted(
                {*measured.channels, *(channel for channel, _ in measured.deliveries)}
            )
            for state in DeliveryState
        ),
    )
    yield _one(
        "undelivered_messages",
        "Messages that have reached nobody, and should have.",
        measured.checkup.undelivered,
    )
    yield _one(
        "held_reminders",
        "Reminders that a brake holds until reminderd release, or an hour has passed.",
        measured.held,
    )


def _of_channels(measured: Measured) -> Iterator["Family"]:
    known = measured.checkup.health
    health = [known.get(name, Health(name=name)) for name in measured.channels]
    yield _gauge(
        "channel_up",
        "Whether the channel works: 0 if it is broken or fails again and again.",
        ("channel",),
        (((each.name,), not each.is_dead) for each in health),
    )
    yield _gauge(
        "channel_consecutive_failures",
        "Attempts that have failed since the last one that got through.",
        ("channel",),
        (((each.name,), each.consecutive_failures) for each in health),
    )
    yield _gauge(
        "channel_last_success_timestamp_seconds",
        "When something got through the channel last.",
        ("channel",),
        (
            ((each.name,), each.last_ok_at.timestamp())
            for each in health
            if each.last_ok_at is not None
        ),
    )


def _of_lines(rows: Sequence[LineStatus]) -> Iterator["Family"]:
    yield _gauge(
        "line_info",
        "What is known of the line; always 1.",
        ("line", "carrier", "timezone"),
        (
            ((row.stored.name, row.stored.carrier or "", row.line.zone.key), 1)
            for row in rows
        ),
    )
    yield _gauge(
        "line_state",
        "1 for the state that the line is in, 0 for the others.",
        ("line", "state"),
        (
            ((row.stored.name, state), row.state == state)
            for row in rows
            for state in _STATES
        ),
    )
    yield _gauge(
        "line_deadline_timestamp_seconds",
        "When something of the line ends, or will have run out at the present use.",
        ("line", "item"),
        (
            ((row.stored.name, end.item), end.due_at(row.line.zone).timestamp())
            for row in rows
            for end in row.line.deadlines
            if end.kind is not _OFFER
        ),
    )
    yield _gauge(
        "line_observed_timestamp_seconds",
        "When the allowance or the date was learnt.",
        ("line", "item"),
        (
            ((row.stored.name, known.item), known.observed_at.timestamp())
            for row in rows
            for known in row.stored.line.readings
        ),
    )
    yield _gauge(
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


_KINDS = (
    (AllowanceKind.DATA, "_bytes", "data"),
    (AllowanceKind.VOICE, "_seconds", "talk time"),
    (AllowanceKind.SMS, "", "text messages"),
    (AllowanceKind.BALANCE, "", "balance in units of its currency"),
)


def _of_allowances(rows: Sequence[LineStatus]) -> Iterator["Family"]:
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
        yield _gauge(
            f"line_{kind}_remaining{unit}",
            f"What is left of the {noun}.",
            labels,
            remaining,
        )
        # Prometheus keeps the ending _total for counters.
        yield _gauge(
            f"line_{kind}_size{unit}", f"The whole of the {noun}.", labels, total
        )


def _base(allowance: Allowance, amount: int) -> float:
    if allowance.currency is None:
        return amount
    return float(Money(amount, allowance.currency).major)
