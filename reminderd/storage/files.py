"""The files of a SQLite store: whose they are, who may read them, and what is wrong.

``X.marker`` says that there was a store at X, so that a lost one is not taken for a
new one; ``X.ballast`` is space to give back when the disk is full. Run by root, every
file made here goes to the owner of the directory: the service must be able to write
what an administrator's command has made.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from reminderd.domain.texts import Text, said_by_system
from reminderd.errors import DamagedStoreError, NoStoreError, StoreError
from reminderd.storage import faults

# "rmdd": what SQLite's header says of whose file this is.
APPLICATION_ID = 0x726D6464
BALLAST_BYTES = 1024 * 1024
# A ballast must not be what fills the disk.
LEAVE_FREE_BYTES = 4 * BALLAST_BYTES
_STORE = Text("the store")
_MARKER_TEXT = (
    "There is a store of reminderd beside this file. If it is missing, put it back "
    "from a backup;\nto begin a new one instead, delete this file.\n"
)


@dataclass(frozen=True, slots=True)
class StoreFiles:
    """The database file at *path* and its companions."""

    path: Path

    @property
    def marker(self) -> Path:
        """The file that says there is a store."""
        return self.path.with_name(f"{self.path.name}.marker")

    @property
    def ballast(self) -> Path:
        """The file that is deleted when the disk is full."""
        return self.path.with_name(f"{self.path.name}.ballast")

    def backup(self, mark: str) -> Path:
        """The copy of that *mark*: a revision of the schema, or a moment."""
        return self.path.with_name(f"{self.path.name}.backup-{mark}")

    def prepare(self, *, create: bool) -> None:
        """Make sure that there is a file to open, an empty one for a new store.

        Raises:
            StoreError: It is missing or empty though there was one, or it is not
                wanted or not possible to make one.
        """
        with os_errors_explained(self.path):
            _make_directory(self.path.parent, create=create, store=self.path)
            if self._size_or_refusal(create=create) is None:
                with suppress(FileExistsError):  # another process was faster
                    os.close(create_private(self.path))
            self._check_owner()

    def refuse_unusable(self) -> None:
        """Refuse what :meth:`prepare` would refuse, and change nothing.

        Raises:
            StoreError: There is no store yet, it is missing or empty though there
                was one, or it is no regular file.
        """
        with os_errors_explained(self.path):
            self._size_or_refusal(create=False)

    def mark(self) -> None:
        """Write the marker, unless it is there."""
        with os_errors_explained(self.marker), suppress(FileExistsError):
            if not self.marker.exists():
                write_private(self.marker, _MARKER_TEXT.encode())

    def refuse_lost(self) -> None:
        """Raise StoreError for a file without tables where there was a store."""
        if self.marker.exists():
            raise _lost(self, Text("empty"))

    def fill_ballast(self) -> None:
        """Set space aside for the day on which the disk is full, if there is enough."""
        try:
            if self.ballast.exists():
                return
            free = os.statvfs(self.path.parent)
            if free.f_bavail * free.f_frsize >= BALLAST_BYTES + LEAVE_FREE_BYTES:
                # random, so that no file system can store it in less space
                write_private(self.ballast, os.urandom(BALLAST_BYTES))
        except OSError:
            # No space, or another user's store: nothing depends on the ballast yet.
            return

    def free_ballast(self) -> None:
        """Give the ballast back to the full disk."""
        with suppress(OSError):
            self.ballast.unlink(missing_ok=True)

    def identity(self) -> tuple[int, int] | None:
        """Return what tells this file from another of the same name.

        None stands for a file that is missing or empty.
        """
        try:
            found = self.path.stat()
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found.st_size else None

    def _size_or_refusal(self, *, create: bool) -> int | None:
        # Before the file: whoever makes a store writes the marker last.
        marked = self.marker.exists()
        size = self._size()
        if marked and not size:
            raise _lost(self, Text("missing") if size is None else Text("empty"))
        if not size and not create:
            raise NoStoreError(no_store(self.path))
        return size

    def _size(self) -> int | None:
        """Return the size of the database file, or None where there is none."""
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            return None
        if stat.S_ISLNK(found.st_mode):
            raise StoreError(
                Text(
                    "{path} is a symbolic link; name the file itself in storage.url",
                    path=self.path,
                )
            )
        if not stat.S_ISREG(found.st_mode):
            raise StoreError(
                Text(
                    "{path} is not a regular file; name one in storage.url",
                    path=self.path,
                )
            )
        return found.st_size

    def _check_owner(self) -> None:
        """Refuse a file of root's in a directory of somebody else's.

        It is not given away here: the owner of the directory could have put a link
        to any file of root's into it.
        """
        found = self.path.lstat()
        owner = self.path.parent.stat().st_uid
        if os.geteuid() == 0 and found.st_uid == 0 and owner != 0:
            raise StoreError(
                Text(
                    "{path} belongs to root, but its directory to user {owner}, "
                    "who could not write it; run: chown -h --reference={parent} "
                    "{path}*",
                    path=self.path,
                    owner=owner,
                    parent=self.path.parent,
                )
            )
        if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & 0o077:
            self.path.chmod(0o600)


def no_store(place: object) -> str:
    """Return what to say where no store has been made yet."""
    return Text("no store yet at {place}; run: reminderd check", place=place)


def create_private(path: Path) -> int:
    """Return a descriptor of a new file that only its owner may read and write.

    Raises:
        FileExistsError: There is something of that name, even a dangling link.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        os.fchmod(descriptor, 0o600)  # a umask may have taken away too much
        if os.geteuid() == 0:
            owner = path.parent.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
    except OSError:
        os.close(descriptor)
        path.unlink()
        raise
    return descriptor


def write_private(path: Path, content: bytes) -> None:
    """Write a new private file, all of it or none."""
    with os.fdopen(create_private(path), "wb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink()
            raise
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names of new files in *directory* survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def os_errors_explained(path: Path, role: str = _STORE) -> Iterator[None]:
    """Turn what the operating system says about *path* into a StoreError."""
    try:
        yield
    except OSError as error:
        if faults.is_full(error):
            raise faults.full(str(path)) from error
        raise StoreError(
            Text(
                "{path} cannot be used as {role}: {reason}",
                path=path,
                role=role,
                reason=said_by_system(error),
            )
        ) from error


def _make_directory(directory: Path, *, create: bool, store: Path) -> None:
    if not directory.exists():
        if not create:
            raise NoStoreError(no_store(store))
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = directory.stat()
    is_ours = directory.name == "reminderd" and found.st_uid == os.geteuid()
    if is_ours and stat.S_IMODE(found.st_mode) & 0o077:
        # only a directory of that name: a home directory may be open on purpose
        directory.chmod(0o700)


def _lost(files: StoreFiles, state: str) -> DamagedStoreError:
    return faults.damage(
        Text(
            "the store {path} is {state}, though there was one",
            path=files.path,
            state=state,
        )
    )
