"""A line as the store keeps it from one review to the next."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Line, Reading
from reminderd.domain.review import Review, review
from reminderd.domain.told import Told
from tests.builders import with_readings


@dataclass
class KeptLine:
    line: Line
    policy: Policy
    told: dict[str, Told] = field(default_factory=dict)

    def review(self, now: datetime) -> Review:
        """Review the line and keep what the review says is to be kept."""
        outcome = review(self.line, self.policy, self.told, now)
        self.told = {told.item: told for told in outcome.told}
        self.line = replace(
            self.line,
            snoozed_until=outcome.snoozed_until,
            review_at=outcome.next_review_at,
        )
        return outcome

    def read(self, *readings: Reading) -> None:
        self.line = with_readings(self.line, *readings)

    def acknowledge(self, now: datetime) -> None:
        self._answer(now)
        self.line = replace(self.line, snoozed_until=None)

    def snooze(self, until: datetime) -> None:
        self._answer(None)
        self.line = replace(self.line, snoozed_until=until)

    def _answer(self, acknowledged_at: datetime | None) -> None:
        self.told = {
            item: replace(told, acknowledged_at=acknowledged_at)
            for item, told in self.told.items()
        }

    @property
    def steps(self) -> dict[str, str]:
        """What has been told, by item."""
        return {item: told.step for item, told in self.told.items()}
