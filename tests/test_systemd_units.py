"""What `systemd-analyze` says of the units, and what it cannot know about them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parent.parent / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
EVERY_UNIT = sorted(UNITS.iterdir())
INSTALLED_AT = "/opt/reminderd/bin/reminderd"
SANDBOX_STARTS_WITH = "NoNewPrivileges="

needs_systemd_analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def systemd_analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )


def directives(unit: Path) -> list[str]:
    return re.findall(r"^[A-Z]\w+=.*$", unit.read_text(), flags=re.MULTILINE)


def value(unit: Path, name: str) -> str:
    (line,) = [line for line in directives(unit) if line.startswith(f"{name}=")]
    return line.removeprefix(f"{name}=")


def sandbox(service: Path) -> list[str]:
    lines = directives(service)
    (start,) = [
        number
        for number, line in enumerate(lines)
        if line.startswith(SANDBOX_STARTS_WITH)
    ]
    return [line for line in lines[start:] if not line.startswith("WantedBy=")]


def test_the_three_units_are_there() -> None:
    assert [unit.name for unit in EVERY_UNIT] == [
        "reminderd-check.service",
        "reminderd-check.timer",
        "reminderd.service",
    ]


@needs_systemd_analyze
def test_verify_prints_nothing(tmp_path: Path) -> None:
    # verify wants the program to be there, which it is on the reader's machine
    for unit in EVERY_UNIT:
        text = unit.read_text().replace(INSTALLED_AT, "/bin/true")
        (tmp_path / unit.name).write_text(text)

    result = systemd_analyze("verify", *sorted(tmp_path.iterdir()))

    assert (result.stdout, result.returncode) == ("", 0)


@needs_systemd_analyze
def test_verify_would_have_printed_a_misspelt_directive(tmp_path: Path) -> None:
    text = (UNITS / "reminderd.service").read_text()
    unit = tmp_path / "reminderd.service"
    unit.write_text(
        text.replace(INSTALLED_AT, "/bin/true").replace("WatchdogSec=", "WatchDog=")
    )

    assert "WatchDog" in systemd_analyze("verify", unit).stdout


@needs_systemd_analyze
@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_exposure_is_1_5_or_better(service: Path) -> None:
    result = systemd_analyze("security", "--offline=true", "--threshold=15", service)

    assert result.returncode == 0, result.stdout


def test_every_service_runs_as_the_same_dynamic_user() -> None:
    assert {value(unit, "User") for unit in SERVICES} == {"reminderd"}
    assert {value(unit, "DynamicUser") for unit in SERVICES} == {"yes"}


def test_every_service_has_the_same_private_store() -> None:
    assert {value(unit, "StateDirectory") for unit in SERVICES} == {"reminderd"}
    assert {value(unit, "StateDirectoryMode") for unit in SERVICES} == {"0700"}
    assert {value(unit, "UMask") for unit in SERVICES} == {"0077"}


def test_the_check_is_in_the_same_sandbox_as_the_daemon() -> None:
    check = UNITS / "reminderd-check.service"
    daemon = UNITS / "reminderd.service"

    assert sandbox(check) == sandbox(daemon)


def test_every_service_starts_the_installed_program() -> None:
    programs = {value(unit, "ExecStart").split()[0] for unit in SERVICES}

    assert programs == {INSTALLED_AT}


def test_what_only_a_person_can_mend_does_not_restart_the_daemon() -> None:
    daemon = UNITS / "reminderd.service"

    assert value(daemon, "RestartPreventExitStatus") == "64 78 243"
    assert value(daemon, "Restart") == "on-failure"
    assert value(daemon, "StartLimitIntervalSec") == "0"


@pytest.mark.parametrize("unit", EVERY_UNIT, ids=lambda path: path.name)
def test_every_unit_explains_itself(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    comments = [line for line in lines if line.startswith("# ")]

    assert lines[0].startswith("# ")
    assert len(comments) >= 5
