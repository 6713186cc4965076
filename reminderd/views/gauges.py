"""Single figures in the form of Prometheus."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

Sample = tuple[Sequence[str], float]


def gauge(
    name: str, text: str, labels: Sequence[str], samples: Iterable[Sample]
) -> "GaugeMetricFamily":
    """Return a gauge of reminderd; the labels have values in the order of *labels*."""
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(f"reminderd_{name}", text, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def one(name: str, text: str, value: float) -> "GaugeMetricFamily":
    """Return a gauge without labels."""
    return gauge(name, text, (), [((), value)])
