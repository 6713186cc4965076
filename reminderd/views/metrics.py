"""What Prometheus may know: figures in base units, instants as seconds since 1970.

Ages and the seconds until a date are as of the writing: alerts go by the instants,
since a file that is read after reminderd has stopped shows a clock that stands still.
"""

import platform
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.texts import Text
from reminderd.errors import UnavailableError
from reminderd.storage.channels import Health
from reminderd.views.gauges import gauge, one
from reminderd.views.line_metrics import line_gauges, line_spans
from reminderd.views.measures import Measured
from reminderd.views.status import LineStatus

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily
    from prometheus_client.registry import Collector


def metrics_text(
    measured: Measured, rows: Sequence[LineStatus], now: datetime
) -> bytes:
    """Return what was *measured* in Prometheus' text format, with *rows* of its lines.

    Raises:
        UnavailableError: The library for it is not installed.
    """
    try:
        from prometheus_client import CollectorRegistry, generate_latest
    except ImportError as error:
        raise UnavailableError(
            Text(
                "metrics need the library prometheus-client, which is not installed; "
                "run: {command}",
                command="pip install 'reminderd[metrics]'",
            )
        ) from error
    registry = CollectorRegistry()
    registry.register(_collector(_families(measured, rows, now)))
    return generate_latest(registry)


def _collector(families: Iterable["GaugeMetricFamily"]) -> "Collector":
    from prometheus_client.registry import Collector

    known = tuple(family for family in families if family.samples)

    class Measurements(Collector):
        def collect(self) -> Iterable["GaugeMetricFamily"]:
            return known

    return Measurements()


def _families(
    measured: Measured, rows: Sequence[LineStatus], now: datetime
) -> Iterator["GaugeMetricFamily"]:
    yield from _of_reminderd(measured)
    yield from _of_outbox(measured)
    yield from _of_channels(measured)
    yield from line_gauges(rows)
    yield from line_spans(rows, now)


def _of_reminderd(measured: Measured) -> Iterator["GaugeMetricFamily"]:
    known = measured.checkup
    labels = ("version", "python_version")
    values = (version("reminderd"), platform.python_version())
    text = "The version of reminderd that wrote this; always 1."
    yield gauge("build_info", text, labels, [(values, 1)])
    if measured.last_pass is not None:
        text = "When the lines were looked at last; noted once a minute."
        yield one("last_pass_timestamp_seconds", text, measured.last_pass.timestamp())
    yield one("lines", "Lines that are watched.", known.lines)
    yield one("lines_due", "Lines that wait to be reviewed.", measured.due)
    yield one(
        "lines_warned",
        "Lines that were reminded of, and have not become better since.",
        measured.warned,
    )
    yield one("lines_stale", "Lines without news for too long.", known.stale)
    yield one(
        "lines_quarantined",
        "Lines that cannot be reviewed and are left aside.",
        len(known.asides),
    )


def _of_outbox(measured: Measured) -> Iterator["GaugeMetricFamily"]:
    yield gauge(
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
    yield one(
        "undelivered_messages",
        "Messages that have reached nobody, and should have.",
        measured.checkup.undelivered,
    )
    yield one(
        "held_reminders",
        "Reminders that a brake holds until reminderd release, or an hour has passed.",
        measured.held,
    )


def _of_channels(measured: Measured) -> Iterator["GaugeMetricFamily"]:
    known = measured.checkup.health
    health = [known.get(name, Health(name=name)) for name in measured.channels]
    yield gauge(
        "channel_up",
        "Whether the channel works: 0 if it is broken or fails again and again.",
        ("channel",),
        (((each.name,), not each.is_dead) for each in health),
    )
    yield gauge(
        "channel_consecutive_failures",
        "Attempts that have failed since the last one that got through.",
        ("channel",),
        (((each.name,), each.consecutive_failures) for each in health),
    )
    yield gauge(
        "channel_last_success_timestamp_seconds",
        "When something got through the channel last.",
        ("channel",),
        (
            ((each.name,), each.last_ok_at.timestamp())
            for each in health
            if each.last_ok_at is not None
        ),
    )
