"""What the owner must hear of each line: the debts of the program, settled or open.

A debt arises when a pass that came to its end saw an item worse than ever before in
its cycle. It is paid by a delivery to every channel that wants it, and until then it
must be shown: as pending, held or dead. A renewal, a refill or the end of the line
cancels it; a debt of the same item that is worse takes its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from reminderd.domain.ladders import Policy, Severity
from reminderd.domain.lines import Allowance, Deadline, Line
from tests.simulation.estate import Estate
from tests.simulation.limits import Reached, due_at, rank_of, reached
from tests.simulation.records import Decided

_REFILL = 110
_STALE = "stale"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Debt:
    """Something that the owner must hear, by reminders after number ``beyond``.

    ``anywhere`` is set when channels were edited since: then one of them is enough.
    """

    item: str
    text: str
    severity: Severity
    channels: frozenset[str]
    beyond: int
    anywhere: bool = False
    is_paid: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Items of a line that were renewed, corrected or forgotten after a reminder.

    Nothing that was decided before may be sent after it.
    """

    items: frozenset[str]
    newest: int


@dataclass(frozen=True, slots=True)
class Setback:
    """The clock was set back by *span* after a reminder."""

    newest: int
    span: timedelta


@dataclass(slots=True)
class Account:
    """One line, the worst told of each item in its cycle, and what is owed."""

    line_id: int
    line: Line
    route: tuple[str, ...] | None
    floors: dict[str, str] = field(default_factory=dict)
    dues: dict[str, datetime] = field(default_factory=dict)
    debts: dict[str, Debt] = field(default_factory=dict)
    begun: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    answers: list[tuple[str, int]] = field(default_factory=list)
    snoozed_until: datetime | None = None

    def note(self, items: frozenset[str], newest: int) -> None:
        """Remember that *items* changed after reminder number *newest*."""
        if items:
            self.changes.append(Change(items, newest))

    def has_changed(self, item: str, after: int, before: int) -> bool:
        """Tell whether *item* changed between two reminders."""
        return any(
            item in change.items and after <= change.newest < before
            for change in self.changes
        )

    def was_snoozed(self, after: int, before: int) -> bool:
        """Tell whether the line was snoozed between two reminders."""
        return any(
            kind == "snooze" and after <= newest < before
            for kind, newest in self.answers
        )

    def reading(self, item: str) -> Allowance | Deadline | None:
        """Return what is known of *item*."""
        return next((each for each in self.line.readings if each.item == item), None)


@dataclass(slots=True)
class Settling:
    """One settling of accounts: when, by which configuration, after which reminder."""

    now: datetime
    estate: Estate
    newest_before: int
    decided: Mapping[int, Decided]

    def settle(self, account: Account) -> None:
        """Write down what the pass that has just ended owes for a line."""
        policy = self.estate.policy_of(account.line.name)
        found = reached(account.line, policy, self.now)
        if self._is_muted(account, found):
            return
        account.snoozed_until = None
        self._forget_unknown(account)
        for item in _visible(account, found, policy):
            self._settle_item(account, item, found.get(item), policy)

    def _is_muted(self, account: Account, found: Mapping[str, Reached]) -> bool:
        until = account.snoozed_until
        if until is None or self.now >= until:
            return False
        return not any(
            known.text == "expired"
            and account.floors.get(item) != "expired"
            and not self._is_decided(account, item)
            for item, known in found.items()
        )

    def _is_decided(self, account: Account, item: str) -> bool:
        """Tell whether a pass that was killed has said before that *item* is over."""
        return any(
            each.line_id == account.line_id and number > account.begun.get(item, 0)
            for number, each in self.decided.items()
            if (known := each.finding(item)) is not None
            and known["step"] == "expired"
            and account.dues.get(item, _LONG_AGO) <= each.created_at
        )

    def _forget_unknown(self, account: Account) -> None:
        known = {reading.item for reading in account.line.readings} | {_STALE}
        for item in account.floors.keys() - known:
            self._begin_cycle(account, item, None)

    def _settle_item(
        self, account: Account, item: str, known: Reached | None, policy: Policy
    ) -> None:
        reading = account.reading(item)
        if reading is None:
            self._settle_stale(account, known)
        elif isinstance(reading, Deadline):
            self._settle_deadline(account, reading, known, policy)
        else:
            self._settle_allowance(account, reading, known, policy)

    def _settle_stale(self, account: Account, known: Reached | None) -> None:
        cycle = account.line.observed_at.isoformat()
        if account.floors.get(_STALE) == cycle:
            return
        self._begin_cycle(account, _STALE, None)
        if known is not None:
            self._owe(account, known)
            account.floors[_STALE] = cycle

    def _settle_deadline(
        self, account: Account, reading: Deadline, known: Reached | None, policy: Policy
    ) -> None:
        item, end = reading.item, due_at(reading, account.line.zone)
        floor, before = account.floors.get(item), account.dues.get(item, end)
        account.dues[item] = end
        if floor is None:
            if known is not None:
                self._owe(account, known)
            return
        rank = rank_of(floor, reading, account.line, policy)
        is_nearer = end < before and known is not None and known.text != "expired"
        if known is not None and (known.rank > rank or is_nearer):
            self._owe(account, known)
        elif end > before and (known is None or known.rank != rank):
            self._begin_cycle(account, item, known)

    def _settle_allowance(
        self,
        account: Account,
        reading: Allowance,
        known: Reached | None,
        policy: Policy,
    ) -> None:
        item, floor = reading.item, account.floors.get(reading.item)
        if floor is None:
            if known is not None:
                self._owe(account, known)
            return
        if reading.unlimited:
            self._begin_cycle(account, item, None)
        if reading.remaining is None:
            return
        rank = rank_of(floor, reading, account.line, policy)
        if known is not None and known.rank > rank:
            self._owe(account, known)
            return
        told = 0.0 if rank == float("inf") else -rank
        is_same = known is not None and known.rank == rank
        is_unclear = rank == float("-inf")
        if not (is_same or is_unclear) and reading.remaining * 100 >= told * _REFILL:
            self._begin_cycle(account, item, known)

    def _begin_cycle(self, account: Account, item: str, known: Reached | None) -> None:
        """Arm the ladder again; what a renewed item has reached counts as said."""
        account.debts.pop(item, None)
        account.floors.pop(item, None)
        account.begun[item] = self.newest_before
        if known is not None:
            account.floors[item] = known.text

    def _is_answered(self, account: Account, known: Reached) -> bool:
        """Tell whether what a killed pass had decided was acknowledged."""
        last = max((at for kind, at in account.answers if kind == "ack"), default=0)
        return any(
            account.begun.get(known.item, 0) < number <= last
            for number, each in self.decided.items()
            if each.line_id == account.line_id
            and (found := each.finding(known.item)) is not None
            and found["step"] == known.text
        )

    def _owe(self, account: Account, known: Reached) -> None:
        account.floors[known.item] = known.text
        account.debts.pop(known.item, None)
        channels = frozenset(
            section.name
            for section in self.estate.routes_of(account.route)
            if section.min_severity <= known.severity
        )
        if not channels or self._is_answered(account, known):
            return  # nobody wishes to hear of it, or somebody has heard already
        account.debts[known.item] = Debt(
            item=known.item,
            text=known.text,
            severity=known.severity,
            channels=channels,
            beyond=account.begun.get(known.item, 0),
        )


def _visible(
    account: Account, found: Mapping[str, Reached], policy: Policy
) -> list[str]:
    """Return the items worth a word: an ended plan leaves its allowances worthless."""
    dates = [known.item for known in account.line.deadlines]
    validity = found.get("validity")
    if validity is not None and validity.text == "expired":
        return dates
    figures = [known.item for known in account.line.allowances]
    return dates + figures + ([_STALE] if policy.stale is not None else [])
