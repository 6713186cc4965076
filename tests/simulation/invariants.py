"""What must hold in every world, whatever goes wrong in it.

Promises about the outbox, looked at after each turn of a process:

- ``decisions_are_right``: a reminder says exactly what its line had reached when it
  was decided, worst first, and nothing of what is unlimited or unknown; a step is
  new only once a cycle, and again only when its repeat is due or a snooze is over.
- ``debts_are_paid_or_shown``: every limit that was reached at a pass that came to its
  end has arrived on each channel that wants it, or is shown as pending, held or dead.
- ``sent_means_accepted``: what is recorded as sent has been accepted by the peer.
- ``is_reported``: a channel that breaks or cannot deliver something while another one
  lives is reported through that one.

Promises about each letter at the moment it is handed over are in ``witness``.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from reminderd.domain.ladders import Policy
from reminderd.domain.quantities import Period
from tests.simulation.ledger import Account, Debt, Setback
from tests.simulation.limits import Reached, rank_of, reached
from tests.simulation.records import Decided, Row

# What a clock that ran ahead so far has said counts for nothing.
_SAID_TOO_EARLY = timedelta(days=1)
_A_DAY_AND_MORE = timedelta(hours=27)
_SHOWN = frozenset({"pending", "sending", "held", "dead"})
_SENT = "sent"
_SETTLED = frozenset({"sent", "dead"})


class Violation(BaseException):
    """A promise was broken; what catches exceptions must not catch this."""


def require(holds: object, promise: str, *values: object) -> None:
    """Raise Violation with *promise* unless it *holds*."""
    if not holds:
        raise Violation(promise % values if values else promise)


@dataclass(frozen=True, slots=True)
class Past:
    """What was decided about a line before, and how the clock was set back since.

    ``was_missed`` tells whether a reminder was taken back on some channel.
    """

    of_line: Sequence[Decided]
    setbacks: Sequence[Setback]
    was_missed: Callable[[int], bool]

    def was_too_early(self, same: Decided, decided: Decided) -> bool:
        """Tell whether the clock has been set back since *same* was decided.

        By more than a day, or before it had arrived on every channel: then it may
        be said once more.
        """
        spans = [
            setback.span
            for setback in self.setbacks
            if same.id <= setback.newest < decided.id
        ]
        return sum(spans, timedelta(0)) > _SAID_TOO_EARLY or (
            bool(spans) and self.was_missed(same.id)
        )


def decision_is_right(
    decided: Decided,
    account: Account,
    policy: Policy,
    past: Past,
    passes: Iterable[datetime],
) -> None:
    """Require that a reminder says what is so, in order, and is no repetition.

    It may have been brought up to date already by the last of the *passes*.
    """
    said = {each["item"]: each["step"] for each in decided.findings}
    found: dict[str, Reached] = {}
    truth: dict[str, str] = {}
    for now in (*passes, decided.created_at):
        found = reached(account.line, policy, now)
        truth = {item: known.text for item, known in found.items()}
        if said == truth:
            break
    require(said == truth, "%s: says %s, but it is %s", account.line.name, said, truth)
    worst_first(decided.findings)
    for each in decided.findings:
        known = found[each["item"]]
        require(
            each["severity"] == known.severity,
            "%s: %s is %s",
            account.line.name,
            known,
            each["severity"],
        )
        if each.get("new"):
            _is_no_repetition(decided, each, account, policy, past)


def worst_first(findings: Iterable[Mapping[str, Any]]) -> None:
    """Require that the worst finding comes first; over is worse than nearly over."""
    badness = [(-int(each["severity"]), each["step"] != "expired") for each in findings]
    require(badness == sorted(badness), "the worst does not come first: %s", badness)


def _is_no_repetition(
    decided: Decided,
    finding: Mapping[str, Any],
    account: Account,
    policy: Policy,
    past: Past,
) -> None:
    item = finding["item"]
    last, same = None, None
    for other in past.of_line:
        known = other.finding(item)
        if known is None or not known.get("new") or other.id >= decided.id:
            continue
        last = other
        if all(known.get(key) == finding.get(key) for key in ("step", "cycle")):
            same = other
    if same is None or last is None:
        return
    if account.has_changed(item, same.id, decided.id):
        return
    if account.was_snoozed(last.id, decided.id):
        return
    if past.was_too_early(same, decided):
        return
    gap = _gap(policy, finding.get("count", 0))
    require(gap, "%s: says %s again", account.line.name, finding)
    assert gap is not None
    require(
        _has_passed(gap, last.created_at, decided.created_at, policy),
        "%s: says %s again too early, last on %s, now %s",
        account.line.name,
        finding,
        last.created_at,
        decided.created_at,
    )


def _gap(policy: Policy, count: int) -> Period | None:
    if count == 0 or not policy.repeat:
        return None
    return policy.repeat[min(count - 1, len(policy.repeat) - 1)]


def _has_passed(gap: Period, since: datetime, now: datetime, policy: Policy) -> bool:
    if gap.seconds:
        return now >= since + timedelta(seconds=gap.seconds)
    days = now.astimezone(policy.zone).date() - since.astimezone(policy.zone).date()
    return days.days >= gap.days


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
                arrived = {self.states[number].get(other) for other in others}
                if arrived & (_SHOWN | {_SENT}):
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
