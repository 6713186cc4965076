"""Gather why a line says nothing: from the store, and from the configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminderd.cli.limit_sources import Source, sources_for
from reminderd.clock import utc_now
from reminderd.config.loading import Loaded
from reminderd.config.origins import sources_of
from reminderd.config.settings import Settings
from reminderd.delivery.terminal import TERMINAL
from reminderd.domain.deliveries import Route, waits_until
from reminderd.domain.foresight import Foreseen, foresee
from reminderd.domain.ladders import Policy
from reminderd.scheduling.cycle import LAST_PASS
from reminderd.scheduling.timekeeping import doubt_now
from reminderd.storage import meta
from reminderd.storage.channels import Health, all_health
from reminderd.storage.past import Wanted
from reminderd.storage.past_reminders import reminders
from reminderd.storage.quarantine import left_aside
from reminderd.storage.undelivered import OpenDelivery, deliveries_of
from reminderd.views.deliveries import DeliveryStatus, delivery_status
from reminderd.views.limits import ItemLimits, limits_at
from reminderd.views.reasons import Reason, Said, Watch, reasons_for
from reminderd.views.recipients import Post, Recipient, recipients
from reminderd.views.status import LineStatus

# More than a line says and does in a week.
_MOST_PAST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Quietness:
    """Why a line says nothing, what it has said, and what it says next to whom.

    ``sources`` has where limits are set by their key, ``places`` where a channel's
    ``min_severity`` is, and under None where the line names its own channels.
    """

    status: LineStatus
    now: datetime
    watch: Watch
    reasons: Sequence[Reason]
    ahead: Foreseen | None
    recipients: Sequence[Recipient]
    limits: Sequence[ItemLimits]
    sources: Mapping[str, Source]
    places: Mapping[str | None, str]
    said: Sequence[Said]


def quietness_of(
    tx: Connection, status: LineStatus, policy: Policy, loaded: Loaded, now: datetime
) -> Quietness:
    """Return why the line of *status* says nothing at *now*.

    Raises:
        StoreError: The store cannot be read.
    """
    stored = status.stored
    post = post_of(loaded.settings, all_health(tx))
    limits = limits_at(stored, policy, now)
    said = _said(tx, stored.name, post, now)
    watch = _watch(tx, stored.name)
    ahead = foresee(stored.line, policy, stored.told, now)
    return Quietness(
        status=status,
        now=now,
        watch=watch,
        reasons=tuple(reasons_for(status, limits, said, watch)),
        ahead=ahead,
        recipients=tuple(recipients(post, stored.route, ahead, now)),
        limits=limits,
        sources=sources_for(loaded, stored),
        places=_places(loaded, stored.name),
        said=said,
    )


def post_of(settings: Settings, health: Mapping[str, Health]) -> Post:
    """Return the channels of *settings*; without any there is the terminal."""
    sections = settings.channels
    routes = [
        Route(channel=name, min_severity=section.min_severity)
        for name, section in sections.items()
    ]
    return Post(
        routes=routes or [Route(channel=TERMINAL)],
        quiet={name: section.quiet for name, section in sections.items()},
        zone=settings.timezone,
        health=health,
    )


def _said(tx: Connection, name: str, post: Post, now: datetime) -> tuple[Said, ...]:
    def status_of(known: OpenDelivery) -> DeliveryStatus:
        health = post.health.get(known.channel, Health(name=known.channel))
        quiet = post.quiet.get(known.channel)
        until = waits_until(quiet, post.zone, known.useful_until, now)
        return delivery_status(known, health, until, now)

    return tuple(
        Said(
            past=past,
            deliveries=tuple(status_of(each) for each in deliveries_of(tx, past.id)),
        )
        for past in reminders(tx, Wanted(line=name), _MOST_PAST)
    )


def _watch(tx: Connection, name: str) -> Watch:
    last, doubt = meta.get(tx, LAST_PASS), doubt_now(tx)
    return Watch(
        at=utc_now(),
        last_pass=None if last is None else datetime.fromisoformat(last),
        is_doubted=doubt is not None,
        doubted_until=None if doubt is None else doubt.until,
        aside=next((each for each in left_aside(tx) if each.name == name), None),
    )


def _places(loaded: Loaded, name: str) -> Mapping[str | None, str]:
    locs: dict[str | None, tuple[str, ...]] = {
        channel: ("channels", channel, "min_severity")
        for channel in loaded.settings.channels
    }
    section = loaded.settings.lines.get(name)
    if section is not None and section.channels is not None:
        locs[None] = ("lines", name, "channels")
    return dict(zip(locs, sources_of(loaded, locs.values()), strict=True))
