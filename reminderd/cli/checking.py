"""One pass now, or the daemon that makes one again and again."""

import logging
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from reminderd.cli.composition import (
    build_dispatcher,
    build_setup,
    open_checked_store,
    rehearsed_store,
)
from reminderd.cli.context import Context
from reminderd.cli.delivery_texts import (
    brake_texts,
    delivery_texts,
    silence_text,
    titled_text,
    unseen_texts,
)
from reminderd.cli.feeds import keep_files
from reminderd.cli.kept_file_checks import not_written
from reminderd.cli.logs import log_in_full
from reminderd.cli.monitoring import heartbeat_after
from reminderd.cli.outcomes import Outcome, outcome_of
from reminderd.cli.outlets import check_channels
from reminderd.cli.output import AsJson, say, say_json, say_table, say_wrapped, warn
from reminderd.cli.overview import rank_of, show_left_out, worst_of
from reminderd.cli.rendering import (
    NO_LINE,
    cell_text,
    ends_text,
    state_text,
    wording_of,
)
from reminderd.clock import Uptime, uptime, utc_now
from reminderd.config.loading import Loaded
from reminderd.delivery.terminal import JournalChannel, TerminalChannel
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.scheduling.cycle import run_pass
from reminderd.scheduling.daemon import Daemon, Source
from reminderd.scheduling.declared import apply_setup
from reminderd.scheduling.setup import Setup
from reminderd.storage import lines
from reminderd.storage.database import Database
from reminderd.views.deliveries import DeliveryStatus
from reminderd.views.status import LineStatus

# Longer than any one send may take; what is still on its way then is tried again.
_DRAIN_SECONDS = 90.0
# The daemon tries again at each tick, and has to leave within ten seconds when asked.
_PATIENCE_SECONDS = 5

_HEADINGS = (N_("line"), N_("left"), N_("ends"), N_("state"), N_("reminder"))
_ByLine = dict[str | None, list[DeliveryStatus]]

log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Add the commands of this module to *app*."""
    app.command()(check)
    app.command()(run)


def check(
    context: typer.Context,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what would be sent; change nothing."),
    ] = False,
    exit_code: Annotated[
        bool,
        typer.Option(
            "--exit-code",
            help="Exit with 1 for a warning, 2 for something critical, 3 for "
            "undelivered or unknown, as monitoring plugins do.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Look at every line once, send what is due, and show it.

    Example: reminderd check --dry-run
    """
    command: Context = context.obj
    loaded = command.load()
    now, up = utc_now(), uptime()
    terminal = TerminalChannel(sys.stderr if as_json else sys.stdout)
    setup = build_setup(command, loaded, terminal, now)
    words = wording_of(loaded.settings, now)
    for warning in setup.warnings:
        warn(words.tell(warning))
    complaints: Mapping[str, str] = {}
    if dry_run:
        outcome = _rehearse(command, loaded, setup, now, up)
    else:
        with (
            closing(open_checked_store(command, loaded, setup)) as store,
            heartbeat_after(store, setup, words),
        ):
            outcome = _check(store, setup, now, up)
            complaints = keep_files(store, setup, utc_now())
    for key, reason in complaints.items():
        warn(not_written(key, reason, words))
    if as_json:
        say_json(outcome.record())
    else:
        _show(outcome, words, dry_run=dry_run)
    return outcome.status(detailed=exit_code)


def run(context: typer.Context) -> None:
    """Watch all lines until stopped: the service.

    Example: reminderd run
    """
    command: Context = context.obj
    # If its file is missing for a moment, another one is not meant instead.
    command = replace(command, config_option=command.config_path)
    if not command.debug:
        log_in_full(logging.INFO)
    journal = JournalChannel()

    def load() -> Setup:
        loaded = command.load()
        check_channels(command, loaded)
        return build_setup(command, loaded, journal, utc_now())

    setup = load()
    for warning in setup.warnings:
        log.warning("%s", warning)
    source = Source(load=load, identity=lambda: _identity(command.config_path))
    url = command.store_url(command.load())
    with closing(Database.open(url, patience=_PATIENCE_SECONDS)) as store:
        Daemon(store, setup, source, build_dispatcher(store), utc_now).run()


def _check(store: Database, setup: Setup, now: datetime, up: Uptime | None) -> Outcome:
    apply_setup(store, setup, now)
    report = run_pass(store, setup, now, uptime=up)
    dispatcher = build_dispatcher(store)
    dispatcher.configure(setup.outlets, setup.channels)
    dispatcher.drain(_DRAIN_SECONDS)
    with store.read() as tx:
        is_any_due = lines.is_any_due(tx, utc_now())
    if is_any_due and report.doubt is None:
        # What a killed process left behind is looked at before it is sent again.
        run_pass(store, setup, utc_now(), uptime=uptime())
        dispatcher.drain(_DRAIN_SECONDS)
    return outcome_of(store, setup, report, now)


def _rehearse(
    command: Context,
    loaded: Loaded,
    setup: Setup,
    now: datetime,
    up: Uptime | None,
) -> Outcome:
    check_channels(command, loaded)
    with rehearsed_store(command, loaded) as store:
        apply_setup(store, setup, now)
        report = run_pass(store, setup, now, uptime=up)
        return outcome_of(store, setup, report, now)


def _show(outcome: Outcome, words: Wording, *, dry_run: bool) -> None:
    by_line: _ByLine = {}
    for delivery in outcome.deliveries:
        by_line.setdefault(delivery.known.line, []).append(delivery)
    shown, rest = _split(outcome.rows, by_line)
    if shown:
        _show_table(shown, by_line, words)
    elif not rest and not outcome.unseen:
        say(words.say(NO_LINE))
    _count(rest, by_line, words)
    for text in unseen_texts(outcome.unseen, words):
        say_wrapped(text)
    _show_others(outcome, words)
    if dry_run:
        say(words.say("Nothing was sent and nothing was changed."))


def _show_others(outcome: Outcome, words: Wording) -> None:
    """Show what became of notices and of lines that are gone, and what is in the way.

    That is what a brake holds, and that no channel works.
    """
    names = {row.stored.card.name for row in outcome.rows}
    for delivery in outcome.deliveries:
        if delivery.known.line not in names:
            say_wrapped(titled_text(delivery, words))
    for text in brake_texts(outcome.brakes, words):
        say_wrapped(text)
    if outcome.silent:
        say_wrapped(silence_text(outcome.silent, words))


def _show_table(
    rows: Sequence[LineStatus],
    by_line: _ByLine,
    words: Wording,
) -> None:
    say_table(
        [words.say(heading) for heading in _HEADINGS],
        [
            (
                row.stored.card.name,
                cell_text(row, words),
                ends_text(row, words),
                state_text(row, words),
                "\n".join(delivery_texts(by_line.get(row.stored.card.name, ()), words))
                or "-",
            )
            for row in rows
        ],
    )


def _split(
    rows: Sequence[LineStatus], by_line: _ByLine
) -> tuple[Sequence[LineStatus], Sequence[LineStatus]]:
    """Return the lines that are shown, and those that are only counted."""
    shown = worst_of(rows, lambda row: _rank(row, by_line))
    ids = {row.stored.id for row in shown}
    return shown, [row for row in rows if row.stored.id not in ids]


def _rank(row: LineStatus, by_line: _ByLine) -> int:
    """Return 0 for a line that calls for something, and ``FINE`` for one of no news.

    Between them are those that are fine, of which something has just been said.
    """
    deliveries = by_line.get(row.stored.card.name, ())
    if any(known.is_undelivered for known in deliveries):
        return 0
    return min(rank_of(row), 1) if deliveries else rank_of(row)


def _count(rest: Sequence[LineStatus], by_line: _ByLine, words: Wording) -> None:
    """Say how the lines are that the table leaves out."""
    bad = sum(_rank(row, by_line) == 0 for row in rest)
    show_left_out(bad, len(rest) - bad, "reminderd status", words)


def _identity(path: Path | None) -> object:
    """Return what changes when the file is edited, replaced or removed."""
    try:
        found = path.stat() if path else None
    except OSError as error:
        return error.errno
    return found and (found.st_mtime_ns, found.st_size, found.st_ino)
