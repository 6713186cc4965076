"""What has become of everything that was decided."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from reminderd.domain.ladders import Policy
from tests.simulation.invariants import require
from tests.simulation.ledger import Account, Debt
from tests.simulation.limits import rank_of, reached
from tests.simulation.records import Decided, Row

_A_DAY_AND_MORE = timedelta(hours=27)
_SHOWN = frozenset({"pending", "sending", "held", "dead"})
_SENT = "sent"
_SETTLED = frozenset({"sent", "dead"})


class Outbox:
    """One look at the outbox, arranged to find what became of a reminder."""

    def __init__(
        self,
        rows: Iterable[Row],
        decided: Mapping[int, Decided],
        newest_at_edit: int,
    ) -> None:
        self.newest_at_edit = newest_at_edit
        self.states: dict[int, dict[str, str]] = defaultdict(dict)
        for row in rows:
            self.states[row.reminder_id][row.channel] = row.state
        self.by_line: dict[int, list[Decided]] = defaultdict(list)
        self.decided = decided
        self.notices: dict[int, Decided] = {}
        for known in decided.values():
            if known.line_id is None:
                self.notices[known.id] = known
            else:
                self.by_line[known.line_id].append(known)

    def debts_are_paid_or_shown(
        self, account: Account, policy: Policy, now: datetime, channels: Iterable[str]
    ) -> None:
        """Require that nothing the line's owner must hear of has vanished.

        A debt whose limit is not reached now, after a clock was set back or a figure
        corrected, sleeps: it is looked at again when the limit is.
        """
        if account.snoozed_until is not None:
            return
        found = reached(account.line, policy, now)
        for debt in account.debts.values():
            known = found.get(debt.item)
            if debt.is_paid or known is None or known.text != debt.text:
                continue
            targets = debt.channels & set(channels)
            if (
                debt.anywhere
                or self._is_older_than_channels(debt, account)
                or targets != debt.channels
            ):
                states = [self._states(debt, account, policy, None)]
            else:
                states = [self._states(debt, account, policy, name) for name in targets]
            for each in states:
                require(
                    each & (_SHOWN | {_SENT}),
                    "%s: %s has vanished (%s)",
                    account.line.name,
                    debt,
                    each,
                )
            debt.is_paid = all(_SENT in each for each in states)

    def _is_older_than_channels(self, debt: Debt, account: Account) -> bool:
        """Tell whether a reminder was decided before the channels were edited."""
        return any(
            debt.beyond < decided.id <= self.newest_at_edit
            and decided.finding(debt.item) is not None
            for decided in self.by_line[account.line_id]
        )

    def _states(
        self, debt: Debt, account: Account, policy: Policy, channel: str | None
    ) -> set[str]:
        """Return what became of the reminders that carry *debt* to *channel*."""
        found: set[str] = set()
        for decided in self.by_line[account.line_id]:
            finding = decided.finding(debt.item)
            if decided.id <= debt.beyond or finding is None:
                continue
            if _is_as_bad(finding["step"], debt, account, policy):
                states = self.states[decided.id]
                found |= (
                    set(states.values())
                    if channel is None
                    else {states.get(channel, "not there")}
                )
        return found

    def is_reported(self, name: str, after: int, others: Collection[str]) -> bool:
        """Tell whether one of the *others* was to say that channel *name* is ill."""
        for number, decided in self.notices.items():
            about = decided.content["details"].get("channel")
            if number > after and about == name:
                states = self.states[number]
                if _SENT in states.values() or any(
                    states.get(other) in _SHOWN for other in others
                ):
                    return True
        return False

    def nothing_waits(self, now: datetime) -> None:
        """Require that, with all well for days, everything has been settled.

        What was decided in the last day may wait for the end of quiet hours.
        """
        for number, states in self.states.items():
            age = now - self.decided[number].created_at
            if timedelta(0) <= age < _A_DAY_AND_MORE:
                continue
            waiting = set(states.values()) & (_SHOWN - _SETTLED)
            require(
                not waiting,
                "not delivered after days: %s %s",
                self.decided[number],
                states,
            )


def _is_as_bad(step: str, debt: Debt, account: Account, policy: Policy) -> bool:
    if step == debt.text:
        return True
    reading = account.reading(debt.item)
    if reading is None:
        return True
    rank = rank_of(step, reading, account.line, policy)
    return rank >= rank_of(debt.text, reading, account.line, policy)
