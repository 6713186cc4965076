"""Which entries of the history are asked for, with a word on what there is not."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminderd.cli.context import require_line
from reminderd.cli.entries import KINDS
from reminderd.cli.times import end_given, start_given
from reminderd.config.wording import did_you_mean
from reminderd.delivery.terminal import TERMINAL
from reminderd.domain.names import clean_name
from reminderd.domain.texts import Text, said
from reminderd.errors import UsageError
from reminderd.storage.history import channels_used, has_past
from reminderd.storage.past import (
    DELIVERY,
    EVENT,
    READING,
    REMINDER,
    Wanted,
)

_USUAL = frozenset({REMINDER, EVENT, READING})
_HAVE_A_CHANNEL = frozenset({REMINDER, DELIVERY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The filters as they were typed; ``lines`` has each name that was given."""

    lines: Collection[str]
    channel: str | None
    kinds: frozenset[str]
    since: str | None
    until: str | None

    @property
    def are_only_lines(self) -> bool:
        """Whether everything of the lines is asked for."""
        return not self.kinds and {self.channel, self.since, self.until} == {None}

    def wanted(
        self, tx: Connection, channels: Collection[str], zone: ZoneInfo, now: datetime
    ) -> Wanted:
        """Return what is asked for, dates in *zone*; *channels* are the configured.

        Raises:
            UsageError: There is no such line, channel or kind, or no entry can be
                what is asked for; the text suggests what was meant.
        """
        self._check_kinds()
        since = None if self.since is None else start_given(self.since, zone, now)
        until = None if self.until is None else end_given(self.until, zone, now)
        if since is not None and until is not None and until <= since:
            raise UsageError(Text("--until is not after --since: swap them"))
        if self.channel is not None:
            _require_channel(tx, self.channel, channels)
        return Wanted(
            line=_line(tx, self.lines),
            channel=self.channel,
            kinds=self.kinds or _USUAL,
            since=since,
            until=until,
        )

    def arriving(self, wanted: Wanted) -> Wanted:
        """Return what of that is asked for of what is to come: deliveries as well."""
        kinds = self.kinds or _USUAL | {DELIVERY}
        return replace(wanted, kinds=kinds, since=None, until=None)

    def _check_kinds(self) -> None:
        for kind in sorted(self.kinds.difference(KINDS)):
            raise UsageError(
                Text(
                    "there is no kind {name}{hint}",
                    name=repr(kind),
                    hint=did_you_mean(kind, KINDS),
                )
            )
        if self.channel is not None and not self.kinds <= _HAVE_A_CHANNEL:
            raise UsageError(
                Text(
                    "only reminders and deliveries have a channel: leave out "
                    "--channel, or write --kind delivery"
                )
            )


def _require_channel(tx: Connection, name: str, configured: Collection[str]) -> None:
    """Refuse a channel that is not configured, unless it was once."""
    channels = configured or [TERMINAL]
    if name in channels:
        return
    known = {*channels, *channels_used(tx)}
    if name not in known:
        raise UsageError(
            Text(
                "there is no channel {name}{hint}",
                name=repr(name),
                hint=did_you_mean(name, known),
            )
        )


def _line(tx: Connection, given: Collection[str]) -> str | None:
    """Return the one line that is asked for; one that was removed has its past."""
    try:
        names = {clean_name(name) for name in given}
    except ValueError as error:
        raise UsageError(said(error)) from error
    if len(names) > 1:
        raise UsageError(Text("name one line: as LINE, or with --line"))
    for name in names:
        if not has_past(tx, name):
            require_line(tx, name)
        return name
    return None
