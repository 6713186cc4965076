from pathlib import Path
from zoneinfo import ZoneInfo

from reminderd.config.effective import (
    carrier_of,
    carriers_of,
    keep_alive_of,
    thresholds_of,
    zone_of,
)
from reminderd.config.settings import Settings
from reminderd.domain.ladders import Limit
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.quantities import parse_share
from tests.config.samples import loaded

DAYS = {n: Limit(Period(days=n)) for n in (1, 3, 7, 14, 30)}


def test_without_a_word_the_built_in_limits_apply() -> None:
    thresholds = thresholds_of(Settings())
    share = Limit(parse_share("20%"))

    assert thresholds.ladders == {
        "validity": (DAYS[30], DAYS[7], DAYS[3], DAYS[1]),
        "credit": (DAYS[30], DAYS[7], DAYS[3], DAYS[1]),
        "keep_alive": (DAYS[30], DAYS[14], DAYS[7], DAYS[3], DAYS[1]),
        "number": (DAYS[30], DAYS[14], DAYS[7], DAYS[3], DAYS[1]),
        "start_by": (DAYS[30], DAYS[7], DAYS[3], DAYS[1]),
        "grace": (DAYS[7], DAYS[3], DAYS[1]),
        "expiry": (DAYS[7], DAYS[3], DAYS[1]),
        "runs_out": (DAYS[7], DAYS[3]),
        "data": (share, Limit(500_000_000)),
        "voice": (share,),
        "sms": (share,),
        "balance": (share,),
        "daily_data": (),
        "daily_voice": (),
        "daily_sms": (),
    }
    assert thresholds.stale == Period(days=30)


def test_the_narrowest_limits_win_key_by_key(tmp_path: Path) -> None:
    text = """\
[thresholds]
validity = ["14d"]
credit = ["14d"]
number = ["14d"]
stale = "never"
[carriers.giffgaff.thresholds]
credit = ["7d"]
number = ["7d"]
[lines.a]
carrier = "giffgaff"
[lines.a.thresholds]
number = []
[lines.b.thresholds]
stale = "7d"
"""
    settings = loaded(tmp_path, text).settings

    thresholds = thresholds_of(settings, settings.lines["a"])

    assert thresholds.ladders["validity"] == (DAYS[14],)
    assert thresholds.ladders["credit"] == (DAYS[7],)
    assert thresholds.ladders["number"] == ()
    assert thresholds.ladders["start_by"] == (DAYS[30], DAYS[7], DAYS[3], DAYS[1])
    assert thresholds.stale is None
    assert thresholds_of(settings, settings.lines["b"]).stale == Period(days=7)


def test_a_section_overrides_a_shipped_carrier_key_by_key(tmp_path: Path) -> None:
    text = """\
[carriers.giffgaff]
renew_url = "https://www.giffgaff.com/pay"
[carriers.giffgaff.keep_alive]
every = "90d"
[carriers.own]
title = "My own"
timezone = "Europe/Paris"
domains = ["Example.org"]
"""
    settings = loaded(tmp_path, text).settings

    carriers = carriers_of(settings)

    assert carriers["giffgaff"].terms.rule(DeadlineKind.KEEP_ALIVE).every == Period(
        days=90
    )
    assert carriers["giffgaff"].renew_url == "https://www.giffgaff.com/pay"
    assert carriers["giffgaff"].title == "giffgaff"
    assert carriers["own"].title == "My own"
    assert carriers["own"].zone == ZoneInfo("Europe/Paris")
    assert carriers["own"].domains == ("example.org",)
    assert carriers["three-uk"].title == "Three UK"


def test_a_line_is_at_home_in_its_own_zone_its_carriers_or_the_readers(
    tmp_path: Path,
) -> None:
    text = """\
[lines.own]
carrier = "giffgaff"
timezone = "Europe/Rome"
[lines.carriers]
carrier = "giffgaff"
[lines.readers]
"""
    settings = loaded(tmp_path, text).settings

    zones = {name: zone_of(settings, line).key for name, line in settings.lines.items()}

    assert zones == {
        "own": "Europe/Rome",
        "carriers": "Europe/London",
        "readers": "Asia/Shanghai",
    }


def test_the_keep_alive_period_is_the_lines_own_or_its_carriers(tmp_path: Path) -> None:
    text = """\
[lines.own]
carrier = "giffgaff"
last_activity = 2026-11-01
keep_alive_every = "10d"
[lines.carriers]
carrier = "giffgaff"
[lines.nobodys]
"""
    settings = loaded(tmp_path, text).settings

    periods = [keep_alive_of(settings, line) for line in settings.lines.values()]

    assert periods == [Period(days=10), Period(months=6), None]
    assert carrier_of(settings, settings.lines["nobodys"]) is None
