"""Which addresses are a carrier's own, and what is said of all the others."""

from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminderd.carriers.facts import shipped_facts, shipped_names
from reminderd.carriers.objections import Fault
from reminderd.carriers.official import objections, official_domain, official_url
from reminderd.carriers.suffixes import owner_of
from tests.security.fuzzing import FUZZ

DOMAINS = ("giffgaff.com", "three.co.uk")


def faults(url: str) -> list[Fault]:
    return [objection.fault for objection in objections(url, DOMAINS)]


@pytest.mark.parametrize(
    "url",
    [
        "https://giffgaff.com",
        "https://www.giffgaff.com/top-up?plan=1&a=b#pay",
        "HTTPS://GiffGaff.com/",
        "https://shop.three.co.uk/",
        "https://a.b.c.giffgaff.com/x/../y%20z",
        "https://giffgaff.com/login?next=/account&utm_source=mail.example",
        "https://giffgaff.com/login?next=%2Faccount",
        "https://giffgaff.com/login?next=www.giffgaff.com/account",
        "https://giffgaff.com/download?target=guide.html",
        "https://giffgaff.com//top-up",
        "https://giffgaff.com/?time=12:30",
    ],
)
def test_an_address_on_an_official_domain_is_taken_as_it_is(url: str) -> None:
    assert official_url(url, DOMAINS) == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("http://giffgaff.com/", [Fault.NOT_ENCRYPTED], id="http"),
        pytest.param("HTTP://GIFFGAFF.COM", [Fault.NOT_ENCRYPTED], id="upper-case"),
        pytest.param("giffgaff.com/x", [Fault.NO_SCHEME], id="bare"),
        pytest.param("//giffgaff.com/", [Fault.NO_SCHEME], id="two slashes"),
        pytest.param(
            "giffgaff.com:443/", [Fault.NO_SCHEME, Fault.PORT], id="bare with port"
        ),
        pytest.param("ftp://giffgaff.com/", [Fault.OTHER_SCHEME], id="ftp"),
        pytest.param(
            "javascript:alert(1)//https://giffgaff.com",
            [Fault.OTHER_SCHEME],
            id="script",
        ),
        pytest.param("https:/giffgaff.com/", [Fault.NOT_PLAIN], id="one slash"),
        pytest.param("https:giffgaff.com", [Fault.NOT_PLAIN], id="no slash"),
        pytest.param("https:///giffgaff.com", [Fault.NOT_PLAIN], id="three slashes"),
        pytest.param("https://giffgaff.com./", [Fault.NOT_PLAIN], id="dot at the end"),
        pytest.param("https://.giffgaff.com/", [Fault.NOT_PLAIN], id="dot in front"),
        pytest.param("https://com/", [Fault.NOT_PLAIN], id="top level"),
        pytest.param("https://", [Fault.NOT_PLAIN], id="nothing"),
        pytest.param("", [Fault.NO_SCHEME], id="empty"),
        pytest.param("https://u:p@giffgaff.com/", [Fault.USER], id="password"),
        pytest.param(
            "https://giffgaff.com@evil.example/",
            [Fault.USER, Fault.FOREIGN],
            id="user",
        ),
        pytest.param("https://giffgaff.com:8443/", [Fault.PORT], id="port"),
        pytest.param("https://giffgaff.com:443/", [Fault.PORT], id="usual port"),
        pytest.param("https://giffgaff.com:/", [Fault.PORT], id="empty port"),
        pytest.param("https://[::1]/", [Fault.IP_ADDRESS], id="IPv6"),
        pytest.param("https://127.0.0.1/", [Fault.IP_ADDRESS], id="IPv4"),
        pytest.param("https://2130706433/", [Fault.IP_ADDRESS], id="decimal IP"),
        pytest.param("https://0x7f.1/", [Fault.IP_ADDRESS], id="IP in base 16"),
        pytest.param(
            "https://giffgaff.com\\@evil.example/", [Fault.BACKSLASH], id="backslash"
        ),
        pytest.param(
            "https://evil.example\\.giffgaff.com/",
            [Fault.BACKSLASH, Fault.FOREIGN],
            id="backslash in host",
        ),
        pytest.param(
            "https://giffgaff.com\t.evil.example/",
            [Fault.INVISIBLE, Fault.IN_FRONT],
            id="tab",
        ),
        pytest.param("https://giff\ngaff.com/", [Fault.INVISIBLE], id="line feed"),
        pytest.param(" https://giffgaff.com/", [Fault.INVISIBLE], id="blank in front"),
        pytest.param("https://giffgaff.com/\x00", [Fault.INVISIBLE], id="null"),
        pytest.param("https://giffgaff.com/\u202e", [Fault.INVISIBLE], id="direction"),
        pytest.param("https://giff\u200bgaff.com", [Fault.INVISIBLE], id="no width"),
        pytest.param("https://giff\u00adgaff.com", [Fault.INVISIBLE], id="hyphen"),
        pytest.param("https://\udcff.com/", [Fault.INVISIBLE], id="half a character"),
        pytest.param("https://giffgaff.com/<b>", [Fault.MARKUP], id="markup"),
        pytest.param("https://giffgaff.com/é", [Fault.FOREIGN_LETTER], id="accent"),
        pytest.param(
            "https://giffg\u0430ff.com/",
            [Fault.LATIN_TWIN, Fault.LOOKS_SAME],
            id="Cyrillic letter",
        ),
        pytest.param(
            "https://giffgaff.\u0441\u043em/",
            [Fault.LATIN_TWIN, Fault.LOOKS_SAME],
            id="Cyrillic ending",
        ),
        pytest.param(
            "https://giffg\u03b1ff-topup.com/",
            [Fault.LATIN_TWIN, Fault.NAME_WITHIN],
            id="Greek letter",
        ),
        pytest.param(
            "https://\uff47\uff49ffgaff.com/", [Fault.LATIN_TWIN], id="fullwidth"
        ),
        pytest.param(
            "https://giffgaff\u3002com/", [Fault.FOREIGN_LETTER], id="ideographic dot"
        ),
        pytest.param(
            "https://\u624b\u673a.example/",
            [Fault.FOREIGN_LETTER, Fault.FOREIGN],
            id="Chinese host",
        ),
        pytest.param(
            "https://xn--giffgff-6fg.com/",
            [Fault.PUNYCODE, Fault.LATIN_TWIN, Fault.LOOKS_SAME],
            id="punycode",
        ),
        pytest.param(
            "https://www.xn--giffgaff-.com/",
            [Fault.PUNYCODE],
            id="punycode of nothing",
        ),
        pytest.param(
            "https://giff%67aff.com/", [Fault.ENCODED_HOST], id="escaped letter"
        ),
        pytest.param(
            "https://giffgaff.com%2f.evil.example/",
            [Fault.ENCODED_HOST],
            id="escaped slash",
        ),
        pytest.param(
            "https://giffg%D0%B0ff.com/",
            [Fault.ENCODED_HOST, Fault.LATIN_TWIN, Fault.LOOKS_SAME],
            id="escaped Cyrillic letter",
        ),
        pytest.param(
            "https://giffgaff.com/" + "a" * 2000, [Fault.TOO_LONG], id="too long"
        ),
    ],
)
def test_an_address_that_can_be_read_in_two_ways_is_refused(
    url: str, expected: list[Fault]
) -> None:
    assert faults(url) == expected
    with pytest.raises(ValueError, match="write"):
        official_url(url, DOMAINS)


@pytest.mark.parametrize(
    ("host", "fault", "owner"),
    [
        ("giffgaff.com.example.net", Fault.IN_FRONT, "example.net"),
        ("www.giffgaff.com.topup.co.uk", Fault.IN_FRONT, "topup.co.uk"),
        ("three.co.uk.someone.github.io", Fault.IN_FRONT, "someone.github.io"),
        ("g1ffgaff.com", Fault.LOOKS_SAME, "g1ffgaff.com"),
        ("www.glffgaff.com", Fault.LOOKS_SAME, "glffgaff.com"),
        ("giffgaff.net", Fault.OTHER_ENDING, "giffgaff.net"),
        ("giffgaff.co", Fault.OTHER_ENDING, "giffgaff.co"),
        ("pay.three.uk", Fault.OTHER_ENDING, "three.uk"),
        ("giffgaff.github.io", Fault.OTHER_ENDING, "giffgaff.github.io"),
        ("gifgaff.com", Fault.MISSPELT, "gifgaff.com"),
        ("giffgaaff.com", Fault.MISSPELT, "giffgaaff.com"),
        ("gfifgaff.com", Fault.MISSPELT, "gfifgaff.com"),
        ("gifgaf.com", Fault.MISSPELT, "gifgaf.com"),
        ("there.co.uk", Fault.MISSPELT, "there.co.uk"),
        ("thre.co.uk", Fault.MISSPELT, "thre.co.uk"),
        ("giffgaff-topup.com", Fault.NAME_WITHIN, "giffgaff-topup.com"),
        ("evilgiffgaff.com", Fault.NAME_WITHIN, "evilgiffgaff.com"),
        ("giffgaff.example.net", Fault.NAME_WITHIN, "example.net"),
        ("login-giffgaff.example.net", Fault.NAME_WITHIN, "example.net"),
        ("vodafone.co.uk", Fault.FOREIGN, "vodafone.co.uk"),
        ("example.net", Fault.FOREIGN, "example.net"),
        ("co.uk", Fault.FOREIGN, "co.uk"),
        ("www.city.kawasaki.jp", Fault.FOREIGN, "city.kawasaki.jp"),
    ],
)
def test_another_host_is_named_after_its_owner_and_what_it_imitates(
    host: str, fault: Fault, owner: str
) -> None:
    (objection,) = objections(f"https://{host}/giffgaff.com", DOMAINS)

    assert (objection.fault, objection.values["owner"]) == (fault, owner)


@pytest.mark.parametrize(
    ("host", "fault"),
    [
        ("ee-topup.com", Fault.NAME_WITHIN),
        ("ee.example.net", Fault.NAME_WITHIN),
        ("ee.com", Fault.OTHER_ENDING),
        ("be.co.uk", Fault.FOREIGN),
        ("coffee.net", Fault.FOREIGN),
    ],
)
def test_a_short_name_is_only_found_where_it_stands_alone(
    host: str, fault: Fault
) -> None:
    (objection,) = objections(f"https://{host}/", ("ee.co.uk",))

    assert objection.fault is fault


def test_a_sister_of_an_official_domain_imitates_nothing() -> None:
    (objection,) = objections("https://www.example.com", ("mobile.example.com",))

    assert objection.fault is Fault.FOREIGN


@pytest.mark.parametrize(
    ("rest", "host"),
    [
        ("/?url=https://evil.example/x", "evil.example"),
        ("/?a=1&x=HTTP://evil.example", "evil.example"),
        ("/?x=https%3A%2F%2Fevil.example", "evil.example"),
        ("/?x=https%253A%252F%252Fevil.example", "evil.example"),
        ("/?x=https:evil.example", "evil.example"),
        ("/?x=%2F%2Fevil.example%2Fy", "evil.example"),
        ("/?x=//evil.example", "evil.example"),
        ("/?x=/%09/evil.example", "evil.example"),
        ("/?x=%5C%5Cevil.example", "evil.example"),
        ("/?x=+//evil.example", "evil.example"),
        ("/out/https://evil.example/", "evil.example"),
        ("/out/https%3a%2f%2fevil.example/", "evil.example"),
        ("//evil.example/%2e%2e", "evil.example"),
        ("/#/login?next=https://evil.example", "evil.example"),
        ("/;url=https://evil.example", "evil.example"),
        ("/?x=https://giffgaff.com@evil.example", "evil.example"),
        ("/?x=https://www.giffgaff.com/", "www.giffgaff.com"),
        ("/?goto=evil.com", "evil.com"),
        ("/?redirect_uri=evil.com/giffgaff.com", "evil.com"),
        ("/?Return-To=giffgaff.com.evil.co.uk", "giffgaff.com.evil.co.uk"),
        ("/?next=giffgaff.com%40evil.com", "evil.com"),
        ("/goto=evil.com", "evil.com"),
    ],
)
def test_an_address_that_leads_on_is_refused(rest: str, host: str) -> None:
    (objection,) = objections(f"https://giffgaff.com{rest}", DOMAINS)

    assert (objection.fault, objection.values) == (Fault.REDIRECT, {"host": host})


@pytest.mark.parametrize(
    "rest",
    ["/?x=//localhost", "/?x=https://[::1]/", "/?x=javascript:alert(1)", "/http:"],
)
def test_an_address_that_leads_nobody_knows_where_is_refused(rest: str) -> None:
    assert faults(f"https://giffgaff.com{rest}") == [Fault.NESTED]


def test_no_address_is_official_without_domains() -> None:
    with pytest.raises(ValueError, match="none is known"):
        official_url("https://giffgaff.com/", ())


@pytest.mark.parametrize("name", sorted(shipped_names()))
def test_a_shipped_domain_is_a_carriers_own(name: str) -> None:
    for domain in shipped_facts(name)["domains"]:
        assert official_domain(domain) == domain


@pytest.mark.parametrize(
    ("domain", "reason"),
    [
        ("uk", "is no domain"),
        ("co.uk", "shared"),
        ("github.io", "shared"),
        ("kawasaki.jp", "shared"),
        ("127.0.0.1", "is no domain"),
        (f"{'a' * 64}.com", "is no domain"),
        ("giffgaff.com.", "is no domain"),
        ("xn--giffgff-6fg.com", "punycode"),
    ],
)
def test_a_domain_that_is_not_one_owners_is_refused(domain: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        official_domain(domain)


def test_the_owner_of_a_host_in_punycode_keeps_its_spelling() -> None:
    # \u516c\u53f8.cn is a public suffix.
    assert owner_of("www.example.xn--55qx5d.cn") == "example.xn--55qx5d.cn"


PIECES = st.sampled_from(
    [
        *("https", "http", ":", "/", "//", "\\", "@", "?", "#", "&", "=", ".", "%2f"),
        *("giffgaff", "com", "giffgaff.com", "www.", "evil.example", "next", "url"),
        *("%25", "%2F", "%40", "%00", "\t", "\u0430", "\uff0e", "\u3002", "\u200b"),
        *("xn--", "xn--giffgff-6fg", "[", "]", ":443", "127.0.0.1", "\udcff", "\u2100"),
    ]
)
URLS = st.one_of(
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES, max_size=6).map(lambda text: "https://" + "".join(text)),
    st.lists(PIECES, max_size=6).map(
        lambda text: "https://giffgaff.com" + "".join(text)
    ),
    st.text(max_size=40).map(lambda text: f"https://giffgaff.com{text}"),
    st.text(),
)


@FUZZ
@given(url=URLS)
def test_what_is_accepted_is_on_an_official_domain(
    url: str,
) -> None:
    with suppress(ValueError):
        parts = urlsplit(official_url(url, DOMAINS))

        host = parts.hostname or ""
        assert parts.scheme == "https"
        assert parts.netloc.lower() == host
        assert host in DOMAINS or host.endswith(tuple(f".{one}" for one in DOMAINS))


@FUZZ
@given(url=URLS)
def test_whatever_is_objected_to_can_be_printed(url: str) -> None:
    for objection in objections(url, DOMAINS):
        for value in objection.values.values():
            assert value.encode()
            assert value.isprintable()
