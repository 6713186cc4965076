import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args, get_origin
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel
from typing_extensions import TypeIs

from reminderd.config.effective import BUILT_IN
from reminderd.config.loading import Loaded, load
from reminderd.config.masking import masked
from reminderd.config.sections import attributes_of
from reminderd.config.settings import Settings
from reminderd.config.starter import WRITTEN_ON, starter
from reminderd.domain.ladders import Limit

EXAMPLE = Path(__file__).parents[1] / "config.example.toml"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def example() -> Loaded:
    return load(EXAMPLE, {}, now=NOW)


def is_section(kind: object) -> TypeIs[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def keys_of(model: type[BaseModel], place: str = "") -> set[tuple[str, str]]:
    """Return every key as (section, key), names replaced by NAME."""
    keys: set[tuple[str, str]] = set()
    for name, attribute in attributes_of(model).items():
        inner = model.model_fields[attribute].annotation
        here = f"{place}.{name}".strip(".")
        if get_origin(inner) is tuple and is_section(get_args(inner)[0]):
            inner = get_args(inner)[0]
        elif get_args(inner) and isinstance(get_args(inner)[-1], type):
            inner, here = get_args(inner)[-1], f"{here}.NAME"
        if is_section(inner):
            keys |= keys_of(inner, here)
        else:
            keys.add((place, name))
    return keys


def documented() -> set[tuple[str, str]]:
    """Return every key of the example, in comments too, as (section, key)."""
    found: set[tuple[str, str]] = set()
    place = ""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        text = re.sub(r"^# ?", "", line)
        if section := re.match(r"\[\[?([\w.-]+)\]", text):
            place = re.sub(r"^(\w+)\.[\w-]+", r"\1.NAME", section[1])
            place = re.sub(r"\.buckets\.[\w-]+", ".buckets.NAME", place)
        elif key := re.match(r"(\w+) = ", text):
            found.add((place, key[1]))
    return found


def test_the_example_loads_without_a_warning(example: Loaded) -> None:
    assert len(example.settings.lines) == 3
    assert not example.settings.channels
    assert example.settings.storage.url is None
    assert example.warnings == ()


def test_the_example_documents_every_key_and_no_other() -> None:
    limits = {key for place, key in keys_of(Settings) if place == "thresholds"}
    # Limits are explained once; below carriers and lines they are the same.
    expected = {
        (place, key)
        for place, key in keys_of(Settings)
        if key not in limits or not place.endswith("NAME.thresholds")
    }

    found = documented()

    assert expected - found == set()
    assert found - keys_of(Settings) == set()


def test_the_limits_in_the_example_are_those_that_are_built_in(example: Loaded) -> None:
    assert masked(example.settings.thresholds) == masked(BUILT_IN)
    assert all(
        isinstance(limit, Limit) for limit in example.settings.thresholds.validity or ()
    )


def test_the_starter_is_the_example_on_the_day_it_was_written() -> None:
    assert starter(NOW, ZoneInfo("UTC")) == EXAMPLE.read_text("utf-8")


@pytest.mark.parametrize(
    "now",
    [
        datetime(2027, 2, 28, 23, 30, tzinfo=UTC),
        datetime(2030, 12, 31, 12, tzinfo=UTC),
    ],
)
def test_the_starter_makes_sense_on_another_day(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "config.toml"
    zone = ZoneInfo("Asia/Shanghai")
    today = now.astimezone(zone).date()

    path.write_text(starter(now, zone), "utf-8")
    lines = load(path, {"TZ": zone.key}, now=now).settings.lines

    assert lines["uk-travel"].observed_on == today
    ends = lines["uk-travel"].valid_until
    assert ends is not None
    assert (ends - today).days == 12
    assert WRITTEN_ON.isoformat() not in path.read_text("utf-8")
