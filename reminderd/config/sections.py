"""What all sections of config.toml have in common, and the limits that several have."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from reminderd.config.amounts import (
    BalanceLimits,
    DataLimits,
    DateLimits,
    SmsLimits,
    VoiceLimits,
)
from reminderd.config.times import Stale


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
    grace: DateLimits | None = None
    expiry: DateLimits | None = None
    runs_out: DateLimits | None = None
    data: DataLimits | None = None
    voice: VoiceLimits | None = None
    sms: SmsLimits | None = None
    balance: BalanceLimits | None = None
    daily_data: DataLimits | None = None
    daily_voice: VoiceLimits | None = None
    daily_sms: SmsLimits | None = None
    stale: Stale | None = None


def attributes_of(model: type[BaseModel]) -> Mapping[str, str]:
    """Return under which name a section keeps each of its keys.

    They are the same, but for words that mean something to Python.
    """
    return {field.alias or name: name for name, field in model.model_fields.items()}
