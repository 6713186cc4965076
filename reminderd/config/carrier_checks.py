"""What does not go together in what is said of a carrier."""

from collections.abc import Iterator, Mapping

from reminderd.carriers.official import official_url
from reminderd.config.carriers import (
    CarrierSettings,
    PromotionSettings,
    RuleSettings,
)
from reminderd.config.known_carriers import whole_section
from reminderd.config.problems import Loc, Problem
from reminderd.domain.terms import Activity
from reminderd.domain.texts import Text, said

_RULES = ("credit", "keep_alive", "number")
_PROMOTION = {
    "title": ("title", '"Double data"'),
    "from": ("begins_on", "2026-12-01"),
    "until": ("ends_on", "2026-12-31"),
    "url": ("url", '"https://..."'),
}


def carrier_problems(carriers: Mapping[str, CarrierSettings]) -> Iterator[Problem]:
    """Yield what is wrong with *carriers*, each looked at with what is shipped of it.

    Each is told at a key that stands in its section, as far as one does.
    """
    for name, section in carriers.items():
        loc: Loc = ("carriers", name)
        whole = whole_section(name, section)
        if section.renew_url is not None or section.domains is not None:
            key = "domains" if section.renew_url is None else "renew_url"
            yield from _link_problems(loc, key, whole.renew_url, whole)
        for kind in _RULES:
            yield from _rule_problems((*loc, kind), getattr(whole, kind))
        for index, promotion in enumerate(section.promotions):
            yield from _promotion_problems(loc, index, promotion, whole)


def _link_problems(
    loc: Loc, key: str | Loc, url: str | None, whole: CarrierSettings
) -> Iterator[Problem]:
    """Yield why *url*, which stands at *key* of a carrier, is not its own."""
    domains = whole.domains or ()
    try:
        if url is not None:
            official_url(url, domains)
    except ValueError as error:
        hint = "" if domains else Text('; write domains = ["..."] too')
        at = (*loc, key) if isinstance(key, str) else (*loc, *key)
        yield Problem(
            at,
            Text("{problem}{hint}", problem=said(error), hint=hint),
            ((*loc, "domains"),),
        )


def _rule_problems(loc: Loc, rule: RuleSettings) -> Iterator[Problem]:
    if rule.least is None:
        return
    resets = rule.resets
    if resets is not None and Activity.TOP_UP not in resets:
        text = Text(
            'counts only with top-ups; write "top-up" in resets, or leave it out'
        )
        yield Problem((*loc, "least"), text, ((*loc, "resets"),))
    currency = next((tier.least.currency for tier in rule.tiers or ()), None)
    if currency not in (None, rule.least.currency):
        text = Text(
            "is in {currency}, but tiers in {other}",
            currency=rule.least.currency,
            other=currency,
        )
        problem = Text("{text}; write both in one currency", text=text)
        yield Problem((*loc, "least"), problem, ((*loc, "tiers"),))


def _promotion_problems(
    loc: Loc, index: int, promotion: PromotionSettings, whole: CarrierSettings
) -> Iterator[Problem]:
    here: Loc = ("promotions", index)
    for key, (name, example) in _PROMOTION.items():
        if getattr(promotion, name) is None:
            text = Text(
                "has no {key}; write {key} = {example}", key=key, example=example
            )
            yield Problem((*loc, *here), text, ((*loc, *here, key),))
    begins, ends = promotion.begins_on, promotion.ends_on
    if begins is not None and ends is not None and ends < begins:
        text = Text(
            "lies before it begins on {begins}; write a later date", begins=begins
        )
        yield Problem((*loc, *here, "until"), text)
    yield from _link_problems(loc, (*here, "url"), promotion.url, whole)
