"""The loader: settings, or every mistake with its line and without a secret."""

import re
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from reminderd.config import files
from reminderd.config.carriers import CarrierSettings
from reminderd.config.loading import load
from reminderd.config.sections import Section, ThresholdSettings, attributes_of
from reminderd.config.settings import (
    ChannelSettings,
    LineSettings,
    ReminderSettings,
    Settings,
    StorageSettings,
)
from reminderd.errors import ConfigError
from tests.config.samples import ENVIRON, NOW, a_file
from tests.security.fuzzing import FUZZ, TEXTS

SECRET = "m4rk3r-t0ken"
_PLACED = re.compile(r"config\.toml:[0-9]+: ")
_TOML_TEXT = TEXTS.filter(
    lambda text: not re.search("[\0-\x1f\x7f\ud800-\udfff]", text)
)
_SCALARS = st.one_of(
    _TOML_TEXT,
    st.sampled_from([f"json://h/{SECRET}", f"https://u:{SECRET}@h/", "7d", "20%"]),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.sampled_from([date.min, date.max, time.max]),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["at", "severity", "x"]), inner, max_size=2),
    ),
    max_leaves=5,
)


def _section(model: type[Any]) -> st.SearchStrategy[dict[str, Any]]:
    keys = dict.fromkeys([*attributes_of(model), "unknown"], _VALUES)
    for key, name in attributes_of(model).items():
        inner = model.model_fields[name].annotation
        if isinstance(inner, type) and issubclass(inner, Section):
            keys[key] = st.one_of(_VALUES, _section(inner))
    some = st.lists(st.sampled_from([*keys]), max_size=4, unique=True)
    return some.flatmap(
        lambda chosen: st.fixed_dictionaries({key: keys[key] for key in chosen})
    )


def _named(model: type[Any]) -> st.SearchStrategy[object]:
    names = st.one_of(st.sampled_from(["a", "b", "terminal"]), _TOML_TEXT)
    return st.one_of(_VALUES, st.dictionaries(names, _section(model), max_size=3))


_DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys([*Settings.model_fields, "unknown"], _VALUES),
        "storage": _section(StorageSettings),
        "thresholds": _section(ThresholdSettings),
        "reminders": _section(ReminderSettings),
        "channels": _named(ChannelSettings),
        "carriers": _named(CarrierSettings),
        "lines": _named(LineSettings),
    },
)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody be waited for who could be writing the file."""
    monkeypatch.setattr(files, "_PAUSE_SECONDS", 0)


def _judged(path: Path, environ: dict[str, str]) -> list[str]:
    try:
        load(path, ENVIRON | environ, now=NOW)
    except ConfigError as error:
        return error.problems
    return []


@FUZZ
@given(content=st.binary(max_size=200))
def test_fuzzed_bytes_are_refused_in_lines(tmp_path: Path, content: bytes) -> None:
    path = a_file(tmp_path, content)

    for problem in _judged(path, {}):
        assert problem.startswith((f"{path}: ", "config.toml:"))
        assert len(problem.splitlines()) == 1


@pytest.mark.slow
@FUZZ
@given(document=_DOCUMENTS)
def test_fuzzed_documents_are_refused_with_file_and_line_and_no_secret(
    tmp_path: Path, document: dict[str, Any]
) -> None:
    path = a_file(tmp_path, tomlkit.dumps(document) or "# nothing")

    for problem in _judged(path, {}):
        assert _PLACED.match(problem), problem
        assert SECRET not in problem
        assert len(problem.splitlines()) == 1


@FUZZ
@given(
    name=st.sampled_from(
        ["LANGUAGE", "POLL_EVERY", "CHANNELS", "CHANNELS__A__URL", "LINES__A__NUMBER"]
    ),
    value=st.one_of(
        TEXTS,
        st.sampled_from(
            ['{"a":{"url":"json://\\ud800"}}', "[" * 9999, '{"a":[1e999]}', "[NaN]"]
        ),
    ),
)
def test_fuzzed_variables_are_settings_or_mistakes(
    tmp_path: Path, name: str, value: str
) -> None:
    path = a_file(tmp_path, "# nothing")

    for problem in _judged(path, {f"REMINDERD_{name}": value}):
        assert problem.startswith((f"REMINDERD_{name}: ", "config.toml: "))
        assert len(problem.splitlines()) == 1


@pytest.mark.parametrize(
    "text", ["json://h/\udcff", "json://h/\x85", "json://h/\u202e"]
)
def test_address_that_nobody_can_write_down_is_refused(
    tmp_path: Path, text: str
) -> None:
    path = a_file(tmp_path, "# nothing")

    (problem,) = _judged(path, {"REMINDERD_CHANNELS__A__URL": text})

    assert problem.startswith("REMINDERD_CHANNELS__A__URL: is not an Apprise URL")
