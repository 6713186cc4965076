"""Lines to a file and back: export, import."""

import csv
import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.shell import HOME, NUMBER, TRAVEL, Shell

LINES = """name,carrier,valid_until,data_remaining
spain,,2027-01-31,3GB
uk-data,giffgaff,2026-12-20,1.5GiB
"""


@pytest.fixture
def bare(shell: Shell) -> Shell:
    """A shell with nothing configured but the store."""
    shell.write("")
    return shell


def file_of(shell: Shell, text: str | bytes, name: str = "lines.csv") -> str:
    path = shell.directory / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def summary(**counts: int) -> str:
    words = {"Added": 0, "Updated": 0, "Unchanged": 0, "Left out": 0, "Bad rows": 0}
    words |= {key.replace("_", " ").capitalize(): n for key, n in counts.items()}
    return " ".join(f"{word}: {n}." for word, n in words.items())


def exported(shell: Shell, *options: str) -> list[dict[str, Any]]:
    answer = shell.ok("export", "--format", "jsonl", *options)
    return [json.loads(line) for line in answer.lines]


def test_a_table_made_by_hand_adds_lines(bare: Shell) -> None:
    answer = bare.ok("import", file_of(bare, LINES))

    assert answer.lines == [summary(added=2)]
    first, second = exported(bare)
    assert (first["name"], first["valid_until"]) == ("spain", "2027-01-31")
    assert (second["carrier"], second["data_remaining"]) == ("giffgaff", "1.5GiB")
    assert "carrier" not in first


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LINES.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(b"\xef\xbb\xbf" + LINES.encode(), id="BOM"),
        pytest.param(LINES.replace(",", ";").encode(), id="semicolons"),
        pytest.param(LINES.replace(",", "\t").encode(), id="tabs"),
        pytest.param(LINES.encode("utf-16"), id="UTF-16"),
        pytest.param(LINES.replace("2027-01-31", "2027/1/31").encode(), id="slashes"),
        pytest.param(
            "\n".join(
                ",".join([*reversed(row.split(",")), "", ""])
                for row in LINES.splitlines()
            ).encode(),
            id="another order, columns without a name",
        ),
        pytest.param((LINES + ",,,\n\n").encode(), id="empty rows"),
        pytest.param(
            LINES.replace("valid_until", "Valid until").encode(), id="a heading"
        ),
    ],
)
def test_a_table_is_read_however_a_spreadsheet_saves_it(
    bare: Shell, content: bytes
) -> None:
    assert bare.ok("import", file_of(bare, content)).lines == [summary(added=2)]
    first, second = exported(bare)
    assert first["valid_until"] == "2027-01-31"
    assert second["data_remaining"] == "1.5GiB"


def test_another_encoding_is_named_or_said(bare: Shell) -> None:
    file = file_of(bare, "name,carrier\n家用,giffgaff\nspain,\n".encode("gb18030"))

    guessed = bare("import", file)
    named = bare.ok("import", "--encoding", "gb18030", file)

    assert guessed.status == 65
    assert guessed.err == (
        "reminderd: row 2, name: is not in UTF-8; save it as UTF-8, or name it: "
        "--encoding gb18030\n"
    )
    assert guessed.lines == [summary(added=1, bad_rows=1)]
    assert named.lines == [summary(added=1, unchanged=1)]
    assert exported(bare)[1]["name"] == "家用"


def test_bad_rows_are_listed_with_their_column_and_the_others_go_in(
    bare: Shell,
) -> None:
    text = (
        "name,number,valid_until,data_remaining,carrier\n"
        f"a,07700900987,2027-01-31,3,\n"
        f"b,{NUMBER},31/01/2027,3GB,gifgaff\n"
        f"c,{NUMBER},+447700900123,3GB,\n"
        ",,2027-01-31,,\n"
        "d,,2027-01-31,,\n"
        "d,,2027-02-28,,\n"
        "e,,2027-02-28,,,,x\n"
    )

    answer = bare("import", file_of(bare, text))

    assert answer.status == 65
    assert [line.removeprefix("reminderd: ") for line in answer.err.splitlines()] == [
        "row 5, name: is missing",
        "row 7, name: is the name in row 6 too; keep one of the two",
        "row 8: column 7 has no name in the header",
        'row 2, data_remaining: \'3\' is not a size; write "500MB" or "1.2GB"',
        (
            "row 2, number: is not an international number; write it like "
            '"+447700900123": a plus, the country code, no 0 after it'
        ),
        "row 3, valid_until: is not a date; write it without quotes: 2027-01-31",
        "row 4, valid_until: is not a date; write it without quotes: 2027-01-31",
    ]
    assert answer.lines == [summary(added=1, bad_rows=6)]
    assert [line["name"] for line in exported(bare)] == ["d"]


def test_all_or_nothing_takes_over_nothing_if_one_row_is_bad(bare: Shell) -> None:
    bad = file_of(bare, LINES + "x,,tomorrow,\n")
    good = file_of(bare, LINES, "good.csv")

    refused = bare("import", "--all-or-nothing", bad)
    assert (refused.status, refused.lines) == (65, [summary(bad_rows=1)])
    assert exported(bare) == []

    assert bare.ok("import", "--all-or-nothing", good).lines == [summary(added=2)]


def test_importing_again_changes_nothing(bare: Shell) -> None:
    file = file_of(bare, LINES)
    bare.ok("import", file)
    before = bare.dump()

    assert bare.ok("import", file).lines == [summary(unchanged=2)]
    assert bare.dump() == before


def test_a_figure_that_differs_becomes_a_new_reading(bare: Shell) -> None:
    bare.ok("import", file_of(bare, LINES))

    bare.ok("import", file_of(bare, "name,data_remaining\nspain,1GB\n"))

    spain = exported(bare, "--line", "spain")[0]
    assert spain["data_remaining"] == "1GB"
    assert spain["valid_until"] == "2027-01-31"
    assert spain["details.validity.observed_at"] < spain["observed_at"]


def test_the_same_figure_on_a_later_day_was_seen_again(bare: Shell) -> None:
    bare.ok("import", file_of(bare, LINES))
    later = "2026-11-22T12:00:30Z"

    file = file_of(bare, f"name,data_remaining,observed_at\nspain,3GB,{later}\n")

    assert bare.ok("import", file).lines == [summary(updated=1)]
    assert exported(bare)[0]["observed_at"] == later
    assert bare.ok("import", file).lines == [summary(unchanged=1)]


def test_an_empty_cell_leaves_things_and_a_dash_forgets_them(bare: Shell) -> None:
    header = "name,carrier,number,tags,valid_until,data_remaining,renew_every\n"
    bare.ok(
        "import", file_of(bare, f"{header}a,giffgaff,{NUMBER},x,2027-01-31,3GB,1mo\n")
    )
    full = exported(bare)

    bare.ok("import", file_of(bare, f"{header}a,,,,,,\n"))
    assert exported(bare) == full

    bare.ok("import", file_of(bare, f"{header}a,-,-,-,-,-,-\n"))
    assert exported(bare)[0].keys() == {"name", "timezone", "added_at"}


def test_dry_run_shows_what_would_change_and_changes_nothing(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL)
    shell.ok("add", "spain", "valid_until=2027-01-31", f"number={NUMBER}")
    before = shell.dump()
    text = (
        "name,valid_until,number\n"
        "spain,2027-02-28,+447700900111\n"
        "uk-travel,2026-12-04,\n"
        "new,2027-01-31,\n"
    )

    answer = shell.ok("import", "--dry-run", file_of(shell, text))

    assert shell.dump() == before
    said = [line for line in answer.lines if "observed_at" not in line]
    assert said == [
        "spain: changes",
        "  number: +44 •••• 0987 → +44 •••• 0111",
        "  valid_until: 2027-01-31 → 2027-02-28",
        "uk-travel: unchanged",
        "new: new",
        "  timezone: - → Europe/London",
        "  valid_until: - → 2027-01-31",
        "Nothing was written; this is what would be:",
        summary(added=1, updated=1, unchanged=1),
    ]


def test_dry_run_needs_no_store_and_makes_none(bare: Shell) -> None:
    answer = bare.ok("import", "--dry-run", "--json", file_of(bare, LINES))

    assert bare.dump() is None
    assert answer.json["added"] == 2
    assert answer.json["changes"][0]["line"] == "spain"
    assert {"key": "valid_until", "old": None, "new": "2027-01-31"} in (
        answer.json["changes"][0]["fields"]
    )


def test_figures_of_a_line_in_the_file_go_in_but_what_it_is_does_not(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL + HOME)
    text = "name,carrier,data_remaining\nuk-travel,giffgaff,1GB\nhome,giffgaff,\n"

    answer = shell("import", file_of(shell, text))

    assert answer.err == (
        "reminderd: row 3, carrier: home is described in the configuration file; "
        "change it there\n"
    )
    assert exported(shell)[0]["data_remaining"] == "1GB"
    assert exported(shell)[1]["carrier"] == "three-uk"


def test_json_lines_are_read_row_by_row(bare: Shell) -> None:
    rows = [
        '{"name": "a", "tags": ["x", "y, z"], "sms_remaining": 5}',
        '{"name": "b", "name": "c"}',
        '{"name": "d", "data_remaining": NaN}',
        '{"name": "e", "buckets": {"night": {}}}',
        '{"name": "f", "dta_remaining": "1GB"}',
        '{"name": ["g"]}',
        "[" * 100_000,
        "not json",
        '["h"]',
        '{"name": "i\\u0000"}',
        '{"name": "[Renew](https://evil.test)"}',
        '{"name": "j", "data_remaining": 5}',
    ]

    answer = bare("import", file_of(bare, "\n".join(rows), "lines.jsonl"))

    said = answer.err.replace("reminderd: ", "").splitlines()
    assert said[:10] == [
        "row 2: has a key twice",
        "row 3: has NaN or Infinity in it",
        "row 4, 'buckets': write buckets.NAME.data_remaining=2GB",
        "row 5, 'dta_remaining': unknown column; did you mean 'data_remaining'?",
        "row 6, name: is missing",
        "row 7: is no JSON object on one line",
        "row 8: is no JSON object on one line",
        "row 9: is no JSON object on one line",
        "row 10, name: the name contains the invisible character U+0000; remove it",
        'row 11, name: is an address; write "uk-travel"',
    ]
    assert said[10] == 'row 12, data_remaining: 5 has no unit; write "500MB"'
    assert answer.lines == [summary(added=1, bad_rows=11)]
    assert exported(bare)[0]["tags"] == ["x", "y, z"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "row 1: there is no column name", id="empty"),
        pytest.param(
            b"nam,carrier\n",
            "row 1: 'nam': unknown column; did you mean 'name'?",
            id="a column that does not exist",
        ),
        pytest.param(
            b"name,Name\n",
            "row 1: name: there are two columns of this name",
            id="twice",
        ),
        pytest.param(
            b"name\0\0\n", "this is no table, but a file of another kind", id="NUL"
        ),
        pytest.param(
            "name,运营商\n".encode("gb18030"),
            "the file is not in UTF-8; save it as UTF-8, or name it: "
            "--encoding gb18030",
            id="another encoding",
        ),
        pytest.param(
            b"name," + b"x" * 2_000_000,
            "row 1: is longer than 1 MB; this is no table of lines",
            id="no table at all",
        ),
        pytest.param(
            b"name,thresholds\n",
            "row 1: thresholds can only be set in the configuration file",
            id="limits",
        ),
    ],
)
def test_a_file_that_is_no_table_of_lines_is_refused(
    bare: Shell, content: bytes, said: str
) -> None:
    answer = bare.refused("import", file_of(bare, content))

    assert (answer.status, answer.err) == (65, f"reminderd: {said}\n")


def test_quotation_marks_that_are_never_closed_spoil_no_other_row(bare: Shell) -> None:
    text = 'name,valid_until\na,2027-01-31\n"b"x,2027-01-31\nc,2027-01-31\n"d,2027'

    answer = bare("import", file_of(bare, text))

    assert answer.err.splitlines() == [
        "reminderd: row 3: a quotation mark stands where none belongs",
        "reminderd: row 5: a quotation mark is never closed",
    ]
    assert [line["name"] for line in exported(bare)] == ["a", "c"]


def test_names_that_a_spreadsheet_would_compute_are_kept_text(bare: Shell) -> None:
    names = ["=1+1", "+x", "-x", "@x", "'=x", "'x", "x"]
    rows = [json.dumps({"name": name, "tags": ["=t"]}) for name in names]
    bare.ok("import", file_of(bare, "\n".join(rows), "lines.jsonl"))

    table = bare.ok("export").out
    cells = [row["name"] for row in csv.DictReader(table.splitlines())]

    assert cells == ["'=1+1", "'+x", "'-x", "'@x", "''=x", "'x", "x"]
    other = file_of(bare, table)
    assert bare.ok("import", other).lines == [summary(unchanged=7)]


def test_an_export_is_its_owners_alone_and_replaces_nothing_unasked(
    bare: Shell,
) -> None:
    bare.ok("add", "spain")
    path = bare.directory / "out.csv"

    bare.ok("export", str(path))

    assert path.stat().st_mode & 0o777 == 0o600
    assert bare.refused("export", str(path)).status == 73
    bare.ok("export", "--force", str(path))
    assert [each.name for each in bare.directory.glob("out*")] == ["out.csv"]


def test_an_export_replaces_files_alone_and_follows_links(bare: Shell) -> None:
    bare.ok("add", "spain")
    os.mkfifo(bare.directory / "pipe")
    (bare.directory / "old.csv").write_text("old")
    (bare.directory / "link").symlink_to("old.csv")

    for place in (bare.directory / "pipe", bare.directory, ""):
        refused = bare.refused("export", "--force", str(place))
        assert refused.status == 73
        assert refused.err.endswith(" is not a regular file; name another\n")
    bare.ok("export", "--force", str(bare.directory / "link"))

    assert (bare.directory / "pipe").is_fifo()
    assert (bare.directory / "link").is_symlink()
    assert "spain" in (bare.directory / "old.csv").read_text()


def test_an_export_of_a_line_that_does_not_exist_leaves_no_file(bare: Shell) -> None:
    bare.ok("add", "spain")

    answer = bare.refused("export", "--line", "spian", str(bare.directory / "o.csv"))

    assert "did you mean 'spain'" in answer.err
    assert not list(bare.directory.glob("o.csv*"))
