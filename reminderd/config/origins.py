"""Where a setting that is in force was set."""

from collections.abc import Iterable

from reminderd.config.files import read_config
from reminderd.config.loading import Loaded
from reminderd.config.positions import Positions
from reminderd.config.problems import Loc


def sources_of(loaded: Loaded, locs: Iterable[Loc]) -> list[str]:
    """Return where each of *locs* is set: a variable, or "config.toml:12"."""
    file = None if loaded.path is None else read_config(loaded.path)
    positions = None if file is None else Positions(file.text)
    return [_source(loaded, loc, positions) for loc in locs]


def _source(loaded: Loaded, loc: Loc, positions: Positions | None) -> str:
    for origin in loaded.others:
        label = origin.label_of(loc)
        if label is not None:
            return label
    if loaded.path is None or positions is None:
        return ""
    line = positions.line_of(loc)
    return f"{loaded.path.name}:{line}" if line else loaded.path.name
