"""The shell completes the names of lines."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from freezegun import freeze_time

from reminderd.cli.context import complete_line_names
from reminderd.cli.main import run
from tests.cli.shell import HOME, TRAVEL, Shell


def completed(shell: Shell, monkeypatch: pytest.MonkeyPatch, words: str) -> list[str]:
    """Return what bash is told to offer after *words*."""
    monkeypatch.setenv("_REMINDERD_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    # The protocol ends the process once it has printed what there is to offer.
    with pytest.raises(SystemExit), freeze_time(shell.now):
        run([])
    out, err = shell.capture.readouterr()
    assert err == ""
    return out.split()


@pytest.fixture
def watched(checked: Callable[[str], Shell], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell whose configuration is found without an option, with three lines."""
    shell = checked(TRAVEL + HOME + '[lines."旅行"]\n')
    monkeypatch.setenv("REMINDERD_CONFIG", str(shell.config))
    return shell


@pytest.mark.parametrize(
    "command", ["status", "renew", "update", "ack", "snooze", "touch", "history"]
)
def test_names_that_begin_so_are_offered(
    watched: Shell, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    assert completed(watched, monkeypatch, f"reminderd {command} uk") == ["uk-travel"]


def test_without_a_beginning_all_are_offered(
    watched: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = completed(watched, monkeypatch, "reminderd status ")

    assert offered == ["home", "uk-travel", "旅行"]


def test_a_removed_line_is_not_offered(
    watched: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.ok("add", "spain")
    watched.ok("remove", "spain")

    assert completed(watched, monkeypatch, "reminderd status sp") == []


def test_the_configuration_named_before_is_used(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL)
    parent = SimpleNamespace(params={"config": str(shell.config)})
    context = cast("Any", SimpleNamespace(parent=parent))

    assert complete_line_names(context, "") == ["uk-travel"]


@pytest.mark.parametrize("text", ["x = 1", "", None])
def test_what_is_broken_offers_nothing_and_says_nothing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    if text is not None:
        shell.write_raw(text)
        monkeypatch.setenv("REMINDERD_CONFIG", str(shell.config))

    assert completed(shell, monkeypatch, "reminderd status ") == []
    assert not shell.store.exists()


def test_commands_are_offered_too(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert completed(shell, monkeypatch, "reminderd stat") == ["status"]
