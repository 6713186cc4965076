"""Lines and deliveries as JSON: the keys that programs rely on, in base units."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from reminderd.domain.lines import Allowance, Deadline
from reminderd.domain.names import mask_iccid, mask_number
from reminderd.domain.reminders import Finding
from reminderd.scheduling.braking import Brakes
from reminderd.views.deliveries import DeliveryStatus
from reminderd.views.status import LineStatus


def status_record(status: LineStatus) -> dict[str, Any]:
    """Return a line as it stands: instants in UTC, bytes, seconds, minor units."""
    stored = status.stored
    zone = stored.line.zone
    return {
        "line": stored.card.name,
        "carrier": stored.carrier,
        "number": stored.number and mask_number(stored.number),
        "iccid": stored.iccid and mask_iccid(stored.iccid),
        "timezone": zone.key,
        "tags": list(stored.tags),
        "origin": stored.origin,
        "state": status.state,
        "observed_at": stored.line.observed_at,
        "snoozed_until": stored.line.snoozed_until,
        "is_reminder_due": status.reminder is not None,
        "next_review_at": status.next_at,
        "quiet": status.quiet and status.quiet.name.lower(),
        "allowances": [_allowance(known) for known in stored.line.allowances],
        "deadlines": [
            _deadline(known) | {"due_at": known.due_at(zone)}
            for known in stored.line.deadlines
        ],
        "findings": [_finding(finding) for finding in status.findings],
    }


def delivery_record(delivery: DeliveryStatus) -> dict[str, Any]:
    """Return one delivery as it stands; ``line`` is None for a notice."""
    known = delivery.known
    return {
        "line": known.line,
        "channel": known.channel,
        "state": known.state.value,
        "reason": delivery.reason,
        "attempts": known.attempts,
        "next_attempt_at": delivery.again_at,
    }


def brake_record(brakes: Brakes) -> dict[str, Any]:
    """Return what keeps reminders back, None for what does not."""
    held, doubt = brakes.held, brakes.doubt
    return {
        "held": held and {"reminders": held.reminders, "until": held.until},
        "clock_moved": doubt and {"until": doubt.until},
    }


def _allowance(known: Allowance) -> dict[str, Any]:
    return {
        "kind": known.kind.value,
        "bucket": known.bucket,
        "remaining": known.remaining,
        "total": known.total,
        "unlimited": known.unlimited,
        "currency": known.currency,
        "observed_at": known.observed_at,
    }


def _deadline(known: Deadline) -> dict[str, Any]:
    return {
        "kind": known.kind.value,
        "due": known.due,
        "period": known.period and str(known.period),
        "last_activity_on": known.last_activity_on,
        "observed_at": known.observed_at,
    }


def _finding(finding: Finding) -> Mapping[str, Any]:
    due: date | datetime | None = finding.due
    return {
        "item": finding.item,
        "step": finding.step,
        "severity": finding.severity.word,
        "due": due,
        "due_at": finding.due_at,
        "remaining": finding.remaining,
        "total": finding.total,
        "currency": finding.currency,
        "observed_at": finding.observed_at,
    }
