"""The carriers there are: those shipped, with what the configuration says of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from reminderd.carriers.facts import Carrier, is_shipped, shipped_facts, shipped_names
from reminderd.config.carriers import (
    CarrierSettings,
    EndSettings,
    GuideSettings,
    PromotionSettings,
    RuleSettings,
    StartBySettings,
)
from reminderd.config.sections import Section
from reminderd.domain.guides import Guide
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.plans import Plan, Start
from reminderd.domain.terms import Promotion, Rule, Terms

_RULES = (
    DeadlineKind.VALIDITY,
    DeadlineKind.CREDIT,
    DeadlineKind.KEEP_ALIVE,
    DeadlineKind.NUMBER,
    DeadlineKind.START_BY,
)
_UNSAID = CarrierSettings()
_S = TypeVar("_S", bound=Section)


class KnownCarriers(Mapping[str, Carrier]):
    """All carriers by name; the file of one is read when somebody asks for it."""

    def __init__(self, sections: Mapping[str, CarrierSettings]) -> None:
        self._sections = sections

    def __getitem__(self, name: str) -> Carrier:
        """Return the carrier called *name*."""
        if name not in self:
            raise KeyError(name)
        section = self._sections.get(name)
        return _shipped_carrier(name) if section is None else _carrier(name, section)

    def __contains__(self, name: object) -> bool:
        """Return whether there is a carrier called *name*, without a look into it."""
        return name in self._sections or (isinstance(name, str) and is_shipped(name))

    def __iter__(self) -> Iterator[str]:
        """Yield the names, sorted."""
        return iter(sorted({*shipped_names(), *self._sections}))

    def __len__(self) -> int:
        """Return how many carriers there are."""
        return len({*shipped_names(), *self._sections})


@lru_cache(maxsize=256)
def whole_section(name: str, section: CarrierSettings) -> CarrierSettings:
    """Return what is shipped of a carrier with *section* over it, key by key."""
    if not is_shipped(name):
        return section
    return _over(_shipped(name), section)


@lru_cache(maxsize=256)
def _shipped(name: str) -> CarrierSettings:
    return CarrierSettings.model_validate(shipped_facts(name))


def _over(known: _S, section: _S) -> _S:
    """Return *known* with what *section* says, table by table."""
    said = {
        name: _over(getattr(known, name), value)
        if isinstance(value, Section)
        else value
        for name in section.model_fields_set
        if (value := getattr(section, name)) is not None
    }
    return known.model_copy(update=said) if said else known


@lru_cache(maxsize=256)
def _shipped_carrier(name: str) -> Carrier:
    # To look for a section takes a hash of all that is in it.
    return _carrier(name, _UNSAID)


@lru_cache(maxsize=256)
def _carrier(name: str, section: CarrierSettings) -> Carrier:
    whole = whole_section(name, section)
    return Carrier(
        name=name,
        title=whole.title or name,
        zone=whole.timezone,
        domains=whole.domains or (),
        renew_url=whole.renew_url,
        terms=_terms(whole),
        guide=_guide(whole.guide),
        size_base=whole.data_base,
        source=whole.source,
        sources=whole.sources or (),
        checked_on=whole.checked_on,
        conflict=whole.conflict,
    )


def _terms(section: CarrierSettings) -> Terms:
    rules = {kind: getattr(section, kind) for kind in _RULES}
    return Terms(
        plan=_plan(section),
        rules={
            kind: _rule(rule) for kind, rule in rules.items() if rule != type(rule)()
        },
        promotions=tuple(_promotions(section.promotions)),
    )


def _plan(section: CarrierSettings) -> Plan:
    plan = section.plan
    leftover, cap = plan.leftover or (None, None)
    return Plan(
        period=plan.period,
        tiers=plan.tiers,
        start=plan.start,
        leftover=leftover,
        cap=cap,
        last_day=plan.last_day,
        auto_renews=plan.auto_renews,
    )


def _rule(section: EndSettings) -> Rule:
    rule = Rule(
        loses=section.loses or (), back=section.back, stages=section.after or ()
    )
    if isinstance(section, StartBySettings):
        resets = None if section.resets is None else frozenset(section.resets)
        rule = replace(rule, every=section.every, resets=resets)
    if isinstance(section, RuleSettings):
        rule = replace(
            rule,
            least=section.least,
            tiers=section.tiers or (),
            start=section.start or Start.TODAY,
            stands_still=bool(section.stands_still),
        )
    return rule


def _guide(section: GuideSettings) -> Guide:
    return Guide(
        app=section.app,
        shop=section.shop,
        bring=section.bring or (),
        ask=section.ask or (),
        keep=section.keep or (),
    )


def _promotions(sections: Iterable[PromotionSettings]) -> Iterator[Promotion]:
    """Yield the offers that are complete; others are refused with the file."""
    for known in sections:
        if known.title and known.begins_on and known.ends_on and known.url:
            yield Promotion(
                title=known.title,
                begins_on=known.begins_on,
                ends_on=known.ends_on,
                url=known.url,
                note=known.note,
            )
