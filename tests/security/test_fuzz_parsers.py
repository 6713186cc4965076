"""Every parser of a small text: a value, or the one error that it documents."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC

import pytest
from hypothesis import given

from reminderd.carriers.official import official_domain, official_url
from reminderd.cli.figures import parse_data, parse_figures
from reminderd.cli.times import day, day_done, moment, span
from reminderd.config.settings import LineSettings, Settings
from reminderd.domain import names, periods, quantities
from reminderd.errors import UsageError
from tests.builders import LONDON, NOW
from tests.config.samples import ENVIRON
from tests.security.fuzzing import FUZZ, TEXTS

SETTINGS = Settings(_build_sources=((), {}), timezone=ENVIRON["TZ"])


@pytest.mark.parametrize(
    "parse",
    [
        quantities.parse_size,
        quantities.parse_share,
        quantities.parse_money,
        quantities.parse_count,
        periods.parse_period,
        quantities.parse_talk_time,
        names.clean_name,
        names.clean_number,
        names.clean_iccid,
        lambda text: official_url(text, ("giffgaff.com",)),
        official_domain,
    ],
)
@FUZZ
@given(text=TEXTS)
def test_fuzzed_text_is_a_value_or_a_value_error(
    parse: Callable[[str], object], text: str
) -> None:
    with suppress(ValueError):
        parse(text)


@pytest.mark.parametrize(
    "parse",
    [moment, day, span, parse_data, lambda text: day_done(text, LONDON, NOW)],
)
@FUZZ
@given(text=TEXTS)
def test_fuzzed_argument_is_a_value_or_a_usage_error(
    parse: Callable[[str], object], text: str
) -> None:
    with suppress(UsageError):
        parse(text)


@FUZZ
@given(text=TEXTS)
def test_fuzzed_moment_is_in_utc(text: str) -> None:
    with suppress(UsageError):
        assert moment(text).tzinfo is UTC


@pytest.mark.slow
@pytest.mark.parametrize("key", [*LineSettings.model_fields, "unknown", "a b"])
@FUZZ
@given(text=TEXTS)
def test_fuzzed_figures_are_values_or_a_usage_error_without_the_number(
    key: str, text: str
) -> None:
    said = ""
    try:
        parse_figures("uk-travel", [f"{key}={text}"], SETTINGS, None, NOW)
    except UsageError as error:
        said = str(error)
    if key in ("number", "iccid") and len(text) > len("+4477"):
        assert text not in said


@FUZZ
@given(word=TEXTS)
def test_fuzzed_word_is_a_figure_or_a_usage_error(word: str) -> None:
    with suppress(UsageError):
        parse_figures(word, [word, word], SETTINGS, None, NOW)


@FUZZ
@given(name=TEXTS)
def test_cleaned_name_is_one_line_and_stays_as_it_is(name: str) -> None:
    try:
        cleaned = names.clean_name(name)
    except ValueError:
        return

    assert names.clean_name(cleaned) == cleaned
    assert len(cleaned.splitlines()) == 1
    assert len(cleaned) <= names.MAX_NAME_LENGTH
