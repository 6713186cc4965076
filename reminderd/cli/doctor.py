"""Is it set up, and is it working: one line for each check, with what to do."""

from collections.abc import Callable, Iterator
from typing import Any

import typer

from reminderd.cli import (
    delivery_checks,
    kept_file_checks,
    machine_checks,
    setup_checks,
    store_checks,
)
from reminderd.cli.context import Context
from reminderd.cli.examining import examine
from reminderd.cli.facts import Facts, Finding
from reminderd.cli.output import AsJson, say, say_json
from reminderd.cli.rendering import wording_of
from reminderd.clock import utc_now
from reminderd.errors import ExitStatus
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording

Check = Callable[[Facts, Wording], Iterator[Finding]]

# In the order in which a person mends things.
CHECKS: tuple[Check, ...] = (
    setup_checks.configuration,
    setup_checks.clock,
    machine_checks.synchronisation,
    machine_checks.time_zone,
    store_checks.store,
    store_checks.integrity,
    store_checks.access,
    store_checks.companions,
    store_checks.journal,
    store_checks.disk,
    store_checks.backups,
    setup_checks.channels,
    setup_checks.fallbacks,
    machine_checks.units,
    setup_checks.last_pass,
    delivery_checks.deliveries,
    delivery_checks.held,
    delivery_checks.lines,
    kept_file_checks.kept_files,
)

_WORDS = {
    ExitStatus.OK: N_("ok"),
    ExitStatus.WARNING: N_("warning"),
    ExitStatus.CRITICAL: N_("FAILED"),
    ExitStatus.UNDELIVERED: N_("FAILED"),
}
_LEVELS = {
    ExitStatus.OK: "ok",
    ExitStatus.WARNING: "warning",
    ExitStatus.CRITICAL: "failed",
    ExitStatus.UNDELIVERED: "failed",
}


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(doctor)


def doctor(context: typer.Context, as_json: AsJson = False) -> int:
    """Say what is well and what is not, and what to do; change nothing.

    The servers of channels are asked for a connection, and nothing is sent to them.
    It ends with 1 for a warning, 2 for something that does not work, and 3 when
    messages reach nobody.

    Example: reminderd doctor
    """
    command: Context = context.obj
    now = utc_now()
    facts, settings = examine(command, now)
    words = wording_of(settings, now)
    findings = [finding for check in CHECKS for finding in check(facts, words)]
    status = max(finding.status for finding in findings)
    if as_json:
        say_json({"status": status, "checks": [_record(each) for each in findings]})
    else:
        _show(findings, words)
    return status


def _show(findings: list[Finding], words: Wording) -> None:
    width = max(len(words.say(word)) for word in _WORDS.values())
    for finding in findings:
        text = finding.text
        if finding.advice:
            text = words.say("{text}; {advice}", text=text, advice=finding.advice)
        word = words.say(_WORDS[finding.status])
        say(f"{word:<{width}}  {text}")


def _record(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "level": _LEVELS[finding.status],
        "text": finding.text,
        "advice": finding.advice or None,
    }
