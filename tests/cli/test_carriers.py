"""What is known of carriers: carriers list, carriers show."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

from datetime import timedelta

from reminderd.carriers.facts import shipped_names
from tests.cli.shell import Shell

MINE = """
[carriers.ee-uk.keep_alive]
every = "100d"
[carriers.mine]
title = "My own"
domains = ["example.org"]
data_base = 1024
[[carriers.mine.promotions]]
title = "Double data"
from = 2026-12-01
until = 2026-12-31
url = "https://example.org/offer"
note = "online only"
[carriers.mine.guide]
bring = ["number", "cash"]
ask = ["voucher"]
keep = ["voucher", "receipt"]
"""


def test_the_list_has_all_carriers_with_their_dates(shell: Shell) -> None:
    shell.write(MINE)

    shown = shell.ok("carriers", "list").out

    assert all(name in shown for name in (*shipped_names(), "mine"))
    assert "plan 1 month" in shown
    assert "conflicting" in shown
    assert "checked 22 Nov" in shown


def test_the_list_is_there_for_programs(shell: Shell) -> None:
    shell.write(MINE)

    listed = {
        each["name"]: each for each in shell.ok("carriers", "list", "--json").json
    }

    assert listed.keys() == {*shipped_names(), "mine"}
    assert listed["o2-de"]["conflicting"] is True
    assert listed["ee-uk"]["old"] is False
    assert listed["ee-uk"]["facts"]["keep_alive"]["every"] == "100d"
    assert listed["ee-uk"]["facts"]["keep_alive"]["back"] == "ask"
    assert listed["ee-uk"]["facts"]["checked_on"] == "2026-11-22"


def test_one_carrier_is_shown_in_sentences_with_its_sources(shell: Shell) -> None:
    shell.write(MINE)

    lines = shell.ok("carriers", "show", "ee-uk").out.splitlines()

    assert lines[0] == "carrier: EE UK (ee-uk)"
    assert "zone: Europe/London" in lines
    assert "official domains: ee.co.uk" in lines
    assert (
        "keep-alive: Lost 90 days after that: the credit and the number (for good)."
        in lines
    )
    assert any("lives for 100 days" in line for line in lines)
    assert any(line.startswith("source: https://ee.co.uk/help/") for line in lines)
    assert lines[-1] == "facts: checked 22 Nov"


def test_a_carrier_of_ones_own_shows_its_ways_and_offers(shell: Shell) -> None:
    shell.write(MINE)

    lines = shell.ok("carriers", "show", "mine").out.splitlines()

    assert lines == [
        "carrier: My own (mine)",
        "official domains: example.org",
        "data: 1 MB is 1,024 kB",
        (
            "offer: Double data, from Tue 1 Dec until Thu 31 Dec: "
            "https://example.org/offer (online only)"
        ),
        "bring: the number, cash",
        "ask for: a voucher",
        "keep: the voucher, the receipt",
    ]


def test_what_the_sources_disagree_about_is_shown(shell: Shell) -> None:
    shell.write("")

    shown = shell.ok("carriers", "show", "o2-de").out

    assert "conflicting: its own pages say both 6 months and every 28 days" in shown


def test_facts_that_are_older_than_a_year_say_so(shell: Shell) -> None:
    shell.write("")
    shell.now += timedelta(days=430)

    assert "facts: checked 14 months ago" in shell.ok("carriers", "show", "3hk").out
    assert "months ago" in shell.ok("carriers", "list").out
    assert shell.ok("carriers", "show", "3hk", "--json").json["old"] is True


def test_who_has_no_configuration_yet_may_look_as_well(shell: Shell) -> None:
    assert "carrier: giffgaff" in shell.run("carriers", "show", "giffgaff").out
    assert "giffgaff" in shell.run("carriers", "list").out


def test_a_carrier_is_shown_in_the_readers_language(shell: Shell) -> None:
    shell.write("", language="zh_CN")

    shown = shell.ok("carriers", "show", "3hk").out

    assert "话费: 每次充值满HK$100.00后，话费有效期为180天。" in shown


def test_a_misspelt_carrier_is_told_with_the_nearest_name(shell: Shell) -> None:
    shell.write("")

    answer = shell.refused("carriers", "show", "gifgaf")

    assert answer.status == 64
    assert answer.err == (
        "reminderd: there is no carrier 'gifgaf'; did you mean 'giffgaff'?\n"
    )
