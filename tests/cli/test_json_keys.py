"""Every key that a program may meet in --json is documented, and no other one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import HOME, TRAVEL, Shell
from tests.sinks import free_port

EXPLAINED = (Path(__file__).parent / "explained.toml").read_text("utf-8")
README = Path(__file__).parents[2] / "README.md"
CHANNELS = f"""
[channels.phone]
url = "json://127.0.0.1:{free_port()}/"
fallback = "mail"
[channels.mail]
url = "json://127.0.0.1:{free_port()}/"
min_severity = "critical"
quiet = "01:00-02:00"
"""
# What is in them is the configuration's, or as it was recorded, as the README says.
OPAQUE = {"facts", "detail", "content"}


def keys(value: object) -> Iterator[str]:
    """Yield every key in *value*, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            if key not in OPAQUE:
                yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def answers(shell: Shell) -> Iterator[tuple[str, Any]]:
    """Yield what each command says of a store in which much has happened."""
    shell.write(CHANNELS + TRAVEL.replace("uk-travel", "uk") + HOME + EXPLAINED)
    yield "check", shell("check", "--json").json
    shell("update", "uk-travel", "data_remaining=2GB", "observed_on=2026-11-21")
    shell("update", "uk-travel", "data_remaining=1GB")
    shell("renew", "uk", "--price", "10.00 GBP", "--via", "app", "--receipt", "A 1")
    shell("renew", "uk", "--price", "12.00 GBP")
    shell("ack", "berlin")
    shell("snooze", "us", "3d")
    shell("check")
    for command in (
        "status",
        "history",
        "history --kind delivery",
        "explain uk-travel",
        "explain uk",
        "explain oz",
        "explain berlin",
        "plan",
        "spend",
        "undelivered",
        "doctor",
        "release",
        "channels list",
        "channels test phone",
        "channels test --as uk-travel phone --dry-run",
        "carriers list",
        "carriers show giffgaff",
        "verify-link https://giffgaff.com.example.net/",
    ):
        yield command, shell(*command.split(), "--json").json
    other = shell.directory / "other.toml"
    text = shell.config.read_text("utf-8").replace(
        "valid_until = 2026", "valid_until = 2027"
    )
    other.write_text(text, "utf-8")
    other.chmod(0o600)
    yield "plan --diff", shell("plan", "--diff", str(other), "--json").json
    rows = shell.directory / "lines.csv"
    rows.write_text("name,valid_until\nspain,2027-01-31\nx,never\n", "utf-8")
    yield "import", shell("import", str(rows), "--dry-run", "--json").json


def documented() -> dict[str, str]:
    """Return what the README says of each key."""
    section = README.read_text("utf-8").partition("## JSON for programs\n")[2]
    section = section.partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|$", section, re.MULTILINE)
    return {
        key: meaning
        for names, meaning in rows
        for key in re.findall(r"`([^`]+)`", names)
    }


@pytest.mark.slow
def test_every_key_is_documented_and_every_documented_key_is_there(
    shell: Shell,
) -> None:
    found = {key: command for command, answer in answers(shell) for key in keys(answer)}

    assert {
        f"{key} ({command})"
        for key, command in found.items()
        if key not in documented()
    } == set()
    assert documented().keys() - found.keys() == set()
