"""Exports of Wallos, SubsTracker and SubTrackr, as their sources write them."""

import json
from typing import Any

import pytest

from tests.cli.shell import Answer, Shell

# endpoints/subscriptions/export.php of ellite/Wallos, with invented subscriptions.
WALLOS: list[dict[str, Any]] = [
    {
        "Name": "UK SIM",
        "Payment Cycle": "Monthly",
        "Next Payment": "2026-12-15",
        "Renewal": "Manual",
        "Category": "Mobile",
        "Payment Method": "Visa",
        "Paid By": "Ann",
        "Price": "£10",
        "Notes": "spare phone",
        "URL": "https://giffgaff.com",
        "State": "Enabled",
        "Notifications": "Enabled",
        "Cancellation Date": None,
        "Active": "Yes",
    },
    {
        "Name": "DE SIM",
        "Payment Cycle": "Every 4 Weeks",
        "Next Payment": "2026-12-20",
        "Renewal": "Automatic",
        "Category": "Mobile",
        "Price": "€7,99",
        "Active": "Yes",
    },
    {
        "Name": "Films",
        "Payment Cycle": "Yearly",
        "Next Payment": "2027-05-01",
        "Category": "Fun",
        "Price": "$1,299.00",
        "Active": "Yes",
    },
    {"Name": "Old SIM", "Payment Cycle": "Monthly", "Price": "£5", "Active": "No"},
]
# src/data/subscriptions.js of wangwangit/SubsTracker.
SUBTRACKER: list[dict[str, Any]] = [
    {
        "id": "1700000000000",
        "name": "giffgaff 保号",
        "subscriptionMode": "cycle",
        "customType": "手机卡",
        "category": "",
        "startDate": "2026-06-20T00:00:00.000Z",
        "expiryDate": "2026-12-20T00:00:00.000Z",
        "periodValue": 6,
        "periodUnit": "month",
        "notes": "",
        "amount": 10.5,
        "currency": "GBP",
        "isActive": True,
        "autoRenew": False,
        "useLunar": False,
    },
    {
        "id": "1700000000001",
        "name": "家用",
        "expiryDate": "2026-12-31T16:00:00.000Z",
        "periodValue": 1,
        "periodUnit": "year",
        "amount": None,
        "currency": "CNY",
        "isActive": True,
        "useLunar": True,
    },
]
# ExportCSV in internal/handlers/subscription.go of bscott/subtrackr.
SUBTRACKR_CSV = """\
ID,Name,Category,Cost,Currency,Schedule,Schedule Interval,Status,Payment Method,\
Account,Start Date,Renewal Date,Cancellation Date,URL,Notes,Usage,Created At
1,Data SIM,Phone,12.50,EUR,Monthly,2,Active,Visa,,2026-01-01,2026-12-01,,,"a
note",High,2026-01-01 10:00:00
2,Tunes,Fun,9.99,USD,Quarterly,1,Cancelled,,,,2026-12-01,,,,,2026-01-01 10:00:00
3,JP SIM,Phone,1000.00,JPY,Every 3 Months,3,Active,,,,2026-12-05,,,,,2026-01-01 10:00:00
"""
# ExportJSON there; the fields are those of internal/models/subscription.go.
SUBTRACKR_JSON = {
    "exported_at": "2026-11-20T10:00:00Z",
    "total_count": 1,
    "subscriptions": [
        {
            "id": 1,
            "name": "Data SIM",
            "cost": 12.5,
            "original_currency": "EUR",
            "schedule": "Monthly",
            "schedule_interval": 2,
            "status": "Active",
            "category": {"id": 1, "name": "Phone"},
            "renewal_date": "2026-12-01T00:00:00Z",
            "cancellation_date": None,
            "url": "",
        }
    ],
}


@pytest.fixture
def bare(shell: Shell) -> Shell:
    """A shell for a reader in Shanghai with nothing configured."""
    shell.write("", timezone="Asia/Shanghai")
    return shell


def take(shell: Shell, program: str, content: object, *options: str) -> Answer:
    path = shell.directory / "theirs"
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return shell("import", "--from", program, str(path), *options)


def known(shell: Shell) -> dict[str, dict[str, Any]]:
    """Return what is recorded of each line, less what every line has."""
    rows = map(json.loads, shell.ok("export", "--format", "jsonl").lines)
    every = {"name", "timezone", "observed_at", "added_at"}
    return {
        row["name"]: {key: row[key] for key in row if key not in every} for row in rows
    }


def test_subscriptions_of_wallos_become_lines(bare: Shell) -> None:
    answer = take(bare, "wallos", {"success": True, "subscriptions": WALLOS})

    assert (answer.status, answer.err) == (0, "")
    assert answer.lines == [
        "Old SIM: left out, it is not active",
        (
            "Not taken over, since a line has no such thing: Notes, Paid By, Payment "
            "Method, URL, and prices without a clear currency (see --currency)."
        ),
        "Added: 3. Updated: 0. Unchanged: 0. Left out: 1. Bad rows: 0.",
    ]
    assert known(bare) == {
        "UK SIM": {
            "tags": ["Mobile"],
            "valid_until": "2026-12-15",
            "renew_every": "1mo",
            "renew_price": "10.00 GBP",
            "auto_renew": False,
        },
        "DE SIM": {
            "tags": ["Mobile"],
            "valid_until": "2026-12-20",
            "renew_every": "28d",
            "renew_price": "7.99 EUR",
            "auto_renew": True,
        },
        "Films": {"tags": ["Fun"], "valid_until": "2027-05-01", "renew_every": "12mo"},
    }


def test_only_what_has_a_word_is_taken_over(bare: Shell) -> None:
    options = ("--only", "mobile", "--only", "films", "--currency", "USD")

    answer = take(bare, "wallos", WALLOS[1:3], *options)
    other = take(bare, "wallos", WALLOS, "--only", "mobile")

    assert answer.lines[-1].startswith("Added: 2.")
    assert known(bare)["Films"]["renew_price"] == "1299.00 USD"
    assert "Films: left out, it has none of the words of --only" in other.lines


def test_the_table_of_wallos_is_read_as_its_json_is(bare: Shell) -> None:
    keys = ("Name", "Next Payment", "Category", "Price", "State")
    table = ",".join(keys) + "\nUK SIM,2026-12-15,Mobile,£10,Enabled\nX,,,£1,Disabled\n"

    take(bare, "wallos", table)

    assert known(bare) == {
        "UK SIM": {
            "tags": ["Mobile"],
            "valid_until": "2026-12-15",
            "renew_price": "10.00 GBP",
        }
    }


def test_subscriptions_of_substracker_become_lines(bare: Shell) -> None:
    answer = take(bare, "subtracker", SUBTRACKER)

    assert answer.lines[0] == (
        "Not taken over, since a line has no such thing: useLunar."
    )
    assert known(bare) == {
        "giffgaff 保号": {
            "tags": ["手机卡"],
            "valid_until": "2026-12-20",
            "renew_every": "6mo",
            "renew_price": "10.50 GBP",
            "auto_renew": False,
        },
        "家用": {"valid_until": "2027-01-01", "auto_renew": True},
    }


def test_subscriptions_of_subtrackr_become_lines(bare: Shell) -> None:
    answer = take(bare, "subtrackr", SUBTRACKR_CSV)

    assert "Tunes: left out, it is not active" in answer.lines
    table = known(bare)
    assert table["JP SIM"] == {
        "tags": ["Phone"],
        "valid_until": "2026-12-05",
        "renew_every": "3mo",
        "renew_price": "1000 JPY",
    }
    assert table["Data SIM"] == {
        "tags": ["Phone"],
        "valid_until": "2026-12-01",
        "renew_every": "2mo",
        "renew_price": "12.50 EUR",
    }
    again = take(bare, "subtrackr", SUBTRACKR_JSON)
    assert again.lines[-1].startswith("Added: 0. Updated: 0. Unchanged: 1.")


NO_EXPORT = "the file is no export of this program: no column Name"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("{", "the file is no JSON", id="torn"),
        pytest.param(
            {"success": False}, "the file has no list of subscriptions in it", id="else"
        ),
        pytest.param([1], "the file has no list of subscriptions in it", id="numbers"),
        pytest.param("", NO_EXPORT, id="empty"),
        pytest.param("foo,bar\n1,2\n", NO_EXPORT, id="another table"),
        pytest.param(
            "Name,Notes\na," + "x" * 200_000,
            "the file is no table in CSV",
            id="a monster",
        ),
        pytest.param(
            "Name\n\N{CJK UNIFIED IDEOGRAPH-5361}".encode("gb18030"),
            "the file is in another encoding; name it: --encoding gb18030",
            id="another encoding",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused(
    bare: Shell, content: object, said: str
) -> None:
    answer = take(bare, "wallos", content)

    assert (answer.status, answer.out) == (65, "")
    assert answer.err == f"reminderd: {said}\n"


def test_a_subscription_that_makes_no_sense_is_a_bad_row(bare: Shell) -> None:
    rows = [
        {"Name": "a", "Next Payment": "soon", "Payment Cycle": "Now and then"},
        {"Name": None},
        {"Name": "b", "Price": "free"},
        {"Name": "c", "Price": "\N{EURO SIGN}1.234"},
        {"Name": "d", "Next Payment": "9999-12-31T23:59:59-01:00"},
    ]

    answer = take(bare, "wallos", rows)

    assert answer.status == 65
    assert answer.err.splitlines() == [
        "reminderd: row 1, valid_until: is not a date; write 2027-01-31",
        "reminderd: row 1, renew_every: is no cycle that is known; write 1mo",
        'reminderd: row 2, name: the name is empty; write one such as "uk-travel"',
        "reminderd: row 3, renew_price: is no price",
        (
            "reminderd: row 4, renew_price: has more decimals than the currency has; "
            "write 1234.50"
        ),
        "reminderd: row 5, valid_until: is not a date; write 2027-01-31",
    ]


def test_a_category_that_is_no_word_is_a_tag_all_the_same(bare: Shell) -> None:
    take(bare, "subtrackr", [{"name": "a", "category": 5}])

    assert known(bare) == {"a": {"tags": ["5"]}}


@pytest.mark.parametrize("options", [("--currency", "euro"), ("--encoding", "base64")])
def test_what_is_no_currency_and_no_encoding_is_refused(
    bare: Shell, options: tuple[str, ...]
) -> None:
    answer = take(bare, "wallos", WALLOS, *options)

    assert (answer.status, answer.out) == (64, "")
    assert options[1] in answer.err
