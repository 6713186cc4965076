from pathlib import Path

import pytest

from tests.config.samples import problems_of

CHANNEL = '[channels.a]\nurl = "json://x"\n'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            'poll_every = "5"',
            "1: poll_every: '5' is not a duration; write a number and a unit such as"
            ' "5d" (s, min, h, d, w, mo, y)',
            id="duration without unit",
        ),
        pytest.param(
            "poll_every = 5",
            '1: poll_every: 5 has no unit; write "5s"',
            id="bare number as duration",
        ),
        pytest.param(
            "poll_every = inf",
            '1: poll_every: a bare number has no unit; write "5s"',
            id="infinite",
        ),
        pytest.param(
            f"poll_every = {'9' * 40}",
            '1: poll_every: a bare number has no unit; write "5s"',
            id="absurd number",
        ),
        pytest.param(
            'poll_every = "31s"',
            '1: poll_every: must be from 1 s to 30 s; write "1s" to "30s"',
            id="polled too seldom",
        ),
        pytest.param(
            'language = "zh"',
            "1: language: there is no 'zh'; known are: en, zh_CN",
            id="unknown language",
        ),
        pytest.param(
            "language = true",
            '1: language: is not text; write it in double quotes, such as "en"',
            id="truth value as text",
        ),
        pytest.param(
            'timezone = "Asia/Shanghia"',
            "1: timezone: there is no timezone 'Asia/Shanghia'; did you mean"
            " 'Asia/Shanghai'?",
            id="misspelt timezone",
        ),
        pytest.param(
            'timezone = "../../etc/passwd"',
            "1: timezone: there is no timezone '../../etc/passwd'; write"
            ' "Europe/London"',
            id="path as timezone",
        ),
        pytest.param(
            'lang = "en"',
            "1: lang: unknown key; did you mean 'language'?",
            id="misspelt key",
        ),
        pytest.param(
            "[reminders]\nwhen = 3",
            "2: reminders.when: unknown key; known are: at, promotions, proof, repeat",
            id="unknown key like no other",
        ),
        pytest.param(
            "channels = 3",
            "1: channels: is not a section; write it as [channels]",
            id="value in the place of sections",
        ),
        pytest.param(
            "[lines]\nuk = 3",
            "2: lines.uk: is not a section; write it as [lines.uk]",
            id="value in the place of a section",
        ),
        pytest.param(
            '[storage]\nurl = "sqlite:///relative.db"',
            '2: storage.url: is not a store; write "sqlite:////absolute/path.db" (four'
            ' slashes) or "postgresql+psycopg://user@host/name"',
            id="relative store",
        ),
        pytest.param(
            '[thresholds]\ndata = ["500 Mb"]',
            "2: thresholds.data.0: '500 Mb' has an unknown unit 'Mb'; write \"500MB\""
            " (units: B, kB, KB, MB, GB, TB, KiB, MiB, GiB, TiB)",
            id="megabits",
        ),
        pytest.param(
            '[thresholds]\ndata = [\n  "20%",\n  "120%",\n]',
            "4: thresholds.data.1: a share is more than 0% and at most 100%",
            id="share above the whole, on its own line",
        ),
        pytest.param(
            '[thresholds]\ndata = ["0MB"]',
            "2: thresholds.data.0: is a limit of 0; that nothing is left is always"
            " reported",
            id="limit of nothing",
        ),
        pytest.param(
            '[thresholds]\nvalidity = "7d"',
            '2: thresholds.validity: is not a list; write it in brackets, such as ["a",'
            ' "b"]',
            id="one limit without brackets",
        ),
        pytest.param(
            '[thresholds]\nvalidity = ["7d", "1w"]',
            "2: thresholds.validity: lists one limit twice; keep one of the two",
            id="the same limit twice",
        ),
        pytest.param(
            '[thresholds]\nvalidity = ["7m"]',
            "2: thresholds.validity.0: '7m' is ambiguous; write \"7mo\" for months or"
            ' "7min" for minutes',
            id="months or minutes",
        ),
        pytest.param(
            '[thresholds]\nvalidity = ["999999y"]',
            "2: thresholds.validity.0: a duration is at most 100 years",
            id="beyond the calendar",
        ),
        pytest.param(
            '[thresholds]\nvalidity = [{ at = "7d", severity = "sever" }]',
            "2: thresholds.validity.0: there is no 'sever'; known are: critical, info,"
            " warning",
            id="unknown severity",
        ),
        pytest.param(
            '[thresholds]\nvalidity = [{ at = "7d", sevrity = "info" }]',
            "2: thresholds.validity.0: has an unknown key; did you mean 'severity'?",
            id="misspelt key in a limit",
        ),
        pytest.param(
            '[thresholds]\nvalidity = [{ severity = "info" }]',
            "2: thresholds.validity.0: has no limit; write"
            ' { at = "7d", severity = "critical" }',
            id="severity without limit",
        ),
        pytest.param(
            '[thresholds]\nstale = "0d"',
            '2: thresholds.stale: cannot be zero; write a duration such as "1d"',
            id="stale at once",
        ),
        pytest.param(
            '[reminders]\nat = "9:00"',
            "2: reminders.at: '9:00' is not a time of day; write \"09:00\"",
            id="hour with one digit",
        ),
        pytest.param(
            '[reminders]\nrepeat = "0h"',
            '2: reminders.repeat.0: cannot be zero; write a duration such as "1d"',
            id="repeated without end",
        ),
        pytest.param(
            '[channels.a]\nurl = "bark"',
            "2: channels.a.url: is not an Apprise URL; write it in double quotes, such"
            ' as "bark://..."',
            id="no URL",
        ),
        pytest.param(
            "[channels.a]\nmin_severity = 'info'",
            "1: channels.a: has no address; write url, url_file, url_env or"
            " url_credential",
            id="channel without address",
        ),
        pytest.param(
            '[channels.a]\nurl_env = "A"\nurl = "json://x"',
            "2: channels.a.url_env: url is given too; keep one of the two",
            id="two addresses",
        ),
        pytest.param(
            f'{CHANNEL}fallback = "mial"\n[channels.mail]\nurl = "json://y"',
            "3: channels.a.fallback: there is no channel 'mial'; did you mean 'mail'?",
            id="unknown fallback",
        ),
        pytest.param(
            f'{CHANNEL}fallback = "a"',
            "3: channels.a.fallback: is the channel itself; write another one, or leave"
            " it out",
            id="its own fallback",
        ),
        pytest.param(
            f'{CHANNEL}fallback = "b"\n[channels.b]\nurl = "json://y"\nfallback = "a"',
            "3: channels.a.fallback: goes in a circle: a -> b -> a; leave out one of"
            " them",
            id="circle of fallbacks",
        ),
        pytest.param(
            f'{CHANNEL}quiet = "22:00-22:00"',
            "3: channels.a.quiet: begins and ends at the same time; write"
            ' "22:00-08:00"',
            id="empty quiet hours",
        ),
        pytest.param(
            f'{CHANNEL}timeout = "2min"',
            '3: channels.a.timeout: must be from 1 s to 60 s; write "1s" to "60s"',
            id="send that outlives its lease",
        ),
        pytest.param(
            f'{CHANNEL}group = "yes"',
            "3: channels.a.group: is neither true nor false; write true or false"
            " without quotes",
            id="yes instead of true",
        ),
        pytest.param(
            '[channels.terminal]\nurl = "json://x"',
            "1: channels.terminal: is the built-in channel; choose another name, such"
            ' as "phone"',
            id="reserved name",
        ),
        pytest.param(
            '[channels."my phone"]\nurl = "json://x"',
            '1: channels."my phone": is no name for a channel; write up to 64 letters,'
            ' digits, "-", "_" or "."',
            id="channel name with a blank",
        ),
        pytest.param(
            '[channels.a]\nurl_file = "~/secret"',
            "2: channels.a.url_file: is no path; write it in full, such as"
            ' "/etc/reminderd/phone.url"',
            id="home that nobody expands",
        ),
        pytest.param(
            '[carriers.giffgaff]\nrenew_url = "https://giffgaff.com.example.org"',
            "2: carriers.giffgaff.renew_url: belongs to example.org, giffgaff.com only"
            " stands in front; it is not on an official domain of the carrier"
            " (giffgaff.com)",
            id="address that only looks official",
        ),
        pytest.param(
            '[carriers.giffgaff]\nrenew_url = "https://giffgaff.com@example.org"',
            "2: carriers.giffgaff.renew_url: has a user name before an @, which hides"
            " where it leads; write the name of a website after https://",
            id="address with a user",
        ),
        pytest.param(
            '[carriers.giffgaff]\nrenew_url = "https://giffg\u0430ff.com"',
            "2: carriers.giffgaff.renew_url: has '\u0430' (CYRILLIC SMALL LETTER A)"
            " where a Latin a would stand; write plain letters",
            id="address with a Cyrillic letter",
        ),
        pytest.param(
            '[carriers.giffgaff]\nrenew_url = "https://giffgaff.com/?a=//example.org"',
            "2: carriers.giffgaff.renew_url: leads on to example.org; write the address"
            " itself, without a redirect",
            id="address with a redirect",
        ),
        pytest.param(
            '[carriers.giffgaff]\nrenew_url = "http://giffgaff.com"',
            "2: carriers.giffgaff.renew_url: is not encrypted (http); write an address"
            ' that begins with "https://"',
            id="address without encryption",
        ),
        pytest.param(
            '[carriers.giffgaff]\ndomains = ["giffgaff.com", "co.uk"]',
            "2: carriers.giffgaff.domains.1: 'co.uk' is shared by many owners; write"
            ' the carrier\'s own domain in it, such as "giffgaff.com"',
            id="public suffix as domain",
        ),
        pytest.param(
            '[carriers.mine]\ndomains = ["github.io"]',
            "2: carriers.mine.domains.0: 'github.io' is shared by many owners; write"
            ' the carrier\'s own domain in it, such as "giffgaff.com"',
            id="domain where anybody has a name",
        ),
        pytest.param(
            '[carriers.mine]\ndomains = ["xn--giffgff-6fg.com"]',
            "2: carriers.mine.domains.0: 'xn--giffgff-6fg.com' is punycode and shows as"
            " 'giffg\u0430ff.com'; write a domain in plain letters",
            id="domain in punycode",
        ),
        pytest.param(
            "[carriers.giffgaff]\nrenew_url = 3",
            '2: carriers.giffgaff.renew_url: is not text; write "https://..." in double'
            " quotes",
            id="number as address",
        ),
        pytest.param(
            '[carriers.mine]\ndomains = ["example"]',
            "2: carriers.mine.domains.0: 'example' is no domain; write one such as"
            ' "giffgaff.com"',
            id="domain without a dot",
        ),
        pytest.param(
            '[channels.a]\nurl_env = "MY-URL"',
            "2: channels.a.url_env: is no environment variable; write its name, such as"
            ' "PHONE_URL"',
            id="name that no variable has",
        ),
        pytest.param(
            '[channels.a]\nurl_credential = "../secret"',
            "2: channels.a.url_credential: is no name of a credential; write one such"
            ' as "phone-url"',
            id="credential elsewhere",
        ),
        pytest.param(
            f'language = "{"x" * 100}"',
            f"1: language: there is no '{'x' * 60}...'; known are: en, zh_CN",
            id="long text is cut",
        ),
        pytest.param(
            f'language = "{"x" * 300}"',
            '1: language: is longer than 250 characters; write "en"',
            id="too long text is not repeated",
        ),
        pytest.param(
            f"{'k' * 100} = 1",
            f'1: "{"k" * 60}...": unknown key; known are: calendar, carriers,'
            " channels, heartbeat, language, lines, metrics, poll_every, reminders,"
            " storage, thresholds, timezone",
            id="long key is cut",
        ),
        pytest.param(
            '[carriers.mine]\nrenew_url = "https://example.org"',
            "2: carriers.mine.renew_url: is not on an official domain of the carrier"
            ' (none is known); write domains = ["..."] too',
            id="address of a carrier without domains",
        ),
        pytest.param(
            '[carriers.mine]\ndomains = ["https://example.org"]',
            '2: carriers.mine.domains.0: is an address; write "giffgaff.com"',
            id="address as domain",
        ),
        pytest.param(
            '[carriers.mine.keep_alive]\nevery = "90min"',
            "2: carriers.mine.keep_alive.every: counts dates; write days, weeks, months"
            ' or years, such as "6mo"',
            id="life in minutes",
        ),
        pytest.param(
            '[lines.a]\ncarrier = "gifgaf"',
            "2: lines.a.carrier: there is no carrier 'gifgaf'; did you mean"
            " 'giffgaff'?",
            id="unknown carrier",
        ),
        pytest.param(
            '[lines.a]\nchannels = ["phone"]',
            "2: lines.a.channels.0: there is no channel 'phone'; add a section"
            " [channels.NAME] first",
            id="unknown channel of a line",
        ),
        pytest.param(
            '[lines.a]\nnumber = "07700 900123"',
            "2: lines.a.number: is not an international number; write it like"
            ' "+447700900123": a plus, the country code, no 0 after it',
            id="national number",
        ),
        pytest.param(
            "[lines.a]\nnumber = 447700900123",
            "2: lines.a.number: is not text; write it in double quotes, such as"
            ' "+447700900123"',
            id="number without quotes",
        ),
        pytest.param(
            '[lines.a]\niccid = "1234"',
            "2: lines.a.iccid: is not the number of a SIM card; write the 18 to 22"
            " digits printed on it, which begin with 89",
            id="no card",
        ),
        pytest.param(
            "[lines.a]\nvalid_until = 2027-01-31T23:59:00",
            "2: lines.a.valid_until: is a time without a timezone; write a date such as"
            " 2027-01-31, or add the offset: 2027-01-31T23:59:00+01:00",
            id="naive instant",
        ),
        pytest.param(
            '[lines.a]\nvalid_until = "31.1.2027"',
            "2: lines.a.valid_until: is not a date; write it without quotes:"
            " 2027-01-31",
            id="date in another order",
        ),
        pytest.param(
            "[lines.a]\nvalid_until = 0027-01-31",
            "2: lines.a.valid_until: is in the year 27; write one from 2000 to 2199",
            id="year of two digits",
        ),
        pytest.param(
            '[lines.a]\nkeep_alive_every = "6mo"',
            "2: lines.a.keep_alive_every: needs the date it counts from; write"
            " last_activity = 2026-11-02",
            id="period without activity",
        ),
        pytest.param(
            "[lines.a]\nlast_activity = 2026-11-02",
            "2: lines.a.last_activity: needs a period to count; write keep_alive_every"
            ' = "6mo"',
            id="activity without period",
        ),
        pytest.param(
            "[lines.a]\nrenewed_on = 2026-11-02",
            '2: lines.a.renewed_on: needs a period to count; write renew_every = "1mo"',
            id="renewal without period",
        ),
        pytest.param(
            "[lines.a]\nlast_top_up = 2026-11-02",
            "2: lines.a.last_top_up: leads to no date, since nobody says for how long"
            " it counts; write credit_until = 2027-01-31",
            id="top-up that leads to nothing",
        ),
        pytest.param(
            '[lines.a]\nlast_top_up = 2026-11-02\ncarrier = "x"\n'
            '[carriers.x]\nkeep_alive.every = "6mo"\nkeep_alive.resets = ["call"]',
            "2: lines.a.last_top_up: leads to no date, since nobody says for how long"
            " it counts; write credit_until = 2027-01-31",
            id="top-up that the carrier does not count",
        ),
        pytest.param(
            '[lines.a]\nrenewed_on = 2026-11-02\nrenew_every = "1mo"\n'
            'keep_alive_every = "6mo"\ncarrier = "x"\n'
            '[carriers.x]\nkeep_alive.resets = ["call"]',
            "4: lines.a.keep_alive_every: needs the date it counts from; write"
            " last_activity = 2026-11-02",
            id="period without anything that counts",
        ),
        pytest.param(
            "[lines.a]\nbought_on = 2026-11-02",
            "2: lines.a.bought_on: leads to no date, since nobody says how long a plan"
            " waits; write start_by = 2027-01-31",
            id="purchase without period",
        ),
        pytest.param(
            "[lines.a]\nbuckets.night.until = 2026-12-02",
            '2: lines.a.buckets.night: has nothing in it; write data_remaining = "2GB"',
            id="bucket with nothing in it",
        ),
        pytest.param(
            '[lines.a]\nrenew_from = "quee"',
            "2: lines.a.renew_from: there is no 'quee'; did you mean 'queue'?",
            id="misspelt start of a renewal",
        ),
        pytest.param(
            '[lines.a]\nrenew_leftover = "dorp"',
            "2: lines.a.renew_leftover: there is no 'dorp'; did you mean 'drop'?",
            id="misspelt leftover",
        ),
        pytest.param(
            '[lines.a]\nrenew_leftover = "cap:0MB"',
            '2: lines.a.renew_leftover: is nothing; write "drop", or a size: "cap:5GB"',
            id="cap of nothing",
        ),
        pytest.param(
            '[lines.a]\ncarrier = "giffgaff"\nlast_activity = 2026-11-23',
            "3: lines.a.last_activity: lies in the future; write a date up to today,"
            " 2026-11-22",
            id="activity to come",
        ),
        pytest.param(
            "[lines.a]\nobserved_on = 2026-11-22T10:00:00Z",
            "2: lines.a.observed_on: is an instant; write a date such as 2027-01-31",
            id="instant for a day",
        ),
        pytest.param(
            '[lines.a]\ndata_remaining = "-1GB"',
            "2: lines.a.data_remaining: cannot be negative; write what is left, or 0 of"
            " it",
            id="negative data",
        ),
        pytest.param(
            '[lines.a]\ndata_remaining = "1,5GB"',
            "2: lines.a.data_remaining: '1,5GB' is not a size; write \"500MB\" or"
            ' "1.2GB" (a decimal point, not a comma)',
            id="decimal comma",
        ),
        pytest.param(
            '[lines.a]\ndata_total = "unlimited"',
            "2: lines.a.data_total: 'unlimited' is not a size; write \"500MB\" or"
            ' "1.2GB"',
            id="unlimited total",
        ),
        pytest.param(
            '[lines.a]\ndata_total = "999999999999TB"',
            '2: lines.a.data_total: is too much; write an amount such as "500MB"',
            id="more than a database keeps",
        ),
        pytest.param(
            "[lines.a]\nsms_remaining = true",
            "2: lines.a.sms_remaining: is not text; write it in double quotes, such as"
            " 50",
            id="truth value as count",
        ),
        pytest.param(
            '[lines.a]\nbalance_remaining = "5.00"',
            "2: lines.a.balance_remaining: '5.00' is not an amount of money; write"
            ' "15.00 GBP"',
            id="money without currency",
        ),
        pytest.param(
            '[lines.a]\nbalance_remaining = "5 GBP"\nbalance_total = "5 EUR"',
            "3: lines.a.balance_total: is in EUR, but balance_remaining in GBP; write"
            " both in one currency",
            id="two currencies",
        ),
        pytest.param(
            '[lines.a]\nvalidity = ["7d"]',
            "2: lines.a.validity: is a list of limits; write it under"
            " [lines.a.thresholds]",
            id="limits outside of thresholds",
        ),
        pytest.param(
            '[lines."a b"]\n[lines."a  b"]',
            "2: lines.\"a  b\": is the same name as 'a b'; rename one of the two",
            id="names that are the same when cleaned",
        ),
        pytest.param(
            '[lines."a\\u202Eb"]',
            '1: lines."a\\u202eb": the name contains the invisible character U+202E;'
            " remove it",
            id="name that deceives",
        ),
        pytest.param(
            "[lines.a]\n\n[lines.a]",
            "3: lines.a: is given twice; rename or remove one of the two",
            id="the same name twice",
        ),
        pytest.param(
            "[lines.a]\nsms_total = 5\nsms_total = 6",
            "3: 'sms_total' is given twice; keep one of the two",
            id="the same key twice",
        ),
        pytest.param(
            "poll_every = 5s",
            "1: is not valid TOML (Expected newline or end of document after a"
            " statement); write one key on a line, text in double quotes",
            id="unit without quotes",
        ),
        pytest.param(
            "[lines.uk travel]",
            "1: is not valid TOML (Expected ']' at the end of a table declaration);"
            ' close it with "]", and write a name with blanks in quotes',
            id="name with a blank",
        ),
        pytest.param(
            '\n[lines.a]\ntags = ["x",\n',
            "3: is not valid TOML (Invalid value); write text in double quotes, such as"
            ' "7d"',
            id="cut off in a list",
        ),
        pytest.param(
            "[lines.a]\nvalid_until = 2027-02-30",
            "2: is not valid TOML (Invalid date or datetime); there is no such date;"
            " write one such as 2027-01-31",
            id="30 February",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_write(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert problems_of(tmp_path, text) == [f"config.toml:{problem}"]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
[lines.a]
channels = ["phne"]
data_total = "5"
[channels.phone]
url = "json://x"
fallback = "mail"
quiet = "never"
[channels.mail]
"""

    found = problems_of(tmp_path, text, {"REMINDERD_POLL_EVERY": "1"})

    assert [problem.partition(": ")[0] for problem in found] == [
        "REMINDERD_POLL_EVERY",
        "config.toml:2",
        "config.toml:3",
        "config.toml:7",
        "config.toml:8",
    ]


def test_a_mistake_that_follows_from_another_is_not_told(tmp_path: Path) -> None:
    text = """\
[channels.a]
url = "not a url"
fallback = "b"
[channels]
b = 1
[lines.x]
keep_alive_every = "6mo"
last_activity = "yesterday"
"""

    found = problems_of(tmp_path, text.replace("[channels]\nb = 1\n", ""))

    assert [problem.split(": ")[1] for problem in found] == [
        "channels.a.url",
        "channels.a.fallback",
        "lines.x.last_activity",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[channels.a]\nurl = "MARK"',
        '[channels.a]\nurl = ["json://MARK"]',
        '[channels.a]\nurl = "json://x"\nfallback = "json://MARK"',
        '[channels.a]\nurl = "json://x"\nquiet = "json://MARK"',
        '[channels.a]\nurl_env = "json://MARK"',
        '[channels.a]\nurl_file = "json://MARK"',
        '[channels.a]\nurl_credential = "json://MARK"',
        '[storage]\nurl = "postgres://user:MARK@host/db"',
        '[lines.a]\nnumber = "MARK"',
        '[lines.a]\niccid = "MARK"',
        '[carriers.a]\nrenew_url = "https://MARK@example.org"',
        'url = "json://MARK"',
        '[channels]\nurl = "json://MARK"',
        'timezone = "json://MARK"',
        '"json://MARK" = 1',
        '[lines."json://MARK"]\nx = 1',
        '[thresholds]\ndata = ["json://MARK"]',
    ],
)
def test_no_problem_repeats_what_may_be_secret(tmp_path: Path, text: str) -> None:
    assert "MARK" not in "".join(problems_of(tmp_path, text))
