"""Is an address that somebody received really the carrier's own? Never opened here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from reminderd.carriers.facts import Carrier
from reminderd.carriers.objections import Fault, Objection
from reminderd.carriers.official import objections
from reminderd.carriers.suffixes import owner_of
from reminderd.carriers.web_addresses import is_on, read_address
from reminderd.cli.context import Context
from reminderd.cli.output import AsJson, say, say_json
from reminderd.cli.rendering import wording_of
from reminderd.clock import utc_now
from reminderd.config.effective import carriers_of
from reminderd.config.loading import salvage
from reminderd.config.wording import did_you_mean, echo
from reminderd.domain.texts import Text
from reminderd.errors import ExitStatus, UsageError
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording

_REASONS = {
    Fault.TOO_LONG: N_("It is longer than {most} characters."),
    Fault.INVISIBLE: N_("It has a character in it that does not belong there: {name}."),
    Fault.BACKSLASH: N_(
        "It has a backslash in it; some programs read that as a slash."
    ),
    Fault.MARKUP: N_("It has {letter} in it, which programs read in different ways."),
    Fault.PUNYCODE: N_("The name of the website is in punycode; a phone shows {shown}"),
    Fault.LATIN_TWIN: N_("{letter} ({name}) stands where a Latin {latin} would."),
    Fault.FOREIGN_LETTER: N_("{letter} ({name}) is no plain letter."),
    Fault.ENCODED_HOST: N_("The name of the website is disguised with % signs."),
    Fault.NO_SCHEME: N_("It does not begin with https://"),
    Fault.NOT_ENCRYPTED: N_(
        "It is not encrypted (http, not https): others can read and change the page."
    ),
    Fault.OTHER_SCHEME: N_("It is no web address."),
    Fault.USER: N_("What stands before the @ is a user name, whatever it looks like."),
    Fault.PORT: N_("It has a port number, or a colon, after the website."),
    Fault.IP_ADDRESS: N_("It has a number (an IP address) in place of a website."),
    Fault.NOT_PLAIN: N_("It is not written as usual: https:// and a website."),
    Fault.NONE_KNOWN: N_("No official domain of {carrier} is known."),
    Fault.IN_FRONT: N_("{domain} only stands in front; the end counts: {owner}"),
    Fault.LOOKS_SAME: N_("{owner} only looks like {domain}"),
    Fault.OTHER_ENDING: N_("{owner} has another ending than {domain}"),
    Fault.MISSPELT: N_("{owner} is spelt almost like {domain}"),
    Fault.NAME_WITHIN: N_("{owner} only uses the name; official is {domain}"),
    Fault.FOREIGN: N_("{owner} is not one of its official domains: {official}"),
    Fault.REDIRECT: N_("It leads on to another website: {host}"),
    Fault.NESTED: N_("It has a second address in it, to lead on to."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """Whose an address is.

    ``host`` is None where none can be read. ``owners`` are the carriers that it
    officially belongs to; ``meant`` is the one that was asked for or is imitated.
    """

    host: str | None
    owners: Sequence[Carrier]
    meant: Carrier | None
    objections: Sequence[Objection]


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command("verify-link")(verify_link)


def verify_link(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="The address, in single quotes.", show_default=False
        ),
    ],
    carrier: Annotated[
        str | None,
        typer.Option(
            "--carrier",
            metavar="NAME",
            help="The carrier it should belong to; default: any that is known.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> ExitStatus:
    """Tell whether an address you received is the carrier's own, and why not.

    The address is never opened. Exit status: 0 official, 1 not, 64 wrong usage.

    Example: reminderd verify-link 'https://www.giffgaff.com/'
    """
    command: Context = context.obj
    # Also for somebody who has not set up anything yet.
    has_file = command.config_path is not None
    settings = command.load().settings if has_file else salvage(None, command.environ)
    known = carriers_of(settings)
    verdict = _verdict(url.strip(), carrier, known)
    words = wording_of(settings, utc_now())
    if as_json:
        say_json(_as_json(verdict, words))
    else:
        for line in _sentences(verdict, words):
            say(line)
    return ExitStatus.WARNING if verdict.objections else ExitStatus.OK


def _verdict(url: str, name: str | None, known: Mapping[str, Carrier]) -> _Verdict:
    if name is not None and name not in known:
        hint = did_you_mean(name, known)
        raise UsageError(
            Text("there is no carrier {name}{hint}", name=echo(name), hint=hint)
        )
    host = read_address(url).host or None
    owners = [one for one in known.values() if host and is_on(host, one.domains)]
    meant = known[name] if name else _meant(url, owners, list(known.values()))
    return _Verdict(
        host=host,
        owners=owners,
        meant=meant,
        objections=list(objections(url, _domains(known.values(), meant))),
    )


def _meant(
    url: str, owners: Sequence[Carrier], known: Sequence[Carrier]
) -> Carrier | None:
    """Return whose the address is, or pretends to be: by its text, by its looks."""
    text = url.lower()
    named = [one for one in known if any(domain in text for domain in one.domains)]
    found = [*owners, *named]
    if not found:
        looks = objections(url, _domains(known, None))
        imitated = {objection.values.get("domain") for objection in looks}
        found = [one for one in known if imitated.intersection(one.domains)]
    return found[0] if found else None


def _domains(known: Iterable[Carrier], meant: Carrier | None) -> list[str]:
    carriers = known if meant is None else [meant]
    return [domain for carrier in carriers for domain in carrier.domains]


def _sentences(verdict: _Verdict, words: Wording) -> Iterator[str]:
    yield _headline(verdict, words)
    if not verdict.objections:
        return
    for objection in verdict.objections:
        # Without a carrier in question, a list of all domains would say nothing.
        if verdict.meant or objection.fault is not Fault.FOREIGN:
            yield f"- {_reason(objection, verdict, words)}"
    yield _advice(verdict, words)


def _headline(verdict: _Verdict, words: Wording) -> str:
    host, meant = verdict.host, verdict.meant
    carrier = meant.title if meant else ""
    if host is None:
        return words.say("No. This is no address that a carrier would send.")
    if meant in verdict.owners:
        text = N_("Yes. {host} is {carrier}'s own website.")
        if verdict.objections:
            text = N_("Not like this. {host} is {carrier}'s own website, but:")
        return words.say(text, host=host, carrier=carrier)
    owner = ", ".join(one.title for one in verdict.owners) or owner_of(host)
    if meant is None:
        text = N_("No. This leads to {owner}, which no known carrier has.")
        return words.say(text, owner=owner)
    text = N_("No. This leads to {owner}, not to {carrier}:")
    return words.say(text, owner=owner, carrier=carrier)


def _reason(objection: Objection, verdict: _Verdict, words: Wording) -> str:
    carrier = verdict.meant.title if verdict.meant else ""
    values = {**objection.values, "carrier": carrier}
    return words.say(_REASONS[objection.fault], **values)


def _advice(verdict: _Verdict, words: Wording) -> str:
    instead = _instead(verdict)
    if instead is None:
        return words.say(
            "Do not open it. Use the carrier's app, or type the address that is printed"
            " on your card or bill."
        )
    return words.say(
        "Do not open it. Type the address yourself: {url} (or use the carrier's app).",
        url=instead,
    )


def _instead(verdict: _Verdict) -> str | None:
    meant = verdict.meant
    if meant is None or not meant.domains:
        return None
    return meant.renew_url or f"https://{meant.domains[0]}/"


def _as_json(verdict: _Verdict, words: Wording) -> dict[str, Any]:
    host = verdict.host
    return {
        "official": not verdict.objections,
        "host": host,
        "belongs_to": host and owner_of(host),
        "carriers": [carrier.name for carrier in verdict.owners],
        "reasons": [
            {
                "reason": objection.fault.value,
                "text": _reason(objection, verdict, words),
            }
            for objection in verdict.objections
        ],
        "instead": _instead(verdict) if verdict.objections else None,
    }
