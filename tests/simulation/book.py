"""What the store should hold, whoever wrote it: by command, or by editing the file."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from reminderd.domain.lines import Reading
from reminderd.storage import lines
from reminderd.storage.database import Database
from reminderd.storage.stored import StoredLine
from tests.simulation.estate import Estate
from tests.simulation.invariants import require
from tests.simulation.ledger import Account, Setback, Settling
from tests.simulation.records import Records

_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_Figures = dict[str, Reading]


@dataclass(slots=True)
class Book:
    """The accounts of all lines by their id, and what is expected to be known."""

    database: Database
    records: Records
    estate: Estate
    accounts: dict[int, Account] = field(default_factory=dict)
    expected: dict[str, _Figures] = field(default_factory=dict)
    declared: dict[str, dict[str, str]] = field(default_factory=dict)
    digest: str | None = None
    is_outdated: bool = True
    newest_settled: int = 0
    newest_at_edit: int = 0
    setbacks: list[Setback] = field(default_factory=list)

    def account(self, name: str) -> Account | None:
        """Return the account of the line that has this name now."""
        live = self.accounts.values()
        return next((each for each in live if each.line.name == name), None)

    def set_by_hand(self, name: str, readings: Iterable[Reading]) -> None:
        """Expect *readings* that a command has recorded."""
        figures = self.expected.setdefault(name, {})
        figures.update({known.item: known for known in readings})
        self.is_outdated = True

    def forget_by_hand(self, name: str, item: str) -> None:
        """Expect *item* to be unknown."""
        self.expected[name].pop(item, None)
        self.is_outdated = True

    def sync(self) -> None:
        """Take over what the program has applied of the configuration file."""
        applied = self.records.digest()
        if applied is not None and applied != self.digest:
            require(applied == self.estate.digest, "an old configuration was applied")
            self.digest = applied
            self._apply_file()
            self.is_outdated = True
        if self.is_outdated:
            self._reload()
            self.is_outdated = False

    def settle(self, now: datetime) -> None:
        """Write down what a pass that ended at *now* owes."""
        newest = self.records.newest
        settling = Settling(now, self.estate, self.newest_settled, self.records.decided)
        for account in self.accounts.values():
            settling.settle(account)
        self.newest_settled = newest

    def note_step(self, step: timedelta) -> None:
        """Remember that the clock was set, back if *step* is negative."""
        if step < timedelta(0):
            self.records.look()
            self.setbacks.append(Setback(self.records.newest, -step))

    def loosen_debts(self) -> None:
        """Accept any channel for what is owed: the channels have been edited.

        Also for what a pass that was killed has decided before, and is owed later.
        """
        self.records.look()
        self.newest_at_edit = self.records.newest
        for account in self.accounts.values():
            for item, debt in list(account.debts.items()):
                wanting = any(
                    section.min_severity <= debt.severity
                    for section in self.estate.routes_of(account.route)
                )
                debt.anywhere = True
                if not wanting and not debt.is_paid:
                    del account.debts[item]

    def _apply_file(self) -> None:
        sections = self.estate.lines
        for name in self.declared.keys() - sections.keys():
            self.expected.pop(name)
        for name, section in sections.items():
            marks, before = section.marks, self.declared.get(name, {})
            edited = [
                item for item in section.readings if marks[item] != before.get(item)
            ]
            dropped = before.keys() - marks.keys()
            figures = self.expected.setdefault(name, {})
            figures.update({item: section.readings[item] for item in edited})
            for item in dropped:
                figures.pop(item, None)
            account = self.account(name)
            if account is not None and name in self.declared:
                self.records.look()
                account.note(frozenset({*edited, *dropped}), self.records.newest)
        self.declared = {name: section.marks for name, section in sections.items()}

    def _reload(self) -> None:
        with self.database.read() as tx:
            stored = list(lines.all_lines(tx))
        self._compare(stored)
        self.accounts = {known.id: self._carried_over(known) for known in stored}

    def _carried_over(self, stored: StoredLine) -> Account:
        account = self.accounts.get(stored.id)
        if account is None:
            return Account(stored.id, stored.line, stored.route)
        if account.route != stored.route:
            for debt in account.debts.values():
                debt.anywhere = True
        account.line, account.route = stored.line, stored.route
        return account

    def _compare(self, stored: list[StoredLine]) -> None:
        known = {each.line.name: _timeless(each.line.readings) for each in stored}
        expected = {
            name: _timeless(figures.values()) for name, figures in self.expected.items()
        }
        require(known == expected, "the store knows %s instead of %s", known, expected)


def _timeless(readings: Iterable[Reading]) -> dict[str, Reading]:
    return {known.item: replace(known, observed_at=_SOME_DAY) for known in readings}
