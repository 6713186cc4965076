"""The line that a text is about: what its owner and its carrier say of it."""

from dataclasses import dataclass
from typing import Protocol

from reminderd.domain.guides import Guide
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.plans import Plan
from reminderd.domain.reminders import LineCard
from reminderd.domain.stages import without_number
from reminderd.domain.terms import UNKNOWN_TERMS, Rule, Terms
from reminderd.messages.foreign_text import command

# What a top-up may keep: a plan is renewed instead.
TOPPED_UP = (DeadlineKind.KEEP_ALIVE, DeadlineKind.CREDIT, DeadlineKind.NUMBER)


class CarrierFacts(Protocol):
    """What a message says about a carrier; every address has been vetted before."""

    @property
    def title(self) -> str:
        """The name people know it by."""

    @property
    def renew_url(self) -> str | None:
        """An https address on one of its official domains."""

    @property
    def terms(self) -> Terms:
        """What resets the dates of a line, and what is lost when they pass."""

    @property
    def guide(self) -> Guide:
        """Its app and its shops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A line, its carrier as far as it is known, and the items that are spoken of."""

    line: LineCard
    carrier: CarrierFacts | None = None
    items: frozenset[str] = frozenset()

    @property
    def terms(self) -> Terms:
        """The carrier's terms."""
        return self.carrier.terms if self.carrier else UNKNOWN_TERMS

    @property
    def plan(self) -> Plan:
        """How the line is renewed, as its owner says, or else its carrier."""
        return self.line.plan.over(self.terms.plan)

    def rule(self, kind: DeadlineKind) -> Rule:
        """Return what the terms say of *kind*; a date of its own for the number holds.

        Such a date is among the items that are spoken of.
        """
        rule = self.terms.rule(kind)
        has_own = DeadlineKind.NUMBER in self.items and kind != DeadlineKind.NUMBER
        return without_number(rule) if has_own else rule


def renewal_command(subject: Subject) -> str:
    """Return what to type once the line is renewed: the end, where nobody knows it."""
    plan = subject.plan
    is_known = plan.period is not None or plan.tiers
    until = () if is_known else ("--until", "DATE")
    return command("renew", subject.line.name, *until)
