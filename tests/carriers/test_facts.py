from datetime import date
from zoneinfo import ZoneInfo

import pytest

from reminderd.carriers.facts import shipped_carriers
from reminderd.carriers.official import official_url
from reminderd.domain.quantities import Period


def test_the_shipped_carriers_are_known_by_name() -> None:
    assert sorted(shipped_carriers()) == [
        "ee-uk",
        "giffgaff",
        "lycamobile-uk",
        "three-uk",
        "vodafone-uk",
    ]


def test_a_shipped_carrier_says_what_is_documented_of_it() -> None:
    giffgaff = shipped_carriers()["giffgaff"]

    assert giffgaff.title == "giffgaff"
    assert giffgaff.zone == ZoneInfo("Europe/London")
    assert giffgaff.domains == ("giffgaff.com",)
    assert giffgaff.renew_url == "https://www.giffgaff.com/"
    assert giffgaff.keep_alive_every == Period(months=6)


@pytest.mark.parametrize("name", sorted(shipped_carriers()))
def test_every_fact_has_a_source_and_the_day_it_was_checked(name: str) -> None:
    carrier = shipped_carriers()[name]

    assert carrier.name == name
    assert carrier.source
    assert carrier.checked_on == date(2026, 11, 22)
    assert carrier.renew_url == official_url(str(carrier.renew_url), carrier.domains)


def test_the_shipped_carriers_are_read_once() -> None:
    assert shipped_carriers() is shipped_carriers()
