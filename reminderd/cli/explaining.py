"""Explain one line: why it says nothing, when it will, and what to do about it."""

from contextlib import closing
from typing import Any

import typer
from sqlalchemy import Connection

from reminderd.cli.advice import advice
from reminderd.cli.context import Context, LineName, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.looking import Now
from reminderd.cli.output import AsJson, say_json, say_wrapped
from reminderd.cli.quiet_records import quiet_record
from reminderd.cli.quiet_texts import quiet_paragraphs
from reminderd.cli.quietness import quietness_of
from reminderd.cli.records import line_records
from reminderd.cli.rendering import wording_of
from reminderd.cli.times import moment
from reminderd.config.effective import carriers_of
from reminderd.config.loading import Loaded
from reminderd.domain.stages import Decline, Lost
from reminderd.domain.texts import Text
from reminderd.errors import UsageError
from reminderd.messages.guides import guide
from reminderd.messages.subjects import Subject
from reminderd.messages.wording import Wording
from reminderd.storage.lines import StoredLine, find_any, removed_on
from reminderd.views.explanation import Explanation, Use, explanation_of


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(explain)


def explain(
    context: typer.Context, line: LineName, now: Now = None, as_json: AsJson = False
) -> None:
    """Explain one line: why it sent nothing, when it will, and what to do.

    First comes why nothing was sent this week, or what was, and what is said next and
    when; then which channels get it, which limits apply and where each is set, and
    what was said before. After that, what ends when, what that costs, and how to
    renew.

    Example: reminderd explain uk-travel
    """
    command: Context = context.obj
    loaded = command.load()
    at = moment(now)
    words = wording_of(loaded.settings, at)
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        stored = _find(tx, line, loaded, words)
        policy = policies_of(loaded.settings)(stored)
        known = explanation_of(tx, stored, policy, at)
        quietness = quietness_of(tx, known.status, policy, loaded, at)
    carrier = carriers_of(loaded.settings).get(stored.carrier or "")
    if as_json:
        subject = Subject(line=stored.card, carrier=carrier)
        say_json(_record(known, subject, words) | quiet_record(quietness))
        return
    first, *rest = advice(known, carrier, words)
    paragraphs = (first, *quiet_paragraphs(quietness, words), *rest)
    say_wrapped("\n\n".join("\n".join(lines) for lines in paragraphs if lines))


def _find(tx: Connection, name: str, loaded: Loaded, words: Wording) -> StoredLine:
    """Return the line called *name*.

    Raises:
        UsageError: There is none: it was removed, or no pass has taken it up yet.
    """
    if find_any(tx, name) is None:
        removed = removed_on(tx, name)
        if removed is not None:
            raise UsageError(
                Text(
                    "{line} was removed {moment}: nothing is said of it. Add it again "
                    "with reminderd add, or write its section into the configuration",
                    line=name,
                    moment=words.moment(removed[1]),
                )
            )
        if name in loaded.settings.lines:
            raise UsageError(
                Text(
                    "{line} is in the configuration, but no pass has taken it up yet: "
                    "reminderd does not run; look now: reminderd check",
                    line=name,
                )
            )
    return require_line(tx, name)


def _record(known: Explanation, subject: Subject, words: Wording) -> dict[str, Any]:
    """Return it as JSON: the keys that programs rely on; the guide is for people."""
    (line,) = line_records([known.status], ())
    plan = known.plan
    return line | {
        "uses": [_use(use) for use in known.uses],
        "losses": [
            {"item": deadline.item} | _decline(decline)
            for deadline, decline in known.declines
        ],
        "plan": {
            "period": plan.period and str(plan.period),
            "price": plan.price
            and {"amount": plan.price.minor, "currency": plan.price.currency},
            "way": plan.way,
            "from": plan.start,
            "leftover": plan.leftover,
            "renews_itself": bool(plan.auto_renews),
        },
        "renewals_paid": known.renewals_paid,
        "renewed_until": known.renewed_until,
        "promotions": [offer.follows for offer in known.offers],
        "guide": guide(subject, words),
    }


def _use(use: Use) -> dict[str, Any]:
    return {
        "item": use.allowance.item,
        "per_day": use.allowance.per_day,
        "readings": use.readings,
        "days": use.days,
        "runs_out_on": use.runs_out and use.runs_out.due,
    }


def _decline(decline: Decline) -> dict[str, Any]:
    return {
        "stage": decline.stage,
        "lost": decline.losses,
        "back": decline.back,
        "ahead": [_lost(lost) for lost in decline.ahead],
    }


def _lost(lost: Lost) -> dict[str, Any]:
    return {
        "after": lost.last_on,
        "at": lost.at,
        "loses": lost.loses,
        "back": lost.back,
        "is_final": lost.is_final,
    }
