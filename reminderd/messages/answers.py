"""What to type in answer to a reminder."""

from collections.abc import Iterable, Iterator

from reminderd.domain.ladders import EXPIRED, STALE
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.reminders import Finding, LineReminder
from reminderd.messages.foreign_text import command
from reminderd.messages.subjects import TOPPED_UP, Subject, renewal_command
from reminderd.messages.wording import Wording

# What follows from another item is answered like that one.
_DERIVED = frozenset(
    {
        DeadlineKind.GRACE,
        DeadlineKind.NUMBER,
        DeadlineKind.EXPIRY,
        DeadlineKind.RUNS_OUT,
    }
)
_RENEWED = frozenset(
    {
        DeadlineKind.VALIDITY,
        DeadlineKind.PROMOTION,
        AllowanceKind.DATA,
        AllowanceKind.VOICE,
        AllowanceKind.SMS,
    }
)
# What to type for what no other command records; the capitals are to be filled in.
_RECORDED = {
    DeadlineKind.CREDIT: "credit_until=DATE",
    DeadlineKind.NUMBER: "number_until=DATE",
    DeadlineKind.START_BY: "start_by=DATE",
    AllowanceKind.BALANCE: "balance_remaining=AMOUNT",
    STALE: "data_remaining=AMOUNT",
}


def answers(
    contents: Iterable[LineReminder],
    name: str,
    words: Wording,
    subject: Subject | None = None,
) -> Iterator[str]:
    """Yield what to type for *name*: it is done, it is known, or it shall wait.

    The carrier's terms tell what can be done about the line that is the *subject*.
    """
    findings = [each for content in contents for each in content.reminder.findings]
    kinds = {_answered(finding) for finding in findings}
    done = dict(_done(kinds, name, subject, words)) if subject else {}
    renewed = renewal_command(subject) if subject else command("renew", name)
    yield from _renewed(findings, renewed, words)
    if DeadlineKind.KEEP_ALIVE in kinds and DeadlineKind.KEEP_ALIVE not in done:
        yield words.say("Used it? {command}", command=command("touch", name))
    yield from dict.fromkeys(done.values())
    open_kinds = kinds - done.keys()
    figures = [figure for kind, figure in _RECORDED.items() if kind in open_kinds]
    if figures:
        typed = command("update", name, *figures)
        yield words.say("New dates or figures? {command}", command=typed)
    if kinds:
        yield words.say(
            "Know about it? {command} (quiet until it gets worse)",
            command=command("ack", name),
        )
        yield words.say("Not now? {command}", command=command("snooze", name, "3d"))


def _renewed(findings: list[Finding], typed: str, words: Wording) -> Iterator[str]:
    """Yield how to record a renewal, if one is asked for."""
    if any(each.renews_itself and each.step == EXPIRED for each in findings):
        yield words.say("Did it renew? {command}", command=typed)
        return
    by_hand = {
        _answered(each) for each in findings if not (each.renews_itself or each.daily)
    }
    if by_hand & _RENEWED:
        yield words.say("Renewed it? {command}", command=typed)


def _done(
    kinds: set[str], name: str, subject: Subject, words: Wording
) -> Iterator[tuple[str, str]]:
    """Yield what moves the date of a kind by itself, as the carrier counts it."""
    for kind in TOPPED_UP:
        rule = subject.rule(kind)
        if kind in kinds and rule.is_paid_for and rule.has_clock:
            price = ("--price", "AMOUNT") if rule.least or rule.tiers else ()
            typed = command("touch", name, "--kind", "top-up", *price)
            yield kind, words.say("Topped up? {command}", command=typed)
    if DeadlineKind.START_BY in kinds and subject.plan.period is not None:
        typed = command("touch", name, "--kind", "data")
        yield DeadlineKind.START_BY, words.say("Started it? {command}", command=typed)


def _answered(finding: Finding) -> str:
    """Return the kind of allowance or deadline that an answer to *finding* is about."""
    kind, _, about = finding.item.partition("/")
    if kind in _DERIVED and about:
        return about.partition("+")[0].partition("/")[0]
    return kind
