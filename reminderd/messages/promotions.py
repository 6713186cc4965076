"""What an offer of a carrier comes to for one line."""

from collections.abc import Iterator

from reminderd.domain.calendar import last_date
from reminderd.domain.plans import Plan, Start
from reminderd.domain.reminders import Finding
from reminderd.domain.terms import Promotion
from reminderd.messages.foreign_text import defuse
from reminderd.messages.subjects import Subject
from reminderd.messages.terms import leftover_text
from reminderd.messages.wording import Wording


def offer_texts(finding: Finding, subject: Subject, words: Wording) -> Iterator[str]:
    """Yield what is offered until when and where, and what renewing now would do."""
    _, _, title = finding.item.partition("/")
    promotion = next(
        (each for each in subject.terms.promotions if each.title == title), None
    )
    if promotion is not None:
        yield from promotion_texts(promotion, words)
    if finding.renewed_until is not None and finding.due_at is not None:
        yield words.say(
            "Renewed now, the plan ends {date} instead of {old}.",
            date=words.day(finding.renewed_until),
            old=words.day(last_date(finding.due_at, subject.line.zone)),
        )
        yield from leftover_texts(subject.plan, words)


def promotion_texts(promotion: Promotion, words: Wording) -> Iterator[str]:
    """Yield when and where an offer holds, and its note."""
    yield words.say(
        "From {begin} until {end}: {place}",
        begin=words.day(promotion.begins_on),
        end=words.day(promotion.ends_on),
        place=promotion.url,
    )
    if promotion.note is not None:
        yield defuse(promotion.note)


def leftover_texts(plan: Plan, words: Wording) -> Iterator[str]:
    """Yield what a renewal makes of what is left, as far as that is known."""
    if plan.start is Start.QUEUE:
        yield words.say(
            "The new plan waits until the old one ends; what is left can be used until "
            "then."
        )
    elif plan.leftover is not None:
        yield leftover_text(plan.leftover, plan, words)
