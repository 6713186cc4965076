"""How a date that approaches or has passed is put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import last_date, local_date
from reminderd.domain.lines import DeadlineKind
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The end of something: a date in the line's ``zone``, or an instant.

    ``what`` names an allowance that ends. A plan that ``renews_itself`` only asks for
    money on the card.
    """

    kind: DeadlineKind
    on: date | datetime
    at: datetime
    zone: ZoneInfo
    what: str = ""
    renews_itself: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Countdown:
    """Words for a due instant: "3 days left", the same with its date, what is lost."""

    brief: str
    full: str
    loss: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrases:
    """What is said of one kind of deadline, in English.

    ``far``, ``near`` and ``past`` say how long; ``dated`` adds the date to ``far``, and
    ``passed`` to ``past``; ``good`` confirms a new date; ``loss`` and ``lost`` say what
    an ignored one costs where the carrier's terms do not.
    """

    far: str
    near: str
    past: str
    dated: str
    good: str
    loss: str
    lost: str
    passed: str = N_("{brief}, {date}")


_PHRASES: Mapping[DeadlineKind, _Phrases] = {
    DeadlineKind.VALIDITY: _Phrases(
        far=N_("{left} left"),
        near=N_("ends {day}"),
        past=N_("ended {ago}"),
        dated=N_("{brief}, ends {date}"),
        good=N_("renewed until {date}"),
        loss=N_(
            "If it is not renewed: the plan stops, and what is left of its data, "
            "calls and texts is lost."
        ),
        lost=N_(
            "The plan has stopped. A carrier may later take back the number of a "
            "line without a plan."
        ),
    ),
    DeadlineKind.CREDIT: _Phrases(
        far=N_("credit ends in {left}"),
        near=N_("credit ends {day}"),
        past=N_("credit ended {ago}"),
        dated=N_("{brief}, {date}"),
        good=N_("credit good until {date}"),
        loss=N_("If nothing is done: the credit on the line is lost."),
        lost=N_(
            "The credit may be lost; with some carriers a top-up soon after brings "
            "it back."
        ),
    ),
    DeadlineKind.KEEP_ALIVE: _Phrases(
        far=N_("{left} left to keep it alive"),
        near=N_("last day to keep it alive is {day}"),
        past=N_("last day to keep it alive was {ago}"),
        dated=N_("{brief}, until {date}"),
        good=N_("kept alive until {date}"),
        loss=N_(
            "If it is not used: the carrier may switch the line off and take back "
            "the number."
        ),
        lost=N_(
            "The line may be switched off. Use it or top it up now; if that fails, "
            "ask the carrier: the number may still be saved."
        ),
    ),
    DeadlineKind.NUMBER: _Phrases(
        far=N_("{left} left to keep the number"),
        near=N_("last day to keep the number is {day}"),
        past=N_("last day to keep the number was {ago}"),
        dated=N_("{brief}, until {date}"),
        good=N_("number kept until {date}"),
        loss=N_(
            "If nothing is done: the number is lost for good, and login codes sent "
            "to it may reach somebody else."
        ),
        lost=N_(
            "The number may be lost. Ask the carrier at once, and replace it "
            "wherever it receives login codes."
        ),
    ),
    DeadlineKind.START_BY: _Phrases(
        far=N_("{left} left to start it"),
        near=N_("last day to start it is {day}"),
        past=N_("last day to start it was {ago}"),
        dated=N_("{brief}, until {date}"),
        good=N_("to be started by {date}"),
        loss=N_("If it is not started: what was paid for it is lost."),
        lost=N_("It may be void. Ask the seller whether it can still be started."),
    ),
    DeadlineKind.GRACE: _Phrases(
        far=N_("{left} of grace left"),
        near=N_("grace ends {day}"),
        past=N_("grace ended {ago}"),
        dated=N_("{brief}, until {date}"),
        good=N_("in grace until {date}"),
        loss=N_("If nothing is done: the carrier takes more of the line away."),
        lost=N_("The carrier has taken more of the line away. Ask what can be saved."),
    ),
    DeadlineKind.EXPIRY: _Phrases(
        far=N_("{left} left to use {what}"),
        near=N_("last day to use {what} is {day}"),
        past=N_("last day to use {what} was {ago}"),
        dated=N_("{brief}, until {date}"),
        good=N_("{what} good until {date}"),
        loss=N_("What is left of it then is lost."),
        lost=N_("What was left of it is lost."),
    ),
    DeadlineKind.RUNS_OUT: _Phrases(
        far=N_("{what} will run out in {left}"),
        near=N_("{what} will run out {day}"),
        past=N_("{what} should have run out {ago}"),
        dated=N_("{brief}, {date}"),
        good=N_("{what} will last until {date}"),
        loss=N_("To make it last: use less, or buy more in time."),
        lost=N_("Look what is left, and record it."),
    ),
}
_RENEWS_ITSELF = _Phrases(
    far=N_("renews by itself in {left}"),
    near=N_("renews by itself {day}"),
    past=N_("did it renew?"),
    dated=N_("renews by itself on {date}"),
    passed=N_("did it renew by itself on {date}? please confirm"),
    good=N_("renewed until {date}"),
    loss=N_("If the payment fails: the plan stops on that day."),
    lost=N_(
        "If it did not: the plan has stopped. Look at the card and the account, then "
        "renew it by hand."
    ),
)


def countdown(due: Due, words: Wording) -> Countdown:
    """Return how far away *due* is, or how long it has been over."""
    phrases = _phrases(due)
    days = _days_left(due, words)
    date_text = _date_text(due, words, exact=days is None)
    if due.at <= words.now:
        ago = _ago(days, words.now - due.at, words)
        brief = words.say(phrases.past, ago=ago, what=due.what)
        full = words.say(phrases.passed, brief=brief, date=date_text)
        return Countdown(brief=brief, full=full, loss=words.say(phrases.lost))
    if days is not None and days <= 1:
        day = words.say("tomorrow") if days else words.say("today")
        brief = words.say(phrases.near, day=day, what=due.what)
        full = words.say("{brief}, {date}", brief=brief, date=date_text)
    else:
        left = words.span(due.at - words.now) if days is None else words.days(days)
        brief = words.say(phrases.far, left=left, what=due.what)
        full = words.say(phrases.dated, brief=brief, date=date_text)
    return Countdown(brief=brief, full=full, loss=words.say(phrases.loss))


def confirmed(due: Due, words: Wording) -> str:
    """Return words for a date that was moved, such as "renewed until Sun 31 Jan"."""
    date_text = _date_text(due, words, exact=False)
    return words.say(_phrases(due).good, date=date_text, what=due.what)


def in_both_zones(due: Due, words: Wording) -> str | None:
    """Return what the due instant is in the other zone; None where clocks agree."""
    own_zone = words.reader.zone
    local = due.at.astimezone(due.zone).replace(tzinfo=None)
    if local == due.at.astimezone(own_zone).replace(tzinfo=None):
        return None
    city = words.city(due.zone)
    if isinstance(due.on, datetime):
        moment = words.moment(due.at, due.zone)
        return words.say("In {city} time: {moment}", city=city, moment=moment)
    if _days_left(due, words) is None:
        day = words.day(due.on)
        return words.say("In {city} time: the end of {date}", city=city, date=day)
    return words.say(
        "The day ends by {city} time; in {own_city} it is {moment} then",
        city=city,
        own_city=words.city(own_zone),
        moment=words.moment(due.at),
    )


def _phrases(due: Due) -> _Phrases:
    return _RENEWS_ITSELF if due.renews_itself else _PHRASES[due.kind]


def _days_left(due: Due, words: Wording) -> int | None:
    """Return the calendar days to the last day; None where they would mislead.

    An instant is counted on the reader's calendar and a date on the carrier's. Near
    the end "today" must be true on both, else only hours are.
    """
    own_zone = words.reader.zone
    own_last = last_date(due.at, own_zone)
    own_days = (own_last - words.today).days
    if isinstance(due.on, datetime):
        return own_days
    last = last_date(due.at, due.zone)
    days = (last - local_date(words.now, due.zone)).days
    if abs(days) > 1 or (days, last) == (own_days, own_last):
        return days
    return None


def _date_text(due: Due, words: Wording, *, exact: bool) -> str:
    if exact or isinstance(due.on, datetime):
        return words.moment(due.at)
    return words.day(due.on)


def _ago(days: int | None, elapsed: timedelta, words: Wording) -> str:
    if days is not None:
        return words.days_ago(max(-days, 0))
    return words.say("{span} ago", span=words.span(elapsed))
