"""The channels of the configuration, made ready to send."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from reminderd.carriers.facts import Carrier
from reminderd.cli.context import Context
from reminderd.cli.language import language_at_terminal
from reminderd.cli.monitoring import monitor_of
from reminderd.config.effective import carriers_of
from reminderd.config.loading import Loaded, place_of
from reminderd.config.secrets import CredentialAbsentError, resolve_url
from reminderd.config.settings import Settings
from reminderd.delivery.apprise_channel import AppriseChannel
from reminderd.delivery.channel import Channel, Compose, Outlet
from reminderd.delivery.channel_urls import check_url
from reminderd.domain.reminders import Content, Message
from reminderd.domain.texts import Text, said
from reminderd.errors import ConfigError
from reminderd.messages.compose import Reader, compose


def usable_outlets(
    command: Context, loaded: Loaded, terminal: Channel
) -> tuple[dict[str, Outlet], list[str]]:
    """Return the channels that can be used here, and a warning for each other one."""
    settings = loaded.settings
    if not settings.channels:
        outlet = outlet_of(settings, terminal, terminal.name)
        spoken = composer(settings, language_at_terminal(settings))
        return {terminal.name: replace(outlet, compose=spoken)}, []
    urls, absent = _channel_urls(command, loaded)
    outlets = {
        name: outlet_of(settings, AppriseChannel(name, url), digest(url))
        for name, url in urls.items()
    }
    return outlets, [
        Text("{name} is left to the service: {why}", name=name, why=why)
        for name, why in absent
    ]


def outlet_of(settings: Settings, channel: Channel, fingerprint: str) -> Outlet:
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


def digest(*texts: str) -> str:
    """Return what two configurations are told apart by, without what is in them."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
