"""Days in the section of a line that nothing follows from, and empty buckets."""

from collections.abc import Iterator

from reminderd.config.effective import (
    is_carrier,
    keep_alive_of,
    renewal_period_of,
    terms_of,
)
from reminderd.config.problems import Loc, Problem
from reminderd.config.settings import BucketSettings, LineSettings, Settings
from reminderd.domain.activities import counted, resets_any
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.terms import Activity, Terms
from reminderd.domain.texts import Text


def date_problems(
    loc: Loc, line: LineSettings, settings: Settings
) -> Iterator[Problem]:
    """Yield the days that lead to no date, and periods that count from no day."""
    keys = ("last_activity", "keep_alive_every", "renew_every", "carrier")
    involves = (*((*loc, key) for key in keys), ("carriers", line.carrier or ""))
    terms = terms_of(settings, line)
    if line.keep_alive_every is not None and not _keeps_alive(line, terms):
        text = Text("needs the date it counts from; write last_activity = 2026-11-02")
        yield Problem((*loc, "keep_alive_every"), text, involves)
    if line.carrier is not None and not is_carrier(settings, line.carrier):
        return
    for key, problem in _nothing_follows(line, settings, terms):
        yield Problem((*loc, key), problem, involves)


def bucket_problems(loc: Loc, bucket: BucketSettings) -> Iterator[Problem]:
    """Yield a bucket of which nothing is said that could be used up."""
    amounts = bucket.model_fields_set - {"until", "daily", "throttled"}
    if not amounts:
        yield Problem(loc, Text('has nothing in it; write data_remaining = "2GB"'))


def _keeps_alive(line: LineSettings, terms: Terms) -> bool:
    """Tell whether one of the days that are given keeps the line alive."""
    counts = counted(DeadlineKind.KEEP_ALIVE, terms.rule(DeadlineKind.KEEP_ALIVE))
    return (
        line.last_activity is not None
        or (line.last_top_up is not None and Activity.TOP_UP in counts)
        or (line.renewed_on is not None and Activity.PLAN in counts)
    )


def _nothing_follows(
    line: LineSettings, settings: Settings, terms: Terms
) -> Iterator[tuple[str, str]]:
    """Yield the keys of days that lead to nothing, and what to write."""
    if line.last_activity is not None and not keep_alive_of(settings, line):
        yield (
            "last_activity",
            Text('needs a period to count; write keep_alive_every = "6mo"'),
        )
    if line.last_top_up is not None and not resets_any(terms, Activity.TOP_UP):
        yield (
            "last_top_up",
            Text(
                "leads to no date, since nobody says for how long it counts; write "
                "credit_until = 2027-01-31"
            ),
        )
    has_end = line.valid_until is not None
    if line.renewed_on and not has_end and not renewal_period_of(settings, line):
        yield "renewed_on", Text('needs a period to count; write renew_every = "1mo"')
    is_known = line.start_by is not None or terms.rule(DeadlineKind.START_BY).every
    if line.bought_on is not None and not is_known:
        yield (
            "bought_on",
            Text(
                "leads to no date, since nobody says how long a plan waits; write "
                "start_by = 2027-01-31"
            ),
        )
