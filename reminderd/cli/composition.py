"""The composition root: settings in, a setup of plain values and real parts out."""

import hashlib
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

from reminderd.carriers.facts import Carrier
from reminderd.cli.context import Context
from reminderd.cli.declaring import declare, policies_of
from reminderd.cli.feeds import kept_files_of
from reminderd.cli.language import language_at_terminal
from reminderd.cli.monitoring import monitor_of
from reminderd.clock import utc_now
from reminderd.config.effective import carriers_of
from reminderd.config.loading import Loaded, place_of
from reminderd.config.secrets import CredentialAbsentError, resolve_url
from reminderd.config.settings import Settings
from reminderd.delivery.apprise_channel import AppriseChannel
from reminderd.delivery.channel import Channel, Compose, Outlet
from reminderd.delivery.channel_urls import check_url
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.delivery.terminal import JournalChannel
from reminderd.domain.deliveries import Route
from reminderd.domain.reminders import Content, Message
from reminderd.domain.texts import Text, said
from reminderd.errors import ConfigError, NoStoreError
from reminderd.messages.compose import Reader, compose
from reminderd.scheduling.declared import CONFIG_DIGEST
from reminderd.scheduling.setup import Proofs, Setup
from reminderd.storage import meta
from reminderd.storage.database import Database


def build_setup(
    command: Context, loaded: Loaded, terminal: Channel, now: datetime
) -> Setup:
    """Return the setup that *loaded* describes.

    *terminal* serves if no channel is configured.

    A channel whose credential only the service can read is left to the service.

    Raises:
        ConfigError: The address of a channel cannot be found out.
    """
    settings = loaded.settings
    outlets, warnings = _outlets(command, loaded, terminal)
    monitor, doubts = monitor_of(command, loaded)
    routes = [
        Route(channel=name, min_severity=section.min_severity)
        for name, section in settings.channels.items()
    ]
    return Setup(
        store=_digest(command.store_url(loaded)),
        digest=_digest(repr(settings), loaded.text_hash),
        policy_digest=_digest(
            repr((settings.timezone.key, settings.thresholds, settings.reminders)),
            repr(settings.carriers),
            # A release may know a carrier's terms better.
            version("reminderd"),
        ),
        lines=[
            declare(name, section, settings, now)
            for name, section in settings.lines.items()
        ],
        policy_for=policies_of(settings),
        routes=routes or [Route(channel=terminal.name)],
        outlets=outlets,
        poll_every=settings.poll_every,
        has_channels=bool(settings.channels),
        monitor=monitor,
        proofs=_proofs(settings),
        kept_files=kept_files_of(loaded),
        warnings=(*loaded.warnings, *warnings, *doubts),
    )


def planned_setup(command: Context, loaded: Loaded, now: datetime) -> Setup:
    """Return the setup that *loaded* describes, to be tried without sending anything.

    It has every channel, also those whose credential only the service can read.

    Raises:
        ConfigError: The address of a channel cannot be found out.
    """
    setup = build_setup(command, loaded, JournalChannel(), now)
    settings = loaded.settings
    absent = {
        name: _outlet(settings, AppriseChannel(name, ""), "")
        for name in settings.channels
        if name not in setup.outlets
    }
    return replace(setup, outlets={**setup.outlets, **absent})


def _proofs(settings: Settings) -> Proofs | None:
    every, at = settings.reminders.proof, settings.reminders.at
    if every is None:
        return None
    return Proofs(every=every, at=at, zone=settings.timezone)


def open_checked_store(command: Context, loaded: Loaded, setup: Setup) -> Database:
    """Open the store, and make it if it is new, once the channels are known to be good.

    A configuration that the store has seen before was checked then, and is not
    checked again; so a mistake leaves the store as it was, and a check that has
    nothing to send does not load Apprise.

    Raises:
        ConfigError: A channel's URL is none that Apprise can use.
        StoreError: The store cannot be used.
    """
    if not _is_known(command, loaded, setup):
        check_channels(command, loaded)
    return command.open_store(loaded, create=True)


@contextmanager
def rehearsed_store(command: Context, loaded: Loaded) -> Iterator[Database]:
    """Give a copy of the store to try things on, an empty one if there is none yet.

    Raises:
        StoreError: The store cannot be read.
    """
    try:
        database = command.open_store(loaded)
    except NoStoreError:
        with (
            TemporaryDirectory(prefix="reminderd-") as directory,
            closing(Database.open_copy(Path(directory, "reminderd.db"))) as empty,
        ):
            yield empty
        return
    with closing(database), database.rehearsal() as copy:
        yield copy


def check_channels(command: Context, loaded: Loaded) -> None:
    """Check that Apprise can use the URL of every channel, and that of the monitor.

    Raises:
        ConfigError: It cannot; every problem is listed, none shows the URL.
    """
    urls, _ = _channel_urls(command, loaded)
    monitor_of(command, loaded)
    problems: list[str] = [
        Text(
            "{place}{problem}",
            place=place_of(loaded, ("channels", name)),
            problem=problem,
        )
        for name, url in urls.items()
        for problem in check_url(
            name, url, insecure=loaded.settings.channels[name].insecure
        )
    ]
    if problems:
        raise ConfigError(problems)


def build_dispatcher(database: Database) -> Dispatcher:
    """Return a dispatcher with a name that no other process has."""
    chance = SystemRandom()
    worker = f"{socket.gethostname()}:{os.getpid()}:{chance.randrange(16**8):08x}"
    return Dispatcher(database, worker, utc_now, chance.random)


def composer(settings: Settings, language: str | None = None) -> Compose:
    """Return the function that words messages for the reader of *settings*.

    Those on a terminal may be in another *language* than what is sent.
    """
    reader = Reader(language=language or settings.language, zone=settings.timezone)
    return partial(_compose, reader, carriers_of(settings))


def _compose(
    reader: Reader,
    carriers: Mapping[str, Carrier],
    contents: Sequence[Content],
    now: datetime,
    short: bool,
) -> Message:
    return compose(contents, reader, carriers, now, short=short)


def _is_known(command: Context, loaded: Loaded, setup: Setup) -> bool:
    try:
        database = command.open_store(loaded)
    except NoStoreError:
        return False
    with closing(database), database.read() as tx:
        return meta.get(tx, CONFIG_DIGEST) == setup.digest


def _outlets(
    command: Context, loaded: Loaded, terminal: Channel
) -> tuple[dict[str, Outlet], list[str]]:
    """Return the channels that can be used here, and a warning for each other one."""
    settings = loaded.settings
    if not settings.channels:
        outlet = _outlet(settings, terminal, terminal.name)
        spoken = composer(settings, language_at_terminal(settings))
        return {terminal.name: replace(outlet, compose=spoken)}, []
    urls, absent = _channel_urls(command, loaded)
    outlets = {
        name: _outlet(settings, AppriseChannel(name, url), _digest(url))
        for name, url in urls.items()
    }
    return outlets, [
        Text("{name} is left to the service: {why}", name=name, why=why)
        for name, why in absent
    ]


def _outlet(settings: Settings, channel: Channel, fingerprint: str) -> Outlet:
    """Return *channel* as its section wants it to be used; the terminal has none."""
    outlet = Outlet(
        channel=channel,
        zone=settings.timezone,
        compose=composer(settings),
        fingerprint=fingerprint,
    )
    section = settings.channels.get(channel.name)
    if section is None:
        return outlet
    return replace(
        outlet,
        quiet=section.quiet,
        group=section.group,
        fallback=section.fallback,
        timeout=section.timeout.total_seconds(),
    )


def _channel_urls(
    command: Context, loaded: Loaded
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the URL of each channel, and which ones only the service can know.

    Raises:
        ConfigError: A URL cannot be found out; every problem is listed.
    """
    directory = Path() if loaded.path is None else loaded.path.parent
    urls: dict[str, str] = {}
    absent: list[tuple[str, str]] = []
    problems: list[str] = []
    for name, section in loaded.settings.channels.items():
        try:
            key = f"channels.{name}"
            urls[name] = resolve_url(section, directory, command.environ, key=key)
        except CredentialAbsentError as error:
            absent.append((name, said(error)))
        except ConfigError as error:
            place = place_of(loaded, ("channels", name))
            problems += [
                Text("{place}{problem}", place=place, problem=problem)
                for problem in error.problems
            ]
    if problems:
        raise ConfigError(problems)
    return urls, absent


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
