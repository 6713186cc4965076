"""Where a store is: the URL in the configuration, and what holds without one."""

from collections.abc import Mapping
from pathlib import Path
from pwd import getpwuid

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from reminderd.domain.texts import Text
from reminderd.errors import StoreError
from reminderd.storage.files import StoreFiles


def default_url(environ: Mapping[str, str], euid: int) -> str:
    """Return where the store is unless the configuration says otherwise.

    In systemd's state directory if there is one, in /var/lib for root, else in the
    user's state directory of the XDG specification.
    """
    # systemd separates several directories by colons
    state = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    if state:
        directory = Path(state)
    elif euid == 0:
        directory = Path("/var/lib/reminderd")
    else:
        directory = _user_state(environ, euid) / "reminderd"
    path = directory / "reminderd.db"
    return URL.create("sqlite", database=str(path)).render_as_string()


def _user_state(environ: Mapping[str, str], euid: int) -> Path:
    state = Path(environ.get("XDG_STATE_HOME", ""))
    if state.is_absolute():
        return state
    home = environ.get("HOME") or getpwuid(euid).pw_dir
    return Path(home, ".local", "state")


def parse_url(url: str) -> URL:
    """Return the parts of *url*.

    Raises:
        StoreError: It is no URL, or not one of SQLite or PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # Their texts have some of the URL in them, perhaps its password.
        raise StoreError(
            Text(
                "storage.url is not a URL; write "
                '"sqlite:////var/lib/reminderd/reminderd.db"'
            )
        ) from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(
            Text("storage.url begins with sqlite:// or postgresql+psycopg://")
        )
    return parsed


def files_of(url: URL) -> StoreFiles | None:
    """Return the files of a SQLite store, or None for PostgreSQL.

    Raises:
        StoreError: The URL does not name one file.
    """
    if url.get_backend_name() != "sqlite":
        return None
    path = Path(url.database or "")
    if not path.is_absolute() or url.query:
        raise StoreError(
            Text(
                "storage.url needs the absolute path of a file and nothing "
                "else, with four slashes; write "
                '"sqlite:////var/lib/reminderd/reminderd.db"'
            )
        )
    return StoreFiles(path)


def read_only(path: Path) -> URL:
    """Return the URL by which the SQLite file at *path* is only read."""
    return URL.create(
        "sqlite", database=path.as_uri(), query={"mode": "ro", "uri": "true"}
    )
