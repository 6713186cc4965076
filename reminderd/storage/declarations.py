"""What the configuration file last said of each line, to see what was edited in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, cast, select

from reminderd.storage.lines import ASAP, NewLine, add_line, update_line
from reminderd.storage.tables import metadata

CONFIG = "config"

_LINE = metadata.tables["line"]


@dataclass(frozen=True, slots=True)
class Declared:
    """A line of the configuration file and the marks of what was said there."""

    line_id: int
    marks: dict[str, str]


def declared_marks(tx: Connection) -> dict[str, Declared]:
    """Return every line that is in the care of the configuration file, by name."""
    # As text: one that is no JSON would keep all of them from being read.
    declared = cast(_LINE.c.declared, Text)
    wanted = select(_LINE.c.id, _LINE.c.name, declared.label("declared")).where(
        _LINE.c.archived_at.is_(None), _LINE.c.origin == CONFIG
    )
    return {
        row.name: Declared(row.id, _marks(row.declared)) for row in tx.execute(wanted)
    }


def _marks(declared: str | None) -> dict[str, str]:
    """Return the marks in a column; if they are unreadable, all counts as edited."""
    try:
        return dict(json.loads(declared or "{}") or {})
    except (ValueError, TypeError):
        return {}


def adopt_line(
    tx: Connection,
    name: str,
    columns: Mapping[str, Any],
    marks: Mapping[str, str],
    now: datetime,
) -> int:
    """Take a line into the care of the configuration file; return its id.

    It is added, unless a command has added it before; then what is known and told of
    it stays.
    """
    same_name = select(_LINE.c.id).where(
        _LINE.c.name == name, _LINE.c.archived_at.is_(None)
    )
    line_id = tx.execute(same_name).scalar()
    declared = dict(marks)
    if line_id is None:
        new = NewLine(
            name=name, origin=CONFIG, added_at=now, declared=declared, **columns
        )
        return add_line(tx, new)
    update_line(
        tx, line_id, **columns, origin=CONFIG, declared=declared, review_at=ASAP
    )
    return int(line_id)
