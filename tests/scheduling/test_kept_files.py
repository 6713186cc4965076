"""When the files that other programs read are written, and when they are left alone."""

import logging
import os
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from reminderd.errors import CannotWriteError, StoreError
from reminderd.scheduling.kept_files import KeptFile, KeptFiles, trouble_of, update
from reminderd.storage.database import Database
from tests.builders import NOW
from tests.calendars import read_calendar
from tests.disks import a_small_disk, fill
from tests.programs import a_section, eventually, in_days, running_daemon, write_config

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
KEY = "calendar.file"


def a_kept_file(
    path: Path, say: Callable[[datetime], str] = str, mode: int | None = None
) -> KeptFile:
    """Return a file that is to hold what *say* makes of the instant."""
    return KeptFile(
        key=KEY,
        path=path,
        make=lambda _store, _before, now: say(now).encode(),
        every=10 * MINUTE,
        mode=mode,
    )


def _say(text: bytes, _before: bytes) -> bytes:
    return text


def instant(path: Path) -> datetime:
    return datetime.fromisoformat(path.read_text())


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def trouble(database: Database) -> str | None:
    with database.read() as tx:
        return trouble_of(tx, KEY)


def test_it_is_written_at_first_on_news_and_every_so_often(
    database: Database, tmp_path: Path
) -> None:
    kept = KeptFiles(database)
    files = (a_kept_file(tmp_path / "x.ics"),)
    written = []
    for minutes, has_news in ((0, 0), (1, 0), (2, 1), (3, 0), (11, 0), (12, 0)):
        now = NOW + minutes * MINUTE
        kept.write(files, now, has_news=bool(has_news))
        written.append((instant(files[0].path) - NOW) // MINUTE)

    assert written == [0, 0, 2, 2, 2, 12]


def test_other_settings_are_taken_up_at_once(
    database: Database, tmp_path: Path
) -> None:
    kept = KeptFiles(database)
    kept.write((a_kept_file(tmp_path / "a.ics"),), NOW, has_news=False)
    kept.write((a_kept_file(tmp_path / "b.ics"),), NOW + SECOND, has_news=False)

    assert instant(tmp_path / "b.ics") == NOW + SECOND


def test_clock_that_is_set_back_does_not_stop_it(
    database: Database, tmp_path: Path
) -> None:
    kept = KeptFiles(database)
    files = (a_kept_file(tmp_path / "x.ics"),)
    for now in (NOW, NOW - 100 * MINUTE):
        kept.write(files, now, has_news=False)

    assert instant(files[0].path) == NOW - 100 * MINUTE


def test_what_takes_long_is_not_made_in_every_pass(
    database: Database, tmp_path: Path
) -> None:
    def slowly(now: datetime) -> str:
        until = os.times().elapsed + 0.1
        while os.times().elapsed < until:
            pass
        return str(now)

    kept = KeptFiles(database)
    files = (a_kept_file(tmp_path / "x.ics", slowly),)
    for seconds in (0, 1, 30):
        kept.write(files, NOW + seconds * SECOND, has_news=True)
        if seconds == 1:
            assert instant(files[0].path) == NOW

    assert instant(files[0].path) == NOW + 30 * SECOND


def test_same_content_leaves_the_file_alone_and_another_one_replaces_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.ics"
    files = []
    for text in (b"one", b"one", b"two"):
        update(path, partial(_say, text))
        files.append(path.stat().st_ino)

    assert files[0] == files[1] != files[2]
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_new_file_is_private_one_keeps_its_mode_and_another_has_a_given_one(
    tmp_path: Path,
) -> None:
    private, shared, given = (tmp_path / name for name in "abc")
    shared.write_bytes(b"")
    shared.chmod(0o640)
    before = os.umask(0o077)
    try:
        for path, mode in ((private, None), (shared, None), (given, 0o644)):
            update(path, lambda _before: b"x", mode=mode)
    finally:
        os.umask(before)

    assert [mode_of(path) for path in (private, shared, given)] == [
        0o600,
        0o640,
        0o644,
    ]


def test_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    target, link = tmp_path / "real.ics", tmp_path / "link.ics"
    link.symlink_to(target)

    update(link, lambda _before: b"x")

    assert link.is_symlink()
    assert target.read_bytes() == b"x"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("absent/x.ics", "No such file or directory"),
        ("file/x.ics", "Not a directory"),
        ("pipe", "is not a regular file"),
        (".", "is not a regular file"),
    ],
)
def test_what_cannot_be_written_is_told_with_its_path(
    tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "file").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(CannotWriteError, match=re.escape(reason)) as caught:
        update(tmp_path / name, lambda _before: b"x")

    assert str(tmp_path / name) in str(caught.value)


def test_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    with a_small_disk(tmp_path / "disk") as disk:
        path = disk / "x.ics"
        update(path, lambda _before: b"before")
        filler = fill(disk)

        with pytest.raises(CannotWriteError, match="No space left"):
            update(path, lambda _before: b"x" * 100_000)

        assert path.read_bytes() == b"before"
        assert set(disk.iterdir()) == {path, filler}


def test_trouble_is_logged_once_and_told_to_the_doctor_until_it_is_over(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "reminderd")
    directory = tmp_path / "absent"
    files = (a_kept_file(directory / "x.ics"),)
    kept = KeptFiles(database)
    for minutes in (0, 10, 20):
        kept.write(files, NOW + minutes * MINUTE, has_news=False)
    told = trouble(database)
    directory.mkdir()
    kept.write(files, NOW + 30 * MINUTE, has_news=False)

    assert told is not None
    assert "No such file or directory" in told
    assert trouble(database) is None
    first, second = (known.message for known in caplog.records)
    assert first == f"{KEY} is not written: {told}"
    assert second == f"{KEY} is written again"


def test_restart_that_finds_all_well_takes_the_word_back(
    database: Database, tmp_path: Path
) -> None:
    file = a_kept_file(tmp_path / "absent" / "x.ics")
    KeptFiles(database).write((file,), NOW, has_news=False)
    file = replace(file, path=tmp_path / "x.ics")

    KeptFiles(database).write((file,), NOW, has_news=False)

    assert trouble(database) is None


def test_store_that_fails_while_it_is_made_stops_no_other_file(
    database: Database, tmp_path: Path
) -> None:
    def fail(_store: Database, _before: bytes, _now: datetime) -> bytes:
        raise StoreError("the store is locked")

    good = replace(a_kept_file(tmp_path / "good.prom"), key="metrics.textfile")
    bad = replace(a_kept_file(tmp_path / "bad.ics"), make=fail)
    kept = KeptFiles(database)

    kept.write((bad, good), NOW, has_news=True)

    assert kept.complaints == {KEY: "the store is locked"}
    assert instant(good.path) == NOW


@pytest.mark.slow
def test_daemon_keeps_both_files_written_and_goes_on_when_it_cannot(
    tmp_path: Path,
) -> None:
    calendar, metrics = tmp_path / "r.ics", tmp_path / "r.prom"
    sections = (
        '[calendar]\nfile = "r.ics"',
        f'[metrics]\ntextfile = "{metrics}"',
        a_section(),
    )
    config = write_config(tmp_path, *sections)

    def starts() -> list[object]:
        found = calendar.read_bytes() if calendar.exists() else b""
        return [event.start for event in read_calendar(found or _EMPTY)]

    with running_daemon(config) as daemon:
        assert eventually(lambda: starts() == [in_days(12)])
        assert eventually(metrics.exists)
        unchanged = calendar.stat().st_ino
        write_config(tmp_path, *sections[:2], a_section(days=40))
        assert eventually(lambda: starts() == [in_days(40)])
        assert calendar.stat().st_ino != unchanged
        write_config(tmp_path, '[calendar]\nfile = "absent/r.ics"', a_section(days=50))
        assert daemon.wait_for_log("calendar.file is not written")
        write_config(tmp_path, '[calendar]\nfile = "r.ics"', a_section(days=60))
        assert eventually(lambda: starts() == [in_days(60)])
        assert daemon.wait_for_log("calendar.file is written again")
        assert daemon.stop() == 0

    assert b"reminderd_lines 1.0" in metrics.read_bytes()
    assert mode_of(calendar) == 0o600
    assert mode_of(metrics) == 0o644
    assert daemon.log.count("is not written") == 1
    assert not list(tmp_path.glob(".*.new"))


_EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
