"""The columns of a table of lines, and what stands in their cells."""

import json
import re
from datetime import date
from functools import lru_cache
from typing import Any

from reminderd.cli.figure_keys import DATES, LISTS, clean_key, split_key
from reminderd.cli.line_records import DETAIL_FIELDS, DETAILS, INSTANTS, KEYS
from reminderd.config.settings import BucketSettings, LineSettings
from reminderd.config.wording import did_you_mean, echo
from reminderd.domain.lines import GENERAL
from reminderd.domain.texts import Text
from reminderd.errors import UsageError

# An empty cell leaves a thing as it is; this says that there is none.
NONE = "-"

_FILE_ONLY = frozenset({"thresholds", "buckets"})
_OF_LINE = frozenset({"name", *INSTANTS, *LineSettings.model_fields}) - _FILE_ONLY
_OF_BUCKET = frozenset(BucketSettings.model_fields)
_SWITCHES = frozenset({"data_daily", "data_throttled", "auto_renew"})
_BUCKET_SWITCHES = frozenset({"daily", "throttled"})
# What somebody has named may begin with anything.
_NAMES = frozenset({"name", "carrier", *LISTS})
# Spreadsheets run a cell that begins like this. An apostrophe keeps it text; one
# that was there before gets one more, so that each can be taken away again.
_FORMULA = re.compile(r"'*[=+\-@]")
_QUOTED_FORMULA = re.compile(r"'+[=+\-@]")
# How spreadsheets in some countries write 2027-01-31.
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


@lru_cache(maxsize=4096)
def clean_column(text: str) -> str:
    """Return the key that a column is called.

    Raises:
        UsageError: There is no such column; the text suggests the nearest one.
    """
    plain = text.strip().lower().replace("-", "_").replace(" ", "_")
    if plain in _OF_LINE:
        return plain
    head, _, rest = text.strip().partition(".")
    if head == DETAILS and rest.rpartition(".")[2] in DETAIL_FIELDS:
        return text.strip()
    key = clean_key(text)
    bucket, last = split_key(key)
    if bucket != GENERAL and last in _OF_BUCKET:
        return key
    known = KEYS if bucket == GENERAL else _OF_BUCKET
    hint = did_you_mean(last, known)
    raise UsageError(
        Text("{column}: unknown column{hint}", column=echo(key), hint=hint)
    )


def cell_of(key: str, value: Any) -> str:  # noqa: ANN401 - any value of a record
    """Return what stands in the cell of a record's *value*."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return str(value).lower()
    text = _list_text(value) if isinstance(value, list) else str(value)
    if key in _NAMES and _FORMULA.match(text):
        return f"'{text}"
    return text


def _list_text(values: list[str]) -> str:
    plain = ", ".join(values)
    if not values or "," in "".join(values) or plain.lstrip("'").startswith("["):
        return json.dumps(values, ensure_ascii=False)
    return plain


def value_of(key: str, cell: str) -> Any:  # noqa: ANN401 - any value of a record
    """Return the value in a *cell* that is not empty; None where there is to be none.

    Raises:
        UsageError: It is a list that cannot be read.
    """
    text = cell.strip()
    if text == NONE and key != "name":
        return None
    if key in _NAMES:
        return _named(key, text)
    last = split_key(key)[1]
    if last in _SWITCHES or (last in _BUCKET_SWITCHES and last != key):
        return text.lower()
    return iso_date(text) if last in DATES or last == "until" else text


def _named(key: str, text: str) -> str | list[str]:
    if _QUOTED_FORMULA.match(text):
        text = text[1:]
    if key not in LISTS:
        return text
    if not text.startswith("["):
        return [part.strip() for part in text.split(",")]
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list):
        raise UsageError(Text("{column}: is no list; write: a, b", column=key))
    return values


def iso_date(text: str) -> str:
    """Return a date that begins with its year as ISO 8601 has it; others unchanged."""
    match = _YEAR_FIRST.fullmatch(text)
    if match is None:
        return text
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        return text
