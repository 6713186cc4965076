"""What can go wrong, with the exit status each error ends a command with.

ReminderdError
├── UsageError           64  wrong use of the command line
├── DataError            65  a file to be imported makes no sense
├── UnavailableError     69  a service, or the store, cannot be used now
│   └── StoreError       69
│       ├── NoStoreError       69  there is none yet
│       ├── DamagedStoreError  69  its file is damaged or lost
│       └── StoreFullError     69  no space left to write
├── CannotWriteError     73  a file cannot be created or written
└── ConfigError          78  the configuration file, environment or a secret

The numbers are those of sysexits.h; 0 to 3 are the answers of ``check
--exit-code`` and follow the convention of monitoring plugins.
"""

from enum import IntEnum
from typing import ClassVar


class ExitStatus(IntEnum):
    """Every status a command can end with."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNDELIVERED = 3
    USAGE = 64
    BAD_DATA = 65
    UNAVAILABLE = 69
    CANNOT_WRITE = 73
    CONFIG = 78


class ReminderdError(Exception):
    """An error whose text is meant for the user: what failed, where, what to do.

    ``problems`` are its sentences, one a line. They are English; what the catalogues
    of messages know of them can be told in another language.
    """

    exit_status: ClassVar[ExitStatus]

    def __init__(self, *problems: str) -> None:
        super().__init__(problems[0] if len(problems) == 1 else "\n".join(problems))
        self.problems = list(problems)


class UsageError(ReminderdError):
    """The command line was used wrongly."""

    exit_status = ExitStatus.USAGE


class DataError(ReminderdError):
    """A file to be imported, or a row in it, makes no sense."""

    exit_status = ExitStatus.BAD_DATA


class UnavailableError(ReminderdError):
    """A service that is needed does not answer."""

    exit_status = ExitStatus.UNAVAILABLE


class StoreError(UnavailableError):
    """The store cannot be opened, read or written."""


class NoStoreError(StoreError):
    """There is no store yet."""


class DamagedStoreError(StoreError):
    """The file of the store is damaged or lost; ``harm`` says how, without a remedy."""

    def __init__(self, text: str, harm: str) -> None:
        super().__init__(text)
        self.harm = harm


class StoreFullError(StoreError):
    """The disk that holds the store has no space left."""


class CannotWriteError(ReminderdError):
    """A file cannot be created or written."""

    exit_status = ExitStatus.CANNOT_WRITE


class ConfigError(ReminderdError):
    """The configuration is wrong; ``problems`` lists every mistake, one line each."""

    exit_status = ExitStatus.CONFIG

    def __init__(self, problems: list[str]) -> None:
        super().__init__(*problems)
