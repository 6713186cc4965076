"""A third language is one more file; and nothing is said that does not come from it.

The third is made of the English texts, each in brackets: what stands outside of them
has been written past the catalogues.
"""

import json
import os
import re
import shlex
import shutil
import string
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

import reminderd
from reminderd.carriers.facts import shipped_facts, shipped_names
from tests.messages.extraction import texts_in_sources

pytestmark = pytest.mark.slow

LANGUAGE = "eo"
GOOD = """
[lines.travel]
carrier = "giffgaff"
number = "+447700900987"
tags = ["abroad"]
valid_until = 2026-12-04
credit_until = 2027-02-01
renew_every = "1mo"
renew_price = "10.00 GBP"
data_remaining = "1.2GB"
data_total = "10GB"
voice_remaining = "30min"
sms_remaining = 20
balance_remaining = "3.00 GBP"
last_activity = 2026-09-12
observed_on = 2026-09-12
[lines.travel.buckets.night]
data_remaining = "2GB"
throttled = true
[lines.home]
carrier = "three-uk"
last_activity = 2026-05-12
keep_alive_every = "6mo"
"""
TABLE = """name,valid_until,data_remaining,colour
spain,never,1XB,red
,2027-01-31,,
home,2026-02-30,,
"""
BAD = """
poll_every = 3
language = "xx"
timezone = "Europe/Londn"
[heartbeat]
url = 3
[thresholds]
validity = ["7d", "7d"]
data = ["5q"]
stale = "0d"
[channels.phone]
url = "barkk"
fallback = "phone"
quiet = "22-8"
[channels.mail]
fallback = "mial"
[carriers.mine]
renew_url = "http://x.example"
domains = ["co.uk"]
conflict = ""
[carriers.mine.credit]
least = "1 GBP"
[lines.a]
valid_until = "soon"
foo = 1
carrier = "gifgaff"
data_remaining = 5
keep_alive_every = "6x"
number = "077"
iccid = "1"
renew_price = "x"
renew_leftover = "cap:0GB"
auto_renew = 3
tags = "x"
last_activity = 2099-01-01
[lines.a.buckets."x/y"]
"""
BROKEN = (
    "",
    "\0",
    "a = 1\na = 2",
    "a = 2026-13-01",
    'a = "x',
    '[channels.x]\nurl = "foo://x"',
    '[channels.x]\nurl_env = "NOPE"',
    '[channels.x]\nurl_file = "nope"',
    '[channels.x]\nurl_credential = "nope"',
    '[channels.x]\nurl = "json://127.0.0.1:9/"\ninsecure = false',
    '[storage]\nurl = "sqlite:////dev/null/x.db"',
    '[storage]\nurl = "sqlite:////dev/null"',
)
COMMANDS = """
config check
check --dry-run
check
check
status
status travel
history
explain travel
explain home
plan
plan --days 90 --line travel
plan --days 0
plan --line nobody
plan --channel nobody
plan --diff c.toml
plan --diff none.toml
calendar -o c.ics
calendar -o none/c.ics
metrics -o m.prom
metrics -o none/m.prom
report -o r.html
report -o r.html --line nobody
export
export -o lines.csv
export -o lines.csv
export --format xml
import lines.csv
import lines.csv --dry-run
import none.csv
import --from nothing lines.csv
import bad.csv
import bad.csv --all-or-nothing
history --kind nothing
status --watch --json
undelivered
doctor
spend
carriers list
carriers show giffgaff
carriers show three-uk
channels list
channels test
channels test --as travel
channels test --as nobody
verify-link https://giffgaff.com.evil.example/x
verify-link https://www.giffgaff.com
verify-link http://giffgaf.com
add spain carrier=giffgaff valid_until=2026-12-20
add spain
update spain data_remaining=1GB
update spain foo=1
update travel valid_until=2027-01-01
update travel valid_until=
update spain
renew spain --period 1mo --price "5.00 GBP"
renew spain --undo
renew spain --undo
renew travel --period 2x
renew travel --until 2020-01-01
renew travel --until 2027-01-01 --period 3d
touch home
touch home --kind fax
touch home --on 2099-01-01
touch home --price 1
touch spain
ack travel
ack home
snooze travel 3d
snooze travel 0d
release
remove spain
remove spain
backup b.db
backup b.db
backup --restore nothing.db
spend --by x
status nobody
status --now 2026
--now
check --foo
foo
chekc
touch
snooze
channels test nobody
carriers show foo
history -n x
history --kind delivery --kind reading
history --kind x
history --channel x
history --since 1d --until 2d
history --since x
"""
# What is typed or named: commands with their arguments, what stands in quotes, and
# what the parser of TOML says.
_NAMES = re.compile(
    r"reminderd [^⟦⟧\n]*|'[^'\n⟦⟧]*'|\"[^\"\n⟦⟧]*\"|https?://[^\s⟦⟧]+|<[^>⟦⟧]*>"
    r"|(?<=is not valid TOML \(⟧)[^⟦]*"
)
_BRACKETS = re.compile("⟦[^⟧]*⟧")
_SENTENCE = re.compile(r"[A-Za-z][a-z']+ [a-z']{2,}")


class Step(NamedTuple):
    """A command, with the files that are written before it is run."""

    words: list[str]
    files: Mapping[str, str] = {}


def in_brackets(template: str) -> str:
    """Return *template* with its words in brackets, and its values outside of them."""
    text = ""
    for letters, field, *_ in string.Formatter().parse(template):
        if letters:
            text += "⟦" + letters.replace("{", "{{").replace("}", "}}") + "⟧"
        if field is not None:
            text += f"{{{field}}}"
    return text


def third_catalogue() -> Catalog:
    catalog = Catalog(locale=LANGUAGE)
    for key in texts_in_sources():
        text = in_brackets(key.text)
        if key.context == "date, see CLDR":
            text = "y-MM-dd"
        if key.plural is None:
            catalog.add(key.text, text, context=key.context)
        else:
            forms = (text, in_brackets(key.plural))
            catalog.add((key.text, key.plural), forms, context=key.context)
    return catalog


def steps() -> list[Step]:
    config = ["--config", "c.toml"]
    typed = [shlex.split(line) for line in COMMANDS.strip().splitlines()]
    found = [
        Step(["init", "new.toml"]),
        Step(["init", "new.toml"]),
        Step(["--config", "none.toml", "check"], {"bad.csv": TABLE}),
        Step(["check"]),
        Step([*config, "status"], {"c.toml": GOOD}),
        *(Step([*config, *words]) for words in typed),
    ]
    helps = {tuple(words[:1]) for words in typed if words[0].isalpha()}
    helps |= {("config", "show"), ("channels", "list"), ("run",), ("init",), ()}
    found += [Step([*words, "--help"]) for words in sorted(helps)]
    for text in (BAD, *BROKEN):
        found += [
            Step([*config, "check"], {"c.toml": text}),
            Step([*config, "config", "check"]),
            Step([*config, "doctor"]),
        ]
    return found


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What each step prints with a copy of the package that has one more file."""
    root = tmp_path_factory.mktemp("third")
    package = Path(reminderd.__file__).parent
    unneeded = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, root / "reminderd", ignore=unneeded)
    shutil.copy(package.with_name("config.example.toml"), root)
    added = root / "reminderd" / "messages" / "locale" / f"{LANGUAGE}.po"
    with added.open("wb") as file:
        write_po(file, third_catalogue())
    done = subprocess.run(
        [sys.executable, "-P", str(Path(__file__).with_name("pseudo.py"))],
        input=json.dumps([step._asdict() for step in steps()]),
        capture_output=True,
        text=True,
        cwd=root,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(root),
            "HOME": str(root),
            "TZ": "Europe/London",
            "COLUMNS": "200",
            "REMINDERD_LANGUAGE": LANGUAGE,
        },
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    printed: list[dict[str, Any]] = json.loads(done.stdout)
    return printed


def unworded(text: str) -> list[str]:
    """Return what looks like a sentence and stands outside of the brackets."""
    titles = {str(shipped_facts(name).get("title", name)) for name in shipped_names()}
    for title in sorted(titles, key=len, reverse=True):
        text = text.replace(title, "")
    named = _NAMES.sub(" . ", text)
    return _SENTENCE.findall(_BRACKETS.sub(" . ", named))


def test_the_added_file_is_a_language(answers: list[dict[str, Any]]) -> None:
    assert "⟦Usage: ⟧" in "".join(answer["out"] for answer in answers)
    assert "⟦there is no line ⟧" in "".join(answer["err"] for answer in answers)
    assert not any("internal error" in answer["err"] for answer in answers)


def test_nothing_is_said_that_no_catalogue_has(answers: list[dict[str, Any]]) -> None:
    found = {
        shlex.join(step.words): sentences
        for step, answer in zip(steps(), answers, strict=True)
        if (sentences := unworded(answer["out"] + answer["err"]))
    }

    assert found == {}
