"""What the store holds may be damaged: one bad row never silences the others."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reminderd.messages.wording import Reader, Wording
from reminderd.storage.contents import LineColumns, StoredContent, encode_reminder
from reminderd.storage.database import Database
from reminderd.storage.epochs import from_epoch
from reminderd.views.titles import title_text
from tests.builders import LONDON, NOW
from tests.conftest import sqlite_url
from tests.outboxes import a_reminder, enqueue
from tests.programs import a_json_channel, run, write_config
from tests.security.fuzzing import FUZZ, JSON, TEXTS
from tests.sinks import http_sink

LINE = LineColumns(
    name="a", timezone="Europe/London", carrier=None, number=None, plan=None
)
WORDS = Wording(Reader(language="en", zone=LONDON), NOW)
GOOD = json.loads(json.dumps(encode_reminder(a_reminder())))
FINDING = GOOD["findings"][0]
NOTICE = {"code": "test", "severity": 1, "details": {"channel": "x"}}


def _twisted(record: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return *record* with another value at one of its keys."""
    keys = st.sampled_from([*record, "remaining", "currency", "due", "due_at", "total"])
    return st.builds(lambda key, value: record | {key: value}, keys, JSON)


RECORDS = st.one_of(
    JSON,
    _twisted(GOOD),
    _twisted(NOTICE),
    st.builds(lambda key, value: NOTICE | {"details": {key: value}}, TEXTS, JSON),
    _twisted(FINDING).map(lambda finding: GOOD | {"findings": [finding]}),
)


@FUZZ
@given(record=RECORDS)
@example(record=None)
@example(record=[])
@example(record=GOOD | {"findings": [[1]]})
@example(record=NOTICE | {"details": 5})
@example(record=NOTICE | {"details": {"channel": 5}})
@example(record=GOOD | {"findings": [FINDING | {"item": 5}]})
@example(record=GOOD | {"findings": [FINDING | {"remaining": 10**400}]})
@example(record=GOOD | {"findings": [FINDING | {"observed_at": "2026-11-22"}]})
def test_fuzzed_content_is_refused_as_documented_and_can_be_listed(record: Any) -> None:
    for line in (LINE, None):
        content = StoredContent(line=line, record=record, created_at=NOW)
        try:
            content.decoded()
        except (ValueError, KeyError, TypeError):
            assert title_text(content, WORDS) == "?"
        else:
            assert title_text(content, WORDS)


@FUZZ
@given(seconds=st.integers(-(2**63), 2**63 - 1))
def test_fuzzed_seconds_are_an_instant_in_every_zone(seconds: int) -> None:
    assert from_epoch(seconds).astimezone(LONDON).tzinfo is LONDON


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE reminder SET content = '{oops' WHERE id = 1",
        "UPDATE reminder SET content = '[]' WHERE id = 1",
        "UPDATE reminder SET content = 5 WHERE id = 1",
        "UPDATE delivery SET useful_until = 9223372036854775807 WHERE id = 1",
        "UPDATE delivery SET next_attempt_at = -9223372036854775808 WHERE id = 1",
        "UPDATE line SET number = 'x', carrier = '\x1b[2J' WHERE id = 1",
        "UPDATE line SET timezone = '../../etc/passwd' WHERE id = 1",
    ],
)
def test_damaged_row_keeps_no_other_from_being_sent(
    tmp_path: Path, damage: str
) -> None:
    with http_sink() as phone:
        config = write_config(tmp_path, a_json_channel("phone", phone.address))
        # From then on nothing is edited, and no line is reviewed for that.
        run(config, "check")
        with closing(Database.open(sqlite_url(tmp_path))) as database:
            enqueue(database, "phone", line="bad")
            enqueue(database, "phone", line="good")
        with closing(sqlite3.connect(tmp_path / "state" / "reminderd.db")) as raw:
            raw.execute(damage)
            raw.commit()

        checked, past = run(config, "check"), run(config, "history")

        told = "".join(request.body.decode() for request in phone.requests)
    assert "good" in told
    assert checked.returncode in (0, 3), checked.stderr
    assert past.returncode == 0, past.stderr
    assert "good" in past.stdout
