"""Where settings come from besides the file: environment, credentials, machine."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from reminderd.config.files import read_small, reason_of
from reminderd.config.wording import SettingError
from reminderd.domain.texts import Text, said

PREFIX = "REMINDERD_"
CONFIG_VARIABLE = "REMINDERD_CONFIG"
CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"
# The greatest size that systemd accepts for one credential.
MAX_SECRET_BYTES = 1024 * 1024

Loc = tuple[str | int, ...]

_SEPARATOR = "__"


@dataclass(frozen=True, slots=True)
class Origin:
    """Settings from one place; ``labels`` says what that place calls each of them.

    ``problems`` has what could not be taken from there.
    """

    values: dict[str, Any]
    labels: Mapping[Loc, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def reach(self, loc: Loc) -> Loc:
        """Return the longest beginning of *loc* that leads through sections here."""
        values: Any = self.values
        for depth, part in enumerate(loc):
            if not isinstance(values, dict) or part not in values:
                return loc[:depth]
            values = values[part]
        return loc

    def label_of(self, loc: Loc) -> str | None:
        """Return the name here of what was set at *loc* or around it, or None."""
        known = self.reach(tuple(part for part in loc if isinstance(part, str)))
        for length in range(len(known), 0, -1):
            if known[:length] in self.labels:
                return self.labels[known[:length]]
        return None

    def without(self, places: Iterable[Loc]) -> "Origin":
        """Return the origin less what it sets at *places*."""
        values = _copied(self.values)
        for place in places:
            _remove(values, place)
        return replace(self, values=values)


class OriginSource(PydanticBaseSettingsSource):
    """An origin in the form that pydantic-settings merges."""

    def __init__(self, settings_class: type[BaseSettings], origin: Origin) -> None:
        super().__init__(settings_class)
        self._values = origin.values

    def get_field_value(
        self,
        field: FieldInfo,  # noqa: ARG002 - the signature is pydantic's
        field_name: str,
    ) -> tuple[Any, str, bool]:
        """Return the value of one top-level setting."""
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return everything that this origin sets."""
        return self._values


def from_environment(environ: Mapping[str, str], spoken_for: Iterable[str]) -> Origin:
    """Return what ``REMINDERD_*`` variables set; ``__`` separates a section's keys.

    Variables *spoken_for* hold the secrets of channels, under names of their own.
    """
    mine = {
        name: value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name not in {CONFIG_VARIABLE, *spoken_for}
    }
    return _origin((name, name, value) for name, value in sorted(mine.items()))


def from_credentials(environ: Mapping[str, str], spoken_for: Iterable[str]) -> Origin:
    """Return what files named ``reminderd_*`` set, like variables in lower case."""
    directory = environ.get(CREDENTIALS_VARIABLE)
    if not directory:
        return Origin({})
    files = []
    problems = []
    try:
        paths = sorted(Path(directory).iterdir())
    except OSError as error:
        return Origin(
            {},
            problems=(
                Text(
                    "{place}: {problem}",
                    place=f"${CREDENTIALS_VARIABLE}",
                    problem=reason_of(error),
                ),
            ),
        )
    for path in paths:
        name = path.name
        if not name.startswith(PREFIX.lower()) or name in set(spoken_for):
            continue
        label = Text("credential {name}", name=name)
        try:
            content, _ = read_small(path, MAX_SECRET_BYTES)
            files.append((label, name, content.decode().strip()))
        except OSError as error:
            problems.append(
                Text("{place}: {problem}", place=label, problem=reason_of(error))
            )
        except UnicodeDecodeError:
            problems.append(
                Text("{label}: is not UTF-8 text; write it as text", label=label)
            )
    origin = _origin(files)
    return Origin(origin.values, origin.labels, (*problems, *origin.problems))


def machine_zone(
    environ: Mapping[str, str], localtime: Path = Path("/etc/localtime")
) -> ZoneInfo:
    """Return the zone of ``$TZ``, else of the machine, else UTC."""
    for name in _zone_names(environ, localtime):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def _zone_names(environ: Mapping[str, str], localtime: Path) -> Iterator[str]:
    if "TZ" in environ:
        yield environ["TZ"].removeprefix(":")
    _, found, name = str(localtime.resolve()).partition("/zoneinfo/")
    if found:
        yield name


def _origin(variables: Iterable[tuple[str, str, str]]) -> Origin:
    """Return the settings in *variables*: label, name and text of each."""
    values: dict[str, Any] = {}
    labels: dict[Loc, str] = {}
    problems = []
    for label, name, text in variables:
        loc = tuple(name[len(PREFIX) :].lower().split(_SEPARATOR))
        try:
            _put(values, loc, _value(text))
        except SettingError as error:
            problems.append(
                Text("{place}: {problem}", place=label, problem=said(error))
            )
        labels[loc] = label
    return Origin(values, labels, tuple(problems))


def _copied(values: dict[str, Any]) -> dict[str, Any]:
    """Return *values* in new sections; what is in them is shared."""
    return {
        key: _copied(value) if isinstance(value, dict) else value
        for key, value in values.items()
    }


def _remove(values: dict[str, Any], place: Loc) -> None:
    """Take out of *values* what *place* leads to, as far as it leads."""
    for depth, part in enumerate(map(str, place), start=1):
        inner = values.get(part)
        if depth == len(place) or not isinstance(inner, dict):
            values.pop(part, None)
            return
        values = inner


def _put(values: dict[str, Any], loc: tuple[str, ...], value: object) -> None:
    for part in loc[:-1]:
        values = values.setdefault(part, {})
        if not isinstance(values, dict):
            raise SettingError(
                Text(
                    "{part} is set as a whole too; keep one of the two", part=repr(part)
                )
            )
    values[loc[-1]] = value


def _value(text: str) -> object:
    """Return a list or a section written as JSON, any other text as it is."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise SettingError(
            Text('is not valid JSON; write a list as ["30d", "7d"]')
        ) from None
