"""What does not arrive, is held back or is left aside, in the reader's words."""

from collections.abc import Iterable, Iterator, Sequence

from reminderd.domain.deliveries import DeliveryState
from reminderd.messages.catalogs import N_
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording
from reminderd.scheduling.braking import Brakes
from reminderd.storage.channels import Health
from reminderd.storage.quarantine import LeftAside
from reminderd.views.deliveries import DeliveryStatus
from reminderd.views.titles import title_text


def unseen_texts(unseen: Sequence[LeftAside], words: Wording) -> Iterator[str]:
    """Yield which lines cannot be looked at, why, since when, and what to do."""
    for known in unseen:
        yield _unseen(known, words)
    if unseen:
        yield words.say(
            "Record its figures anew: reminderd update LINE ...; or remove it and add "
            "it again; or change its section, if it is described in the configuration. "
            "If that does not help, report it with what this shows: "
            "reminderd --debug check"
        )


def _unseen(aside: LeftAside, words: Wording) -> str:
    if aside.fault is None or aside.since is None:
        return words.say("{line} cannot be looked at; see the log", line=aside.name)
    is_over = aside.again_at is None or aside.again_at <= words.now
    return words.say(
        "{line} is left aside since {moment}: {reason}; looked at again: {again}",
        line=aside.name,
        moment=words.moment(aside.since),
        reason=recall(aside.fault, words),
        again=words.say("at the next check")
        if is_over or aside.again_at is None
        else words.moment(aside.again_at),
    )


def brake_texts(brakes: Brakes, words: Wording) -> Iterator[str]:
    """Yield what keeps reminders back, and what to type to let them go."""
    if brakes.doubt is not None:
        until = brakes.doubt.until
        if until is None:
            yield words.say("The clock is not set: nothing is decided until it is.")
        else:
            yield words.say(
                "The clock was moved: nothing new is said until {moment}. If it is "
                "right, go on at once: reminderd release",
                moment=words.moment(until),
            )
    if brakes.held is not None:
        yield words.say_count(
            "{n} reminder is held until {moment}. Send it now: reminderd release",
            "{n} reminders are held until {moment}. Send them now: reminderd release",
            brakes.held.reminders,
            moment=words.moment(brakes.held.until),
        )


def titled_text(delivery: DeliveryStatus, words: Wording) -> str:
    """Return what became of a delivery, after the line or the notice that it is of."""
    known = delivery.known
    title = known.line or ""
    if known.notice is not None:
        title = title_text(known.notice, words)
    return words.say(
        "{title} ({delivery})", title=title, delivery=_delivery(delivery, words)
    )


def delivery_texts(
    deliveries: Iterable[DeliveryStatus], words: Wording
) -> Iterator[str]:
    """Yield what became of each delivery: sent where, or why not and when again."""
    for delivery in deliveries:
        yield _delivery(delivery, words)


def _delivery(delivery: DeliveryStatus, words: Wording) -> str:
    at = delivery.again_at
    quiet_until = delivery.quiet_until
    return words.say(
        _delivery_text(delivery),
        channel=delivery.known.channel,
        reason=recall(delivery.reason or "unknown", words),
        moment="-" if at is None else words.moment(at),
        time=quiet_until and f"{quiet_until.astimezone(words.reader.zone):%H:%M}",
    )


def _delivery_text(delivery: DeliveryStatus) -> str:
    match delivery.known.state:
        case DeliveryState.SENT:
            text = N_("sent to {channel}")
        case DeliveryState.SENDING:
            text = N_("being sent to {channel}")
        case DeliveryState.DEAD:
            text = N_("{channel} gave up: {reason}")
        case DeliveryState.EXPIRED:
            text = N_("{channel} was too late: {reason}")
        case DeliveryState.SUPERSEDED if delivery.reason is None:
            text = N_("{channel} did not need it any more")
        case DeliveryState.SUPERSEDED:
            text = N_("{channel} failed: {reason}")
        case _:
            text = _waiting_text(delivery)
    return text


def _waiting_text(delivery: DeliveryStatus) -> str:
    if delivery.is_braked:
        return N_("held for {channel} until {moment}")
    if delivery.is_held:
        return N_("{channel} is broken: {reason}; held until that is mended")
    if delivery.has_failed:
        return N_("{channel} failed: {reason}; again at {moment}")
    if delivery.quiet_until is not None:
        return N_("{channel} waits for quiet hours until {time}")
    return N_("waiting for {channel}")


def silence_text(silent: Iterable[Health], words: Wording) -> str:
    """Return that none of the channels *silent* works, why, and what to do."""
    channels = words.say("; ").join(
        words.say(
            "{channel}: {reason}",
            channel=each.name,
            reason=recall(each.trouble or "", words),
        )
        for each in silent
    )
    return words.say(
        "No channel works, nobody can be reached. {channels}. When that is mended: "
        "reminderd undelivered --retry",
        channels=channels,
    )
