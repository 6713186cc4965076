from datetime import date

import pytest

from reminderd.carriers.facts import (
    is_old,
    is_shipped,
    official_url,
    shipped_names,
)

DOMAINS = ("giffgaff.com", "three.co.uk")


def test_the_shipped_carriers_are_known_by_name() -> None:
    assert is_shipped("giffgaff")
    assert {"ee-uk", "giffgaff", "three-uk", "vodafone-uk"} <= shipped_names()
    assert not is_shipped("facts")
    assert not is_shipped("../carriers/giffgaff")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(date(2027, 11, 21), False, id="a day less than a year"),
        pytest.param(date(2027, 11, 22), False, id="a year"),
        pytest.param(date(2027, 11, 23), True, id="a day more"),
    ],
)
def test_facts_are_old_after_a_year(today: date, expected: bool) -> None:
    assert is_old(date(2026, 11, 22), today) is expected


def test_facts_that_nobody_has_dated_are_not_called_old() -> None:
    assert not is_old(None, date(2026, 11, 22))


@pytest.mark.parametrize(
    "url",
    [
        "https://giffgaff.com",
        "https://www.giffgaff.com/top-up?plan=1&a=b#pay",
        "HTTPS://GiffGaff.com/",
        "https://shop.three.co.uk/",
    ],
)
def test_an_address_on_an_official_domain_is_taken_as_it_is(url: str) -> None:
    assert official_url(url, DOMAINS) == url


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://giffgaff.com/", id="not encrypted"),
        pytest.param("javascript:alert(1)//https://giffgaff.com", id="script"),
        pytest.param("//giffgaff.com/", id="no scheme"),
        pytest.param("https:/giffgaff.com/", id="one slash"),
        pytest.param("https:giffgaff.com", id="no slash"),
        pytest.param("https://giffgaff.com.evil.example/", id="official in front"),
        pytest.param("https://evilgiffgaff.com/", id="official at the end"),
        pytest.param("https://evil.example/giffgaff.com", id="official in the path"),
        pytest.param("https://giffgaff.com@evil.example/", id="user"),
        pytest.param("https://u:p@giffgaff.com/", id="password"),
        pytest.param("https://giffgaff.com:8443/", id="port"),
        pytest.param("https://giffgaff.com:/", id="empty port"),
        pytest.param("https://giffgaff.com\\@evil.example/", id="backslash"),
        pytest.param("https://evil.example\\.giffgaff.com/", id="backslash in host"),
        pytest.param("https://giffgaff.com./", id="dot at the end"),
        pytest.param("https://.giffgaff.com/", id="dot in front"),
        pytest.param("https://giffgaff.com%2f.evil.example/", id="escaped slash"),
        pytest.param("https://giffgaff.com\t.evil.example/", id="tab"),
        pytest.param("https://giff\ngaff.com/", id="line feed"),
        pytest.param(" https://giffgaff.com/", id="blank in front"),
        pytest.param("https://giffgaff.com/a b", id="blank"),
        pytest.param("https://gіffgaff.com/", id="Cyrillic letter"),  # noqa: RUF001 - on purpose
        pytest.param("https://giffgaff。com/", id="ideographic dot"),
        pytest.param("https://giffgaff.com/é", id="not ASCII"),
        pytest.param("https://[::1]/", id="IPv6"),
        pytest.param("https://127.0.0.1/", id="IPv4"),
        pytest.param("https://com/", id="top level"),
        pytest.param("https://", id="nothing"),
        pytest.param("", id="empty"),
        pytest.param("https://giffgaff.com/" + "a" * 2000, id="too long"),
        pytest.param("https://giffgaff.com/<script>", id="markup"),
    ],
)
def test_an_address_that_could_lead_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"write|official"):
        official_url(url, DOMAINS)


def test_no_address_is_official_without_domains() -> None:
    with pytest.raises(ValueError, match="none is known"):
        official_url("https://giffgaff.com/", ())
