"""What a check has found and done, and the exit status that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reminderd.cli.records import (
    aside_record,
    brake_record,
    dead_channel_record,
    delivery_record,
    line_records,
)
from reminderd.domain.ladders import Severity
from reminderd.errors import ExitStatus
from reminderd.scheduling.braking import Brakes, brakes_now
from reminderd.scheduling.cycle import PassReport
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.standing import deliveries_at
from reminderd.storage.channels import Health, all_health, none_living
from reminderd.storage.database import Database
from reminderd.storage.lines import all_lines
from reminderd.storage.quarantine import LeftAside
from reminderd.views.deliveries import DeliveryStatus
from reminderd.views.status import UNKNOWN, LineStatus, overview, unseen

_STATUS_OF = {
    Severity.INFO: ExitStatus.OK,
    Severity.WARNING: ExitStatus.WARNING,
    Severity.CRITICAL: ExitStatus.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found and did; ``unseen`` are the lines it could not look at.

    ``silent`` holds all channels if none of them lives; ``brakes`` are those that are
    on when it ends.
    """

    report: PassReport
    rows: Sequence[LineStatus]
    unseen: Sequence[LeftAside]
    deliveries: Sequence[DeliveryStatus]
    silent: Sequence[Health]
    brakes: Brakes

    def status(self, *, detailed: bool) -> ExitStatus:
        """Return the exit status; *detailed* is that of a monitoring plugin.

        Any check says so when a reminder has reached nobody, or none could.
        """
        is_undelivered = any(known.is_undelivered for known in self.deliveries)
        if self.silent or is_undelivered or self.brakes.are_on:
            return ExitStatus.UNDELIVERED
        if not detailed:
            return ExitStatus.OK
        if self.unseen or any(row.state == UNKNOWN for row in self.rows):
            return ExitStatus.UNDELIVERED
        worst = max(
            (finding.severity for row in self.rows for finding in row.findings),
            default=Severity.INFO,
        )
        return _STATUS_OF[worst]

    def record(self) -> dict[str, Any]:
        """Return it as JSON: the keys that programs rely on."""
        return {
            "reviewed": self.report.reviewed,
            "reminded": self.report.reminded,
            "quarantined": [aside_record(known) for known in self.unseen],
            **brake_record(self.brakes),
            "lines": line_records(self.rows, self.unseen),
            "deliveries": [delivery_record(known) for known in self.deliveries],
            "dead_channels": [dead_channel_record(each) for each in self.silent],
        }


def outcome_of(
    store: Database, setup: Setup, report: PassReport, now: datetime
) -> Outcome:
    """Return what there is to say after the pass of *report*.

    Raises:
        StoreError: The store cannot be read.
    """
    with store.read() as tx:
        deliveries = deliveries_at(tx, setup, now)
        rows = overview(all_lines(tx), setup.policy_for, now)
        asides = unseen(tx, rows)
        silent = none_living(all_health(tx), setup.channels)
        return Outcome(report, rows, asides, deliveries, silent, brakes_now(tx))
