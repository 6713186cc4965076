"""What an import says: rows that make no sense, changes, and how many of each."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from reminderd.cli.columns import cell_of
from reminderd.cli.line_changes import LineChange
from reminderd.cli.output import say, say_json, warn
from reminderd.domain.names import mask_iccid, mask_number
from reminderd.errors import ExitStatus
from reminderd.messages.catalogs import N_
from reminderd.messages.foreign_text import defuse
from reminderd.messages.wording import Wording

# So many digits in a row may be those of a number or a card, in the wrong column.
_LONG_NUMBER = re.compile(r"\d(?=\d{4})")
# What our own texts show as an example is nobody's.
_MANY_DIGITS = re.compile(r"(?!447700900123\b|8944110000000000000\b)\b\d{7,}")
_ADDRESS = re.compile(r"\S+://\S+")
_MASKS = {"number": mask_number, "iccid": mask_iccid}


@dataclass(slots=True)
class ImportReport:
    """Counts what happens, and says it as it happens: nothing is kept of a row.

    As JSON all is said at the end. ``rehearses`` where nothing is written. One that
    ``looks_only`` for bad rows shares what it finds with the one it was made from.
    """

    words: Wording
    as_json: bool
    rehearses: bool
    looks_only: bool = False
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("added", "updated", "unchanged", "left_out", "bad"), 0
        )
    )
    not_taken: tuple[str, ...] = ()
    _records: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"bad_rows": [], "left_out_rows": [], "changes": []}
    )

    @property
    def status(self) -> ExitStatus:
        """The status with which the command ends."""
        return ExitStatus.BAD_DATA if self.counts["bad"] else ExitStatus.OK

    def bad(self, row: int, problems: Iterable[tuple[str, str]]) -> None:
        """Say that a row makes no sense, without any number that stands in it."""
        self.counts["bad"] += 1
        for column, reason in problems:
            why = _without_secrets(_without_column(self.words.tell(reason), column))
            shown = _without_secrets(column)
            if self.as_json:
                record = {"row": row, "column": shown or None, "reason": why}
                self._records["bad_rows"].append(record)
            elif column:
                text = self.words.say(
                    "row {row}, {column}: {why}", row=row, column=shown, why=why
                )
                warn(text)
            else:
                warn(self.words.say("row {row}: {why}", row=row, why=why))

    def left_out(self, row: int, name: str, reason: str) -> None:
        """Say that somebody else's row is no line to be watched."""
        if self.looks_only:
            return
        self.counts["left_out"] += 1
        why = self.words.tell(reason)
        if self.as_json:
            record = {"row": row, "line": name, "reason": why}
            self._records["left_out_rows"].append(record)
        else:
            say(self.words.say("{line}: left out, {why}", line=defuse(name), why=why))

    def change(self, change: LineChange) -> None:
        """Count what is done to a line; what would be is said key by key."""
        if self.looks_only:
            return
        is_new = change.stored is None
        done = "added" if is_new else "updated" if change.is_needed else "unchanged"
        self.counts[done] += 1
        if not self.rehearses:
            return
        fields = list(_shown(change)) if change.is_needed else []
        if self.as_json:
            keyed = [
                dict(zip(("key", "old", "new"), each, strict=True)) for each in fields
            ]
            record = {"line": change.name, "done": done, "fields": keyed}
            self._records["changes"].append(record)
            return
        say(
            self.words.say(
                "{line}: {done}", line=change.name, done=self.words.say(_DONE[done])
            )
        )
        for key, old, new in fields:
            texts = ("-" if each is None else cell_of(key, each) for each in (old, new))
            say(f"  {key}: {' → '.join(texts)}")

    def finish(self) -> None:
        """Say how many rows there were of each kind, and what no line can have."""
        if self.as_json:
            said = {"dry_run": self.rehearses, **self.counts, **self._records}
            say_json(said | {"not_taken": list(self.not_taken)})
            return
        if self.not_taken:
            listed = self.words.listed(
                [self.words.tell(each) for each in self.not_taken]
            )
            say(
                self.words.say(
                    "Not taken over, since a line has no such thing: {what}.",
                    what=listed,
                )
            )
        if self.rehearses:
            say(self.words.say("Nothing was written; this is what would be:"))
        say(
            self.words.say(
                "Added: {added}. Updated: {updated}. Unchanged: {unchanged}. "
                "Left out: {left_out}. Bad rows: {bad}.",
                **self.counts,
            )
        )


_DONE = {
    "added": N_("new"),
    "updated": N_("changes"),
    "unchanged": N_("unchanged"),
}


def _shown(change: LineChange) -> Iterator[tuple[str, Any, Any]]:
    for key, old, new in change.fields():
        mask = _MASKS.get(key)
        if key == "added_at" or (key == "name" and old is None):
            continue
        if mask is None:
            yield key, old, new
        else:
            yield key, old and mask(old), new and mask(new)


def _without_secrets(text: str) -> str:
    """Return *text* without what was given in a wrong column: numbers, addresses."""
    text = _ADDRESS.sub("•••", text)
    return _MANY_DIGITS.sub(lambda found: _LONG_NUMBER.sub("•", found[0]), text)


def _without_column(text: str, column: str) -> str:
    """Return *text* less the column that it begins with in any language."""
    return text.removeprefix(column).lstrip(":\uff1a ") if column else text
