"""What a report tells: the worst lines in full, of the others how many there are."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminderd.domain.charges import Charge
from reminderd.domain.forecasts import LOOK_BACK, Sample
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Allowance
from reminderd.storage.channels import Health, all_health
from reminderd.storage.charges import charges
from reminderd.storage.history import recent
from reminderd.storage.lines import StoredLine, all_lines, line_names
from reminderd.storage.past import PastEvent, PastReminder, Wanted
from reminderd.storage.quarantine import LeftAside, left_aside
from reminderd.storage.readings import samples_of
from reminderd.views.explanation import Explanation, explanation_of
from reminderd.views.spend import SpendBy, Spending, spending
from reminderd.views.status import LineStatus, overview

# More than that nobody reads on one page.
MOST_LINES = 200
_BATCH = 1000
# So long every reading is kept; a plan that lasts longer is shown from then on.
_LONGEST = timedelta(days=90)
_MOST_ENTRIES = 60

PolicyFor = Callable[[StoredLine], Policy]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the configuration says to a report: limits, channels, the reader's zone."""

    policy_for: PolicyFor
    channels: Sequence[str]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What was left of an allowance, the oldest reading first."""

    allowance: Allowance
    samples: Sequence[Sample]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReport:
    """One line: how it stands, what was left when, what it cost, what was said of it.

    ``reminders`` and ``events`` are the latest, the latest first. ``channels`` are
    those that its reminders go to.
    """

    known: Explanation
    policy: Policy
    series: tuple[Series, ...]
    charges: tuple[Charge, ...]
    reminders: tuple[PastReminder, ...]
    events: tuple[PastEvent, ...]
    channels: tuple[str, ...]

    @property
    def status(self) -> LineStatus:
        """How it stands."""
        return self.known.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of a report: ``rows`` in full, worst first; ``states`` counts every line.

    ``next`` is the line with the earliest end ahead. ``unseen`` cannot be looked at.
    """

    rows: tuple[LineReport, ...]
    states: Mapping[str, int]
    next: LineStatus | None
    unseen: tuple[LeftAside, ...]
    health: tuple[Health, ...]
    spent: Spending

    @property
    def lines(self) -> int:
        """How many lines could be looked at."""
        return sum(self.states.values())

    @property
    def left_out(self) -> int:
        """How many lines are counted, but not shown."""
        return self.lines - len(self.rows)


@dataclass(slots=True)
class _Tally:
    """The worst lines so far, and what is to be known of all of them."""

    policy_for: PolicyFor
    now: datetime
    worst: list[LineStatus] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    next: LineStatus | None = None

    def take(self, batch: Iterable[StoredLine]) -> None:
        for row in overview(batch, self.policy_for, self.now):
            if row.is_reviewed:
                self.seen.add(row.stored.name)
                self.states[row.state] += 1
                self.worst.append(row)
                self.next = self._sooner(row)
        self.worst.sort(key=lambda row: (*row.badness, row.stored.name))
        del self.worst[MOST_LINES:]

    def _sooner(self, row: LineStatus) -> LineStatus | None:
        at = _ends_at(row)
        before = None if self.next is None else _ends_at(self.next)
        if at is None or at <= self.now or (before is not None and before <= at):
            return self.next
        return row


def report_of(
    tx: Connection, line: StoredLine | None, setting: Setting, now: datetime
) -> Report:
    """Return what a report tells at *now* about one *line*, or with None about all.

    Raises:
        StoreError: The store cannot be read.
    """
    tally = _Tally(setting.policy_for, now)
    remaining = iter([line] if line else all_lines(tx))
    while batch := list(islice(remaining, _BATCH)):
        tally.take(batch)
    paid = charges(tx, setting.zone, None if line is None else line.id)
    by_line: dict[str, list[Charge]] = defaultdict(list)
    for charge in paid:
        by_line[charge.line].append(charge)
    return Report(
        rows=tuple(
            _line(tx, row, setting, by_line[row.stored.name], now)
            for row in tally.worst
        ),
        states=tally.states,
        next=tally.next,
        unseen=tuple(_unseen(tx, line, tally.seen)),
        health=tuple(_health(tx, setting.channels)),
        spent=spending(paid, SpendBy.MONTH),
    )


def _ends_at(row: LineStatus) -> datetime | None:
    end = row.headline
    return None if end is None else end.due_at(row.line.zone)


def _line(
    tx: Connection,
    row: LineStatus,
    setting: Setting,
    paid: Sequence[Charge],
    now: datetime,
) -> LineReport:
    stored = row.stored
    policy = setting.policy_for(stored)
    past = recent(tx, Wanted(line=stored.name), _MOST_ENTRIES)
    return LineReport(
        known=explanation_of(tx, stored, policy, now),
        policy=policy,
        series=tuple(_series(tx, row, now)),
        charges=tuple(paid),
        reminders=tuple(each for each in past if isinstance(each, PastReminder)),
        events=tuple(each for each in past if isinstance(each, PastEvent)),
        channels=tuple(
            name
            for name in setting.channels
            if stored.route is None or name in stored.route
        ),
    )


def _series(tx: Connection, row: LineStatus, now: datetime) -> Iterator[Series]:
    """Yield what was left of each allowance in this cycle, or in the last weeks."""
    for known in row.line.allowances:
        since = max(known.filled_at or now - LOOK_BACK, now - _LONGEST)
        samples = samples_of(tx, row.stored.id, known.item, since)
        past = [sample for sample in samples if sample.observed_at <= now]
        yield Series(
            allowance=known, samples=sorted(past, key=lambda each: each.observed_at)
        )


def _unseen(
    tx: Connection, line: StoredLine | None, seen: Collection[str]
) -> Iterator[LeftAside]:
    """Yield the lines that cannot be looked at, in alphabetical order."""
    known = {aside.name: aside for aside in left_aside(tx)}
    names = [line.name] if line else line_names(tx)
    for name in names:
        if name not in seen or name in known:
            yield known.get(name) or LeftAside(name=name)


def _health(tx: Connection, channels: Sequence[str]) -> Iterator[Health]:
    """Yield how the *channels* are; without any, how the built-in one is."""
    known = all_health(tx)
    for name in channels or sorted(known):
        yield known.get(name) or Health(name=name)
