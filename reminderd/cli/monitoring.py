"""The monitor that the configuration names, and its heartbeat after a check."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from reminderd.cli.context import Context
from reminderd.cli.output import warn
from reminderd.config.addresses import MONITOR, MONITOR_EXAMPLE
from reminderd.config.loading import Loaded, place_of
from reminderd.config.secrets import CredentialAbsentError, resolve_url
from reminderd.delivery.monitor import Monitor
from reminderd.domain.texts import Text, said
from reminderd.errors import ConfigError, StoreError
from reminderd.messages.wording import Wording
from reminderd.scheduling.heartbeat import Heartbeat
from reminderd.scheduling.setup import Setup
from reminderd.storage.database import Database

_KEY = "heartbeat"


def monitor_of(command: Context, loaded: Loaded) -> tuple[Monitor | None, list[str]]:
    """Return the monitor, None without one, and what is to be warned of.

    One whose credential only the service can read is left to the service.

    Raises:
        ConfigError: Its URL cannot be found out, or is none.
    """
    section = loaded.settings.heartbeat
    if not section.model_fields_set:
        return None, []
    directory = Path() if loaded.path is None else loaded.path.parent
    try:
        url = resolve_url(section, directory, command.environ, key=_KEY)
    except CredentialAbsentError as error:
        return None, [
            Text("the heartbeat is left to the service: {problem}", problem=said(error))
        ]
    except ConfigError as error:
        place = place_of(loaded, (_KEY,))
        raise ConfigError(
            [
                Text("{place}{problem}", place=place, problem=problem)
                for problem in error.problems
            ]
        ) from None
    if not MONITOR.fullmatch(url):
        place = place_of(loaded, (_KEY,))
        raise ConfigError(
            [
                Text(
                    "{place}{key}: holds no web address; {example}",
                    place=place,
                    key=_KEY,
                    example=MONITOR_EXAMPLE,
                )
            ]
        )
    monitor = Monitor(url=url, every=section.every, takes_failures=section.fail)
    return monitor, _doubts(url)


@contextmanager
def heartbeat_after(store: Database, setup: Setup, words: Wording) -> Iterator[None]:
    """Tell the monitor how the pass inside of this has ended.

    Raises:
        StoreError: The store cannot be read.
    """
    heartbeat = Heartbeat(store)
    try:
        yield
        heartbeat.beat(setup, words.now)
    except StoreError:
        heartbeat.beat(setup, words.now, "the last pass failed")
        raise
    finally:
        heartbeat.wait()
        if heartbeat.complaint is not None:
            warn(
                words.say(
                    "the heartbeat was not taken: {complaint}",
                    complaint=words.tell(heartbeat.complaint),
                )
            )


def _doubts(url: str) -> list[str]:
    parts = urlsplit(url)
    if parts.scheme == "https" or _is_here(parts.hostname or ""):
        return []
    return [Text("heartbeat: http shows its URL to the network; use https if you can")]


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
