"""What a check has found and done, and the exit status that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reminderd.cli.records import aside_record, delivery_record, line_records
from reminderd.domain.ladders import Severity
from reminderd.errors import ExitStatus
from reminderd.scheduling.cycle import PassReport
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.standing import delivery_statuses
from reminderd.storage.channels import all_health
from reminderd.storage.database import Database
from reminderd.storage.lines import all_lines
from reminderd.storage.quarantine import LeftAside
from reminderd.storage.undelivered import open_deliveries
from reminderd.views.deliveries import DeliveryStatus
from reminderd.views.status import UNKNOWN, LineStatus, overview, unseen

_STATUS_OF = {
    Severity.INFO: ExitStatus.OK,
    Severity.WARNING: ExitStatus.WARNING,
    Severity.CRITICAL: ExitStatus.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found and did; ``unseen`` are the lines it could not look at."""

    report: PassReport
    rows: Sequence[LineStatus]
    unseen: Sequence[LeftAside]
    deliveries: Sequence[DeliveryStatus]

    def status(self, *, detailed: bool) -> ExitStatus:
        """Return the exit status; *detailed* is that of a monitoring plugin.

        Any check says so when a reminder has reached nobody.
        """
        if any(known.is_undelivered for known in self.deliveries):
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
            "lines": line_records(self.rows, self.unseen),
            "deliveries": [delivery_record(known) for known in self.deliveries],
        }


def outcome_of(
    store: Database, setup: Setup, report: PassReport, now: datetime
) -> Outcome:
    """Return what there is to say after the pass of *report*.

    Raises:
        StoreError: The store cannot be read.
    """
    with store.read() as tx:
        health = all_health(tx)
        deliveries = delivery_statuses(open_deliveries(tx, now), health, setup, now)
        rows = overview(all_lines(tx), setup.policy_for, now)
        return Outcome(report, rows, unseen(tx, rows), deliveries)
