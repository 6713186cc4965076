"""The timeline of a line: each of its dates on a track, with its limits and stages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reminderd.domain.ladders import Limit, instant_of, limits_of
from reminderd.domain.lines import Deadline, DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.stages import Lost
from reminderd.messages.findings import end_text, opening
from reminderd.messages.losses import loss_texts
from reminderd.messages.subjects import Subject
from reminderd.messages.terms import losses_text, period_text
from reminderd.messages.wording import Wording
from reminderd.views.axes import AxisLabel, axis_labels
from reminderd.views.charts import Span, Stretch, stretches
from reminderd.views.report import LineReport
from reminderd.views.tables import Table

_DAY = timedelta(days=1)
# What lies farther away than that would press the near dates into one spot.
_LONGEST_BEHIND = 45 * _DAY
_LONGEST_AHEAD = 400 * _DAY
_SHORTEST = 5 * _DAY
_MARGIN = 0.04
_OUT_OF_SIGHT = frozenset({DeadlineKind.GRACE, DeadlineKind.NUMBER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something at ``x`` per cent; ``look`` is how bad it is."""

    x: float
    look: str
    is_past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One date: its words, and where its bar, limits, due mark and stages are."""

    label: str
    note: str
    about: str
    look: str
    due: Mark | None
    start_x: float
    end_x: float
    limits: tuple[Mark, ...]
    stages: tuple[Stretch, ...]
    final: Mark | None
    axis: tuple[AxisLabel, ...]
    now_x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All dates of a line, each over an axis of its own: one is near, another far."""

    tracks: tuple[Track, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class _Scene:
    """All that the dates of one line are drawn from."""

    row: LineReport
    subject: Subject
    words: Wording

    @property
    def zone(self) -> ZoneInfo:
        return self.row.status.line.zone

    def steps(self, end: Deadline) -> Sequence[Lost]:
        """Return what is lost from a date on, the past first; nothing of a stage."""
        declines = self.row.known.declines
        found = (decline for known, decline in declines if known.item == end.item)
        return [lost for each in found for lost in (*each.past, *each.ahead)]

    def limits(self, end: Deadline) -> Iterator[tuple[str, datetime]]:
        """Yield each limit of a date in words, and when it is reached."""
        for limit in limits_of(end, self.row.policy):
            at = instant_of(limit.text, end, self.zone, self.row.policy)
            yield limit_text(limit, self.words), at

    def label(self, end: Deadline) -> str:
        status = self.row.status
        text = end_text(end, status.line, status.stored.card, self.words)
        return opening(end.item, text, self.words)


def timeline_of(row: LineReport, subject: Subject, words: Wording) -> Timeline | None:
    """Return the timeline of a line, None where no date of it is known."""
    own = {known.item for known, _ in row.known.declines}
    ends = [
        end
        for end in row.status.ends
        if end.item in own or end.kind not in _OUT_OF_SIGHT
    ]
    if not ends:
        return None
    scene = _Scene(row, subject, words)
    return Timeline(
        tracks=tuple(_track(end, scene) for end in ends), table=_table(ends, scene)
    )


def limit_text(limit: Limit, words: Wording) -> str:
    """Return a limit of a date in words, such as "7 days"."""
    period = limit.at
    if not isinstance(period, Period):
        return limit.text
    if not period.is_calendar:
        return words.span(timedelta(seconds=period.seconds))
    return period_text(period, words)


def _span(end: Deadline, scene: _Scene) -> Span:
    """Return the time from the first limit to the last loss, of what is in sight."""
    now, due_at = scene.words.now, end.due_at(scene.zone)
    limits = [at for _, at in scene.limits(end)]
    instants = [now, due_at, *(lost.at for lost in scene.steps(end))]
    first = max(min(*instants, *limits), now - _LONGEST_BEHIND)
    last = min(max(*instants, now + _SHORTEST), now + _LONGEST_AHEAD)
    margin = (last - first) * _MARGIN
    return Span(first - margin, last + margin)


def _track(end: Deadline, scene: _Scene) -> Track:
    now, due_at, span = scene.words.now, end.due_at(scene.zone), _span(end, scene)
    later = [lost for lost in scene.steps(end) if lost.at > due_at]
    final = next((lost for lost in later if lost.is_final), None)
    look = _look(end, scene.row)
    limits = (_mark(at, look, now, span) for _, at in scene.limits(end))
    return Track(
        label=scene.label(end),
        note=scene.words.together(*_notes(end, scene)),
        about=_about(end, scene),
        look=look,
        due=_mark(due_at, look, now, span),
        start_x=span.at(min(due_at, now)),
        end_x=span.at(max(due_at, now)),
        limits=tuple(mark for mark in limits if mark is not None),
        stages=tuple(stretches([due_at, *(lost.at for lost in later)], span)),
        final=None if final is None else _mark(final.at, "critical", now, span),
        axis=tuple(
            axis_labels(span, scene.words, (due_at, *(each.at for each in later)))
        ),
        now_x=span.at(now),
    )


def _mark(at: datetime, look: str, now: datetime, span: Span) -> Mark | None:
    """Return a mark, None where it would be out of sight."""
    return Mark(x=span.at(at), look=look, is_past=at <= now) if span.has(at) else None


def _look(end: Deadline, row: LineReport) -> str:
    """Return how bad a date is: as bad as what is found of it or of its stages."""
    severities = [
        known.severity
        for known in row.status.findings
        if end.item in (known.item, known.item.partition("/")[2].partition("+")[0])
    ]
    return max(severities).word if severities else "ok"


def _notes(end: Deadline, scene: _Scene) -> Iterator[str]:
    """Yield what passing the date costs, and when more of it is lost."""
    if scene.steps(end) and not end.renews_itself:
        due_at = end.due_at(scene.zone)
        yield from loss_texts(end.kind, due_at, scene.subject, scene.words)


def _about(end: Deadline, scene: _Scene) -> str:
    """Return the limits of a date in a sentence, for those who do not see them."""
    words = scene.words
    limits = [text for text, _ in scene.limits(end)]
    if not limits:
        return words.say("No limit is set for this date.")
    return words.say("Limits: {limits} before.", limits=words.listed(limits))


def _table(ends: Iterable[Deadline], scene: _Scene) -> Table:
    found = sorted(
        (entry for end in ends for entry in _entries(end, scene)),
        key=lambda entry: entry[0],
    )
    words = scene.words
    return Table(
        caption=words.say("Dates, limits and losses"),
        headings=(words.say("when"), words.say("what")),
        rows=tuple((when, what) for _, when, what in found),
    )


def _entries(end: Deadline, scene: _Scene) -> Iterator[tuple[datetime, str, str]]:
    """Yield what happens to a date: the instant to sort by, when, and what."""
    words, due_at = scene.words, end.due_at(scene.zone)
    for text, at in scene.limits(end):
        yield at, words.moment(at), words.say("limit: {limit} before", limit=text)
    is_exact = isinstance(end.due, datetime)
    on = words.moment(due_at) if is_exact else words.day(end.due_on(scene.zone))
    yield due_at, on, scene.label(end)
    for lost in scene.steps(end):
        losses = losses_text(lost.loses, words)
        when = words.say("after {date}", date=words.day(lost.last_on))
        yield lost.at, when, words.say("Lost: {losses}.", losses=losses)
