"""The carriers: which there are, and what is known of each."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer

from reminderd.carriers.facts import Carrier, is_old
from reminderd.cli.context import Context
from reminderd.cli.output import AsJson, say, say_json, say_table
from reminderd.cli.rendering import wording_of
from reminderd.clock import utc_now
from reminderd.config.effective import carriers_of, section_of
from reminderd.config.loading import salvage
from reminderd.config.masking import masked
from reminderd.config.settings import Settings
from reminderd.config.wording import did_you_mean
from reminderd.domain.guides import Ask, Bring, Keep, Shop
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.terms import Promotion
from reminderd.domain.texts import Text
from reminderd.errors import UsageError
from reminderd.messages.catalogs import N_
from reminderd.messages.terms import (
    checked_text,
    clock_texts,
    plan_texts,
    rule_name,
    rule_texts,
)
from reminderd.messages.wording import Wording

_HEADINGS = (N_("name"), N_("carrier"), N_("zone"), N_("dates"), N_("facts"))
_SHOPS = {
    Shop.CARRIER: N_("the carrier's own"),
    Shop.VOUCHER: N_("any that sells its vouchers"),
}
_BRING = {
    Bring.NUMBER: N_("the number"),
    Bring.SIM: N_("the SIM card"),
    Bring.ID: N_("an identity document"),
    Bring.CASH: N_("cash"),
}
_ASK = {
    Ask.PLAN: N_("a plan"),
    Ask.TOP_UP: N_("a top-up"),
    Ask.VOUCHER: N_("a voucher"),
}
_KEEP = {Keep.RECEIPT: N_("the receipt"), Keep.VOUCHER: N_("the voucher")}

app = typer.Typer(help="Look at what is known of carriers.", no_args_is_help=True)


@app.command("list")
def carriers_list(context: typer.Context, as_json: AsJson = False) -> None:
    """List the carriers, the dates that their terms set, and how old that is.

    Example: reminderd carriers list
    """
    command: Context = context.obj
    settings = _settings(command)
    words = wording_of(settings, utc_now())
    carriers = carriers_of(settings).values()
    if as_json:
        say_json([_record(carrier, settings, words.today) for carrier in carriers])
        return
    say_table(
        [words.say(heading) for heading in _HEADINGS],
        [
            (
                carrier.name,
                carrier.title,
                words.city(carrier.zone) if carrier.zone else "-",
                "\n".join(clock_texts(carrier.terms, words)) or "-",
                "\n".join(_standing(carrier, words)) or "-",
            )
            for carrier in carriers
        ],
    )


@app.command("show")
def carriers_show(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="The name of a carrier.", show_default=False
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Show all that is known of a carrier, where that is stated, and how old it is.

    Example: reminderd carriers show giffgaff
    """
    command: Context = context.obj
    settings = _settings(command)
    carriers = carriers_of(settings)
    carrier = carriers.get(name)
    if carrier is None:
        hint = did_you_mean(name, [*carriers])
        raise UsageError(
            Text("there is no carrier {name}{hint}", name=repr(name), hint=hint)
        )
    words = wording_of(settings, utc_now())
    if as_json:
        say_json(_record(carrier, settings, words.today))
        return
    for label, text in (*_identity(carrier, words), *_terms(carrier, words)):
        say(f"{label}: {text}")
    for label, text in (*_ways(carrier, words), *_sources(carrier, words)):
        say(f"{label}: {text}")


def _settings(command: Context) -> Settings:
    """Return the configuration; who has none yet may look as well."""
    if command.config_path is None:
        return salvage(None, command.environ)
    return command.load().settings


def _record(carrier: Carrier, settings: Settings, today: date) -> dict[str, Any]:
    """Return a carrier for programs; its facts are as one writes them in TOML."""
    return {
        "name": carrier.name,
        "title": carrier.title,
        "old": is_old(carrier.checked_on, today),
        "conflicting": carrier.conflict is not None,
        "facts": masked(section_of(settings, carrier.name)),
    }


def _standing(carrier: Carrier, words: Wording) -> Iterator[str]:
    """Yield how far the facts can be trusted."""
    if carrier.conflict is not None:
        yield words.say("conflicting")
    if carrier.checked_on is not None:
        old = is_old(carrier.checked_on, words.today)
        yield checked_text(carrier.checked_on, words, old=old)


def _identity(carrier: Carrier, words: Wording) -> Iterator[tuple[str, str]]:
    yield words.say("carrier"), f"{carrier.title} ({carrier.name})"
    if carrier.zone is not None:
        yield words.say("zone"), carrier.zone.key
    if carrier.domains:
        yield words.say("official domains"), ", ".join(carrier.domains)
    if carrier.size_base is not None:
        size = words.say_count("1 MB is {n} kB", "1 MB is {n} kB", carrier.size_base)
        yield words.say("data"), size


def _terms(carrier: Carrier, words: Wording) -> Iterator[tuple[str, str]]:
    plan = rule_name(DeadlineKind.VALIDITY, words)
    for text in plan_texts(carrier.terms.plan, words):
        yield plan, text
    for kind, rule in carrier.terms.rules.items():
        for text in rule_texts(kind, rule, words):
            yield rule_name(kind, words), text
    for promotion in carrier.terms.promotions:
        yield words.say("offer"), _offer(promotion, words)


def _offer(promotion: Promotion, words: Wording) -> str:
    text = words.say(
        "{title}, from {begin} until {end}: {url}",
        title=promotion.title,
        begin=words.day(promotion.begins_on),
        end=words.day(promotion.ends_on),
        url=promotion.url,
    )
    return text if promotion.note is None else f"{text} ({promotion.note})"


def _ways(carrier: Carrier, words: Wording) -> Iterator[tuple[str, str]]:
    guide = carrier.guide
    if carrier.renew_url is not None:
        yield words.say("website"), carrier.renew_url
    if guide.app is not None:
        yield words.say("app"), guide.app
    if guide.shop is not None:
        yield words.say("shop"), words.say(_SHOPS[guide.shop])
    for label, texts in (
        (N_("bring"), [_BRING[thing] for thing in guide.bring]),
        (N_("ask for"), [_ASK[thing] for thing in guide.ask]),
        (N_("keep"), [_KEEP[thing] for thing in guide.keep]),
    ):
        if texts:
            yield (
                words.say(label),
                words.say(", ").join(words.say(text) for text in texts),
            )


def _sources(carrier: Carrier, words: Wording) -> Iterator[tuple[str, str]]:
    if carrier.conflict is not None:
        yield words.say("conflicting"), words.texts.gettext(carrier.conflict)
    for source in (carrier.source, *carrier.sources):
        if source is not None:
            yield words.say("source"), source
    if carrier.checked_on is not None:
        old = is_old(carrier.checked_on, words.today)
        checked = checked_text(carrier.checked_on, words, old=old)
        yield words.say("facts"), checked
