"""Gather what the doctor judges; nothing is changed, made or migrated."""

import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.exc import DBAPIError

from reminderd.cli.context import Context
from reminderd.cli.facts import (
    ChannelFacts,
    ConfigFacts,
    Facts,
    KeptFileFacts,
    Runner,
    StoreFacts,
)
from reminderd.cli.machine import look_at_machine
from reminderd.config.effective import kept_paths
from reminderd.config.loading import salvage
from reminderd.config.secrets import CredentialAbsentError, resolve_url
from reminderd.config.settings import Settings
from reminderd.delivery.channel_urls import check_url, server_of
from reminderd.delivery.reachability import endpoint_of, unreachable
from reminderd.domain.deliveries import waits_until
from reminderd.domain.texts import Text, said
from reminderd.errors import ConfigError, DamagedStoreError, NoStoreError, StoreError
from reminderd.scheduling.cycle import LAST_PASS
from reminderd.scheduling.kept_files import trouble_of
from reminderd.scheduling.timekeeping import doubt_now
from reminderd.storage import meta, schema
from reminderd.storage.backups import (
    copy_database,
    find_backups,
    newest_sound,
    way_back,
)
from reminderd.storage.condition import condition_of
from reminderd.storage.database import SCHEMA_REVISION, Database
from reminderd.storage.files import StoreFiles, no_store
from reminderd.storage.inspection import inspect_file
from reminderd.storage.locations import files_of, parse_url
from reminderd.storage.undelivered import OpenDelivery
from reminderd.views.checkup import checkup

_ENABLED = {
    Runner.SERVICE: Path("etc/systemd/system/multi-user.target.wants"),
    Runner.TIMER: Path("etc/systemd/system/timers.target.wants"),
}


_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def examine(command: Context, now: datetime) -> tuple[Facts, Settings]:
    """Return what is known, and the settings as far as they can be read."""
    config, settings = _config(command)
    store = _store(command, settings)
    machine = look_at_machine()
    facts = Facts(
        now=now,
        program=command.program,
        config=config,
        channels=list(_channels(command, config, settings)),
        store=store,
        runner=enabled_runner(Path("/")),
        units=machine.units,
        is_synchronised=machine.is_synchronised,
        zones_year=machine.zones_year,
    )
    if store.revision is None:
        return facts, settings
    try:
        return _with_contents(facts, command, settings), settings
    except StoreError as error:
        trouble = store.trouble or said(error)
    except DBAPIError:
        trouble = Text(
            "{place} lacks a part of its schema {revision}",
            place=store.place,
            revision=store.revision,
        )
    return replace(facts, store=replace(store, trouble=trouble)), settings


def enabled_runner(root: Path) -> Runner | None:
    """Return what systemd starts on the machine whose files are in *root*."""
    for runner, wants in _ENABLED.items():
        if os.path.lexists(root / wants / runner):
            return runner
    return None


def _config(command: Context) -> tuple[ConfigFacts, Settings]:
    path = command.config_path
    try:
        loaded = command.load()
    except ConfigError as error:
        settings = salvage(path, command.environ)
        return ConfigFacts(path=path, problems=error.problems), settings
    facts = ConfigFacts(
        path=path,
        warnings=loaded.warnings,
        poll_every=loaded.settings.poll_every,
        is_open=path is not None and bool(path.stat().st_mode & _OTHERS_MAY_WRITE),
    )
    return facts, loaded.settings


def _channels(
    command: Context, config: ConfigFacts, settings: Settings
) -> Iterator[ChannelFacts]:
    """Yield what is known of each channel; those that can be are tried, all at once."""
    directory = Path() if config.path is None else config.path.parent
    channels, endpoints = [], {}
    for name, section in settings.channels.items():
        known = ChannelFacts(name=name, fallback=section.fallback)
        try:
            url = resolve_url(
                section, directory, command.environ, key=f"channels.{name}"
            )
        except CredentialAbsentError:
            # Only the service has it; how the channel has been doing is known.
            channels.append(known)
        except ConfigError as error:
            channels.append(replace(known, problems=error.problems))
        else:
            problems = check_url(name, url, insecure=section.insecure)
            server = None if problems else server_of(url)
            channels.append(replace(known, problems=problems, server=server))
            endpoint = None if problems else endpoint_of(url)
            if endpoint is not None:
                endpoints[name] = endpoint
    tried = unreachable(endpoints)
    for known in channels:
        yield replace(
            known, is_tried=known.name in tried, unreachable=tried.get(known.name)
        )


def _store(command: Context, settings: Settings) -> StoreFacts:
    url = command.store_url_of(settings)
    try:
        parsed = parse_url(url)
        files = files_of(parsed)
    except StoreError as error:
        return StoreFacts(place="storage.url", trouble=said(error))
    if files is not None:
        return _sqlite_store(files, command.program)
    known = StoreFacts(place=parsed.render_as_string())
    try:
        with closing(Database.look(url)) as database:
            revision = database.revision
    except StoreError as error:
        return replace(known, trouble=said(error))
    if revision is None:
        return replace(known, trouble=no_store(known.place), is_missing=True)
    return _judged(replace(known, revision=revision))


def _sqlite_store(files: StoreFiles, program: str) -> StoreFacts:
    known = StoreFacts(place=str(files.path))
    try:
        files.refuse_unusable()
        known = replace(known, condition=condition_of(files))
        known = _with_backups(known, files)
        found = inspect_file(files.path)
    except NoStoreError as error:
        return replace(known, trouble=said(error), is_missing=True)
    except DamagedStoreError as error:
        return replace(known, trouble=error.harm, remedy=way_back(files, program))
    except StoreError as error:
        return replace(known, trouble=said(error))
    remedy = "" if found.is_sound else way_back(files, program)
    return _judged(
        replace(known, revision=found.revision, inspection=found, remedy=remedy)
    )


def _with_backups(known: StoreFacts, files: StoreFiles) -> StoreFacts:
    backups = find_backups(files)
    return replace(known, backups=backups, sound_backup=newest_sound(backups))


def _judged(known: StoreFacts) -> StoreFacts:
    """Return it with the trouble of a store that a newer reminderd has written."""
    if known.revision in (None, SCHEMA_REVISION):
        return known
    try:
        schema.refuse_newer(str(known.revision), known.place)
    except StoreError as error:
        return replace(known, trouble=said(error), revision=None)
    return known


def _with_contents(facts: Facts, command: Context, settings: Settings) -> Facts:
    url = command.store_url_of(settings)
    with _readable(url, facts.store) as database, database.read() as tx:
        last_pass = meta.get(tx, LAST_PASS)
        quiet_until = partial(quiet_until_of, settings, facts.now)
        return replace(
            facts,
            checkup=checkup(tx, quiet_until, facts.now),
            last_pass=None if last_pass is None else datetime.fromisoformat(last_pass),
            doubt=doubt_now(tx),
            kept_files=[
                KeptFileFacts(key=key, path=path, trouble=trouble_of(tx, key))
                for key, path in kept_paths(settings, facts.config.path).items()
            ],
        )


@contextmanager
def _readable(url: str, store: StoreFacts) -> Iterator[Database]:
    """Give the store as it is, or a copy that was migrated if it is an older one."""
    if store.revision == SCHEMA_REVISION or store.condition is None:
        with closing(Database.look(url)) as database:
            yield database
        return
    with TemporaryDirectory(prefix="reminderd-") as directory:
        copy = Path(directory, "reminderd.db")
        copy_database(store.condition.path, copy)
        with closing(Database.open(f"sqlite:///{copy}")) as database:
            yield database


def quiet_until_of(
    settings: Settings, now: datetime, delivery: OpenDelivery
) -> datetime | None:
    """Return when the quiet hours end that a *delivery* waits for, None for none."""
    section = settings.channels.get(delivery.channel)
    if section is None:
        return None
    return waits_until(section.quiet, settings.timezone, delivery.useful_until, now)
