"""Settings as one writes them in TOML, with secrets, numbers and cards masked."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, SecretStr

from reminderd.config.sections import attributes_of
from reminderd.domain.calendar import QuietHours
from reminderd.domain.ladders import Limit, Severity
from reminderd.domain.names import mask_iccid, mask_number
from reminderd.domain.periods import Period
from reminderd.domain.plans import Tier
from reminderd.domain.quantities import Money, minor_digits
from reminderd.domain.terms import Stage

HIDDEN = "***"

_STORES = ("sqlite", "postgresql+psycopg")
_SIZES = (("TB", 1000**4), ("GB", 1000**3), ("MB", 1000**2), ("kB", 1000))
_MOST_DECIMALS = 3


def masked(section: BaseModel) -> dict[str, Any]:
    """Return the settings in *section* that have a value, fit to be shown."""
    shown = {
        key: _shown(key, value)
        for key, name in attributes_of(type(section)).items()
        if (value := getattr(section, name)) is not None
    }
    return {key: value for key, value in shown.items() if value != {}}


def _shown(key: str, value: object) -> object:
    if isinstance(value, BaseModel):
        return masked(value)
    if isinstance(value, Mapping):
        return {name: masked(section) for name, section in value.items()}
    if isinstance(value, tuple):
        if key.endswith("leftover"):
            return _leftover(value)
        return [_shown(key, item) for item in value]
    if isinstance(value, Limit):
        return _limit(key, value)
    return _writer(key, value)(value)


def _writer(key: str, value: object) -> Callable[[Any], object]:
    if isinstance(value, str):
        return _TEXTS.get(key, str)
    if isinstance(value, int) and not isinstance(value, bool | Severity):
        return _NUMBERS.get(_count_of(key), _as_it_is)
    return _BY_TYPE.get(type(value), str)


def _count_of(key: str) -> str:
    return "" if key == "data_base" else key.partition("_")[0]


def _limit(key: str, limit: Limit) -> object:
    at = _shown(key, limit.at)
    return {"at": at, "severity": limit.severity.word} if limit.severity else at


def _leftover(value: Any) -> str:  # noqa: ANN401 - as pydantic left it
    kind, most = value
    return str(kind) if most is None else f"{kind}:{_size(most)}"


def _as_it_is(value: object) -> object:
    return value


def _size(value: int) -> str:
    for unit, size in _SIZES:
        number = (Decimal(value) / size).normalize()
        if number >= 1 and number == round(number, _MOST_DECIMALS):
            return f"{number:f}{unit}"
    return f"{value}B"


def _talk_time(seconds: int) -> str:
    return f"{Period(seconds=seconds)}" if seconds else "0min"


def _hours(hours: QuietHours) -> str:
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}"


def _money(money: Money) -> str:
    return f"{money.major:.{minor_digits(money.currency)}f} {money.currency}"


def _tier(tier: Tier) -> dict[str, object]:
    return {"from": _money(tier.least), "period": str(tier.period)}


def _stage(stage: Stage) -> dict[str, object]:
    back = {} if stage.back is None else {"back": stage.back.value}
    loses = [loss.value for loss in stage.loses]
    return {"after": str(stage.after), "loses": loses, **back}


def _address(secret: SecretStr) -> str:
    """Return where a store is, without the password; nothing of any other address."""
    url = urlsplit(secret.get_secret_value())
    # With a "/", "?" or "#" in it a password looks like a port and what follows one.
    is_torn = "@" in url.path + url.query + url.fragment or not _has_good_port(url)
    if url.scheme not in _STORES or is_torn:
        return HIDDEN
    user, at, host = url.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    password = HIDDEN if colon else ""
    query = f"?{HIDDEN}" if url.query else ""
    return f"{url.scheme}://{name}{colon}{password}{at}{host}{url.path}{query}"


def _has_good_port(url: SplitResult) -> bool:
    try:
        return url.port is None or url.port > 0
    except ValueError:
        return False


# By the first word of a key, which tells what its number counts.
_NUMBERS: dict[str, Callable[[Any], object]] = {"data": _size, "voice": _talk_time}
_TEXTS: dict[str, Callable[[Any], object]] = {
    "number": mask_number,
    "iccid": mask_iccid,
}
_BY_TYPE: dict[type, Callable[[Any], object]] = {
    bool: _as_it_is,
    date: date.isoformat,
    datetime: datetime.isoformat,
    time: lambda at: f"{at:%H:%M}",
    timedelta: lambda span: f"{int(span.total_seconds())}s",
    Severity: lambda level: level.word,
    QuietHours: _hours,
    Money: _money,
    Tier: _tier,
    Stage: _stage,
    SecretStr: _address,
}
