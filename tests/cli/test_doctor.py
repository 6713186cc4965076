"""The doctor says what is well, what is not, and what to do; it changes nothing."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reminderd.cli import setup_checks, store_checks
from reminderd.cli.examining import enabled_runner
from reminderd.cli.facts import ConfigFacts, Facts, Finding, Runner, StoreFacts
from reminderd.delivery.channel_urls import server_of
from reminderd.messages.wording import Reader, Wording
from reminderd.storage.condition import Condition
from reminderd.storage.database import SCHEMA_REVISION
from reminderd.storage.files import LEAVE_FREE_BYTES
from reminderd.views.checkup import Checkup
from tests.builders import NOW
from tests.cli.shell import TRAVEL, Shell
from tests.sinks import free_port, http_sink
from tests.storage.schemas.make import load

SCHEMAS = Path(__file__).parents[1] / "storage" / "schemas"
MINUTE = timedelta(minutes=1)
WORDS = Wording(Reader(language="en", zone=ZoneInfo("UTC")), NOW)


def web(address: str, name: str = "web", more: str = "") -> str:
    return f'[channels.{name}]\nurl = "json://{address}/"\n{more}\n'


def everything(directory: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path): (path.read_bytes(), path.stat().st_mode)
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def diagnose(shell: Shell) -> dict[str, tuple[str, str]]:
    """Return level and text of each check by its name; the worst where it says more."""
    before = everything(shell.directory)
    answer = shell("doctor", "--json")
    assert everything(shell.directory) == before
    assert answer.err == ""
    assert answer.status == answer.json["status"]
    ranks = {"ok": 0, "warning": 1, "failed": 2}
    said: dict[str, tuple[str, str]] = {}
    for check in sorted(answer.json["checks"], key=lambda each: ranks[each["level"]]):
        words = "; ".join(filter(None, (check["text"], check["advice"])))
        said[check["check"]] = (check["level"], words)
    return said


def size(path: Path) -> str:
    return f"{path.stat().st_size // 1000} kB"


def change(shell: Shell, *statements: str) -> None:
    with closing(sqlite3.connect(shell.store)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


@pytest.fixture
def healthy(shell: Shell) -> Iterator[Shell]:
    """A shell whose set-up has nothing to complain about."""
    with http_sink() as sink:
        shell.write(TRAVEL + web(sink.address))
        shell.ok("check")
        shell.ok("backup")
        yield shell


@pytest.mark.slow
def test_nothing_to_complain_about(healthy: Shell) -> None:
    answer = healthy.ok("doctor")

    assert all(line.startswith("ok       ") for line in answer.lines)
    assert answer.lines == [
        f"ok       configuration: {healthy.config} is fine",
        "ok       clock: Sun 22 Nov 12:02",
        "ok       time zone: Europe/London",
        f"ok       store: {healthy.store}, {size(healthy.store)}",
        "ok       store: every page of it is in order",
        "ok       store: its files are their owner's alone",
        answer.lines[6],
        answer.lines[7],
        "ok       channel web works, last used Sun 22 Nov 12:00; its server answers",
        "ok       last pass: Sun 22 Nov 12:00",
        "ok       deliveries: what was sent has arrived, or will be tried",
        "ok       lines: 1 line, all looked after",
    ]
    assert answer.lines[6].startswith("ok       disk: ")
    assert ".backup-20261122T120100Z" in answer.lines[7]


@pytest.mark.slow
def test_the_doctor_is_quick(healthy: Shell) -> None:
    begin = time.monotonic()

    healthy.ok("doctor")

    assert time.monotonic() - begin < 2


def test_the_doctor_speaks_the_reader_s_language(shell: Shell) -> None:
    shell.write(TRAVEL, language="zh_CN")

    answer = shell("doctor")

    assert answer.lines[0] == f"正常  配置：{shell.config} 没有问题"


def test_a_first_doctor_before_any_check_makes_no_store(shell: Shell) -> None:
    shell.write(TRAVEL)

    said = diagnose(shell)

    assert said["store"][0] == "warning"
    assert "no store yet" in said["store"][1]
    level, text = said["channels"]
    assert level == "warning"
    assert text == (
        "channels: none is configured, nobody is sent anything; describe one in the "
        "configuration: [channels.NAME]"
    )
    assert not shell.store.parent.exists()


@pytest.mark.slow
def test_a_broken_configuration_does_not_hide_the_store(healthy: Shell) -> None:
    text = healthy.config.read_text()
    healthy.write_raw(text.replace("2026-12-04", '"tomorrow"') + "[nonsense]\n")

    answer = healthy("doctor")
    said = diagnose(healthy)

    assert answer.status == 2
    assert sum("config.toml:" in line for line in answer.lines) == 2
    assert said["configuration"][0] == "failed"
    assert "mend it, then run: reminderd --config" in said["configuration"][1]
    assert said["store"] == ("ok", f"store: {healthy.store}, {size(healthy.store)}")
    assert said["channel"][0] == "ok"
    assert said["deliveries"][0] == "ok"


@pytest.mark.slow
def test_a_configuration_that_is_no_toml_leaves_the_usual_store(
    healthy: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy.write_raw("lines are = here")
    monkeypatch.setenv("STATE_DIRECTORY", str(healthy.store.parent))

    said = diagnose(healthy)

    assert said["configuration"][0] == "failed"
    assert said["store"] == ("ok", f"store: {healthy.store}, {size(healthy.store)}")


def test_no_configuration_at_all_is_said(shell: Shell) -> None:
    answer = shell.run("doctor")

    assert answer.status == 2
    assert "no configuration file found; write one with: reminderd init" in answer.out


@pytest.mark.slow
def test_others_who_can_read_secrets_are_told_of(healthy: Shell) -> None:
    healthy.config.chmod(0o644)

    level, text = diagnose(healthy)["configuration"]

    assert level == "warning"
    assert f"chmod 600 {healthy.config}" in text


def test_a_secret_file_that_others_can_read_is_a_channel_that_fails(
    shell: Shell,
) -> None:
    secret = shell.directory / "secret"
    secret.write_text("json://MARK@localhost/\n")
    secret.chmod(0o644)
    shell.write('[channels.web]\nurl_file = "secret"\n')

    answer = shell("doctor")

    assert f"others can read {secret}; run: chmod 600 {secret}" in answer.out
    assert "MARK" not in answer.out


def test_no_channel_that_can_be_used_ends_with_3(shell: Shell) -> None:
    shell.write(TRAVEL + '[channels.web]\nurl = "jsn://MARK/"\n')

    answer = shell("doctor")

    assert answer.status == 3
    assert 'channels.web: Apprise knows no service "jsn://"' in answer.out
    assert "channels: none of them works" in answer.out
    assert "MARK" not in answer.out


def test_one_good_channel_is_enough_to_be_heard(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + web(sink.address) + '[channels.no]\nurl = "jsn://x/"\n')

        assert shell("doctor").status == 2


def test_a_channel_left_to_the_service_is_judged_by_its_past(shell: Shell) -> None:
    shell.write(TRAVEL + '[channels.mail]\nurl_credential = "mail-url"\n')

    assert diagnose(shell)["channel"] == (
        "ok",
        "channel mail has not been used yet",
    )


def test_a_failing_channel_says_since_when_and_why(shell: Shell) -> None:
    shell.write(TRAVEL + web(f"127.0.0.1:{free_port()}"))
    shell("check")

    answer = shell("doctor")
    said = diagnose(shell)

    assert answer.status == 3
    assert said["channel"][0] == "warning"
    assert "has been failing since Sun 22 Nov 12:00: the conn" in said["channel"][1]
    level, text = said["deliveries"]
    assert level == "failed"
    assert text == (
        "deliveries: 1 message has reached nobody; see why: "
        f"reminderd --config {shell.config} undelivered"
    )


@pytest.mark.slow
def test_a_broken_channel_is_named_with_what_it_holds(shell: Shell) -> None:
    with http_sink() as sink:
        sink.status = 401
        shell.write(TRAVEL + web(sink.address))
        shell("check")

    said = diagnose(shell)

    assert said["channel"][0] == "failed"
    assert "channel web is broken: the service answered 401" in said["channel"][1]
    assert f"{shell.config} channels test web" in said["channel"][1]
    assert said["held"][1].startswith("deliveries: 1 message is held for web")
    assert said["channels"][0] == "failed"
    assert shell("doctor").status == 3


@pytest.mark.slow
def test_what_a_brake_holds_is_told_from_what_is_lost(healthy: Shell) -> None:
    change(
        healthy,
        "UPDATE delivery SET state = 'held',"
        " next_attempt_at = unixepoch('2026-11-22 13:00')",
    )

    said = diagnose(healthy)

    assert said["deliveries"][0] == "ok"
    assert said["brake"][0] == "warning"
    assert "1 message is held back until Sun 22 Nov 13:00" in said["brake"][1]
    assert "held" not in said


def test_a_fallback_on_the_same_server_is_no_fallback(shell: Shell) -> None:
    with http_sink() as sink:
        both = web(sink.address, "one", 'fallback = "two"')
        both += web(f"127.0.0.1:{free_port()}", "two")
        shell.write(TRAVEL + both)

        level, text = diagnose(shell)["fallback"]

    assert level == "warning"
    assert text.startswith("channel one and its fallback two use one server")
    assert "127.0.0.1" not in text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("json://host:1/a", "xml://HOST:2/b", True),
        ("json://host/a", "json://other/a", False),
        ("mailto://u:p@gmail.com", "mailto://other:p@gmail.com", True),
        ("mailto://u:p@gmail.com", "mailtos://u:p@x.org?smtp=smtp.gmail.com", True),
        ("wecombot://one-key", "wecombot://other-key", True),
        ("wecombot://one-key", "dingtalk://onekey", False),
        ("ntfy://topic", "ntfy://another", True),
        ("ntfy://host/topic", "ntfy://topic", False),
        ("bark://host/key", "json://host/", True),
    ],
)
def test_servers_are_told_apart(one: str, other: str, same: bool) -> None:
    assert server_of(one) is not None
    assert (server_of(one) == server_of(other)) is same


def test_a_url_that_apprise_refuses_has_no_server() -> None:
    assert server_of("jsn://x") is None


@pytest.mark.slow
def test_a_damaged_store_is_named_with_the_way_back_and_the_rest_goes_on(
    healthy: Shell,
) -> None:
    backup = next(healthy.store.parent.glob("*.backup-*"))
    healthy.store.write_bytes(healthy.store.read_bytes()[:20_000])

    answer = healthy("doctor")
    said = diagnose(healthy)

    assert answer.status == 2
    assert said["store"][0] == "failed"
    assert "cut off, 20000 of" in said["store"][1]
    assert f"{healthy.config} backup --restore {backup}" in said["store"][1]
    assert said["channel"] == ("ok", "channel web can be used; its server answers")
    assert said["backup"][0] == "ok"
    assert "deliveries" not in said


@pytest.mark.slow
def test_a_page_out_of_order_is_found(healthy: Shell) -> None:
    change(
        healthy,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master "
        "WHERE name = 'ix_line_review_at') WHERE name = 'ix_event_line_id'",
    )

    level, text = diagnose(healthy)["integrity"]

    assert level == "failed"
    assert f"reminderd --config {healthy.config} backup --restore" in text


@pytest.mark.slow
def test_rows_that_refer_to_nothing_are_counted(healthy: Shell) -> None:
    change(
        healthy,
        "INSERT INTO attempt (delivery_id, fence, started_at) VALUES (99, 1, 1)",
    )

    assert diagnose(healthy)["references"][1] == "store: 1 row refers to nothing"


def test_a_store_that_lacks_a_table_is_named(healthy: Shell) -> None:
    change(healthy, "DROP TABLE told")

    said = diagnose(healthy)

    assert said["store"] == (
        "failed",
        f"{healthy.store} lacks a part of its schema {SCHEMA_REVISION}",
    )
    assert said["channel"][0] == "ok"


def make_missing(path: Path) -> None:
    path.unlink()


def make_empty(path: Path) -> None:
    path.write_bytes(b"")


def make_text(path: Path) -> None:
    path.write_text("a diary")


def make_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url)")


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (make_missing, "is missing, though there was one"),
        (make_empty, "is empty, though there was one"),
        (make_text, "does not begin as a SQLite file does"),
        (make_directory, "is not a regular file"),
        (make_foreign, "is not a store of reminderd"),
        (make_newer, "was written by a newer reminderd (schema 9999"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_store_that_is_none_is_named_and_left_alone(
    healthy: Shell, harm: Callable[[Path], None], complaint: str
) -> None:
    harm(healthy.store)

    level, text = diagnose(healthy)["store"]

    assert level == "failed"
    assert complaint in text


@pytest.mark.slow
def test_an_unfinished_transaction_is_left_to_the_next_command(healthy: Shell) -> None:
    child = os.fork()
    if child == 0:
        raw = sqlite3.connect(healthy.store, isolation_level=None)
        raw.execute("PRAGMA cache_size = 1")
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("CREATE TABLE big (x)")
        raw.executemany("INSERT INTO big VALUES (?)", [("x" * 3000,)] * 200)
        os._exit(0)
    os.waitpid(child, 0)

    level, text = diagnose(healthy)["store"]

    assert level == "failed"
    assert "unfinished transaction of a process that was killed" in text
    healthy.ok("status")
    assert diagnose(healthy)["store"][0] == "ok"


@pytest.mark.slow
def test_a_store_that_is_locked_for_a_moment_is_waited_for(healthy: Shell) -> None:
    with closing(sqlite3.connect(healthy.store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        assert diagnose(healthy)["integrity"][0] == "ok"


def test_an_older_schema_is_only_announced(shell: Shell) -> None:
    shell.write(TRAVEL)
    shell.store.parent.mkdir(mode=0o700)
    load(SCHEMAS / "0001.sql", shell.store)
    shell.now = NOW + timedelta(days=21, minutes=5)

    said = diagnose(shell)

    level, text = said["store"]
    assert level == "ok"
    assert text == (
        f"store: {shell.store}, schema 0001; it will be migrated to {SCHEMA_REVISION} "
        "at the next start, after a backup"
    )
    assert said["marker"][0] == "warning"
    assert said["last_pass"] == ("ok", "last pass: Sun 13 Dec 12:00")
    assert said["lines"] == ("ok", "lines: 5 lines, all looked after")


@pytest.mark.slow
def test_files_that_others_can_read_come_with_the_command(healthy: Shell) -> None:
    backup = next(healthy.store.parent.glob("*.backup-*"))
    backup.chmod(0o644)
    healthy.store.parent.chmod(0o777)

    answer = healthy("doctor")

    assert answer.status == 1
    assert f"others can read {backup.name}; chmod 600 {backup}" in answer.out
    assert f"into its directory; chmod go-w {healthy.store.parent}" in answer.out


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give away")
def test_files_of_another_owner_come_with_the_command(healthy: Shell) -> None:
    ballast = healthy.store.with_name("reminderd.db.ballast")
    os.chown(ballast, 12345, 12345)

    level, text = diagnose(healthy)["access"]

    assert level == "failed"
    assert text.endswith(f"chown -h --reference={healthy.store.parent} {ballast}")


@pytest.mark.slow
def test_a_missing_marker_and_ballast_are_told_of(healthy: Shell) -> None:
    healthy.store.with_name("reminderd.db.marker").unlink()
    healthy.store.with_name("reminderd.db.ballast").unlink()

    said = diagnose(healthy)

    assert (said["marker"][0], said["ballast"][0]) == ("warning", "warning")


@pytest.mark.slow
def test_a_store_in_wal_mode_is_told_of(healthy: Shell) -> None:
    change(healthy, "PRAGMA journal_mode = WAL")

    said = healthy("doctor", "--json").json["checks"]

    (found,) = [check for check in said if check["check"] == "journal"]
    assert found["level"] == "warning"
    assert "switched it to WAL mode" in found["text"]
    healthy.ok("status")
    assert "journal" not in diagnose(healthy)


def test_no_backup_comes_with_the_command(checked: Callable[[str], Shell]) -> None:
    shell = checked(TRAVEL)

    level, text = diagnose(shell)["backup"]

    assert level == "warning"
    assert text == (
        "backup: there is none beside the store; make one: "
        f"reminderd --config {shell.config} backup"
    )


@pytest.mark.slow
def test_a_damaged_backup_is_not_counted_on(healthy: Shell) -> None:
    first = next(healthy.store.parent.glob("*.backup-*"))
    os.utime(first, (1, 1))
    second = healthy.store.with_name("reminderd.db.backup-second")
    second.write_text("nonsense")

    said = diagnose(healthy)
    first.unlink()

    assert said["backup"][0] == "warning"
    assert f"backup: {second} is damaged" in said["backup"][1]
    assert "none beside the store is good" in diagnose(healthy)["backup"][1]


@pytest.mark.slow
def test_a_line_left_aside_is_named_with_its_reason(healthy: Shell) -> None:
    change(healthy, "UPDATE line SET fault = 'a total of less than nothing'")

    level, text = diagnose(healthy)["line"]

    assert level == "warning"
    assert text == "line uk-travel is left aside: a total of less than nothing"


@pytest.mark.slow
def test_many_lines_left_aside_are_counted(healthy: Shell) -> None:
    for number in range(7):
        healthy.ok("add", f"spain-{number}")
    change(healthy, "UPDATE line SET fault = 'odd'")

    answer = healthy("doctor")

    assert sum("is left aside: odd" in line for line in answer.lines) == 5
    assert "warning  3 more lines are left aside" in answer.lines


@pytest.mark.slow
def test_lines_without_news_are_counted(shell: Shell) -> None:
    shell.write("[lines.spain]\nvalid_until = 2027-11-01\n")
    shell.ok("check")
    shell.now += timedelta(days=40)
    shell.ok("check")

    assert diagnose(shell)["stale"][1].startswith("lines: of 1 there has been no")


def test_a_last_pass_in_the_future_makes_the_clock_doubtful(healthy: Shell) -> None:
    healthy.now -= timedelta(days=2)

    said = diagnose(healthy)

    assert said["clock"][0] == "warning"
    assert "the last pass was at Sun 22 Nov 12:00" in said["clock"][1]


@pytest.mark.slow
def test_a_pass_of_days_ago_is_told_of(healthy: Shell) -> None:
    healthy.now += timedelta(days=3)

    level, text = diagnose(healthy)["last_pass"]

    assert level == "warning"
    assert text == (
        "last pass: Sun 22 Nov 12:00, none since; let it run by itself: "
        "systemctl enable --now reminderd"
    )


CHECKUP = Checkup(
    health={},
    undelivered=0,
    held={},
    braked=0,
    release_at=None,
    lines=0,
    asides=(),
    stale=0,
)
FACTS = Facts(
    now=NOW,
    program="reminderd",
    config=ConfigFacts(path=None),
    channels=(),
    store=StoreFacts(place="here"),
    checkup=CHECKUP,
    last_pass=NOW,
)


def said(finding: Finding) -> tuple[int, str]:
    return int(finding.status), finding.advice


@pytest.mark.parametrize(
    ("runner", "poll", "age", "status"),
    [
        (Runner.SERVICE, 5, 10 * MINUTE, 0),
        (Runner.SERVICE, 5, 11 * MINUTE, 1),
        (Runner.SERVICE, 600, 30 * MINUTE, 0),
        (Runner.SERVICE, 600, 31 * MINUTE, 1),
        (Runner.TIMER, 5, 45 * MINUTE, 0),
        (Runner.TIMER, 5, 46 * MINUTE, 1),
        (None, 5, timedelta(days=2), 0),
        (None, 5, timedelta(days=2, minutes=1), 1),
    ],
)
def test_a_pass_is_missed_by_what_should_make_it(
    runner: Runner | None, poll: int, age: timedelta, status: int
) -> None:
    facts = replace(
        FACTS,
        runner=runner,
        last_pass=NOW - age,
        config=ConfigFacts(path=None, poll_every=timedelta(seconds=poll)),
    )

    (finding,) = setup_checks.last_pass(facts, WORDS)

    assert finding.status == status


def test_a_missed_pass_names_the_unit_to_start() -> None:
    facts = replace(FACTS, runner=Runner.TIMER, last_pass=None)

    (finding,) = setup_checks.last_pass(facts, WORDS)

    assert said(finding) == (1, "start it: systemctl restart reminderd-check.timer")


@pytest.mark.parametrize(
    ("now", "status"),
    [(datetime(2025, 12, 31, tzinfo=NOW.tzinfo), 2), (NOW, 0)],
    ids=["before the build", "after"],
)
def test_a_clock_of_before_the_build_is_wrong(now: datetime, status: int) -> None:
    facts = replace(FACTS, now=now, last_pass=None)

    (finding,) = setup_checks.clock(facts, WORDS)

    assert finding.status == status


@pytest.mark.parametrize(
    ("free", "status"),
    [
        (LEAVE_FREE_BYTES - 1, 2),
        (LEAVE_FREE_BYTES, 1),
        (LEAVE_FREE_BYTES + 999, 1),
        (LEAVE_FREE_BYTES + 1000, 0),
    ],
)
def test_room_is_needed_for_a_copy_of_the_store(free: int, status: int) -> None:
    condition = Condition(
        path=Path("/store"),
        size_bytes=1000,
        free_bytes=free,
        exposed=(),
        strange=(),
        is_open=False,
        is_marked=True,
        has_ballast=True,
        is_wal=False,
    )
    facts = replace(FACTS, store=replace(FACTS.store, condition=condition))

    (finding,) = store_checks.disk(facts, WORDS)

    assert finding.status == status


@pytest.mark.parametrize(
    ("link", "runner"),
    [
        ("multi-user.target.wants/reminderd.service", Runner.SERVICE),
        ("timers.target.wants/reminderd-check.timer", Runner.TIMER),
        ("multi-user.target.wants/other.service", None),
    ],
)
def test_what_systemd_starts_is_seen(
    tmp_path: Path, link: str, runner: Runner | None
) -> None:
    path = tmp_path / "etc" / "systemd" / "system" / link
    path.parent.mkdir(parents=True)
    path.symlink_to("/nowhere")  # it leads out of a container

    assert enabled_runner(tmp_path) is runner


@pytest.mark.slow
def test_the_doctor_looks_at_postgresql(shell: Shell, postgresql_url: str) -> None:
    shell.write_raw(f'timezone = "UTC"\n[storage]\nurl = "{postgresql_url}"\n' + TRAVEL)

    before = diagnose(shell)
    shell.ok("check")
    after = diagnose(shell)

    assert before["store"][0] == "warning"
    assert "no store yet" in before["store"][1]
    assert after["store"][0] == "ok"
    assert after["store"][1].endswith(", PostgreSQL")
    assert after["lines"] == ("ok", "lines: 1 line, all looked after")
    assert "backup" not in after
