from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from reminderd.carriers.facts import Carrier, shipped_names
from reminderd.carriers.official import official_url
from reminderd.config.effective import carriers_of, thresholds_of
from reminderd.config.known_carriers import KnownCarriers
from reminderd.config.settings import LineSettings, Settings
from reminderd.domain.activities import Ignored, Use, touch
from reminderd.domain.guides import Ask, Bring, Guide, Keep, Shop
from reminderd.domain.ladders import Limit
from reminderd.domain.lines import Deadline, DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.plans import LastDay, Leftover, Plan, Start, Tier
from reminderd.domain.quantities import Money
from reminderd.domain.terms import Activity, Back, Loss, Rule, Stage
from tests.builders import a_line
from tests.config.samples import NOW, loaded, problems_of

SHIPPED = sorted(shipped_names())
DAY = date(2026, 11, 22)
KEEP_ALIVE = DeadlineKind.KEEP_ALIVE
ALL_OF_IT = """\
[carriers.x]
title = "X"
data_base = 1024
source = "http://example.org/terms"
sources = ["https://example.org/faq"]
checked_on = 2026-11-22
conflict = "the FAQ says 28 days"
domains = ["example.org"]
[carriers.x.plan]
period = "1mo"
from = "queue"
leftover = "cap:5GB"
last_day = "day-before"
auto_renews = true
tiers = [{ from = "50 HKD", period = "180d" }]
[carriers.x.validity]
loses = ["plan", "outgoing"]
back = "renew"
after = [
    { after = "10d", loses = ["incoming"], back = "ask" },
    { after = "30d", loses = ["number"] },
]
[carriers.x.credit]
every = "180d"
resets = ["top-up"]
least = "100 HKD"
tiers = [{ from = "300 HKD", period = "1y" }]
from = "later"
stands_still = true
[carriers.x.start_by]
every = "90d"
resets = ["data"]
[carriers.x.guide]
app = "My X"
shop = "carrier"
bring = ["number", "id"]
ask = ["top-up"]
keep = ["receipt"]
[[carriers.x.promotions]]
title = "Double data"
from = 2026-12-01
until = 2026-12-31
url = "https://www.example.org/offer"
note = "only in the app"
"""


def carrier(directory: Path, text: str, name: str = "x") -> Carrier:
    return carriers_of(loaded(directory, text).settings)[name]


def pasted(name: str) -> str:
    """Return the text of a shipped file below a header of its own."""
    source = files("reminderd.carriers") / f"{name}.toml"
    return f"[carriers.x]\n{source.read_text('utf-8')}"


def test_a_section_describes_all_of_a_carriers_terms(tmp_path: Path) -> None:
    known = carrier(tmp_path, ALL_OF_IT)

    assert known.terms.plan == Plan(
        period=Period(months=1),
        tiers=(Tier(Money(5000, "HKD"), Period(days=180)),),
        start=Start.QUEUE,
        leftover=Leftover.CAP,
        cap=5_000_000_000,
        last_day=LastDay.DAY_BEFORE,
        auto_renews=True,
    )
    assert known.terms.rules == {
        DeadlineKind.VALIDITY: Rule(
            loses=(Loss.PLAN, Loss.OUTGOING),
            back=Back.RENEW,
            stages=(
                Stage(Period(days=10), (Loss.INCOMING,), Back.ASK),
                Stage(Period(days=30), (Loss.NUMBER,)),
            ),
        ),
        DeadlineKind.CREDIT: Rule(
            every=Period(days=180),
            resets=frozenset({Activity.TOP_UP}),
            least=Money(10_000, "HKD"),
            tiers=(Tier(Money(30_000, "HKD"), Period(months=12)),),
            start=Start.LATER,
            stands_still=True,
        ),
        DeadlineKind.START_BY: Rule(
            every=Period(days=90), resets=frozenset({Activity.DATA})
        ),
    }
    (promotion,) = known.terms.promotions
    assert (promotion.title, promotion.note) == ("Double data", "only in the app")
    assert promotion.url == "https://www.example.org/offer"


def test_a_section_describes_the_ways_and_the_sources(tmp_path: Path) -> None:
    known = carrier(tmp_path, ALL_OF_IT)

    assert known.guide == Guide(
        app="My X",
        shop=Shop.CARRIER,
        bring=(Bring.NUMBER, Bring.ID),
        ask=(Ask.TOP_UP,),
        keep=(Keep.RECEIPT,),
    )
    assert known.size_base == 1024
    assert known.source == "http://example.org/terms"
    assert known.sources == ("https://example.org/faq",)
    assert known.conflict == "the FAQ says 28 days"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_carrier_says_where_its_facts_are_from(name: str) -> None:
    known = KnownCarriers({})[name]

    assert known.name == name
    assert known.title != name or name == "giffgaff"
    assert known.source
    assert known.checked_on
    assert known.domains
    assert known.renew_url == official_url(str(known.renew_url), known.domains)
    assert known.terms.rules or known.terms.plan != Plan()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_text_of_a_shipped_file_makes_the_same_carrier_in_a_section(
    tmp_path: Path, name: str
) -> None:
    shipped = KnownCarriers({})[name]
    mine = carrier(tmp_path, pasted(name))

    assert mine.terms == shipped.terms
    assert mine.guide == shipped.guide
    for fact in ("title", "zone", "domains", "renew_url", "size_base", "conflict"):
        assert getattr(mine, fact) == getattr(shipped, fact)
    assert (mine.source, mine.sources) == (shipped.source, shipped.sources)


def test_one_key_of_a_section_leaves_the_others_as_they_are_shipped(
    tmp_path: Path,
) -> None:
    shipped = KnownCarriers({})["ee-uk"]
    mine = carrier(tmp_path, '[carriers.ee-uk]\nkeep_alive.every = "100d"', "ee-uk")

    assert mine.terms.rule(KEEP_ALIVE).every == Period(days=100)
    assert mine.terms.rule(KEEP_ALIVE).stages == shipped.terms.rule(KEEP_ALIVE).stages
    assert mine.terms.rule(KEEP_ALIVE).resets == shipped.terms.rule(KEEP_ALIVE).resets
    assert mine.title == shipped.title
    assert mine.checked_on == shipped.checked_on


def test_an_empty_list_takes_away_what_is_shipped(tmp_path: Path) -> None:
    mine = carrier(tmp_path, "[carriers.ee-uk.keep_alive]\nafter = []", "ee-uk")

    assert mine.terms.rule(KEEP_ALIVE).stages == ()
    assert mine.terms.rule(KEEP_ALIVE).every == Period(days=179)


def test_all_carriers_are_listed_by_name_and_no_other_is_found(tmp_path: Path) -> None:
    settings = loaded(tmp_path, '[carriers.mine]\ntitle = "Mine"').settings
    carriers = carriers_of(settings)

    assert [*carriers] == sorted([*SHIPPED, "mine"])
    assert len(carriers) == len(SHIPPED) + 1
    assert carriers.get("nobody") is None
    assert "nobody" not in carriers


def test_the_limits_of_a_carrier_are_those_of_its_lines(tmp_path: Path) -> None:
    text = '[carriers.ee-uk.thresholds]\ngrace = ["2d"]'
    settings = loaded(tmp_path, text).settings

    mine = thresholds_of(settings, LineSettings(carrier="ee-uk"))
    others = thresholds_of(settings, LineSettings(carrier="giffgaff"))

    assert mine.ladders["grace"] == (Limit(Period(days=2)),)
    assert others.ladders == thresholds_of(Settings()).ladders


def x(keys: str, section: str = "") -> str:
    place = f".{section}" if section else ""
    return f"[carriers.x{place}]\n{keys}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            x('every = "12h"', "credit"),
            "2: carriers.x.credit.every: counts dates; write days, weeks, months or"
            ' years, such as "6mo"',
            id="period that is not of the calendar",
        ),
        pytest.param(
            x('evry = "6mo"', "credit"),
            "2: carriers.x.credit.evry: unknown key; did you mean 'every'?",
            id="unknown key",
        ),
        pytest.param(
            x('every = "30d"', "validity"),
            "2: carriers.x.validity.every: unknown key; known are: after, back, loses",
            id="period of the plan in the wrong place",
        ),
        pytest.param(
            x('start = "today"', "plan"),
            "2: carriers.x.plan.start: unknown key; known are: auto_renews, from,"
            " last_day, leftover, period, tiers",
            id="name that is only ours",
        ),
        pytest.param(
            x('keep_alive = ["30d"]'),
            "2: carriers.x.keep_alive: is not a section; write it as"
            " [carriers.x.keep_alive], and limits under [carriers.x.thresholds]",
            id="limits in place of a rule",
        ),
        pytest.param(
            x('resets = ["topup"]', "credit"),
            "2: carriers.x.credit.resets.0: there is no 'topup'; did you mean"
            " 'top-up'?",
            id="unknown activity",
        ),
        pytest.param(
            x('resets = ["sms", "sms"]', "credit"),
            "2: carriers.x.credit.resets: lists 'sms' twice; keep one of the two",
            id="activity twice",
        ),
        pytest.param(
            x('loses = "number"', "credit"),
            "2: carriers.x.credit.loses: is not a list; write it in brackets, such as"
            ' ["a", "b"]',
            id="loss that is no list",
        ),
        pytest.param(
            x('back = "later"', "credit"),
            "2: carriers.x.credit.back: there is no 'later'; known are: ask, never,"
            " renew",
            id="unknown way back",
        ),
        pytest.param(
            x('from = "queue"', "credit"),
            "2: carriers.x.credit.from: there is no 'queue'; known are: later, old-end,"
            " today",
            id="credit that waits",
        ),
        pytest.param(
            x('tiers = [{ from = "50 HKD" }]', "credit"),
            "2: carriers.x.credit.tiers.0: lacks 'period'; write"
            ' { from = "20.00 GBP", period = "90d" }',
            id="tier without a period",
        ),
        pytest.param(
            x('tiers = [{ from = "50", period = "90d" }]', "credit"),
            "2: carriers.x.credit.tiers.0: from: '50' is not an amount of money; write"
            ' "15.00 GBP"',
            id="tier without a currency",
        ),
        pytest.param(
            x('tiers = [{ from = "5 HKD", period = "90d", to = 3 }]', "credit"),
            "2: carriers.x.credit.tiers.0: has an unknown key; known are: from, period",
            id="unknown key of a tier",
        ),
        pytest.param(
            x('tiers = ["50 HKD"]', "credit"),
            "2: carriers.x.credit.tiers.0: is no table in braces; write"
            ' { from = "20.00 GBP", period = "90d" }',
            id="tier that is no table",
        ),
        pytest.param(
            x(
                'tiers = [{ from = "5 HKD", period = "9d" },'
                ' { from = "5 HKD", period = "90d" }]',
                "plan",
            ),
            "2: carriers.x.plan.tiers: is not in rising order; write the least amount"
            " first",
            id="tiers that do not rise",
        ),
        pytest.param(
            x(
                'tiers = [{ from = "5 HKD", period = "9d" },'
                ' { from = "9 CNY", period = "90d" }]',
                "plan",
            ),
            "2: carriers.x.plan.tiers: mixes HKD and CNY; write all amounts in one"
            " currency",
            id="tiers of two currencies",
        ),
        pytest.param(
            x(
                'after = [{ after = "1mo", loses = ["credit"] },\n'
                '{ after = "30d", loses = ["number"] }]',
                "credit",
            ),
            "2: carriers.x.credit.after: is not in rising order; write what comes first"
            " first",
            id="stages that do not rise",
        ),
        pytest.param(
            x('after = [\n{ after = "30d", loses = ["nmber"] }\n]', "credit"),
            "3: carriers.x.credit.after.0: loses: there is no 'nmber'; did you mean"
            " 'number'?",
            id="unknown loss of a stage",
        ),
        pytest.param(
            x('after = [{ loses = ["number"] }]', "credit"),
            "2: carriers.x.credit.after.0: lacks 'after'; write"
            ' { after = "30d", loses = ["number"], back = "never" }',
            id="stage without a period",
        ),
        pytest.param(
            x('resets = ["call"]\nleast = "5 GBP"', "credit"),
            '3: carriers.x.credit.least: counts only with top-ups; write "top-up" in'
            " resets, or leave it out",
            id="least amount of no top-up",
        ),
        pytest.param(
            x(
                'least = "5 GBP"\ntiers = [{ from = "5 HKD", period = "90d" }]',
                "credit",
            ),
            "2: carriers.x.credit.least: is in GBP, but tiers in HKD; write both in one"
            " currency",
            id="least amount in another currency",
        ),
        pytest.param(
            x('least = "0 GBP"', "credit"),
            "2: carriers.x.credit.least: is nothing; write an amount such as"
            ' "15.00 GBP"',
            id="least amount of nothing",
        ),
        pytest.param(
            x('leftover = "ad"', "plan"),
            "2: carriers.x.plan.leftover: there is no 'ad'; did you mean 'add'?",
            id="unknown way with leftovers",
        ),
        pytest.param(
            x('source = "example.org"'),
            '2: carriers.x.source: is no web page; write "https://..." in double'
            " quotes",
            id="source that is no page",
        ),
        pytest.param(
            x("data_base = 1025"),
            "2: carriers.x.data_base: is how many bytes are a kilobyte; write 1000 or"
            " 1024",
            id="strange kilobyte",
        ),
        pytest.param(
            x('app = ""', "guide"),
            '2: carriers.x.guide.app: is no name; write one such as "My Vodafone"',
            id="nameless app",
        ),
        pytest.param(
            x('conflict = "a\\nb"'),
            "2: carriers.x.conflict: is no plain text; write a sentence on one line",
            id="note of two lines",
        ),
        pytest.param(
            x('domains = ["example.org"]', "")
            + '\n[[carriers.x.promotions]]\ntitle = "Y"\nfrom = 2026-12-02\n'
            'until = 2026-12-01\nurl = "https://example.org/"',
            "6: carriers.x.promotions.0.until: lies before it begins on 2026-12-02;"
            " write a later date",
            id="promotion that ends before it begins",
        ),
        pytest.param(
            x('domains = ["example.org"]', "")
            + "\n[[carriers.x.promotions]]\nfrom = 2026-12-02\n"
            'until = 2026-12-02\nurl = "https://example.org/"',
            '3: carriers.x.promotions.0: has no title; write title = "Double data"',
            id="promotion without a title",
        ),
        pytest.param(
            x('domains = ["example.org"]', "")
            + '\n[[carriers.x.promotions]]\ntitle = "Y"\nfrom = 2026-12-02\n'
            'until = 2026-12-02\nurl = "https://example.net/"',
            "7: carriers.x.promotions.0.url: belongs to example.net, another ending "
            "than example.org; it is not on an official domain of the carrier "
            "(example.org)",
            id="promotion elsewhere",
        ),
        pytest.param(
            "[[carriers.x.promotions]]\ntil = 2026-12-02",
            "2: carriers.x.promotions.0.til: unknown key; did you mean 'until'?",
            id="unknown key of a promotion",
        ),
        pytest.param(
            x('promotions = ["Double data"]'),
            "2: carriers.x.promotions.0: is not a section; write it as"
            " [[carriers.x.promotions]]",
            id="promotion that is no section",
        ),
        pytest.param(
            x('title = "Y"', "promotions"),
            "1: carriers.x.promotions: is not a list; write each as"
            " [[carriers.NAME.promotions]]",
            id="promotions that are no list",
        ),
        pytest.param(
            '[carriers.giffgaff]\ndomains = ["example.org"]',
            "2: carriers.giffgaff.domains: belongs to giffgaff.com and is not on an"
            " official domain of the carrier (example.org)",
            id="domains that leave the shipped address behind",
        ),
        pytest.param(
            '[reminders]\npromotions = "2y"',
            "2: reminders.promotions: is more than a year; write a shorter one, such as"
            ' "30d"',
            id="offers too early",
        ),
    ],
)
def test_a_mistake_in_a_carrier_is_named_with_its_line(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert problems_of(tmp_path, text) == [f"config.toml:{problem}"]


def test_offers_can_be_declined(tmp_path: Path) -> None:
    text = '[reminders]\npromotions = "never"'

    assert loaded(tmp_path, text).settings.reminders.promotions == "never"
    assert Settings().reminders.promotions == Period(days=14)


def test_what_is_shown_of_a_carrier_is_what_one_would_write(tmp_path: Path) -> None:
    shown = loaded(tmp_path, ALL_OF_IT).settings.masked()["carriers"]["x"]

    assert shown["plan"] == {
        "period": "1mo",
        "from": "queue",
        "leftover": "cap:5GB",
        "last_day": "day-before",
        "auto_renews": True,
        "tiers": [{"from": "50.00 HKD", "period": "180d"}],
    }
    assert shown["validity"]["after"] == [
        {"after": "10d", "loses": ["incoming"], "back": "ask"},
        {"after": "30d", "loses": ["number"]},
    ]
    assert shown["credit"]["resets"] == ["top-up"]
    assert shown["data_base"] == 1024
    assert shown["promotions"][0]["until"] == "2026-12-31"


@pytest.mark.parametrize(
    ("name", "kind", "use", "due"),
    [
        pytest.param(
            "o2-de",
            DeadlineKind.CREDIT,
            Use(on=DAY, activity=Activity.CALL),
            Ignored.OTHER_KIND,
            id="O2 Germany counts no use",
        ),
        pytest.param(
            "o2-de",
            DeadlineKind.CREDIT,
            Use(on=DAY, activity=Activity.TOP_UP),
            date(2027, 5, 22),
            id="O2 Germany counts a top-up of any amount",
        ),
        pytest.param(
            "3hk",
            DeadlineKind.CREDIT,
            Use(on=DAY, activity=Activity.TOP_UP, paid=Money(5_000, "HKD")),
            Ignored.TOO_SMALL,
            id="3HK counts no small top-up",
        ),
        pytest.param(
            "3hk",
            DeadlineKind.CREDIT,
            Use(on=DAY, activity=Activity.TOP_UP, paid=Money(10_000, "HKD")),
            date(2027, 5, 21),
            id="3HK counts one of HK$100",
        ),
        pytest.param(
            "verizon-us-legacy",
            DeadlineKind.CREDIT,
            Use(on=DAY, activity=Activity.TOP_UP, paid=Money(7_500, "USD")),
            date(2027, 5, 21),
            id="Verizon sells days by amount",
        ),
        pytest.param(
            "vodafone-de",
            DeadlineKind.CREDIT,
            Use(on=DAY, activity=Activity.TOP_UP, paid=Money(2_500, "EUR")),
            date(2028, 2, 22),
            id="CallYa gives longer for 25 EUR",
        ),
        pytest.param(
            "three-uk",
            DeadlineKind.KEEP_ALIVE,
            Use(on=DAY, activity=Activity.TOP_UP),
            Ignored.OTHER_KIND,
            id="Three is not known to count a top-up",
        ),
        pytest.param(
            "ee-uk",
            DeadlineKind.KEEP_ALIVE,
            Use(on=DAY, activity=Activity.PLAN),
            date(2027, 5, 20),
            id="EE counts a pack",
        ),
    ],
)
def test_what_a_shipped_carrier_counts_is_what_its_source_says(
    name: str, kind: DeadlineKind, use: Use, due: date | Ignored
) -> None:
    terms = KnownCarriers({})[name].terms

    outcome = touch(a_line(), use, terms, NOW)

    moved = [
        reading.due
        for reading in outcome.readings
        if isinstance(reading, Deadline) and reading.kind is kind
    ]
    ignored = [why for known, why in outcome.ignored if known is kind]
    assert [*moved, *ignored] == [due]


def test_what_is_lost_at_once_and_what_comes_back_is_as_documented() -> None:
    carriers = KnownCarriers({})
    ee = carriers["ee-uk"].terms.rule(KEEP_ALIVE)
    shinetown = carriers["shinetown-hk"].terms.rule(DeadlineKind.CREDIT)
    tello = carriers["tello-us"].terms.rule(DeadlineKind.CREDIT)
    valuegb = carriers["valuegb-hk"].terms.rule(DeadlineKind.CREDIT)
    lebara = carriers["lebara-au"].terms.rule(DeadlineKind.VALIDITY)

    assert (ee.back, Loss.NUMBER in ee.loses) == (Back.ASK, False)
    assert shinetown.start is Start.LATER
    assert set(shinetown.loses) == {Loss.CREDIT, Loss.NUMBER}
    assert (shinetown.back, shinetown.stages) == (Back.NEVER, ())
    assert (tello.back, tello.stages, tello.stands_still) == (Back.NEVER, (), True)
    assert valuegb.loses == (Loss.CREDIT,)
    assert [stage.after for stage in valuegb.stages] == [Period(days=30)]
    assert [str(stage.after) for stage in lebara.stages] == ["10d", "30d"]
