"""Where the limits of a line are set, by the key they have in the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass

from reminderd.cli.declaring import section_for
from reminderd.config.effective import Layer, thresholds_of
from reminderd.config.loading import Loaded
from reminderd.config.origins import sources_of
from reminderd.domain.lines import DeadlineKind
from reminderd.storage.lines import StoredLine


@dataclass(frozen=True, slots=True)
class Source:
    """Where a limit is set; ``place`` is None for what is built in or shipped."""

    layer: Layer
    place: str | None = None


def sources_for(loaded: Loaded, stored: StoredLine) -> Mapping[str, Source]:
    """Return where each key of the limits of a line is set, as they were merged."""
    section = section_for(loaded.settings, stored)
    layers = dict(thresholds_of(loaded.settings, section).layers)
    offers = "promotions" in loaded.settings.reminders.model_fields_set
    layers[DeadlineKind.PROMOTION] = Layer.GLOBAL if offers else Layer.BUILT_IN
    before: dict[Layer, tuple[str, ...]] = {
        Layer.GLOBAL: ("thresholds",),
        Layer.CARRIER: ("carriers", section.carrier or "", "thresholds"),
        Layer.LINE: ("lines", stored.name, "thresholds"),
    }
    locs = {
        key: (*before[layer], key) for key, layer in layers.items() if layer in before
    }
    if offers:
        locs[DeadlineKind.PROMOTION] = ("reminders", "promotions")
    places = dict(zip(locs, sources_of(loaded, locs.values()), strict=True))
    return {key: Source(layer, places.get(key)) for key, layer in layers.items()}
