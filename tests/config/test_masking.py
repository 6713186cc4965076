from pathlib import Path

import pytest

from tests.config.samples import loaded

SECRETS = """\
[storage]
url = "postgresql+psycopg://me:hunter2@db:5432/r?password=hunter3"
[thresholds]
validity = ["1mo", { at = "36h", severity = "info" }]
data = ["12.5%", "1.5GiB", "1B", "1234567890B"]
voice = ["90min", "1h30s"]
balance = ["5.00 GBP", "500 JPY"]
[reminders]
repeat = ["1d", "2w"]
[channels.phone]
url = "bark://hunter2@host"
quiet = "22:00-08:00"
[lines.a]
number = "+447700900123"
iccid = "8944110012345671234"
valid_until = 2027-01-31T12:00:00+01:00
credit_until = 2027-01-31
voice_remaining = "0min"
"""


def test_what_is_shown_holds_no_secret_and_no_whole_number(tmp_path: Path) -> None:
    shown = loaded(tmp_path, SECRETS).settings.masked()

    assert shown == {
        "timezone": "Asia/Shanghai",
        "language": "en",
        "poll_every": "5s",
        "storage": {"url": "postgresql+psycopg://me:***@db:5432/r?***"},
        "thresholds": {
            "validity": ["1mo", {"at": "36h", "severity": "info"}],
            "data": ["12.5%", "1610612.736kB", "1B", "1234567.89kB"],
            "voice": ["90min", "3630s"],
            "balance": ["5.00 GBP", "500 JPY"],
        },
        "reminders": {
            "at": "09:00",
            "repeat": ["1d", "14d"],
            "promotions": "14d",
        },
        "metrics": {"lines": 1000},
        "channels": {
            "phone": {
                "url": "***",
                "min_severity": "info",
                "quiet": "22:00-08:00",
                "group": True,
                "insecure": False,
                "timeout": "60s",
            }
        },
        "lines": {
            "a": {
                "number": "+44 •••• 0123",
                "iccid": "89•••• 1234",
                "tags": [],
                "valid_until": "2027-01-31T11:00:00+00:00",
                "credit_until": "2027-01-31",
                "voice_remaining": "0min",
            }
        },
    }


def test_a_store_in_a_file_is_shown_whole(tmp_path: Path) -> None:
    text = '[storage]\nurl = "sqlite:////var/lib/reminderd/x.db"\n'

    shown = loaded(tmp_path, text).settings.masked()

    assert shown["storage"] == {"url": "sqlite:////var/lib/reminderd/x.db"}


@pytest.mark.parametrize(
    "url",
    [
        "u:hun/ter2@db/r",
        "u:hunter2@x:hunter3/r",
        "u:hun?ter2@db/r",
        "u:1#ter2@d/r",
        "u:1?ter@d",
    ],
)
def test_a_password_that_is_not_escaped_hides_the_whole_address(
    tmp_path: Path, url: str
) -> None:
    text = f'[storage]\nurl = "postgresql+psycopg://{url}"\n'

    shown = loaded(tmp_path, text).settings.masked()

    assert "ter" not in str(shown["storage"])


def test_neither_text_nor_repr_of_the_settings_holds_a_secret(tmp_path: Path) -> None:
    settings = loaded(tmp_path, SECRETS).settings

    for shown in (str(settings), repr(settings), repr(settings.lines)):
        assert "hunter" not in shown
        assert "900123" not in shown
        assert "12345671234" not in shown
