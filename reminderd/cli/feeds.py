"""What other programs read: a calendar of deadlines, figures for Prometheus."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Self

import typer

from reminderd.carriers.facts import Carrier
from reminderd.cli.context import Context, complete_line_names, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.delivery_texts import unseen_texts
from reminderd.cli.examining import quiet_until_of
from reminderd.cli.looking import Now
from reminderd.cli.output import warn
from reminderd.cli.rendering import wording_of
from reminderd.cli.times import moment
from reminderd.config.effective import (
    CALENDAR_FILE,
    METRICS_FILE,
    carriers_of,
    kept_paths,
)
from reminderd.config.loading import Loaded
from reminderd.config.settings import Settings
from reminderd.domain.ladders import Policy
from reminderd.domain.texts import Text
from reminderd.errors import UnavailableError
from reminderd.scheduling.cycle import LAST_PASS
from reminderd.scheduling.kept_files import KeptFile, KeptFiles, update
from reminderd.scheduling.setup import Setup
from reminderd.storage import lines, meta
from reminderd.storage.database import Database
from reminderd.storage.lines import StoredLine
from reminderd.views.calendar import Owner, calendar_file
from reminderd.views.measures import Scope, measure
from reminderd.views.metrics import metrics_text
from reminderd.views.status import overview, unseen

# Who has more does not look at a calendar, and a pass must not wait for it.
_MOST_IN_CALENDAR = 500
# A line that was removed is not reviewed.
_CALENDAR_EVERY = timedelta(minutes=10)
# How often Prometheus looks is set to something between 15 seconds and a minute.
_METRICS_EVERY = timedelta(seconds=15)
# node_exporter runs as a user of its own.
_FOR_ALL = 0o644

Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write FILE, in one step, instead of printing it.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What the settings say of all lines, put together once for many a writing."""

    settings: Settings
    policy_for: Callable[[StoredLine], Policy]
    carriers: Mapping[str, Carrier]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings, policies_of(settings), carriers_of(settings))

    def owner(self, now: datetime) -> Owner:
        return Owner(
            policy_for=self.policy_for,
            carriers=self.carriers,
            words=wording_of(self.settings, now),
        )


def register(app: typer.Typer) -> None:
    """Add the commands of this module to *app*."""
    app.command()(calendar)
    app.command()(metrics)


def calendar(
    context: typer.Context,
    output: Output = None,
    line: Annotated[
        str | None,
        typer.Option(
            "--line",
            "-l",
            metavar="LINE",
            help="Only this line.",
            autocompletion=complete_line_names,
            show_default=False,
        ),
    ] = None,
    now: Now = None,
) -> None:
    """Give every deadline as a calendar (ICS), with alarms and how to renew.

    An event has an alarm at each limit that lies ahead. FILE, written again,
    keeps what has not changed, and a line that was renewed moves its event.

    Example: reminderd calendar --line uk-travel
    """
    command: Context = context.obj
    loaded = command.load()
    basis = _Basis.of(loaded.settings)
    at = moment(now)
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        found = lines.all_lines(tx) if line is None else [require_line(tx, line)]
        rows = overview(found, basis.policy_for, at)
        asides = unseen(tx, rows) if line is None else []
    make = partial(calendar_file, rows, basis.owner(at))
    if output is None:
        _print(make())
    else:
        update(output, make)
    for text in unseen_texts(asides, wording_of(loaded.settings, at)):
        warn(text)


def metrics(
    context: typer.Context,
    output: Output = None,
    alerts: Annotated[
        bool,
        typer.Option(
            "--alerts", help="Give rules that raise alerts on the figures instead."
        ),
    ] = False,
    now: Now = None,
) -> None:
    """Give figures in the text format of Prometheus.

    Example: reminderd metrics
    """
    command: Context = context.obj
    if alerts:
        text = files("reminderd.views").joinpath("alerts.yml").read_bytes()
    else:
        loaded = command.load()
        with closing(command.open_store(loaded)) as store:
            text = _metrics(_Basis.of(loaded.settings), store, moment(now))
    if output is None:
        _print(text)
    else:
        update(output, lambda _before: text, mode=_FOR_ALL)


def kept_files_of(loaded: Loaded) -> tuple[KeptFile, ...]:
    """Return the files that *loaded* wants to be kept written."""
    return tuple(_kept_files(loaded))


def keep_files(store: Database, setup: Setup, now: datetime) -> Mapping[str, str]:
    """Write the files of *setup* after a check; return why one could not be."""
    kept = KeptFiles(store)
    kept.write(setup.kept_files, now, has_news=True)
    return kept.complaints


def _kept_files(loaded: Loaded) -> Iterator[KeptFile]:
    paths = kept_paths(loaded.settings, loaded.path)
    basis = _Basis.of(loaded.settings)
    if CALENDAR_FILE in paths:
        yield KeptFile(
            key=CALENDAR_FILE,
            path=paths[CALENDAR_FILE],
            make=partial(_kept_calendar, basis),
            every=_CALENDAR_EVERY,
        )
    if METRICS_FILE in paths:
        yield KeptFile(
            key=METRICS_FILE,
            path=paths[METRICS_FILE],
            make=lambda store, _before, now: _metrics(basis, store, now),
            every=_METRICS_EVERY,
            mode=_FOR_ALL,
        )


def _kept_calendar(
    basis: _Basis, store: Database, before: bytes, now: datetime
) -> bytes:
    with store.read() as tx:
        count = lines.count_lines(tx, _MOST_IN_CALENDAR + 1)
        if count > _MOST_IN_CALENDAR:
            raise UnavailableError(
                Text(
                    "there are more than {count} lines, too many for a calendar that "
                    "is kept written; run: {command}",
                    count=_MOST_IN_CALENDAR,
                    command="reminderd calendar --line NAME",
                )
            )
        found = tuple(lines.all_lines(tx))
    # After the transaction: whoever writes does not wait for it.
    rows = overview(found, basis.policy_for, now)
    return calendar_file(rows, basis.owner(now), before)


def _metrics(basis: _Basis, store: Database, now: datetime) -> bytes:
    settings = basis.settings
    scope = Scope(
        channels=tuple(settings.channels),
        most_lines=settings.metrics.lines,
        quiet_until=partial(quiet_until_of, settings, now),
    )
    with store.read() as tx:
        last_pass = meta.get(tx, LAST_PASS)
        at = None if last_pass is None else datetime.fromisoformat(last_pass)
        measured = measure(tx, scope, at, now)
    # After the transaction: to look at each line takes longer than to read it.
    rows = overview(measured.lines, basis.policy_for, now)
    return metrics_text(measured, rows, now)


def _print(content: bytes) -> None:
    """Print a file as it is, with its own ends of lines."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
