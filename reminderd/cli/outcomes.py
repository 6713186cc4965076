"""What a check has found and done, and the exit status that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reminderd.cli.records import brake_record, delivery_record, status_record
from reminderd.domain.deliveries import waits_until
from reminderd.domain.ladders import Severity
from reminderd.errors import ExitStatus
from reminderd.scheduling.braking import Brakes, brakes_now
from reminderd.scheduling.cycle import PassReport
from reminderd.scheduling.setup import Setup
from reminderd.storage.channels import Health, all_health
from reminderd.storage.database import Database
from reminderd.storage.lines import all_lines
from reminderd.storage.undelivered import OpenDelivery, open_deliveries
from reminderd.views.deliveries import DeliveryStatus, delivery_status
from reminderd.views.status import UNKNOWN, LineStatus, overview, unreadable

_STATUS_OF = {
    Severity.INFO: ExitStatus.OK,
    Severity.WARNING: ExitStatus.WARNING,
    Severity.CRITICAL: ExitStatus.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found and did; ``unseen`` names the lines it could not look at.

    ``brakes`` are those that are on when it ends.
    """

    report: PassReport
    rows: Sequence[LineStatus]
    unseen: Sequence[str]
    deliveries: Sequence[DeliveryStatus]
    brakes: Brakes

    def status(self, *, detailed: bool) -> ExitStatus:
        """Return the exit status; *detailed* is that of a monitoring plugin.

        Any check says so when a reminder has reached nobody.
        """
        is_undelivered = any(known.is_undelivered for known in self.deliveries)
        if is_undelivered or self.brakes.are_on:
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
            "quarantined": list(self.unseen),
            **brake_record(self.brakes),
            "lines": [status_record(row) for row in self.rows],
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
        deliveries = [
            delivery_status(
                known,
                health.get(known.channel, Health(name=known.channel)),
                _quiet_until(known, setup, now),
                now,
            )
            for known in open_deliveries(tx, now)
        ]
        rows = overview(all_lines(tx), setup.policy_for, now)
        unseen = {*report.quarantined, *unreadable(tx, rows)}
        brakes = brakes_now(tx)
    unseen |= {row.stored.card.name for row in rows if not row.is_reviewed}
    return Outcome(report, rows, sorted(unseen), deliveries, brakes)


def _quiet_until(known: OpenDelivery, setup: Setup, now: datetime) -> datetime | None:
    outlet = setup.outlets.get(known.channel)
    if outlet is None:
        return None
    return waits_until(outlet.quiet, outlet.zone, known.useful_until, now)
