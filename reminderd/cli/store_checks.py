"""Is the store well: its file, its disk, and the way back."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from reminderd.cli.facts import Facts, Finding, failed, ok, warning
from reminderd.domain.quantities import AllowanceKind
from reminderd.messages.wording import Wording
from reminderd.storage.database import SCHEMA_REVISION
from reminderd.storage.files import LEAVE_FREE_BYTES

# https://www.sqlite.org/wal.html: two processes could damage a WAL file before.
_WAL_IS_MENDED = (3, 51, 3)


def store(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say where the store is, or why it cannot be used."""
    known = facts.store
    if known.is_missing:
        yield warning("store", words.tell(known.trouble or ""))
    elif known.trouble is not None:
        yield failed("store", words.tell(known.trouble), words.tell(known.remedy))
    elif known.revision != SCHEMA_REVISION:
        text = words.say(
            "store: {place}, schema {revision}; it will be migrated to {head} at the "
            "next start, after a backup",
            place=known.place,
            revision=known.revision,
            head=SCHEMA_REVISION,
        )
        yield ok("store", text)
    else:
        yield ok("store", words.say("store: {place}, {size}", **_size(facts, words)))


def integrity(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say whether SQLite finds everything in order."""
    found = facts.store.inspection
    if found is None:
        return
    if found.disorder:
        text = words.say("store: damaged: {problem}", problem=found.disorder[0])
        yield failed("integrity", text, words.tell(facts.store.remedy))
    else:
        yield ok("integrity", words.say("store: every page of it is in order"))
    if found.dangling:
        text = words.say_count(
            "store: {n} row refers to nothing",
            "store: {n} rows refer to nothing",
            found.dangling,
        )
        yield failed("references", text, words.tell(facts.store.remedy))


def access(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say whether its owner alone can get at the files, and can."""
    known = facts.store.condition
    if known is None:
        return
    directory = quote(str(known.path.parent))
    if known.strange:
        yield failed(
            "access",
            words.say(
                "store: another user than the directory's owns {files}",
                files=_names(known.strange),
            ),
            f"chown -h --reference={directory} {_quoted(known.strange)}",
        )
    if known.exposed:
        text = words.say("store: others can read {files}", files=_names(known.exposed))
        yield warning("access", text, f"chmod 600 {_quoted(known.exposed)}")
    if known.is_open:
        text = words.say("store: others can write into its directory")
        yield warning("access", text, f"chmod go-w {directory}")
    if not (known.strange or known.exposed or known.is_open):
        yield ok("access", words.say("store: its files are their owner's alone"))


def companions(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say whether a loss would be noticed, and a full disk survived."""
    known = facts.store.condition
    if known is None:
        return
    if not known.is_marked:
        text = words.say("store: its marker is missing, a loss would go unnoticed")
        yield warning("marker", text, _next_pass(facts, words))
    if not known.has_ballast:
        text = words.say("store: its ballast is missing, the disk is or was full")
        yield warning("ballast", text, _next_pass(facts, words))


def disk(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say how much room is left for the store."""
    known = facts.store.condition
    if known is None:
        return
    free = words.amount(AllowanceKind.DATA, known.free_bytes)
    text = words.say("disk: {free} free", free=free)
    advice = words.say("make room on the disk of {path}", path=known.path)
    if known.free_bytes < LEAVE_FREE_BYTES:
        yield failed("disk", text, advice)
    elif known.free_bytes < known.size_bytes + LEAVE_FREE_BYTES:
        text = words.say("disk: {free} free, too little for a backup", free=free)
        yield warning("disk", text, advice)
    else:
        yield ok("disk", text)


def journal(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Warn of a journal mode in which SQLite could damage the store."""
    known = facts.store.condition
    if known is None or not known.is_wal:
        return
    text = words.say("store: another program has switched it to WAL mode")
    if sqlite3.sqlite_version_info < _WAL_IS_MENDED:
        text = words.say(
            "store: another program has switched it to WAL mode, in which SQLite "
            "{version} can damage it",
            version=sqlite3.sqlite_version,
        )
    yield warning("journal", text, _next_pass(facts, words))


def backups(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say which backup one could go back to."""
    known = facts.store.backups
    if known is None:
        return
    advice = words.say("make one: {command}", command=f"{facts.program} backup")
    best = facts.store.sound_backup
    if best is None:
        text = words.say("backup: there is none beside the store")
        if known:
            text = words.say("backup: none beside the store is good")
        yield warning("backup", text, advice)
        return
    if best is not known[0]:
        text = words.say("backup: {path} is damaged", path=known[0].path)
        yield warning("backup", text, advice)
    moment = words.moment(best.made_at)
    text = words.say("backup: {moment}, {path}", moment=moment, path=best.path)
    yield ok("backup", text)


def _size(facts: Facts, words: Wording) -> dict[str, str]:
    known = facts.store.condition
    size = words.amount(AllowanceKind.DATA, known.size_bytes) if known else "PostgreSQL"
    return {"place": facts.store.place, "size": size}


def _next_pass(facts: Facts, words: Wording) -> str:
    command = f"{facts.program} check"
    return words.say("a start puts that right, such as: {command}", command=command)


def _names(paths: tuple[Path, ...]) -> str:
    return ", ".join(path.name for path in paths)


def _quoted(paths: tuple[Path, ...]) -> str:
    return " ".join(quote(str(path)) for path in paths)
