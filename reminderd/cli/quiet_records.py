"""Why a line says nothing, as JSON: the keys that programs rely on."""

from dataclasses import asdict
from typing import Any

from reminderd.cli.quietness import Quietness
from reminderd.cli.records import delivery_record
from reminderd.domain.foresight import Foreseen
from reminderd.domain.told import Told
from reminderd.views.limits import ItemLimits, Rung
from reminderd.views.reasons import Reason, Said, sent_lately
from reminderd.views.recipients import Recipient


def quiet_record(known: Quietness) -> dict[str, Any]:
    """Return why nothing is said, what was, and what is next and who gets it."""
    return {
        "last_pass_at": known.watch.last_pass,
        "sent_in_7_days": len(sent_lately(known.said, known.now)),
        "reasons": [_reason(each) for each in known.reasons],
        "next_reminder": known.ahead and _foreseen(known.ahead),
        "channels": [_recipient(each) for each in known.recipients],
        "limits": [_limits(each, known) for each in known.limits],
        "reminders": [_said(each) for each in known.said],
    }


def _reason(known: Reason) -> dict[str, Any]:
    return {
        "why": known.why.value,
        "since": known.since,
        "until": known.until,
        "fault": known.fault,
        "delivery": known.delivery and delivery_record(known.delivery),
    }


def _foreseen(known: Foreseen) -> dict[str, Any]:
    findings = (each for each in known.reminder.findings if each.new)
    return {
        "at": known.at,
        "severity": known.reminder.severity.word,
        "about": [{"item": each.item, "step": each.step} for each in findings],
        "renewed": [each.item for each in known.reminder.recoveries],
    }


def _recipient(known: Recipient) -> dict[str, Any]:
    return {
        "channel": known.route.channel,
        "gets": known.gets.value,
        "min_severity": known.route.min_severity.word,
        "sends_at": known.sends_at,
        "quiet_until": known.quiet_until,
        "is_broken": known.health.broken is not None,
        "trouble": known.health.trouble,
        "troubled_since": known.health.troubled_since,
    }


def _limits(known: ItemLimits, all_known: Quietness) -> dict[str, Any]:
    source = all_known.sources.get(known.key)
    return {
        "item": known.item,
        "key": known.key,
        "set_in": source and source.layer.value,
        "place": source and source.place,
        "limits": [_rung(rung) for rung in known.rungs],
        "reached": known.step and known.step.text,
        "reached_at": known.step and known.step.reached_at,
        "told": known.told and _told(known.told),
        "next_limit_at": known.limit_at,
        "said_again_at": known.again_at,
        "mute": known.mute and known.mute.value,
    }


def _rung(rung: Rung) -> dict[str, Any]:
    severity = rung.limit.severity
    return {
        "limit": rung.limit.text,
        "severity": severity and severity.word,
        "at": rung.at,
        "below": rung.amount,
    }


def _told(told: Told) -> dict[str, Any]:
    return {
        "step": told.step,
        "said_at": told.said_at,
        "repeats": told.count,
        "acknowledged_at": told.acknowledged_at,
    }


def _said(known: Said) -> dict[str, Any]:
    return {
        "at": known.past.at,
        "severity": known.past.severity.word,
        "sent_at": known.sent_at,
        "deliveries": [asdict(each) for each in known.past.deliveries],
    }
