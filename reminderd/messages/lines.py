"""What a line's reminder says: what is wrong, what it costs, how to answer."""

from collections.abc import Iterator, Mapping

from reminderd.domain.ladders import EXPIRED
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.names import mask_number
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.reminders import LineReminder, Recovery
from reminderd.messages.allowances import base_text
from reminderd.messages.answers import answers
from reminderd.messages.findings import opening, paragraph, recovered, worded
from reminderd.messages.foreign_text import defuse
from reminderd.messages.gaps import gap_texts
from reminderd.messages.guides import guide_in_short
from reminderd.messages.subjects import CarrierFacts, Subject
from reminderd.messages.wording import Wording


def carrier_of(
    content: LineReminder, carriers: Mapping[str, CarrierFacts]
) -> CarrierFacts | None:
    """Return the facts about the line's carrier, None where there are none."""
    return None if content.line.carrier is None else carriers.get(content.line.carrier)


def subject_of(content: LineReminder, carriers: Mapping[str, CarrierFacts]) -> Subject:
    """Return what is known of the line of *content* besides its findings."""
    return Subject(
        line=content.line,
        carrier=carrier_of(content, carriers),
        items=frozenset(finding.item for finding in content.reminder.findings),
    )


def line_title(content: LineReminder, words: Wording) -> str:
    """Return the title: what is new, and what is worse than that though known."""
    first, *_ = headlines(content, words)
    title = words.say("{name}: {text}", name=defuse(content.line.name), text=first)
    worst = next(iter(content.reminder.findings), None)
    if worst is None or worst.new or worst.severity <= content.reminder.severity:
        return title
    second = worded(worst, content.line, words).headline
    return words.say("{first}; {second}", first=title, second=second)


def line_body(content: LineReminder, subject: Subject, words: Wording) -> str:
    """Return the body: what has improved, what is wrong, where to go, how to answer."""
    paragraphs = (
        tuple(_confirmations(content, words)),
        *_findings(content, subject, words),
        (*_lateness(content, words), *gap_texts([content], words)),
        tuple(_place(content, subject, words)),
        tuple(answers([content], content.line.name, words, subject)),
    )
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines)


def headlines(content: LineReminder, words: Wording) -> tuple[str, ...]:
    """Return a few words for all that *content* says, what it is about first."""
    known = content.reminder.findings
    line = content.line
    new = [worded(each, line, words).headline for each in known if each.new]
    old = [worded(each, line, words).headline for each in known if not each.new]
    better = [recovered(each, line.zone, words) for each in _recoveries(content)]
    return (*new, *better, *old)


def brief(content: LineReminder, words: Wording) -> str:
    """Return the fewest words for what *content* is about, without its name."""
    new = next((each for each in content.reminder.findings if each.new), None)
    if new is None:
        return headlines(content, words)[0]
    return worded(new, content.line, words).brief


def identity(
    content: LineReminder, carrier: CarrierFacts | None, words: Wording
) -> str:
    """Return the carrier, the masked number, and how it counts, as far as known."""
    line = content.line
    known = [carrier.title if carrier else line.carrier or ""]
    known.append(mask_number(line.number) if line.number else "")
    reminder = content.reminder
    bases = {each.size_base for each in reminder.findings}
    bases |= {each.size_base for each in reminder.recoveries}
    base = max(bases, default=0)
    known.append(base_text(base, words) or "")
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


def _findings(
    content: LineReminder, subject: Subject, words: Wording
) -> Iterator[tuple[str, ...]]:
    """Yield one paragraph for each finding, marked new where others are not."""
    known = content.reminder.findings
    are_new = [finding.new and finding.count == 0 for finding in known]
    is_mixed = any(are_new) and not all(are_new)
    for is_new, finding in zip(are_new, known, strict=True):
        first, *rest = paragraph(finding, subject, words)
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


def _where(content: LineReminder, subject: Subject, words: Wording) -> Iterator[str]:
    """Yield where to renew; where that happens by itself, where to look at it."""
    is_fine = all(
        finding.renews_itself and finding.step != EXPIRED
        for finding in content.reminder.findings
    )
    url = subject.carrier.renew_url if subject.carrier else None
    if is_fine and url:
        yield words.say("Your account: {place}", place=url)
    else:
        yield from guide_in_short(subject, words)


def _place(content: LineReminder, subject: Subject, words: Wording) -> Iterator[str]:
    """Yield where to renew, and which line it is about."""
    if content.reminder.findings:
        yield from _where(content, subject, words)
    who = identity(content, subject.carrier, words)
    if who:
        yield words.say("Line: {identity}", identity=who)
