"""The sections of a carrier: the same in a shipped file and in config.toml.

A shipped file is what one may write under ``[carriers.NAME]``. All is optional here;
what needs what is checked in ``carrier_checks``.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from reminderd.config.addresses import PageAddress, Pages, WebAddress
from reminderd.config.labels import Domains, Note, Title
from reminderd.config.plans import LeftoverWord, Price, SizeBase, StartWord
from reminderd.config.sections import Section, ThresholdSettings
from reminderd.config.terms import (
    Activities,
    AppName,
    BackWord,
    LastDayWord,
    Losses,
    RuleStart,
    ShopWord,
    Stages,
    ThingsToAsk,
    ThingsToBring,
    ThingsToKeep,
    Tiers,
)
from reminderd.config.texts import Switch
from reminderd.config.times import CalendarPeriod, Day, Zone
from reminderd.config.wording import SettingError
from reminderd.domain.texts import Text


class CarrierPlanSettings(Section):
    """What a renewal does to a plan of the carrier."""

    period: CalendarPeriod | None = None
    start: StartWord | None = Field(default=None, alias="from")
    leftover: LeftoverWord | None = None
    last_day: LastDayWord | None = None
    auto_renews: Switch | None = None
    tiers: Tiers | None = None


class EndSettings(Section):
    """What is lost when a date passes, and later."""

    loses: Losses | None = None
    back: BackWord | None = None
    after: Stages | None = None


class StartBySettings(EndSettings):
    """By when a plan has to be started after it was bought, and what starts it."""

    every: CalendarPeriod | None = None
    resets: Activities | None = None


class RuleSettings(StartBySettings):
    """When a date lies that is moved by using or paying for the line."""

    least: Price | None = None
    tiers: Tiers | None = None
    start: RuleStart | None = Field(default=None, alias="from")
    stands_still: Switch | None = None


class GuideSettings(Section):
    """The carrier's app and its shops."""

    app: AppName | None = None
    shop: ShopWord | None = None
    bring: ThingsToBring | None = None
    ask: ThingsToAsk | None = None
    keep: ThingsToKeep | None = None


class PromotionSettings(Section):
    """An offer to those who renew between two dates, both inclusive."""

    title: Title | None = None
    begins_on: Day | None = Field(default=None, alias="from")
    ends_on: Day | None = Field(default=None, alias="until")
    url: WebAddress | None = None
    note: Note | None = None


def _in_double_brackets(value: object) -> object:
    if not isinstance(value, list):
        raise SettingError(
            Text("is not a list; write each as [[carriers.NAME.promotions]]")
        )
    return value


class CarrierSettings(Section):
    """A carrier that is not shipped, or what differs from the one that is."""

    title: Title | None = None
    timezone: Zone | None = None
    domains: Domains | None = None
    renew_url: WebAddress | None = None
    data_base: SizeBase | None = None
    source: PageAddress | None = None
    sources: Pages | None = None
    checked_on: Day | None = None
    conflict: Note | None = None
    plan: CarrierPlanSettings = CarrierPlanSettings()
    validity: EndSettings = EndSettings()
    credit: RuleSettings = RuleSettings()
    keep_alive: RuleSettings = RuleSettings()
    number: RuleSettings = RuleSettings()
    start_by: StartBySettings = StartBySettings()
    guide: GuideSettings = GuideSettings()
    promotions: Annotated[
        tuple[PromotionSettings, ...], BeforeValidator(_in_double_brackets)
    ] = ()
    thresholds: ThresholdSettings = ThresholdSettings()
