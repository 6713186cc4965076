"""What is written of a line comes back, and is due when it should be."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminderd.domain.lines import Allowance, DeadlineKind, Reading, rolling_deadline
from reminderd.domain.periods import Period
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.reminders import LineCard
from reminderd.domain.review import review
from reminderd.storage import lines, readings
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine
from tests.builders import NOW, a_deadline, a_policy, an_allowance

DAY = timedelta(days=1)


def a_new_line(name: str = "uk-travel") -> NewLine:
    return NewLine(name=name, timezone="Europe/London", origin="cli", added_at=NOW)


def add(database: Database, name: str = "uk-travel", *known: Reading) -> int:
    with database.write() as tx:
        line_id = lines.add_line(tx, a_new_line(name))
        readings.save_readings(tx, line_id, known, "cli", NOW)
    return line_id


def find(database: Database, name: str = "uk-travel") -> lines.StoredLine:
    with database.read() as tx:
        found = lines.find_line(tx, name)
    assert found is not None
    return found


def due_names(database: Database, at_day: int = 0, limit: int = 10) -> list[str]:
    with database.write() as tx:
        due = lines.due_lines(tx, NOW + at_day * DAY, limit)
    return [known.card.name for known in due if isinstance(known, lines.StoredLine)]


def review_and_save(database: Database, name: str = "uk-travel") -> None:
    with database.write() as tx:
        stored = lines.find_line(tx, name)
        assert stored is not None
        outcome = review(stored.line, a_policy(), stored.told, NOW)
        lines.save_review(tx, stored, outcome, NOW)


def test_a_line_comes_back_as_it_was_added(either_database: Database) -> None:
    new = NewLine(
        name="uk-travel",
        timezone="Europe/London",
        origin="config",
        added_at=NOW,
        carrier="giffgaff",
        number="+447700900123",
        iccid="8944200000000000001",
        tags=("family", "travel"),
        route=("phone",),
    )

    with either_database.write() as tx:
        line_id = lines.add_line(tx, new)

    stored = find(either_database)
    assert (stored.id, stored.origin, stored.archived_at) == (line_id, "config", None)
    assert stored.card == LineCard(
        name="uk-travel",
        zone=ZoneInfo("Europe/London"),
        carrier="giffgaff",
        number="+447700900123",
    )
    assert (stored.carrier, stored.number) == ("giffgaff", "+447700900123")
    assert stored.iccid == "8944200000000000001"
    assert (stored.tags, stored.route) == (("family", "travel"), ("phone",))
    assert stored.line.added_at == NOW
    assert stored.line.review_at is None


def test_every_kind_of_reading_comes_back(either_database: Database) -> None:
    known = (
        an_allowance(2**45, 2**46),
        an_allowance(-1, None, kind=AllowanceKind.BALANCE),
        an_allowance(None, None, kind=AllowanceKind.SMS, unlimited=True),
        Allowance(
            kind=AllowanceKind.DATA, bucket="night", remaining=0, observed_at=NOW
        ),
        a_deadline(date(2026, 12, 4)),
        a_deadline(NOW + DAY, kind=DeadlineKind.CREDIT),
        rolling_deadline(date(2026, 11, 2), Period(months=6), NOW),
    )

    add(either_database, "uk-travel", *known)

    stored = find(either_database)
    assert {reading.item: reading for reading in stored.line.readings} == {
        reading.item: reading for reading in known
    }


def test_a_second_line_of_one_name_is_refused(either_database: Database) -> None:
    add(either_database)

    with pytest.raises(ValueError, match="there is a line uk-travel already"):
        add(either_database)


def test_a_line_added_again_after_its_removal_is_a_new_one(
    either_database: Database,
) -> None:
    old = add(either_database, "uk-travel", a_deadline())
    with either_database.write() as tx:
        lines.archive_line(tx, old, NOW)

    new = add(either_database)

    stored = find(either_database)
    assert stored.id == new != old
    assert stored.line.readings == ()
    with either_database.read() as tx:
        assert lines.line_names(tx) == ["uk-travel"]
        every = [known.card.name for known in lines.all_lines(tx, archived=True)]
    assert every == [f"uk-travel  (removed, line {old})", "uk-travel"]


def test_an_archived_line_is_in_no_list_and_never_due(
    either_database: Database,
) -> None:
    line_id = add(either_database)

    with either_database.write() as tx:
        lines.archive_line(tx, line_id, NOW)

    with either_database.read() as tx:
        assert lines.find_line(tx, "uk-travel") is None
        assert list(lines.all_lines(tx)) == []
        assert lines.line_names(tx) == []
    assert due_names(either_database, at_day=1000) == []


def test_all_lines_come_in_the_order_of_adding_across_batches(
    database: Database,
) -> None:
    names = [f"line-{number:04}" for number in range(501)]
    with database.write() as tx:
        for name in names:
            lines.add_line(tx, a_new_line(name))

    with database.read() as tx:
        found = [stored.card.name for stored in lines.all_lines(tx)]

    assert found == names


def test_an_added_line_is_due_at_once(either_database: Database) -> None:
    add(either_database)

    assert due_names(either_database) == ["uk-travel"]


@pytest.mark.parametrize(
    ("asked_for", "is_due"),
    [
        pytest.param(NOW - timedelta(seconds=1), True, id="a second ago"),
        pytest.param(NOW, True, id="now"),
        pytest.param(NOW + timedelta(microseconds=1), False, id="within this second"),
        pytest.param(NOW + timedelta(seconds=1), False, id="in a second"),
    ],
)
def test_a_line_is_due_from_the_instant_it_was_postponed_to(
    database: Database, asked_for: datetime, is_due: bool
) -> None:
    line_id = add(database)

    with database.write() as tx:
        lines.postpone(tx, line_id, asked_for)
        assert lines.is_any_due(tx, NOW) is is_due

    assert due_names(database) == (["uk-travel"] if is_due else [])


def test_the_longest_due_lines_come_first_and_no_more_than_asked_for(
    database: Database,
) -> None:
    ids = {name: add(database, name) for name in ("b", "c", "a")}
    with database.write() as tx:
        for age, name in enumerate(("c", "a", "b"), start=1):
            lines.postpone(tx, ids[name], NOW - age * DAY)

    assert due_names(database, limit=2) == ["b", "a"]


def test_a_due_line_remembers_for_when_it_was_due(database: Database) -> None:
    line_id = add(database)
    with database.write() as tx:
        lines.postpone(tx, line_id, NOW - DAY)

    assert find(database).line.review_at == NOW - DAY


def test_every_line_can_be_made_due_but_for_archived_ones(
    either_database: Database,
) -> None:
    kept, archived = (add(either_database, name) for name in ("kept", "archived"))
    with either_database.write() as tx:
        lines.postpone(tx, kept, NOW + DAY)
        lines.archive_line(tx, archived, NOW)

        lines.review_all_now(tx)

    assert due_names(either_database) == ["kept"]


def test_a_review_is_stored_with_what_it_told(either_database: Database) -> None:
    add(either_database, "uk-travel", a_deadline(), an_allowance())
    before = find(either_database)
    expected = review(before.line, a_policy(), {}, NOW)

    review_and_save(either_database)

    stored = find(either_database)
    assert stored.told == {known.item: known for known in expected.told}
    assert set(stored.told) == {"validity", "data"}
    assert stored.line.review_at == expected.next_review_at


def test_what_is_no_longer_told_is_deleted(either_database: Database) -> None:
    line_id = add(either_database, "uk-travel", a_deadline(), an_allowance())
    review_and_save(either_database)
    with either_database.write() as tx:
        readings.forget_items(tx, line_id, ["data"])

    review_and_save(either_database)

    assert set(find(either_database).told) == {"validity"}


def test_a_line_with_nothing_to_come_is_never_due(database: Database) -> None:
    add(database)
    with database.write() as tx:
        stored = lines.find_line(tx, "uk-travel")
        assert stored is not None
        outcome = review(stored.line, a_policy(stale=None), stored.told, NOW)

        lines.save_review(tx, stored, outcome, NOW)

    assert outcome.next_review_at is None
    assert due_names(database, at_day=10_000) == []


def test_a_review_that_asks_for_itself_again_does_not_keep_the_pass_from_ending(
    database: Database,
) -> None:
    add(database)
    with database.write() as tx:
        stored = lines.find_line(tx, "uk-travel")
        assert stored is not None
        outcome = review(stored.line, a_policy(), stored.told, NOW)

        lines.save_review(tx, stored, replace(outcome, next_review_at=NOW), NOW)

    assert due_names(database) == []


def test_a_row_that_cannot_be_read_does_not_silence_the_others(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    broken = add(database, "broken")
    add(database, "sound")
    with database.write() as tx:
        lines.update_line(tx, broken, timezone="Mars/Olympus")

    assert due_names(database) == ["sound"]
    assert f"unreadable line_id={broken}" in caplog.text
    with database.read() as tx:
        assert [known.card.name for known in lines.all_lines(tx)] == ["sound"]
        assert lines.find_line(tx, "broken") is None


@pytest.mark.slow
def test_two_workers_get_different_lines_on_postgresql(postgresql_url: str) -> None:
    one = Database.open(postgresql_url)
    other = Database.open(postgresql_url)
    for number in range(4):
        add(one, f"line-{number}")

    with one.write() as first, other.write() as second:
        taken = lines.due_lines(first, NOW, 2)
        left = lines.due_lines(second, NOW, 10)

    names = sorted(
        stored.card.name
        for stored in (*taken, *left)
        if isinstance(stored, lines.StoredLine)
    )
    assert (len(taken), len(left)) == (2, 2)
    assert names == ["line-0", "line-1", "line-2", "line-3"]
    one.close()
    other.close()
