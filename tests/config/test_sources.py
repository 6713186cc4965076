from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reminderd.config.sources import machine_zone
from reminderd.domain.ladders import Limit
from reminderd.domain.periods import Period
from tests.config.samples import loaded, problems_of


def test_a_variable_reaches_into_sections(tmp_path: Path) -> None:
    environ = {
        "REMINDERD_REMINDERS__REPEAT": '["1d", "3d"]',
        "REMINDERD_THRESHOLDS": '{"validity": ["7d"]}',
        "REMINDERD_CHANNELS__PHONE__GROUP": "false",
        "REMINDERD_LINES__HOME__VALID_UNTIL": "2027-01-31",
        "REMINDERD_LINES__HOME__SMS_REMAINING": "5",
    }

    settings = loaded(
        tmp_path, '[channels.phone]\nurl = "json://x"\n', environ
    ).settings

    assert settings.reminders.repeat == (Period(days=1), Period(days=3))
    assert settings.thresholds.validity == (Limit(Period(days=7)),)
    assert settings.channels["phone"].group is False
    assert settings.lines["home"].sms_remaining == 5


@pytest.mark.parametrize(
    ("environ", "problem"),
    [
        pytest.param(
            {"REMINDERD_TIMEZON": "UTC"},
            "REMINDERD_TIMEZON: unknown key; did you mean 'timezone'?",
            id="misspelt",
        ),
        pytest.param(
            {"REMINDERD_REMINDERS__AT": "9"},
            "REMINDERD_REMINDERS__AT: '9' is not a time of day; write \"09:00\"",
            id="wrong value",
        ),
        pytest.param(
            {"REMINDERD_LINES__A__DATA_TOTAL": "5"},
            "REMINDERD_LINES__A__DATA_TOTAL: '5' is not a size; write \"500MB\" or"
            ' "1.2GB"',
            id="wrong value of a line",
        ),
        pytest.param(
            {"REMINDERD_THRESHOLDS__VALIDITY": '["7d"'},
            "REMINDERD_THRESHOLDS__VALIDITY: is not valid JSON; write a list as"
            ' ["30d", "7d"]',
            id="broken list",
        ),
        pytest.param(
            {"REMINDERD_STORAGE": "x", "REMINDERD_STORAGE__URL": "sqlite:////x"},
            "REMINDERD_STORAGE__URL: 'storage' is set as a whole too; keep one of the"
            " two",
            id="whole and part",
        ),
    ],
)
def test_a_mistake_in_a_variable_is_told_under_its_name(
    tmp_path: Path, environ: dict[str, str], problem: str
) -> None:
    assert problem in problems_of(tmp_path, "# nothing\n", environ)


def test_the_variables_of_channels_may_have_any_name(tmp_path: Path) -> None:
    text = '[channels.a]\nurl_env = "REMINDERD_PHONE"\n'

    settings = loaded(tmp_path, text, {"REMINDERD_PHONE": "json://x"}).settings

    assert settings.channels["a"].url_env == "REMINDERD_PHONE"


def test_the_variable_that_names_the_file_is_no_setting(tmp_path: Path) -> None:
    result = loaded(tmp_path, "# nothing\n", {"REMINDERD_CONFIG": "/x"})

    assert result.path == tmp_path / "config.toml"


def test_a_credential_sets_what_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "reminderd_storage__url").write_text("sqlite:////x.db\n")
    (tmp_path / "reminderd_mail").write_text("mailto://x")
    (tmp_path / "other").write_text("not ours")
    text = '[channels.a]\nurl_credential = "reminderd_mail"\n'

    settings = loaded(tmp_path, text, {"CREDENTIALS_DIRECTORY": str(tmp_path)}).settings

    assert settings.storage.url is not None
    assert settings.storage.url.get_secret_value() == "sqlite:////x.db"


def test_a_mistake_in_a_credential_is_told_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "reminderd_language").write_text("de")
    (tmp_path / "reminderd_timezone").write_bytes(b"\xff")
    (tmp_path / "reminderd_poll_every").mkdir()

    problems = problems_of(
        tmp_path, "# nothing\n", {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    )

    assert [problem.removeprefix("credential reminderd_") for problem in problems] == [
        "poll_every: is a directory; give the path of a file in it",
        "timezone: is not UTF-8 text; write it as text",
        "language: there is no 'de'; known are: en, zh_CN",
    ]
    assert all(problem.startswith("credential reminderd_") for problem in problems)


def test_a_missing_directory_of_credentials_is_told(tmp_path: Path) -> None:
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path / "none")}

    assert problems_of(tmp_path, "# nothing\n", environ) == [
        "$CREDENTIALS_DIRECTORY: there is no such file"
    ]


@pytest.mark.parametrize(
    ("environ", "target", "zone"),
    [
        ({"TZ": "Europe/Rome"}, "/usr/share/zoneinfo/Asia/Tokyo", "Europe/Rome"),
        ({"TZ": ":Europe/Rome"}, "/nowhere", "Europe/Rome"),
        ({}, "/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ({"TZ": "CET-1CEST"}, "/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ({"TZ": "../etc"}, "/nowhere", "UTC"),
        ({}, "/usr/share/zoneinfo/No/Such", "UTC"),
    ],
)
def test_the_machines_zone_is_found(
    tmp_path: Path, environ: dict[str, str], target: str, zone: str
) -> None:
    localtime = tmp_path / "localtime"
    localtime.symlink_to(target)

    assert machine_zone(environ, localtime) == ZoneInfo(zone)
