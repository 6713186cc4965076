"""A report in the reader's words, ready to be laid out on a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from reminderd.domain.names import mask_number
from reminderd.domain.quantities import Money
from reminderd.messages.catalogs import N_
from reminderd.messages.findings import end_text, opening
from reminderd.messages.foreign_text import defuse
from reminderd.messages.guides import place_of
from reminderd.messages.losses import STAGES
from reminderd.messages.subjects import CarrierFacts, Subject
from reminderd.messages.wording import Wording
from reminderd.views.burn_downs import Left, lefts_of
from reminderd.views.outcomes import ChannelState, Said, channel_state, said_of
from reminderd.views.payments import Payments, money_text, months_until, payments_of
from reminderd.views.report import LineReport, Report
from reminderd.views.status import LineStatus
from reminderd.views.timelines import Timeline, timeline_of

# A word for each state, and the order in which they are counted.
STATES: Mapping[str, str] = {
    "critical": N_("critical"),
    "warning": N_("warning"),
    "info": N_("info"),
    "unknown": N_("unknown"),
    "ok": N_("ok"),
}
_MOST_REMINDERS = 5
_FINE = frozenset({"ok", "info", "unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One line on the page; ``anchor`` is where links within the page lead to."""

    anchor: str
    name: str
    state: str
    state_word: str
    headline: str
    stage: str
    identity: str
    place: str
    link: str | None
    host: str
    age: str
    next: str
    timeline: Timeline | None
    lefts: tuple[Left, ...]
    payments: Payments
    channels: tuple[ChannelState, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole page."""

    language: str
    moment: str
    lines: int
    attention: int
    counts: tuple[tuple[str, str], ...]
    next_name: str
    next_text: str
    spent: tuple[str, ...]
    bills: int
    sections: tuple[Section, ...]
    left_out: int
    unseen: tuple[str, ...]
    channels: tuple[ChannelState, ...]


def page_of(
    report: Report, carriers: Mapping[str, CarrierFacts], words: Wording
) -> Page:
    """Return *report* in words."""
    health = {each.name: channel_state(each, words) for each in report.health}
    return Page(
        language=words.reader.language.replace("_", "-"),
        moment=f"{words.moment(words.now)} ({words.reader.zone.key})",
        lines=report.lines,
        attention=sum(n for state, n in report.states.items() if state not in _FINE),
        counts=tuple(_counts(report, words)),
        next_name=defuse(report.next.stored.name) if report.next else "",
        next_text=_headline(report.next, words) if report.next else "",
        spent=tuple(_spent(report, words)),
        bills=len(report.spent.doubts),
        sections=tuple(
            _section(
                number,
                row,
                carriers.get(row.status.stored.carrier or ""),
                health,
                words,
            )
            for number, row in enumerate(report.rows, start=1)
        ),
        left_out=report.left_out,
        unseen=tuple(defuse(aside.name) for aside in report.unseen),
        channels=tuple(health.values()),
    )


def _counts(report: Report, words: Wording) -> Iterator[tuple[str, str]]:
    """Yield each state that lines are in, and how many."""
    for state, word in STATES.items():
        count = report.states.get(state, 0)
        if count:
            text = words.say("{severity}: {n}", severity=words.say(word), n=count)
            yield state, text


def _spent(report: Report, words: Wording) -> Iterator[str]:
    """Yield what was spent in twelve months, in each currency."""
    first = months_until(words.today)[0].isoformat()[:7]
    sums: dict[str, int] = {}
    for row in report.spent.rows:
        if row.group is not None and row.group >= first:
            currency = row.money.currency
            sums[currency] = sums.get(currency, 0) + row.money.minor
    for currency, minor in sorted(sums.items()):
        yield money_text(Money(minor, currency), words)


def _headline(status: LineStatus, words: Wording) -> str:
    """Return the earliest end of a line, or that none is known."""
    end = status.headline
    if end is None:
        return words.say("no date is known on which anything ends")
    return opening(
        end.item, end_text(end, status.line, status.stored.card, words), words
    )


def _section(
    number: int,
    row: LineReport,
    carrier: CarrierFacts | None,
    health: Mapping[str, ChannelState],
    words: Wording,
) -> Section:
    status = row.status
    stored = status.stored
    items = frozenset(end.item for end in status.ends)
    subject = Subject(line=stored.card, carrier=carrier, items=items)
    place = place_of(subject, words)
    url = carrier.renew_url if carrier else None
    return Section(
        anchor=f"line-{number}",
        name=defuse(stored.name),
        state=status.state,
        state_word=words.say(STATES[status.state]),
        headline=_headline(status, words),
        stage=words.say(STAGES[status.stage]) if status.stage else "",
        identity=_identity(status, carrier, words),
        place=place or words.say("the carrier's official website, app or shop"),
        link=url if url and url == place else None,
        host=urlsplit(url or "").netloc,
        age=words.age(stored.line.observed_at),
        next=_next(status, words),
        timeline=timeline_of(row, subject, words),
        lefts=tuple(lefts_of(row, words)),
        payments=payments_of(row, words),
        channels=tuple(health[name] for name in row.channels if name in health),
        said=tuple(said_of(each, words) for each in row.reminders[:_MOST_REMINDERS]),
    )


def _identity(status: LineStatus, carrier: CarrierFacts | None, words: Wording) -> str:
    """Return the carrier and the masked number, as far as they are known."""
    stored = status.stored
    known = (
        carrier.title if carrier else stored.carrier,
        stored.number and mask_number(stored.number),
    )
    return words.say(", ").join(defuse(text) for text in known if text)


def _next(status: LineStatus, words: Wording) -> str:
    if status.reminder is not None:
        return words.say("at the next check")
    return "-" if status.next_at is None else words.moment(status.next_at)
