"""What a line's reminder says: what is wrong, what it costs, how to answer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from reminderd.domain.ladders import STALE
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.names import mask_number
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.reminders import LineReminder, Recovery
from reminderd.messages.findings import opening, paragraph, recovered, worded
from reminderd.messages.foreign_text import command, defuse
from reminderd.messages.gaps import gap_texts
from reminderd.messages.wording import Wording

_RENEWED = frozenset(
    {
        DeadlineKind.VALIDITY,
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


class CarrierFacts(Protocol):
    """What a message says about a carrier; ``renew_url`` has been vetted before."""

    @property
    def title(self) -> str:
        """The name people know it by."""

    @property
    def renew_url(self) -> str | None:
        """An https address on one of its official domains."""


def carrier_of(
    content: LineReminder, carriers: Mapping[str, CarrierFacts]
) -> CarrierFacts | None:
    """Return the facts about the line's carrier, None where there are none."""
    return None if content.line.carrier is None else carriers.get(content.line.carrier)


def line_title(content: LineReminder, words: Wording) -> str:
    """Return the title: what is new, and what is worse than that though known."""
    first, *_ = headlines(content, words)
    title = words.say("{name}: {text}", name=defuse(content.line.name), text=first)
    worst = next(iter(content.reminder.findings), None)
    if worst is None or worst.new or worst.severity <= content.reminder.severity:
        return title
    second = worded(worst, content.line.zone, words).headline
    return words.say("{first}; {second}", first=title, second=second)


def line_body(
    content: LineReminder, carrier: CarrierFacts | None, words: Wording
) -> str:
    """Return the body: what has improved, what is wrong, where to go, how to answer."""
    paragraphs = (
        tuple(_confirmations(content, words)),
        *_findings(content, words),
        (*_lateness(content, words), *gap_texts([content], words)),
        tuple(_place(content, carrier, words)),
        tuple(answers([content], content.line.name, words)),
    )
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines)


def headlines(content: LineReminder, words: Wording) -> tuple[str, ...]:
    """Return a few words for all that *content* says, what it is about first."""
    known = content.reminder.findings
    zone = content.line.zone
    new = [worded(each, zone, words).headline for each in known if each.new]
    old = [worded(each, zone, words).headline for each in known if not each.new]
    better = [recovered(each, zone, words) for each in _recoveries(content)]
    return (*new, *better, *old)


def brief(content: LineReminder, words: Wording) -> str:
    """Return the fewest words for what *content* is about, without its name."""
    new = next((each for each in content.reminder.findings if each.new), None)
    if new is None:
        return headlines(content, words)[0]
    return worded(new, content.line.zone, words).brief


def identity(
    content: LineReminder, carrier: CarrierFacts | None, words: Wording
) -> str:
    """Return the carrier and the masked number, as far as they are known."""
    line = content.line
    known = [carrier.title if carrier else line.carrier or ""]
    known.append(mask_number(line.number) if line.number else "")
    return words.say(", ").join(defuse(text) for text in known if text)


def lateness(content: LineReminder, words: Wording) -> str | None:
    """Return when a late reminder had been due, None for one in time."""
    late_since = content.reminder.late_since
    return None if late_since is None else words.moment(late_since)


def _recoveries(content: LineReminder) -> list[Recovery]:
    """Return what has improved, the plan first."""
    order = {str(kind): n for n, kind in enumerate((*DeadlineKind, *AllowanceKind))}
    return sorted(
        content.reminder.recoveries,
        key=lambda known: order.get(known.item.partition("/")[0], len(order)),
    )


def _confirmations(content: LineReminder, words: Wording) -> Iterator[str]:
    for recovery in _recoveries(content):
        text = recovered(recovery, content.line.zone, words)
        first = opening(recovery.item, text, words)
        if recovery.next_at is None:
            yield first
        else:
            moment = words.moment(recovery.next_at)
            yield words.say("{text}; next reminder {moment}", text=first, moment=moment)


def _findings(content: LineReminder, words: Wording) -> Iterator[tuple[str, ...]]:
    """Yield one paragraph for each finding, marked new where others are not."""
    known = content.reminder.findings
    are_new = [finding.new and finding.count == 0 for finding in known]
    is_mixed = any(are_new) and not all(are_new)
    for is_new, finding in zip(are_new, known, strict=True):
        first, *rest = paragraph(finding, content.line.zone, words)
        if is_mixed and is_new:
            first = words.say("New: {text}", text=first)
        yield first, *rest


def _lateness(content: LineReminder, words: Wording) -> tuple[str, ...]:
    moment = lateness(content, words)
    if moment is None:
        return ()
    return (
        words.say(
            "This reminder is late: it was due {moment}; reminderd was not running.",
            moment=moment,
        ),
    )


def _place(
    content: LineReminder, carrier: CarrierFacts | None, words: Wording
) -> Iterator[str]:
    """Yield where to renew, and which line it is about."""
    if content.reminder.findings:
        url = carrier.renew_url if carrier else None
        place = url or words.say("the carrier's official website, app or shop")
        yield words.say("Renew or top up: {place}", place=place)
    who = identity(content, carrier, words)
    if who:
        yield words.say("Line: {identity}", identity=who)


def answers(
    contents: Iterable[LineReminder], name: str, words: Wording
) -> Iterator[str]:
    """Yield what to type for *name*: it is done, it is known, or it shall wait."""
    kinds = {
        finding.item.partition("/")[0]
        for content in contents
        for finding in content.reminder.findings
    }
    if kinds & _RENEWED:
        yield words.say("Renewed it? {command}", command=command("renew", name))
    if DeadlineKind.KEEP_ALIVE in kinds:
        yield words.say("Used it? {command}", command=command("touch", name))
    figures = [figure for kind, figure in _RECORDED.items() if kind in kinds]
    if figures:
        typed = command("update", name, *figures)
        yield words.say("New dates or figures? {command}", command=typed)
    if kinds:
        yield words.say(
            "Know about it? {command} (quiet until it gets worse)",
            command=command("ack", name),
        )
        yield words.say("Not now? {command}", command=command("snooze", name, "3d"))
