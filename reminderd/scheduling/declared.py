"""Bring the store in line with an edited configuration file.

Only what was edited since the last time is applied: a figure that was updated by
command or source in the meantime is not overwritten by an old one in the file.
"""

from datetime import datetime

from sqlalchemy import Connection

from reminderd.scheduling.setup import DeclaredLine, Setup
from reminderd.storage import declarations, events, lines, meta, outbox, readings
from reminderd.storage.database import Database

CONFIG_DIGEST = "config_digest"
_POLICY_DIGEST = "policy_digest"
_SOURCE = "config"


def apply_setup(database: Database, setup: Setup, now: datetime) -> bool:
    """Apply the edits in *setup* to the store; return whether there were any.

    Once for each setup that a process takes up, not in every pass: two processes
    that read different files would undo each other's edits for ever.

    Raises:
        StoreError: The store cannot be read or written; nothing is applied.
    """
    with database.read() as tx:
        if meta.get(tx, CONFIG_DIGEST) == setup.digest:
            return False
    with database.write() as tx:
        _apply_lines(tx, setup, now)
        if meta.get(tx, _POLICY_DIGEST) != setup.policy_digest:
            lines.review_all_now(tx)
            meta.put(tx, _POLICY_DIGEST, setup.policy_digest)
        meta.put(tx, CONFIG_DIGEST, setup.digest)
    return True


def _apply_lines(tx: Connection, setup: Setup, now: datetime) -> None:
    declared = {line.name: line for line in setup.lines}
    known = declarations.declared_marks(tx)
    for name in known.keys() - declared.keys():
        outbox.supersede_line(tx, known[name].line_id, now)
        lines.archive_line(tx, known[name].line_id, now)
    for name, line in declared.items():
        if name in known:
            _apply_edits(tx, known[name].line_id, line, known[name].marks, now)
        else:
            _adopt(tx, line, now)


def _adopt(tx: Connection, line: DeclaredLine, now: datetime) -> None:
    """Take a line into the file's care: a new one, or one added by command before."""
    line_id = declarations.adopt_line(
        tx, line.name, line.columns, dict(line.marks), now
    )
    readings.save_readings(tx, line_id, line.readings, _SOURCE, now)


def _apply_edits(
    tx: Connection,
    line_id: int,
    line: DeclaredLine,
    marks: dict[str, str],
    now: datetime,
) -> None:
    if marks == line.marks:
        return
    edited = [
        reading
        for reading in line.readings
        if marks.get(reading.item) != line.marks[reading.item]
    ]
    dropped = marks.keys() - line.marks.keys()
    lines.update_line(
        tx, line_id, **line.columns, declared=dict(line.marks), review_at=0
    )
    readings.save_readings(tx, line_id, edited, _SOURCE, now)
    readings.forget_items(tx, line_id, sorted(dropped))
    events.add_event(
        tx,
        line_id,
        "edit",
        now,
        {"items": [*(reading.item for reading in edited), *sorted(dropped)]},
    )
