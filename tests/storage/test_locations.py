"""Where the store is, unless the configuration names a place."""

from pathlib import Path

import pytest

from reminderd.errors import StoreError
from reminderd.storage.database import Database, default_url


@pytest.mark.parametrize(
    ("environ", "euid", "path"),
    [
        pytest.param(
            {"STATE_DIRECTORY": "/var/lib/private/reminderd", "HOME": "/root"},
            0,
            "/var/lib/private/reminderd/reminderd.db",
            id="under systemd",
        ),
        pytest.param(
            {"STATE_DIRECTORY": "/var/lib/a:/var/lib/b"},
            1000,
            "/var/lib/a/reminderd.db",
            id="several directories of systemd",
        ),
        pytest.param(
            {"HOME": "/root", "XDG_STATE_HOME": "/root/state"},
            0,
            "/var/lib/reminderd/reminderd.db",
            id="root",
        ),
        pytest.param(
            {"HOME": "/home/u", "XDG_STATE_HOME": "/home/u/state"},
            1000,
            "/home/u/state/reminderd/reminderd.db",
            id="a user with a state directory",
        ),
        pytest.param(
            {"HOME": "/home/u", "XDG_STATE_HOME": "relative"},
            1000,
            "/home/u/.local/state/reminderd/reminderd.db",
            id="a relative state directory does not count",
        ),
        pytest.param(
            {"HOME": "/home/u"},
            1000,
            "/home/u/.local/state/reminderd/reminderd.db",
            id="a user",
        ),
    ],
)
def test_the_default_place_depends_on_who_asks(
    environ: dict[str, str], euid: int, path: str
) -> None:
    assert default_url(environ, euid) == f"sqlite:///{path}"


def test_a_directory_with_odd_characters_is_found_again(tmp_path: Path) -> None:
    directory = tmp_path / "a b?c%20#d"

    Database.open(default_url({"STATE_DIRECTORY": str(directory)}, 0)).close()

    assert (directory / "reminderd.db").exists()


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        pytest.param("reminderd.db", "storage.url is not a URL; write", id="a path"),
        pytest.param("mysql://h/d", "begins with sqlite:// or postg", id="mysql"),
        pytest.param("sqlite://", "needs the absolute path", id="in memory"),
        pytest.param("sqlite:///x.db", "with four slashes; write", id="relative"),
        pytest.param("sqlite:////tmp/x.db?mode=ro", "nothing else", id="options"),
        pytest.param(
            "postgresql+psycopg://me:hun:ter2@h:a/x", "is not a URL; write", id="port"
        ),
        pytest.param(
            "postgresql+psycopg://[::1/x", "is not a URL; write", id="half a host"
        ),
    ],
)
def test_another_url_is_refused_with_what_to_write(url: str, complaint: str) -> None:
    with pytest.raises(StoreError, match=complaint):
        Database.open(url)


def test_a_password_is_in_no_error() -> None:
    url = "postgresql+psycopg://me:hunter2@127.0.0.1:1/reminderd"

    with pytest.raises(StoreError) as caught:
        Database.open(url, patience=2)

    assert "does not answer" in str(caught.value)
    assert "hunter2" not in str(caught.value)
