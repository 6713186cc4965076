"""A store with a past: some months of seven lines, made by the commands themselves."""

from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from freezegun import freeze_time

from reminderd.cli.main import run
from tests.builders import NOW
from tests.sinks import http_sink

_DAY = timedelta(days=1)
_CONFIG = """
timezone = "Europe/London"
[storage]
url = "sqlite:///{directory}/state/reminderd.db"
[channels.phone]
url = "json://{phone}"
[channels.mail]
url = "json://{mail}"
"""
_ADDED = """
uk-travel carrier=giffgaff number=+447700900123 valid_until=2026-08-25 \
data_total=10GB data_remaining=10GB renew_price=10.00GBP
香港备用 carrier=clubsim-hk number=+85251234567 valid_until=2026-12-05 \
data_total=6GB data_remaining=6GB voice_total=1000min voice_remaining=640min
tablet carrier=vodafone-de valid_until=2027-01-20 data_total=20GB data_remaining=18GB
backup carrier=cmhk-hk number=+85261234567 balance_remaining=48.00HKD \
balance_total=100.00HKD credit_until=2026-11-17
home carrier=three-uk number=+447400123456 last_activity=2026-07-04
japan-trip carrier=airalo start_by=2027-01-12 data_total=3GB
spare
"""

LINES = tuple(line.split()[0] for line in _ADDED.strip().splitlines())


@dataclass(slots=True)
class Story:
    """Types commands at instants of the past."""

    config: Path
    at: datetime = NOW

    def __call__(self, *arguments: str) -> str:
        """Type a command; return what it says."""
        said = StringIO()
        up = (self.at - NOW + 365 * _DAY).total_seconds()
        with (
            freeze_time(self.at, tick=True, real_asyncio=True),
            patch("time.clock_gettime", lambda _clock: 1_000_000 + up),
            redirect_stdout(said),
            redirect_stderr(said),
        ):
            status = run(("--config", str(self.config), *arguments))
        # A check tells of a broken channel with a status of its own.
        assert status == 0 or arguments[0] == "check", said.getvalue()
        self.at += timedelta(minutes=1)
        return said.getvalue()

    def go(self, day: int, month: int = 11, hour: int = 9) -> None:
        """Go on to an hour of a day."""
        self.at = datetime(2026, month, day, hour, 30, tzinfo=UTC)


def build(directory: Path) -> Path:
    """Make the store in *directory*; return the path of its configuration."""
    config = directory / "config.toml"
    with http_sink() as phone, http_sink() as mail:
        text = _CONFIG.format(
            directory=directory,
            phone=phone.address,
            mail=mail.address,
        )
        config.write_text(text)
        config.chmod(0o600)
        story = Story(config)
        _begin(story)
        _summer(story)
        mail.status = 404
        _autumn(story)
    return config


def report(config: Path, language: str, target: Path, *more: str) -> Path:
    """Write the report for readers of a *language* to *target*, which is returned."""
    story = Story(_translated(config, language))
    story("report", "--now", NOW.isoformat(), "-o", str(target), *more)
    return target


def screen(config: Path, language: str, columns: int, *command: str) -> str:
    """Return what *command* says on a terminal of so many *columns*."""
    with patch.dict("os.environ", {"COLUMNS": str(columns)}):
        return Story(_translated(config, language))(*command)


def _translated(config: Path, language: str) -> Path:
    translated = config.with_name(f"config-{language}.toml")
    translated.write_text(f'language = "{language}"\n' + config.read_text("utf-8"))
    translated.chmod(0o600)
    return translated


def _begin(story: Story) -> None:
    story.go(28, 7)
    story("check")
    for line in _ADDED.strip().splitlines():
        name, *figures = line.split()
        if name == "home":
            story.go(28, 7, 10)
        story(
            "add",
            name,
            *(each.replace("GBP", " GBP").replace("HKD", " HKD") for each in figures),
        )


def _summer(story: Story) -> None:
    for day, month in ((24, 8), (23, 9), (24, 10)):
        story.go(day, month)
        price = "12.00 GBP" if month == 10 else "10.00 GBP"
        story(
            "renew",
            "uk-travel",
            "--price",
            price,
            "--via",
            "app",
            "--on",
            story.at.date().isoformat(),
        )
        story("check")
        story("update", "uk-travel", "data_remaining=3.1GB")
        story.at += _DAY
        story("update", "uk-travel", "data_remaining=9.8GB")
    story.go(6, 9)
    story("renew", "香港备用", "--until", "2026-12-05", "--price", "78.00 HKD")
    story(
        "touch",
        "backup",
        "--kind",
        "top-up",
        "--price",
        "50.00 HKD",
        "--on",
        "2026-09-06",
    )
    story("update", "backup", "credit_until=2026-11-17")


def _autumn(story: Story) -> None:
    used = (0, 3, 6, 12, 14, 17, 25, 27, 31, 38, 41, 44, 47, 55, 60, 63, 68, 71, 76, 81)
    for day, part in enumerate(used, start=3):
        story.go(day, hour=8)
        story("update", "uk-travel", f"data_remaining={10 - part / 10:.1f}GB")
        if day % 3 == 0:
            left = 6 - part / 20
            story(
                "update",
                "香港备用",
                f"data_remaining={left:.2f}GB",
                f"voice_remaining={640 - part}min",
            )
            story("update", "tablet", f"data_remaining={18 - part / 20:.2f}GB")
        story("check")
    story.go(22, hour=11)
    story("check")
