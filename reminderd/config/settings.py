"""Everything that can be set, one class for each section of config.toml.

All is optional here; what needs what is checked in ``checks``, so that every
mistake of a file is found in one go.
"""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from reminderd.config.addresses import (
    CalendarFile,
    ChannelUrl,
    Credential,
    MetricsFile,
    MonitorUrl,
    SecretFile,
    StoreUrl,
    Variable,
)
from reminderd.config.amounts import (
    BalanceLeft,
    BalanceTotal,
    DataLeft,
    DataTotal,
    SmsLeft,
    SmsTotal,
    VoiceLeft,
    VoiceTotal,
)
from reminderd.config.carriers import CarrierSettings
from reminderd.config.labels import (
    BucketName,
    CarrierName,
    ChannelName,
    ChannelNames,
    Iccid,
    Labels,
    LineName,
    Number,
)
from reminderd.config.masking import masked
from reminderd.config.plans import LeftoverWord, Price, SizeBase, StartWord, WayWord
from reminderd.config.sections import Section, ThresholdSettings
from reminderd.config.texts import Language, LineCount, SeverityWord, Switch
from reminderd.config.times import (
    CalendarPeriod,
    ClockTime,
    Day,
    Due,
    Gaps,
    HeartbeatGap,
    OfferGap,
    PollGap,
    ProofGap,
    Quiet,
    SendTime,
    Zone,
)
from reminderd.domain.ladders import Severity
from reminderd.domain.periods import Period


class StorageSettings(Section):
    """Where the store is; without a URL, where the system keeps such files."""

    url: StoreUrl | None = None


class ReminderSettings(Section):
    """At which hour date limits are reached, when an unanswered one is repeated.

    ``promotions`` is how long before a plan's end an offer is worth a word. ``proof``
    is how often every channel gets a word that all of this still works.
    """

    at: ClockTime = time(9)
    repeat: Gaps = ()
    promotions: OfferGap = Period(days=14)
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


class CalendarSettings(Section):
    """The calendar file that is kept written after each pass; by default none."""

    file: CalendarFile | None = None


class MetricsSettings(Section):
    """The file that is kept written for Prometheus' node_exporter; by default none.

    With more than so many ``lines`` none of them has series of its own.
    """

    textfile: MetricsFile | None = None
    lines: LineCount = 1000


class ChannelSettings(AddressSettings):
    """One way to reach somebody; exactly one of the four ``url`` keys is given."""

    url: ChannelUrl | None = None
    min_severity: SeverityWord = Severity.INFO
    quiet: Quiet | None = None
    fallback: ChannelName | None = None
    group: Switch = True
    insecure: Switch = False
    timeout: SendTime = timedelta(seconds=60)


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
    calendar: CalendarSettings = CalendarSettings()
    metrics: MetricsSettings = MetricsSettings()
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
