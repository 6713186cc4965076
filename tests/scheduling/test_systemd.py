"""Word to the service manager, through real sockets."""

import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from reminderd.scheduling.systemd import notify, notify_reloading


@pytest.fixture(params=["file", "abstract"])
def manager(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    """The socket on which a service manager listens, as a file or an abstract one."""
    address = str(tmp_path / "notify")
    if request.param == "abstract":
        address = f"@reminderd-test-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address.replace("@", "\0", 1))
        listener.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        yield listener


def test_states_go_in_one_message(manager: socket.socket) -> None:
    notify(READY="1", STATUS="2 channels")

    assert manager.recv(4096) == b"READY=1\nSTATUS=2 channels"


def test_status_may_be_chinese(manager: socket.socket) -> None:
    notify(STATUS="没有问题")

    assert manager.recv(4096).decode() == "STATUS=没有问题"


def test_line_breaks_in_a_status_make_no_new_state(manager: socket.socket) -> None:
    notify(STATUS="one\nSTOPPING=1")

    assert manager.recv(4096) == b"STATUS=one STOPPING=1"


def test_reload_carries_its_moment(manager: socket.socket) -> None:
    before = time.monotonic_ns() // 1000
    notify_reloading()
    after = time.monotonic_ns() // 1000

    states = dict(line.split("=") for line in manager.recv(4096).decode().splitlines())
    assert states["RELOADING"] == "1"
    assert before <= int(states["MONOTONIC_USEC"]) <= after


def test_without_a_service_manager_nothing_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    notify(READY="1")


def test_service_manager_that_has_gone_is_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))

    notify(READY="1")


@pytest.mark.slow
def test_service_manager_that_does_not_read_delays_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filler,
    ):
        listener.bind(address)
        filler.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                filler.sendto(b"x", address)
        started = time.monotonic()

        notify(STATUS="unheard")

        assert time.monotonic() - started < 10
