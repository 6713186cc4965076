"""Why a line says nothing, in the reader's words: the answer first, then details."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reminderd.cli.delivery_texts import delivery_texts
from reminderd.cli.limit_texts import limit_texts
from reminderd.cli.quietness import Quietness
from reminderd.cli.rendering import GETS
from reminderd.domain.foresight import Foreseen
from reminderd.domain.reminders import LineReminder
from reminderd.messages.catalogs import N_
from reminderd.messages.lines import headlines
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording
from reminderd.storage.channels import Health
from reminderd.views.reasons import Reason, Said, Why, sent_lately
from reminderd.views.recipients import Gets, Recipient
from reminderd.views.titles import title_text

_MOST_SAID = 5
_RUN = N_("look now: reminderd check; by itself: systemctl enable --now reminderd")
_WHY: Mapping[Why, str] = {
    Why.LEFT_ASIDE: N_("It is left aside since {since}: {fault}."),
    Why.NEVER_LOOKED: N_(
        "No pass has ever looked at it: reminderd does not run; {run}"
    ),
    Why.NOT_LOOKED: N_(
        "No pass has looked at it since {since}: reminderd does not run; {run}"
    ),
    Why.CLOCK_MOVED: N_(
        "The clock was moved: nothing new is said until {until}. If it is right, go on "
        "at once: reminderd release"
    ),
    Why.CLOCK_NOT_SET: N_("The clock is not set: nothing is decided until it is."),
    Why.NOT_ARRIVED: N_("The reminder of {since} has not arrived: {delivery}."),
    Why.NO_CHANNEL: N_(
        "The reminder of {since} went to no channel: none of them takes it, see below."
    ),
    Why.NO_FIGURES: N_(
        "No date and no figure is known of it; say one: reminderd update {line} "
        "valid_until=DATE"
    ),
    Why.DUE_NOW: N_("A reminder is due now; the next check or the daemon sends it."),
    Why.SNOOZED: N_("You asked for quiet until {until}."),
    Why.ACKNOWLEDGED: N_(
        "You answered {since} that you know: it is silent until it gets worse."
    ),
    Why.ALREADY_SAID: N_("What is reached was said {since}, and is not repeated."),
    Why.SAID_AGAIN_LATER: N_(
        "What is reached was said {since}, and is said again {until}."
    ),
    Why.NOTHING_REACHED: N_("No limit is reached."),
    Why.PLAN_ENDED: N_("The plan has ended: what is left of it is not worth a word."),
}


def quiet_paragraphs(known: Quietness, words: Wording) -> Iterator[tuple[str, ...]]:
    """Yield why nothing is said, who gets the next reminder, limits, and the past."""
    yield tuple(_why(known, words))
    yield (
        words.say("Who gets the next one:"),
        *(_point(recipient_text(each, known, words)) for each in known.recipients),
    )
    yield (
        words.say("What reminds of it, and where that is set:"),
        *limit_texts(known, words),
    )
    if known.said:
        yield words.say("Said before:"), *_past(known.said, words)


def _why(known: Quietness, words: Wording) -> Iterator[str]:
    yield _summary(known, words)
    for reason in known.reasons:
        yield _point(_reason(reason, known, words))
    if known.ahead is None:
        yield words.say("No further reminder follows from a date.")
    elif known.ahead.at > words.now:
        yield words.say(
            "Next reminder: {moment}: {text}.",
            moment=words.moment(known.ahead.at),
            text=foretold_text(known.ahead, known, words),
        )
        if not any(each.gets is Gets.YES for each in known.recipients):
            yield words.say(
                "No channel gets that one: let one have milder reminders "
                "(min_severity), or give the line another channel."
            )
    else:
        text = foretold_text(known.ahead, known, words)
        yield words.say("It says: {text}.", text=text)


def _summary(known: Quietness, words: Wording) -> str:
    lately = sent_lately(known.said, words.now)
    sent = [each for each in known.said if each.sent_at is not None]
    if lately:
        text = words.say_count(
            "In the last 7 days, {n} message was sent, {last}.",
            "In the last 7 days, {n} messages were sent, the last {last}.",
            len(lately),
            last=_sent(lately[0], words),
        )
        return words.together(text, words.say("Nothing more, since:"))
    text = words.say("In the last 7 days, nothing was sent.")
    if sent:
        last = words.say("The last was sent {last}.", last=_sent(sent[0], words))
        text = words.together(text, last)
    return words.together(text, words.say("This is why:"))


def _sent(said: Said, words: Wording) -> str:
    """Return when and to which channels a reminder was sent."""
    channels = [each.channel for each in said.past.deliveries if each.state == "sent"]
    moment = "" if said.sent_at is None else words.moment(said.sent_at)
    return words.say(
        "{moment} to {channels}", moment=moment, channels=words.listed(channels)
    )


def _reason(reason: Reason, known: Quietness, words: Wording) -> str:
    delivery = reason.delivery
    delivered = "" if delivery is None else next(delivery_texts([delivery], words))
    return words.say(
        _WHY[reason.why],
        since=words.moment(reason.since) if reason.since else words.say("now"),
        until=words.moment(reason.until) if reason.until else "",
        fault=recall(reason.fault or "", words),
        delivery=delivered,
        line=known.status.stored.name,
        run=words.say(_RUN),
    )


def foretold_text(ahead: Foreseen, known: Quietness, words: Wording) -> str:
    """Return what the next reminder will be about, as it will read then."""
    content = LineReminder(
        line=known.status.stored.card, reminder=ahead.reminder, created_at=ahead.at
    )
    return headlines(content, replace(words, now=ahead.at))[0]


def recipient_text(each: Recipient, known: Quietness, words: Wording) -> str:
    """Return what a channel gets of the line and when, or why not; and how it is."""
    facts = [_trouble(each.health, words)]
    if each.quiet_until is not None:
        moment = words.moment(each.quiet_until)
        facts.append(words.say("quiet hours until {moment}", moment=moment))
    text = _gets(each, known, words)
    for fact in filter(None, facts):
        text = words.say("{text}; {advice}", text=text, advice=fact)
    return text


def _gets(each: Recipient, known: Quietness, words: Wording) -> str:
    channel, what = each.route.channel, words.say(GETS[each.route.min_severity])
    match each.gets:
        case Gets.TOO_MILD:
            place = known.places.get(channel, "")
            text = words.say(
                "not {channel}: it gets {what}", channel=channel, what=what
            )
        case Gets.NOT_FOR_THIS_LINE:
            place = known.places.get(None, "")
            channels = words.listed([*(known.status.stored.route or ())])
            text = words.say(
                "not {channel}: this line has channels of its own: {channels}",
                channel=channel,
                channels=channels or "-",
            )
        case _:
            moment = words.moment(each.sends_at) if each.sends_at else what
            return words.say("{name}: {text}", name=channel, text=moment)
    return words.say("{what} ({facts})", what=text, facts=place) if place else text


def _trouble(health: Health, words: Wording) -> str | None:
    if not health.is_troubled:
        return None
    text = N_("it has been failing since {moment}: {reason}")
    if health.broken is not None:
        text = N_("it is broken since {moment}: {reason}; what is for it waits")
    since = health.troubled_since or health.last_error_at
    return words.say(
        text,
        moment=words.moment(since) if since else "-",
        reason=recall(health.trouble or "unknown", words),
    )


def said_text(said: Said, words: Wording) -> str:
    """Return when something was said, as it read then, and what became of it."""
    then = replace(words, now=said.past.at)
    outcomes = words.say("; ").join(delivery_texts(said.deliveries, words))
    text = words.say(
        "{title} ({delivery})",
        title=title_text(said.past.content, then),
        delivery=outcomes or words.say("no channel takes it"),
    )
    return words.say("{name}: {text}", name=words.moment(said.past.at), text=text)


def _past(said: Sequence[Said], words: Wording) -> Iterator[str]:
    for each in said[:_MOST_SAID]:
        yield _point(said_text(each, words))
    if len(said) > _MOST_SAID:
        name = said[0].past.line
        yield _point(words.say("more: reminderd history {line}", line=name))


def _point(text: str) -> str:
    return f"- {text}"
