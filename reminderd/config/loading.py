"""Find the configuration, read it, and say everything that is wrong with it at once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reminderd.clock import utc_now
from reminderd.config.checks import find_problems, name_problems
from reminderd.config.files import OTHERS, ConfigFile, parse_toml, read_config
from reminderd.config.positions import Positions
from reminderd.config.problems import Loc, Problem, problems_of
from reminderd.config.settings import Settings
from reminderd.config.sources import (
    CONFIG_VARIABLE,
    Origin,
    OriginSource,
    from_credentials,
    from_environment,
    machine_zone,
)
from reminderd.config.wording import dotted
from reminderd.domain.texts import Text
from reminderd.errors import ConfigError

SYSTEM_CONFIG = Path("/etc/reminderd/config.toml")

_RELATIVE = Path("reminderd", "config.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Valid settings, and where they are from.

    ``text_hash`` is the SHA-256 of the file. ``warnings`` are one line each.
    ``others`` are the places that win over the file.
    """

    settings: Settings
    path: Path | None
    text_hash: str
    warnings: tuple[str, ...]
    # Some of them hold secrets.
    others: tuple[Origin, ...] = field(default=(), repr=False)


def find_config(option: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the configuration file to use, None where there is none.

    What *option* or ``$REMINDERD_CONFIG`` names is returned whether it exists or not,
    so that a slip in it is told and no other file is taken in its place.
    """
    if option is not None:
        return option
    if environ.get(CONFIG_VARIABLE):
        return Path(environ[CONFIG_VARIABLE])
    return next((path for path in _usual_places(environ) if _exists(path)), None)


def load(
    path: Path | None,
    environ: Mapping[str, str],
    *,
    overrides: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> Loaded:
    """Return the settings of the file at *path*, of *environ* and of *overrides*.

    What the command line gives in *overrides* wins over the environment, that over
    systemd's credentials, those over the file. Readings may not lie after *now*,
    which is the present unless given.

    Raises:
        ConfigError: Something is wrong; ``problems`` has all of it, one line each.
    """
    if path is None:
        raise ConfigError(
            [Text("no configuration file found; write one with: reminderd init")]
        )
    file = read_config(path)
    table = parse_toml(file)
    origins = _origins(dict(overrides or {}), environ, table)
    settings, mistakes, places = _validated([*origins, _machine(environ)])
    combined = find_problems(settings, path.parent, now or utc_now())
    mistakes += name_problems(table)
    mistakes += (known for known in combined if not known.follows_from(places))
    problems = [problem for origin in origins for problem in origin.problems]
    problems += _Report(file, origins).lines(mistakes)
    if problems:
        raise ConfigError(problems)
    return Loaded(
        settings=settings,
        path=path,
        text_hash=hashlib.sha256(file.content).hexdigest(),
        warnings=tuple(_warnings(file, table)),
        others=tuple(origins[:-1]),
    )


def salvage(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Return what can be read of a configuration that :func:`load` refuses."""
    try:
        table = {} if path is None else parse_toml(read_config(path))
    except ConfigError:
        table = {}
    settings, _, _ = _validated([*_origins({}, environ, table), _machine(environ)])
    return settings


def place_of(loaded: Loaded, loc: Loc) -> str:
    """Return where *loc* is set, such as "config.toml:12: ", to begin an error with."""
    if loaded.path is None:
        return ""
    line = Positions(read_config(loaded.path).text).line_of(loc)
    return f"{loaded.path.name}:{line}: " if line else f"{loaded.path.name}: "


class _Report:
    """Puts problems into lines: where, which key, what is wrong, what to write."""

    def __init__(self, file: ConfigFile, origins: Iterable[Origin]) -> None:
        self._name = file.path.name
        self._positions = Positions(file.text)
        *self._others, self._file = origins

    def lines(self, problems: Iterable[Problem]) -> list[str]:
        """Return one line for each problem, in the order of the file."""
        placed = {self._placed(problem) for problem in problems}
        return [text for _, text in sorted(placed)]

    def _placed(self, problem: Problem) -> tuple[int, str]:
        """Return the line number (0 outside of the file) and the text."""
        label = self._label(problem.loc)
        if label is not None:
            return 0, Text("{place}: {problem}", place=label, problem=problem.text)
        line = self._positions.line_of(problem.loc)
        place = f"{self._name}:{line}" if line else self._name
        text = Text(
            "{place}: {problem}", place=dotted(problem.loc), problem=problem.text
        )
        return line or 0, Text("{place}: {problem}", place=place, problem=text)

    def _label(self, loc: Loc) -> str | None:
        """Return what another origin than the file calls the key, or None."""
        for origin in self._others:
            label = origin.label_of(loc)
            if label is not None:
                return label
        return None


def _origins(
    overrides: dict[str, Any], environ: Mapping[str, str], table: dict[str, Any]
) -> list[Origin]:
    """Return where settings are from, the first wins."""
    labels: dict[Loc, str] = {
        (key,): Text("command line: {key}", key=key) for key in overrides
    }
    return [
        Origin(overrides, labels),
        from_environment(environ, _named_by("url_env", table)),
        from_credentials(environ, _named_by("url_credential", table)),
        Origin(table),
    ]


def _machine(environ: Mapping[str, str]) -> Origin:
    return Origin({"timezone": machine_zone(environ).key})


def _named_by(key: str, table: Mapping[str, Any]) -> set[str]:
    """Return the variables or credentials that hold secret URLs."""
    sections = [
        *_sections(table.get("channels")),
        *_sections({"heartbeat": table.get("heartbeat")}),
    ]
    names = (section.get(key) for _, section in sections)
    return {name for name in names if isinstance(name, str)}


def _sections(value: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the names and sections in *value*, which nobody has checked yet."""
    if isinstance(value, Mapping):
        for name, section in value.items():
            if isinstance(section, Mapping):
                yield name, section


def _validated(
    origins: Sequence[Origin],
) -> tuple[Settings, list[Problem], list[Loc]]:
    """Return the settings without what is wrong, what is wrong, and its places.

    What is left is looked at further, so that all mistakes are found in one go.
    """
    try:
        return _merged(origins), [], []
    except ValidationError as error:
        mistakes = list(problems_of(error))
    places = [_place(origins, mistake.loc) for mistake in mistakes]
    return _merged([origin.without(places) for origin in origins]), mistakes, places


def _merged(origins: Iterable[Origin]) -> Settings:
    sources = tuple(OriginSource(Settings, origin) for origin in origins)
    return Settings(_build_sources=(sources, {}))


def _place(origins: Iterable[Origin], loc: Loc) -> Loc:
    """Return how far *loc* leads through sections: a list is taken as a whole."""
    return max((origin.reach(loc) for origin in origins), key=len)


def _warnings(file: ConfigFile, table: Mapping[str, Any]) -> Iterator[str]:
    inline: list[Loc] = [
        ("channels", name, "url")
        for name, channel in _sections(table.get("channels"))
        if "url" in channel
    ]
    top = dict(_sections(table))
    if "url" in top.get("heartbeat", {}):
        inline.append(("heartbeat", "url"))
    storage = top.get("storage", {})
    if "@" in str(storage.get("url")):
        inline.append(("storage", "url"))
    if inline and file.mode & OTHERS:
        key = dotted(inline[0])
        yield Text(
            "{path}: others can read {key} in it; run: chmod 600 {path}",
            path=file.path,
            key=key,
        )


def _usual_places(environ: Mapping[str, str]) -> Iterator[Path]:
    # The XDG rules: a relative path in the variable is to be ignored.
    home = Path(environ.get("XDG_CONFIG_HOME", ""))
    if not home.is_absolute() and environ.get("HOME"):
        home = Path(environ["HOME"], ".config")
    if home.is_absolute():
        yield home / _RELATIVE
    yield SYSTEM_CONFIG


def _exists(path: Path) -> bool:
    """Return whether *path* is there; a dangling link is, to be told about."""
    try:
        path.lstat()
    except OSError:
        return False
    return True
