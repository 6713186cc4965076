"""The calendar and the metrics as commands, and as files that a check keeps written."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest

from reminderd.cli.feeds import kept_files_of
from reminderd.config.loading import load
from tests.calendars import by_summary, read_calendar
from tests.cli.shell import HOME, NUMBER, TRAVEL, Shell

_PLAN = """
[carriers.giffgaff.validity]
after = [{ after = "30d", loses = ["number"], back = "never" }]
"""


def calendar(answer_out: str) -> bytes:
    return answer_out.encode()


def test_calendar_has_the_dates_the_guide_and_no_number(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL + HOME + _PLAN)

    answer = shell.ok("calendar")

    travel, lost, home = read_calendar(calendar(answer.out))
    assert travel.start == date(2026, 12, 4)
    assert lost.summary == "uk-travel: last day to keep the number"
    assert lost.start == date(2027, 1, 3)
    assert home.summary == "home: last day to keep it alive"
    assert "Open https://www.giffgaff.com/" in travel.text
    assert "reminderd renew uk-travel" in travel.text
    assert travel.url == "https://www.giffgaff.com/"
    # It only has to be used.
    assert home.text.endswith("Used it? reminderd touch home")
    assert NUMBER not in answer.out
    assert "+44 •••• 0987" in travel.text


def test_calendar_of_one_line_in_the_reader_s_language(shell: Shell) -> None:
    shell.write(TRAVEL + HOME, language="zh_CN")
    shell("check")

    (event,) = read_calendar(calendar(shell.ok("calendar", "--line", "home").out))

    assert event.summary.endswith("保号截止日")


def test_calendar_of_a_line_that_is_not_there_is_refused(
    checked: Callable[[str], Shell],
) -> None:
    answer = checked(TRAVEL).refused("calendar", "--line", "uk-travl")

    assert answer.status == 64
    assert "did you mean 'uk-travel'" in answer.err


def test_calendar_at_another_moment_has_the_alarms_ahead_of_it(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL)

    answer = shell.ok("calendar", "--now", "2026-12-02T00:00Z")

    (event,) = read_calendar(calendar(answer.out))
    assert [alarm.date() for alarm in event.alarms] == [date(2026, 12, 3)]


def test_renewed_line_moves_its_event_in_the_file(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL)
    path = shell.directory / "lines.ics"
    assert shell.ok("calendar", "-o", str(path)).out == ""
    before = path.read_bytes()
    shell.ok("calendar", "-o", str(path))
    assert path.read_bytes() == before
    shell.ok("renew", "uk-travel")
    shell.ok("calendar", "-o", str(path))

    old, new = (by_summary(known)["plan ends"] for known in (before, path.read_bytes()))
    assert new.uid == old.uid
    assert new.start > old.start
    assert new.sequence > old.sequence


@pytest.mark.parametrize("command", ["calendar", "metrics"])
@pytest.mark.parametrize(
    ("name", "reason"),
    [("absent/x", "No such file or directory"), (".", "is not a regular file")],
)
def test_place_that_cannot_be_written_is_refused(
    checked: Callable[[str], Shell], command: str, name: str, reason: str
) -> None:
    shell = checked(TRAVEL)

    answer = shell.refused(command, "-o", str(shell.directory / name))

    assert answer.status == 73
    assert reason in answer.err


def test_metrics_command_prints_what_it_writes(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL)
    path = shell.directory / "lines.prom"
    at = ("--now", "2026-11-23T00:00Z")

    printed = shell.ok("metrics", *at).out
    shell.ok("metrics", "-o", str(path), *at)

    assert path.read_text() == printed
    assert 'reminderd_line_data_remaining_bytes{bucket="general",line="uk' in printed
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("command", ["calendar", "metrics"])
def test_without_a_store_there_is_nothing_to_give(shell: Shell, command: str) -> None:
    shell.write(TRAVEL)

    assert shell.refused(command).status == 69


def test_missing_library_is_named_with_what_to_install(
    checked: Callable[[str], Shell], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    shell = checked(TRAVEL)
    shell.write(TRAVEL + '[metrics]\ntextfile = "x.prom"\n')

    answer = shell.refused("metrics")

    assert answer.status == 69
    assert "pip install 'reminderd[metrics]'" in answer.err
    # A pass does without.
    check = shell("check")
    assert check.status == 0
    assert check.err.startswith("reminderd: metrics.textfile is not written: metrics")


@pytest.mark.slow
def test_check_writes_both_beside_the_configuration_and_a_rehearsal_neither(
    shell: Shell,
) -> None:
    shell.write(TRAVEL + '[calendar]\nfile = "r.ics"\n[metrics]\ntextfile = "r.prom"\n')
    files = shell.directory / "r.ics", shell.directory / "r.prom"

    shell.ok("check", "--dry-run")
    assert not any(file.exists() for file in files)
    shell.ok("check")

    assert "uk-travel: plan ends" in files[0].read_text()
    assert "reminderd_lines 1.0" in files[1].read_text()
    assert "r.ics is kept up to date" in shell("doctor").out


def test_check_that_cannot_write_says_so_and_so_does_the_doctor(shell: Shell) -> None:
    shell.write(TRAVEL + '[calendar]\nfile = "absent/r.ics"\n')

    answer = shell("check")

    assert answer.status == 0
    assert "uk-travel" in answer.out
    assert "calendar.file is not written: " in answer.err
    (finding,) = (
        known
        for known in shell("doctor", "--json").json["checks"]
        if known["check"] == "kept_file"
    )
    assert finding["level"] == "warning"
    assert "No such file or directory" in finding["text"]


def test_trouble_is_told_in_the_reader_s_language(shell: Shell) -> None:
    text = TRAVEL + '[calendar]\nfile = "absent/r.ics"\n'
    shell.write(text, language="zh_CN")

    check, doctor = shell("check"), shell("doctor")

    for said in (check.err, doctor.out):
        assert f"无法写入 {shell.directory}" in said


@pytest.mark.slow
def test_more_lines_than_a_person_looks_at_are_no_calendar_to_keep(
    shell: Shell,
) -> None:
    section = (
        '[calendar]\nfile = "r.ics"\n[metrics]\ntextfile = "r.prom"\nlines = 500\n'
    )
    many = "".join(f"[lines.l{n}]\nvalid_until = 2027-12-04\n" for n in range(501))
    shell.write(section + many)

    answer = shell("check")

    assert "more than 500 lines, too many for a calendar" in answer.err
    text = (shell.directory / "r.prom").read_text()
    assert "reminderd_lines 501.0" in text
    assert "reminderd_line_" not in text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('calendar.file = "r.txt"', "calendar.file: must end in .ics"),
        ('calendar.file = "~/r.ics"', "calendar.file: is no path"),
        ('metrics.textfile = "r.txt"', "metrics.textfile: must end in .prom"),
        ("metrics.lines = -1", "metrics.lines: must be from 0 to 100000"),
        ("metrics.lines = true", "metrics.lines: is no number of lines"),
        ("metrics.line = 5", "metrics.line: unknown key; did you mean 'lines'?"),
    ],
)
def test_mistakes_in_the_sections_are_named(
    shell: Shell, text: str, complaint: str
) -> None:
    shell.write_raw(text)

    assert complaint in shell("config", "check").err


def test_number_of_lines_may_come_from_the_environment(shell: Shell) -> None:
    shell.write(TRAVEL)

    settings = load(shell.config, {"REMINDERD_METRICS__LINES": "5"}).settings

    assert settings.metrics.lines == 5


def test_without_sections_nothing_is_kept_written(shell: Shell) -> None:
    shell.write(TRAVEL)

    assert kept_files_of(load(shell.config, {})) == ()


def promtool(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run Prometheus' own checker."""
    assert shutil.which("promtool"), "promtool is missing: apt-get install prometheus"
    return subprocess.run(
        ["promtool", *arguments],
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
def test_promtool_has_nothing_against_the_metrics(
    checked: Callable[[str], Shell],
) -> None:
    names = "".join(
        f"[lines.'{name}']\nvoice_remaining = \"5min\"\nsms_remaining = 3\n"
        'balance_remaining = "7.50 GBP"\nnumber_until = 2027-06-30\n'
        for name in ('a "b" \\ c', "爸爸的卡")
    )
    shell = checked(TRAVEL + HOME + names)

    answer = promtool("check", "metrics", text=shell.ok("metrics").out)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


@pytest.mark.slow
def test_promtool_has_nothing_against_the_alerts(shell: Shell) -> None:
    rules = shell.directory / "alerts.yml"
    assert shell.run("metrics", "--alerts", "--output", str(rules)).status == 0

    answer = promtool("check", "rules", str(rules))

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_alerts_look_at_figures_that_there_are(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL)
    known = shell.ok("metrics").out

    wanted = set(re.findall(r"\breminderd_\w+", shell.ok("metrics", "--alerts").out))

    assert {name for name in wanted if f"# TYPE {name} gauge" not in known} == set()


def test_calendar_has_events_by_what_ends(checked: Callable[[str], Shell]) -> None:
    text = TRAVEL + "credit_until = 2027-03-31\nstart_by = 2027-05-01\n"
    shell = checked(text)

    events = by_summary(calendar(shell.ok("calendar").out))

    assert set(events) == {"plan ends", "credit ends", "last day to start it"}
    assert events["last day to start it"].text.endswith(
        "Started it? reminderd touch uk-travel --kind data"
    )
