"""Who looks at the store after each pass and each turn."""

from datetime import datetime

from tests.simulation.book import Book
from tests.simulation.decisions import Past, decision_is_right
from tests.simulation.invariants import require
from tests.simulation.outbox import Outbox
from tests.simulation.records import Row
from tests.simulation.witness import Witness, useful_until_is_a_due_date


class Watch:
    """Remembers what has been looked at.

    ``settled`` says that a pass came to its end in this turn, ``passes`` when they
    began.
    """

    def __init__(self, book: Book, witness: Witness) -> None:
        self.settled = False
        self.passes: list[datetime] = []
        self._book = book
        self._records = book.records
        self._estate = book.estate
        self._witness = witness
        self._checked = 0
        self._sent: set[int] = set()
        self._broken: dict[str, str] = {}
        self._dead: set[int] = set()
        self._sound_at: dict[str, int] = {}
        self._unreported: dict[str, int] = {}
        self._overdue: set[str] = set()
        self._newest_before = 0

    def begin_turn(self) -> None:
        """Forget the passes of the turn before."""
        self.settled = False
        self.passes.clear()

    def check_decisions(self) -> None:
        """Look at the reminders that have been decided since the last time."""
        for number in range(self._checked + 1, self._records.newest + 1):
            decided = self._records.decided.get(number)
            if decided is None or decided.line_id is None:
                continue
            account = self._book.accounts.get(decided.line_id)
            require(account is not None, "a reminder of no line: %s", decided)
            assert account is not None
            policy = self._estate.policy_of(account.line.name)
            of_line = [
                other
                for other in self._records.decided.values()
                if other.line_id == decided.line_id
            ]
            past = Past(of_line, self._book.setbacks, self._records.states_of)
            decision_is_right(decided, account, policy, past, self.passes)
            useful_until = decided.content.get("useful_until")
            if useful_until is not None:
                useful_until_is_a_due_date(
                    account, datetime.fromisoformat(useful_until)
                )
        self._checked = self._records.newest

    def look(self, now: datetime, *, at_rest: bool = False) -> None:
        """Look at everything that must hold between two turns."""
        self._records.look()
        rows = self._records.deliveries()
        outbox = Outbox(rows, self._records.decided, self._book.newest_at_edit)
        if self.settled:
            for account in self._book.accounts.values():
                policy = self._estate.policy_of(account.line.name)
                outbox.debts_are_paid_or_shown(
                    account, policy, now, self._estate.channels
                )
        self._check_sent(rows)
        self._check_reports(rows, outbox)
        if at_rest:
            outbox.nothing_waits(now)

    def _check_sent(self, rows: list[Row]) -> None:
        names = {each.line_id: each.line.name for each in self._book.accounts.values()}
        for row in rows:
            if row.state != "sent" or row.id in self._sent:
                continue
            self._sent.add(row.id)
            self._sound_at[row.channel] = self._newest_before
            decided = self._records.decided[row.reminder_id]
            if decided.line_id is None or decided.line_id in names:
                name = "" if decided.line_id is None else names[decided.line_id]
                copy = (row.channel, decided.identity(name))
                require(
                    self._witness.accepted[copy], "recorded as sent, but not: %s", copy
                )

    def _check_reports(self, rows: list[Row], outbox: Outbox) -> None:
        """Require that whoever still can is told what another channel cannot.

        That is due at the end of the next whole turn, and nobody's duty when no other
        channel lives.
        """
        broken = self._records.broken()
        dead = [row for row in rows if row.state == "dead" and row.id not in self._dead]
        for name in (broken.keys() - self._broken.keys()) | {
            row.channel for row in dead
        }:
            self._unreported.setdefault(name, self._sound_at.get(name, 0))
        living = self._estate.channels.keys() - broken.keys() - self._broken.keys()
        for name, after in list(self._unreported.items()):
            others = living - {name}
            is_over = name not in self._estate.channels or not others
            # A report that nobody has read yet may be taken back by then.
            is_over |= self._sound_at.get(name, 0) > after
            if is_over or outbox.is_reported(name, after, others):
                del self._unreported[name]
                self._overdue.discard(name)
            elif self.settled:
                require(name not in self._overdue, "%s is dead: nobody knows", name)
                self._overdue.add(name)
        self._broken = broken
        self._dead.update(row.id for row in dead)
        self._newest_before = self._records.newest
