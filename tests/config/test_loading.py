import hashlib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reminderd.config.loading import SYSTEM_CONFIG, find_config, load
from reminderd.domain.calendar import QuietHours
from reminderd.domain.ladders import Limit, Severity
from reminderd.domain.periods import Period
from reminderd.domain.quantities import Money
from reminderd.errors import ConfigError
from tests.config.samples import ENVIRON, NOW, a_file, loaded, problems_of

USUAL = Path("reminderd", "config.toml")


def test_the_option_wins_even_if_the_file_is_missing(tmp_path: Path) -> None:
    option = tmp_path / "none.toml"

    assert find_config(option, {"REMINDERD_CONFIG": "/other.toml"}) == option


def test_the_variable_wins_over_the_usual_places(tmp_path: Path) -> None:
    environ = {"REMINDERD_CONFIG": "/x.toml", "XDG_CONFIG_HOME": str(tmp_path)}

    assert find_config(None, environ) == Path("/x.toml")


@pytest.mark.parametrize(
    ("variable", "below"), [("XDG_CONFIG_HOME", ""), ("HOME", ".config")]
)
def test_the_users_own_file_is_found(tmp_path: Path, variable: str, below: str) -> None:
    path = tmp_path / below / USUAL
    path.parent.mkdir(parents=True)
    path.touch()

    assert find_config(None, {variable: str(tmp_path)}) == path


def test_a_relative_xdg_directory_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / ".config" / USUAL
    path.parent.mkdir(parents=True)
    path.touch()

    found = find_config(None, {"XDG_CONFIG_HOME": "x", "HOME": str(tmp_path)})

    assert found == path


def test_a_dangling_link_is_found_so_that_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / USUAL
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "none")

    assert find_config(None, {"XDG_CONFIG_HOME": str(tmp_path)}) == path


@pytest.mark.skipif(SYSTEM_CONFIG.exists(), reason="this machine has one")
def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    assert find_config(None, {"XDG_CONFIG_HOME": str(tmp_path)}) is None
    assert find_config(None, {}) is None


def test_without_a_file_the_way_to_one_is_told() -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, {})

    assert caught.value.problems == [
        "no configuration file found; write one with: reminderd init"
    ]


def test_every_kind_of_setting_is_understood(tmp_path: Path) -> None:
    text = """\
timezone = "Asia/Shanghai"
language = "zh_CN"
poll_every = "30s"
storage.url = "postgresql+psycopg://u:p@db/reminderd"
[thresholds]
validity = ["1mo", { at = "12h", severity = "info" }]
data = ["20%", "500MB"]
sms = [10, "5"]
balance = ["5.00 GBP"]
stale = "never"
[reminders]
at = "07:30"
repeat = "1d"
[channels.phone]
url = "bark://key"
min_severity = "critical"
quiet = "22:00-08:00"
fallback = "mail"
group = false
timeout = "1s"
[channels.mail]
url_env = "MAIL"
[lines."uk  travel"]
number = "+44 7700 900123"
channels = ["mail"]
valid_until = 2027-01-31T23:59:00+08:00
start_by = 2027-01-31
voice_remaining = "1h30min"
sms_remaining = 0
data_remaining = "unlimited"
balance_total = "5 GBP"
"""

    settings = loaded(tmp_path, text).settings
    line = settings.lines["uk travel"]
    phone = settings.channels["phone"]

    assert settings.timezone == ZoneInfo("Asia/Shanghai")
    assert settings.poll_every == timedelta(seconds=30)
    assert settings.thresholds.validity == (
        Limit(Period(months=1)),
        Limit(Period(seconds=12 * 3600), Severity.INFO),
    )
    assert settings.thresholds.sms == (Limit(10), Limit(5))
    assert settings.thresholds.balance == (Limit(Money(500, "GBP")),)
    assert settings.thresholds.stale == "never"
    assert settings.reminders.at == time(7, 30)
    assert settings.reminders.repeat == (Period(days=1),)
    assert phone.url is not None
    assert phone.url.get_secret_value() == "bark://key"
    assert phone.min_severity is Severity.CRITICAL
    assert phone.quiet == QuietHours(time(22), time(8))
    assert phone.group is False
    assert phone.timeout == timedelta(seconds=1)
    assert line.number == "+447700900123"
    assert line.valid_until == datetime(2027, 1, 31, 15, 59, tzinfo=UTC)
    assert line.start_by == date(2027, 1, 31)
    assert line.voice_remaining == 5400
    assert line.sms_remaining == 0
    assert line.data_remaining == "unlimited"
    assert line.balance_total == Money(500, "GBP")


def test_a_file_of_comments_leaves_everything_at_its_default(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "# nothing yet\n").settings

    assert settings.timezone == ZoneInfo("Asia/Shanghai")
    assert settings.language == "en"
    assert settings.poll_every == timedelta(seconds=5)
    assert settings.reminders.at == time(9)
    assert settings.reminders.repeat == ()
    assert not settings.channels
    assert not settings.lines


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    text = "# a file\n"

    result = loaded(tmp_path, text)

    assert result.text_hash == hashlib.sha256(text.encode()).hexdigest()
    assert result.path == tmp_path / "config.toml"


def test_command_line_wins_over_environment_over_credentials_over_file(
    tmp_path: Path,
) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    for key in ("language", "poll_every", "timezone"):
        value = {"language": "zh_CN", "poll_every": "3s", "timezone": "Europe/Rome"}
        (credentials / f"reminderd_{key}").write_text(f"{value[key]}\n")
    path = a_file(
        tmp_path,
        'poll_every = "4s"\ntimezone = "Europe/London"\nlanguage = "en"\n'
        '[reminders]\nat = "10:00"\n',
    )
    environ = {
        "CREDENTIALS_DIRECTORY": str(credentials),
        "REMINDERD_POLL_EVERY": "2s",
        "REMINDERD_TIMEZONE": "Europe/Paris",
    }

    settings = load(
        path, environ, overrides={"timezone": "Asia/Tokyo"}, now=NOW
    ).settings

    assert settings.timezone == ZoneInfo("Asia/Tokyo")
    assert settings.poll_every == timedelta(seconds=2)
    assert settings.language == "zh_CN"
    assert settings.reminders.at == time(10)


def test_a_mistake_on_the_command_line_is_told_as_one(tmp_path: Path) -> None:
    path = a_file(tmp_path, "# nothing\n")

    with pytest.raises(ConfigError) as caught:
        load(path, ENVIRON, overrides={"language": "de"}, now=NOW)

    assert caught.value.problems == [
        "command line: language: there is no 'de'; known are: en, zh_CN"
    ]


@pytest.mark.parametrize(
    ("mode", "text", "is_warned"),
    [
        pytest.param(0o604, '[channels.a]\nurl = "json://x"', True, id="url"),
        pytest.param(
            0o604, '[storage]\nurl = "postgresql+psycopg://u:p@h/d"', True, id="store"
        ),
        pytest.param(0o640, '[channels.a]\nurl = "json://x"', False, id="group only"),
        pytest.param(0o644, '[channels.a]\nurl_env = "A"', False, id="no secret in it"),
    ],
)
def test_a_secret_in_a_file_that_others_can_read_is_warned_of(
    tmp_path: Path, mode: int, text: str, is_warned: bool
) -> None:
    path = a_file(tmp_path, text, mode)

    warnings = load(path, ENVIRON, now=NOW).warnings

    assert bool(warnings) is is_warned
    assert all(f"run: chmod 600 {path}" in warning for warning in warnings)


def test_a_secret_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "phone.url"
    secret.write_text("json://x")
    secret.chmod(0o640)

    (problem,) = problems_of(tmp_path, '[channels.a]\nurl_file = "phone.url"')

    assert problem == (
        f"config.toml:2: channels.a.url_file: others can read {secret};"
        f" run: chmod 600 {secret}"
    )


def test_a_day_that_has_begun_for_the_reader_is_not_in_the_future(
    tmp_path: Path,
) -> None:
    text = '[lines.a]\ntimezone = "America/New_York"\nobserved_on = 2026-11-23\n'
    path = a_file(tmp_path, text)
    evening = datetime(2026, 11, 22, 20, tzinfo=UTC)

    settings = load(path, {"TZ": "Asia/Shanghai"}, now=evening).settings

    assert "a" in settings.lines
    with pytest.raises(ConfigError, match="lies in the future"):
        load(path, {"TZ": "Europe/London"}, now=evening)
