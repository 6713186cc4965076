"""Every command explains itself, with an example that works as it stands."""

import shlex
from collections.abc import Callable, Iterator

import pytest
import typer
from typer.main import get_command

from reminderd.cli.main import app
from tests.cli.shell import HOME, TRAVEL, Shell

EXPECTED = {
    "init",
    "check",
    "run",
    "status",
    "add",
    "update",
    "remove",
    "renew",
    "touch",
    "ack",
    "snooze",
    "history",
    "spend",
    "plan",
    "report",
    "undelivered",
    "release",
    "channels test",
    "channels list",
    "carriers list",
    "carriers show",
    "config check",
    "config show",
    "calendar",
    "metrics",
    "backup",
    "export",
    "import",
    "doctor",
    "explain",
    "verify-link",
}
# `run` goes on until it is stopped; the others would need a channel or a file, write
# one, or have something to say against a set-up without channels.
NOT_TRIED = {"run", "init", "channels test", "doctor", "export", "import"}


def commands() -> Iterator[tuple[str, str]]:
    """Yield each command with its help text."""
    root = get_command(app)
    context = typer.Context(root)
    for name, command in root.commands.items():  # type: ignore[attr-defined]  # a group
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command.help
            continue
        for second in inner:
            yield f"{name} {second}", command.get_command(context, second).help


HELP = dict(commands())


def test_all_commands_of_the_design_are_there() -> None:
    assert HELP.keys() == EXPECTED


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_command_has_help_with_an_example(shell: Shell, name: str) -> None:
    answer = shell.run(*name.split(), "--help")

    assert (answer.status, answer.err) == (0, "")
    assert f"Usage: reminderd {name}" in answer.out
    assert f"Example: reminderd {name}" in answer.out


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EXPECTED - NOT_TRIED))
def test_every_example_works(
    checked: Callable[[str], Shell], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = checked(TRAVEL + "last_activity = 2026-09-12\n" + HOME)
    if name == "remove":
        shell.ok("add", "spain")
    # Some write a file into the current directory.
    monkeypatch.chdir(shell.directory)
    example = HELP[name].partition("Example: reminderd ")[2].splitlines()[0]

    shell.ok(*shlex.split(example))


def test_help_lists_every_command(shell: Shell) -> None:
    listed = shell.run("-h").out

    assert {name for name in EXPECTED if f" {name.split()[0]} " in listed} == EXPECTED


@pytest.mark.parametrize("arguments", [[], ["config"], ["channels"], ["carriers"]])
def test_no_command_shows_the_help(shell: Shell, arguments: list[str]) -> None:
    answer = shell.run(*arguments)

    assert answer.status == 64
    assert "Usage: reminderd" in answer.out
    assert answer.err.strip() == ""
