"""The composition root: settings in, a setup of plain values and real parts out."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

from reminderd.cli.context import Context
from reminderd.cli.declaring import declare, policies_of
from reminderd.cli.feeds import kept_files_of
from reminderd.cli.monitoring import monitor_of
from reminderd.cli.outlets import check_channels, digest, outlet_of, usable_outlets
from reminderd.clock import utc_now
from reminderd.config.loading import Loaded
from reminderd.config.settings import Settings
from reminderd.delivery.apprise_channel import AppriseChannel
from reminderd.delivery.channel import Channel
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.delivery.terminal import JournalChannel
from reminderd.domain.deliveries import Route
from reminderd.errors import NoStoreError
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
    outlets, warnings = usable_outlets(command, loaded, terminal)
    monitor, doubts = monitor_of(command, loaded)
    routes = [
        Route(channel=name, min_severity=section.min_severity)
        for name, section in settings.channels.items()
    ]
    return Setup(
        store=digest(command.store_url(loaded)),
        digest=digest(repr(settings), loaded.text_hash),
        policy_digest=digest(
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
        name: outlet_of(settings, AppriseChannel(name, ""), "")
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


def build_dispatcher(database: Database) -> Dispatcher:
    """Return a dispatcher with a name that no other process has."""
    chance = SystemRandom()
    worker = f"{socket.gethostname()}:{os.getpid()}:{chance.randrange(16**8):08x}"
    return Dispatcher(database, worker, utc_now, chance.random)


def _is_known(command: Context, loaded: Loaded, setup: Setup) -> bool:
    try:
        database = command.open_store(loaded)
    except NoStoreError:
        return False
    with closing(database), database.read() as tx:
        return meta.get(tx, CONFIG_DIGEST) == setup.digest
