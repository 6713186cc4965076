"""Lines and deliveries as JSON: the keys that programs rely on, in base units."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.names import mask_iccid, mask_number
from reminderd.domain.reminders import Finding
from reminderd.scheduling.braking import Brakes
from reminderd.storage.channels import Health
from reminderd.storage.quarantine import LeftAside
from reminderd.views.deliveries import DeliveryStatus
from reminderd.views.status import UNKNOWN, LineStatus


def line_records(
    rows: Iterable[LineStatus], unseen: Iterable[LeftAside]
) -> list[dict[str, Any]]:
    """Return lines as they stand, those last whose rows cannot be read."""
    asides = {aside.name: aside for aside in unseen}
    known = [_status(row, asides.pop(row.stored.name, None)) for row in rows]
    return known + [_unread(aside) for aside in asides.values()]


def _status(status: LineStatus, aside: LeftAside | None) -> dict[str, Any]:
    """Return a line: instants in UTC, bytes, seconds, minor units."""
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
        "stage": status.stage and status.stage.value,
        "headline": status.headline and _end(status.headline, status),
        "observed_at": stored.line.observed_at,
        "snoozed_until": stored.line.snoozed_until,
        "is_reminder_due": status.reminder is not None,
        "next_review_at": status.next_at,
        "quiet": status.quiet and status.quiet.name.lower(),
        "allowances": [_allowance(known, status) for known in status.line.allowances],
        "deadlines": [_end(known, status) | _deadline(known) for known in status.ends],
        "findings": [_finding(finding) for finding in status.findings],
        "fault": aside and aside.fault,
        "fault_at": aside and aside.since,
    }


def _unread(aside: LeftAside) -> dict[str, Any]:
    """Return a line whose row cannot be read, under the same keys."""
    return {
        "line": aside.name,
        "state": UNKNOWN,
        **dict.fromkeys(("carrier", "number", "iccid", "timezone", "origin")),
        **dict.fromkeys(("stage", "headline", "observed_at", "snoozed_until", "quiet")),
        **{key: [] for key in ("tags", "allowances", "deadlines", "findings")},
        "is_reminder_due": False,
        "next_review_at": aside.again_at,
        "fault": aside.fault,
        "fault_at": aside.since,
    }


def aside_record(aside: LeftAside) -> dict[str, Any]:
    """Return a line that cannot be looked at."""
    return {
        "line": aside.name,
        "fault": aside.fault,
        "fault_at": aside.since,
        "again_at": aside.again_at,
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
        "since": known.since,
        "next_attempt_at": delivery.again_at,
    }


def dead_channel_record(health: Health) -> dict[str, Any]:
    """Return a channel that reaches nobody, and why."""
    return {
        "channel": health.name,
        "is_broken": health.broken is not None,
        "reason": health.trouble,
        "since": health.troubled_since,
    }


def brake_record(brakes: Brakes) -> dict[str, Any]:
    """Return what keeps reminders back, None for what does not."""
    held, doubt = brakes.held, brakes.doubt
    return {
        "held": held and {"reminders": held.reminders, "until": held.until},
        "clock_moved": doubt and {"until": doubt.until},
    }


def _allowance(known: Allowance, status: LineStatus) -> dict[str, Any]:
    runs_out = next(
        (
            end
            for end in status.line.deadlines
            if end.kind is DeadlineKind.RUNS_OUT and end.follows == known.item
        ),
        None,
    )
    return {
        "kind": known.kind.value,
        "bucket": known.bucket,
        "remaining": known.remaining,
        "total": known.total,
        "unlimited": known.unlimited,
        "currency": known.currency,
        "size_base": known.size_base,
        "daily": known.daily,
        "throttled": known.throttled,
        "expires": known.expires,
        "per_day": known.per_day,
        "runs_out_on": runs_out and runs_out.due,
        "observed_at": known.observed_at,
    }


def _end(known: Deadline, status: LineStatus) -> dict[str, Any]:
    return {
        "item": known.item,
        "kind": known.kind.value,
        "due": known.due,
        "due_at": known.due_at(status.line.zone),
    }


def _deadline(known: Deadline) -> dict[str, Any]:
    return {
        "period": known.period and str(known.period),
        "last_activity_on": known.last_activity_on,
        "renews_itself": known.renews_itself,
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
