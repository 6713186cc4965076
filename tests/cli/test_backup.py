"""A copy of the store by command, and the way back to it."""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.shell import HOME, ICCID, NUMBER, TRAVEL, Shell
from tests.sinks import http_sink

DEFAULT = "reminderd.db.backup-20261122T120100Z"


def names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [name for (name,) in database.execute("SELECT name FROM line")]


@pytest.mark.slow
def test_backup_says_where_it_is_and_how_to_go_back(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL)

    answer = shell.ok("backup")

    target = shell.store.with_name(DEFAULT)
    size = target.stat().st_size // 1000
    assert answer.lines[0] == f"Backed up to {target} ({size} kB, checked)."
    assert answer.lines[1] == (
        f"To go back to it: stop reminderd, then run: reminderd --config {shell.config}"
        f" backup --restore {target}"
    )
    assert names(target) == ["uk-travel"]
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_the_command_that_is_printed_goes_back(shell: Shell) -> None:
    shell.write(TRAVEL)
    shell.ok("check")
    printed = shell.ok("backup").lines[1].partition("reminderd --config ")[2]
    shell.ok("add", "spain", "valid_until=2027-01-31")
    shell.store.write_bytes(shell.store.read_bytes()[:20_000])
    assert printed in shell.refused("status").err.replace(
        "reminderd backup", f"{shell.config} backup"
    )

    answer = shell.run("--config", *printed.split())

    kept = shell.store.with_name("reminderd.db.damaged-20261122T120400Z")
    assert (answer.status, answer.err) == (0, "")
    assert answer.lines[0] == (
        f"{shell.store} is the backup {shell.store.with_name(DEFAULT)} now."
    )
    assert answer.lines[1] == f"What was there is kept as {kept}."
    assert "may be told again" in answer.lines[2]
    assert answer.lines[3].startswith("Start reminderd again")
    assert kept.stat().st_size == 20_000
    assert "spain" not in shell.ok("status").out


@pytest.mark.slow
def test_what_was_told_after_the_backup_is_told_again_once(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + f'[channels.web]\nurl = "json://{sink.address}/"\n')
        shell.ok("check")
        shell.ok("backup", "safe.db")
        shell.now += timedelta(days=9)
        shell.ok("check")
        shell.ok("backup", "--restore", "safe.db")

        shell.ok("check")
        shell.ok("check")

    texts = [request.body.decode() for request in sink.requests]
    assert ["12 days left" in text for text in texts] == [True, False, False]
    assert texts[1] == texts[2]


@pytest.fixture(autouse=True)
def _in_its_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
def test_backup_takes_a_name_and_leaves_what_is_there(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL)
    shell.ok("backup", "mine.db")
    mine = shell.directory / "mine.db"
    before = mine.read_bytes()
    shell.ok("add", "spain")

    answer = shell.refused("backup", "mine.db")

    assert answer.status == 73
    assert "exists and is left as it is; name another file, or add --force" in (
        answer.err
    )
    assert mine.read_bytes() == before
    shell.ok("backup", "--force", "mine.db")
    assert set(names(mine)) == {"uk-travel", "spain"}


@pytest.mark.parametrize(
    "name", ["state/reminderd.db", "link", "state/reminderd.db.marker"]
)
def test_force_does_not_reach_the_store_itself(
    checked: Callable[[str], Shell], name: str
) -> None:
    shell = checked(TRAVEL)
    (shell.directory / "link").symlink_to(shell.store)
    before = shell.dump()

    answer = shell.refused("backup", "--force", name)

    assert "belongs to the store itself; name another" in answer.err
    assert shell.dump() == before


@pytest.mark.parametrize("name", ["nowhere/copy.db", "config.toml/copy.db"])
def test_a_place_that_does_not_exist_is_named(
    checked: Callable[[str], Shell], name: str
) -> None:
    shell = checked(TRAVEL)

    assert f"{shell.directory}/{name} cannot be used as a backup" in (
        shell.refused("backup", name).err
    )


def test_backup_without_a_store_makes_none(shell: Shell) -> None:
    shell.write(TRAVEL)

    assert "no store yet" in shell.refused("backup").err
    assert not shell.store.parent.exists()


def test_backup_of_postgresql_names_its_own_tool(shell: Shell) -> None:
    shell.write_raw(
        'timezone = "UTC"\n[storage]\nurl = "postgresql+psycopg://u:MARK@host/lines"\n'
    )

    answer = shell.refused("backup")

    assert answer.status == 64
    assert "pg_dump" in answer.err
    assert "MARK" not in answer.err


def test_restore_takes_no_second_file(checked: Callable[[str], Shell]) -> None:
    shell = checked(TRAVEL)

    assert shell.refused("backup", "--restore", "a", "b").status == 64


def test_a_backup_holds_numbers_but_no_address(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(
            TRAVEL
            + f'[channels.web]\nurl = "json://USERMARK:PASSMARK@{sink.address}/MARK"\n'
        )
        shell.ok("check")
    shell.ok("backup", "copy.db")

    content = (shell.directory / "copy.db").read_bytes()

    assert NUMBER.encode() in content
    assert ICCID.encode() in content
    assert b"MARK" not in content
    assert sink.address.encode() not in content


@pytest.mark.slow
def test_backup_speaks_the_reader_s_language(shell: Shell) -> None:
    shell.write(TRAVEL, language="zh_CN")
    shell.ok("check")

    assert shell.ok("backup").lines[0].startswith("已备份到 ")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give away")
def test_what_root_backs_up_and_restores_belongs_to_the_store_s_owner(
    shell: Shell,
) -> None:
    stranger = 12345
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        os.chown(name, stranger, stranger)
        store = Path(name, "reminderd.db")
        shell.write_raw(
            f'timezone = "UTC"\n[storage]\nurl = "sqlite:///{store}"\n' + HOME
        )
        shell.ok("check")
        shell.ok("backup")
        shell.ok("backup", "--restore", str(next(store.parent.glob("*.backup-*"))))

        owners = {path.name: path.stat().st_uid for path in store.parent.iterdir()}

    assert set(owners.values()) == {stranger}
    assert len(owners) >= 5
