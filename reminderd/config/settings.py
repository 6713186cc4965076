"""Everything that can be set, one class for each section of config.toml.

All is optional here; what needs what is checked in ``checks``, so that every
mistake of a file is found in one go.
"""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from reminderd.config.addresses import (
    ChannelUrl,
    Credential,
    MonitorUrl,
    SecretFile,
    StoreUrl,
    Variable,
    WebAddress,
)
from reminderd.config.amounts import (
    BalanceLeft,
    BalanceLimits,
    BalanceTotal,
    DataLeft,
    DataLimits,
    DataTotal,
    DateLimits,
    SmsLeft,
    SmsLimits,
    SmsTotal,
    VoiceLeft,
    VoiceLimits,
    VoiceTotal,
)
from reminderd.config.labels import (
    BucketName,
    CarrierName,
    ChannelName,
    ChannelNames,
    Domains,
    Iccid,
    Labels,
    LineName,
    Number,
    Title,
)
from reminderd.config.masking import masked
from reminderd.config.plans import LeftoverWord, Price, SizeBase, StartWord, WayWord
from reminderd.config.texts import Language, SeverityWord, Switch
from reminderd.config.times import (
    CalendarPeriod,
    ClockTime,
    Day,
    Due,
    Gaps,
    HeartbeatGap,
    PollGap,
    ProofGap,
    Quiet,
    SendTime,
    Stale,
    Zone,
)
from reminderd.domain.ladders import Severity


class Section(BaseModel):
    """One section: unknown keys are errors, and errors never show a value."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        arbitrary_types_allowed=True,
    )


class ThresholdSettings(Section):
    """When to remind; a key that is absent here is taken from the next wider place."""

    validity: DateLimits | None = None
    credit: DateLimits | None = None
    keep_alive: DateLimits | None = None
    number: DateLimits | None = None
    start_by: DateLimits | None = None
    data: DataLimits | None = None
    voice: VoiceLimits | None = None
    sms: SmsLimits | None = None
    balance: BalanceLimits | None = None
    stale: Stale | None = None


class StorageSettings(Section):
    """Where the store is; without a URL, where the system keeps such files."""

    url: StoreUrl | None = None


class ReminderSettings(Section):
    """At which hour date limits are reached, when an unanswered one is repeated.

    ``proof`` is how often every channel gets a word that all of this still works.
    """

    at: ClockTime = time(9)
    repeat: Gaps = ()
    proof: ProofGap | None = None


class AddressSettings(Section):
    """Where a secret URL is kept; at most one of the four keys is given."""

    url: ChannelUrl | MonitorUrl | None = None
    url_file: SecretFile | None = None
    url_env: Variable | None = None
    url_credential: Credential | None = None


class HeartbeatSettings(AddressSettings):
    """The monitor that hears of each healthy pass; without a URL there is none."""

    url: MonitorUrl | None = None
    every: HeartbeatGap = timedelta(hours=1)
    fail: Switch = True


class ChannelSettings(AddressSettings):
    """One way to reach somebody; exactly one of the four ``url`` keys is given."""

    url: ChannelUrl | None = None
    min_severity: SeverityWord = Severity.INFO
    quiet: Quiet | None = None
    fallback: ChannelName | None = None
    group: Switch = True
    insecure: Switch = False
    timeout: SendTime = timedelta(seconds=60)


class CarrierSettings(Section):
    """A carrier that is not shipped, or what differs from the one that is."""

    title: Title | None = None
    timezone: Zone | None = None
    domains: Domains | None = None
    renew_url: WebAddress | None = None
    keep_alive_every: CalendarPeriod | None = None
    thresholds: ThresholdSettings = ThresholdSettings()


class FigureSettings(Section):
    """What is left of the allowances of a line: bytes, seconds, texts, money."""

    data_remaining: DataLeft | None = None
    data_total: DataTotal | None = None
    data_used: DataTotal | None = None
    voice_remaining: VoiceLeft | None = None
    voice_total: VoiceTotal | None = None
    voice_used: VoiceTotal | None = None
    sms_remaining: SmsLeft | None = None
    sms_total: SmsTotal | None = None
    sms_used: SmsTotal | None = None


class BucketSettings(FigureSettings):
    """Allowances apart from the others, with an end of their own or a use of theirs."""

    until: Due | None = None
    daily: Switch | None = None
    throttled: Switch | None = None


class LineSettings(FigureSettings):
    """One line and what its owner knows of it; dates are inclusive."""

    carrier: CarrierName | None = None
    number: Number | None = Field(default=None, repr=False)
    iccid: Iccid | None = Field(default=None, repr=False)
    timezone: Zone | None = None
    tags: Labels = ()
    channels: ChannelNames | None = None
    valid_until: Due | None = None
    credit_until: Due | None = None
    number_until: Due | None = None
    start_by: Due | None = None
    last_activity: Day | None = None
    last_top_up: Day | None = None
    renewed_on: Day | None = None
    bought_on: Day | None = None
    keep_alive_every: CalendarPeriod | None = None
    renew_every: CalendarPeriod | None = None
    renew_from: StartWord | None = None
    renew_leftover: LeftoverWord | None = None
    renew_price: Price | None = None
    renew_via: WayWord | None = None
    auto_renew: Switch | None = None
    data_base: SizeBase | None = None
    data_daily: Switch | None = None
    data_throttled: Switch | None = None
    balance_remaining: BalanceLeft | None = None
    balance_total: BalanceTotal | None = None
    buckets: Mapping[BucketName, BucketSettings] = {}
    observed_on: Day | None = None
    thresholds: ThresholdSettings = ThresholdSettings()


class Settings(BaseSettings):
    """The whole configuration. ``timezone`` and ``language`` are the reader's."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_default=False,
        arbitrary_types_allowed=True,
    )

    timezone: Zone = ZoneInfo("UTC")
    language: Language = "en"
    poll_every: PollGap = timedelta(seconds=5)
    storage: StorageSettings = StorageSettings()
    thresholds: ThresholdSettings = ThresholdSettings()
    reminders: ReminderSettings = ReminderSettings()
    heartbeat: HeartbeatSettings = HeartbeatSettings()
    channels: Mapping[ChannelName, ChannelSettings] = {}
    carriers: Mapping[CarrierName, CarrierSettings] = {}
    lines: Mapping[LineName, LineSettings] = {}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return only what is handed in: ``loading`` names every source itself."""
        return (init_settings,)

    def masked(self) -> dict[str, Any]:
        """Return what is set, as one writes it in TOML, without secrets."""
        shown = masked(self)
        if not self.heartbeat.model_fields_set:
            # Without an address it would be a mistake in a file.
            del shown["heartbeat"]
        return shown
