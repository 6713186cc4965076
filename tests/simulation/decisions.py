"""Whether a reminder is right when it is decided, by what is computed anew."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from reminderd.domain.ladders import Policy
from reminderd.domain.periods import Period
from tests.simulation.invariants import require
from tests.simulation.ledger import Account, Setback
from tests.simulation.limits import Reached, reached
from tests.simulation.records import Decided

# What a clock that ran ahead so far has said counts for nothing.
_SAID_TOO_EARLY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Past:
    """What was decided about a line before, and how the clock was set back since.

    ``states_of`` tells what has become of a reminder on its channels.
    """

    of_line: Sequence[Decided]
    setbacks: Sequence[Setback]
    states_of: Callable[[int], Collection[str]]

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
            bool(spans) and "superseded" in self.states_of(same.id)
        )

    def has_arrived(self, same: Decided) -> bool:
        """Tell whether anybody has got *same*."""
        return "sent" in self.states_of(same.id)


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
        if known is None or other.id >= decided.id:
            continue
        last = other  # what stands in a message needs no repeat of its own
        if known.get("new") and all(
            known.get(key) == finding.get(key) for key in ("step", "cycle")
        ):
            same = other
    if same is None or last is None:
        return
    if account.has_changed(item, same.id, decided.id):
        return
    if account.was_snoozed(last.id, decided.id):
        return
    if not past.has_arrived(same) or past.was_too_early(same, decided):
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
