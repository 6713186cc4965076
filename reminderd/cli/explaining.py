"""Explain one line as a friend would: what is left, what ends when, and what to do."""

from contextlib import closing
from typing import Any

import typer

from reminderd.cli.advice import advice
from reminderd.cli.context import Context, LineName, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.looking import Now
from reminderd.cli.output import AsJson, say, say_json
from reminderd.cli.records import line_records
from reminderd.cli.rendering import wording_of
from reminderd.cli.times import moment
from reminderd.config.effective import carriers_of
from reminderd.domain.stages import Decline, Lost
from reminderd.messages.guides import guide
from reminderd.messages.subjects import Subject
from reminderd.messages.wording import Wording
from reminderd.views.explanation import Explanation, Use, explanation_of


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(explain)


def explain(
    context: typer.Context, line: LineName, now: Now = None, as_json: AsJson = False
) -> None:
    """Explain one line: what is left, what ends when and what that costs, what to do.

    Example: reminderd explain uk-travel
    """
    command: Context = context.obj
    loaded = command.load()
    at = moment(now)
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        stored = require_line(tx, line)
        policy = policies_of(loaded.settings)(stored)
        known = explanation_of(tx, stored, policy, at)
    carrier = carriers_of(loaded.settings).get(stored.carrier or "")
    words = wording_of(loaded.settings, at)
    if as_json:
        subject = Subject(line=stored.card, carrier=carrier)
        say_json(_record(known, subject, words))
    else:
        say(advice(known, carrier, words))


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
            and {"minor": plan.price.minor, "currency": plan.price.currency},
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
