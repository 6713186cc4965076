"""Who sees every letter that is handed over, and what may be in it then.

- Nothing about a line that is gone, and nothing decided before a renewal about what
  has been renewed.
- Nothing in quiet hours, but for a deadline that falls into them.
- The worst first, within a reminder and among those of one letter.
- The same reminder on the same channel once, and once more for each time that its
  process was killed or stopped, or its peer broke off, before that was recorded.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from reminderd.domain.reminders import Content, LineReminder
from tests.simulation.book import Book
from tests.simulation.decisions import worst_first
from tests.simulation.estate import ChannelSection
from tests.simulation.invariants import require
from tests.simulation.ledger import Account
from tests.simulation.limits import due_at, reached
from tests.simulation.peers import Letter, identity

_DAY = timedelta(days=1)


class Witness:
    """Remembers what was accepted, and how much of it nobody can be sure of."""

    def __init__(self, book: Book, now: Callable[[], datetime]) -> None:
        self._book = book
        self._now = now
        self.accepted: Counter[tuple[str, str]] = Counter()
        self.doubts: Counter[tuple[str, str]] = Counter()

    def doubt(self, copies: Iterable[tuple[str, str]]) -> None:
        """Allow one more copy of each: it cannot have been recorded."""
        self.doubts.update(copies)

    def inspect(self, letter: Letter) -> None:
        """Require that *letter* may be sent as it is being written."""
        order = []
        for content in letter.contents:
            if isinstance(content, LineReminder):
                self._is_about_now(content)
                findings = content.reminder.findings
                worst_first(
                    {"severity": each.severity, "step": each.step} for each in findings
                )
                order.append(-content.reminder.worst)
            else:
                order.append(-content.severity)
        require(order == sorted(order), "not the worst line first: %s", order)

    def copies(self, channel: str, letter: Letter) -> list[tuple[str, str]]:
        """Return what *letter* on *channel* is a copy of."""
        return [(channel, identity(content)) for content in letter.contents]

    def accept(self, copies: Iterable[tuple[str, str]]) -> None:
        """Count what a peer has accepted."""
        for copy in copies:
            self.accepted[copy] += 1
            allowed = 1 + self.doubts[copy]
            if self.accepted[copy] > allowed:
                allowed += self._namesakes(copy[1])
            require(
                self.accepted[copy] <= allowed,
                "accepted %d times on %s: %s",
                self.accepted[copy],
                *copy,
            )

    def _namesakes(self, wanted: str) -> int:
        """Return how often the same was decided under the same time of the clock."""
        line = wanted.partition("|")[0]
        decided = self._book.records.decided.values()
        return sum(known.identity(line) == wanted for known in decided) - 1

    def _is_about_now(self, content: LineReminder) -> None:
        """Require that the line is there, and not renewed past what is said."""
        account = self._book.account(content.line.name)
        require(account is not None, "a letter about %s, which is gone", content)
        assert account is not None
        decided = self._decision(account, content)
        policy = self._book.estate.policy_of(account.line.name)
        found = reached(account.line, policy, self._now())
        for change in account.changes:
            if decided > change.newest:
                continue
            for each in content.reminder.findings:
                require(
                    each.item not in change.items or each.item in found,
                    "%s of %s was renewed before this was sent: %s",
                    each.item,
                    account.line.name,
                    each,
                )

    def _decision(self, account: Account, content: LineReminder) -> int:
        self._book.records.look()
        return next(
            decided.id
            for decided in self._book.records.decided.values()
            if decided.line_id == account.line_id
            and decided.created_at == content.created_at
            and decided.content["key"] == content.reminder.key
        )

    def keeps_quiet_hours(self, section: ChannelSection, letter: Letter) -> None:
        """Require that *letter* was not written in the quiet hours of its channel."""
        for content in letter.contents:
            self._may_disturb(section, letter, content)

    def _may_disturb(
        self, section: ChannelSection, letter: Letter, content: Content
    ) -> None:
        ends_at = quiet_until(section, self._book, letter.composed_at)
        if ends_at is None:
            return
        useful_until = None
        if isinstance(content, LineReminder):
            useful_until = content.reminder.useful_until
        require(
            useful_until is not None and useful_until <= ends_at,
            "sent on %s in its quiet hours until %s: %s",
            section.name,
            ends_at,
            content,
        )


def quiet_until(section: ChannelSection, book: Book, now: datetime) -> datetime | None:
    """Return when the quiet hours around *now* end, computed anew."""
    if section.quiet is None:
        return None
    local = now.astimezone(book.estate.zone)
    start, end = section.quiet.start, section.quiet.end
    at = local.time()
    is_quiet = start <= at < end if start < end else at >= start or at < end
    if not is_quiet:
        return None
    day = local.date() + (_DAY if start > end and at >= start else timedelta(0))
    # An hour more: what a clock that changes in between may add.
    close = datetime.combine(day, end, tzinfo=book.estate.zone)
    return close + timedelta(hours=1)


def useful_until_is_a_due_date(account: Account, useful_until: datetime) -> None:
    """Require that a letter loses its use at one of the line's due instants."""
    dues = [due_at(known, account.line.zone) for known in account.line.deadlines]
    require(useful_until in dues, "%s is no due date of %s", useful_until, account.line)
