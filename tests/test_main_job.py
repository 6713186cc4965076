"""The main job from end to end: one configuration file, real peers, real messages."""

import json
import multiprocessing
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from unittest.mock import patch

import pytest
from freezegun import freeze_time

from reminderd.cli import main
from reminderd.clock import utc_now
from reminderd.delivery.apprise_channel import AppriseChannel
from reminderd.delivery.channel import Outlet
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.reminders import Content, Message
from reminderd.messages.compose import compose
from reminderd.messages.wording import Reader
from reminderd.storage.database import Database
from tests.builders import LONDON, NOW, a_deadline
from tests.outboxes import states
from tests.programs import (
    a_json_channel,
    a_section,
    command,
    environment,
    eventually,
    run,
    running_daemon,
    url_of,
    write_config,
)
from tests.setups import a_declared_line, a_setup, take_up
from tests.sinks import (
    HttpSink,
    ScriptedChannel,
    SmtpSink,
    free_port,
    http_sink,
    smtp_sink,
    titles,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
THREE_LINES = """
[lines.uk-travel]
carrier = "giffgaff"
number = "+447700900123"
valid_until = 2026-12-04
[lines.esim]
data_remaining = "300MB"
data_total = "10GB"
[lines.home]
valid_until = 2026-11-21
"""


def reminderd_at(now: datetime, config: Path, *arguments: str) -> int:
    """Run one command in this process as if it were *now*; return its status."""
    real, ahead = time.clock_gettime, (now - utc_now()).total_seconds()
    with (
        freeze_time(now, tick=True, real_asyncio=True),
        # A clock of the system that freezegun does not know: no time was skipped.
        patch("time.clock_gettime", lambda clock: real(clock) + ahead),
    ):
        return main.run(["--config", str(config), *arguments])


def posted(sink: HttpSink) -> list[dict[str, str]]:
    """Return the messages that a JSON endpoint was sent."""
    return [json.loads(request.body) for request in sink.requests]


def mailed(sink: SmtpSink) -> list[tuple[str, str]]:
    """Return subject and text of the mails that arrived."""
    found = []
    for envelope in sink.mails:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        found.append((mail["Subject"], body.get_content()))
    return found


def a_mail_channel(name: str, sink: SmtpSink) -> str:
    return (
        f"[channels.{name}]\n"
        f'url = "mailto://127.0.0.1:{sink.port}/?from=a@example.org&to=b@example.org"'
    )


def test_each_channel_gets_one_message_worst_first_and_only_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with http_sink() as phone, smtp_sink() as mail:
        config = write_config(
            tmp_path,
            a_json_channel("phone", phone.address),
            a_mail_channel("mail", mail),
            THREE_LINES,
        )

        first = reminderd_at(NOW, config, "check")
        messages, mails = posted(phone), mailed(mail)
        table = capsys.readouterr().out
        second = reminderd_at(NOW + MINUTE, config, "check")

        assert (first, second) == (0, 0)
        assert (len(phone.requests), len(mail.mails)) == (1, 1)

    for title, text in ((messages[0]["title"], messages[0]["message"]), mails[0]):
        assert title.startswith("3 lines: home")
        lines = [text.index(f"{name}: ") for name in ("home", "esim", "uk-travel")]
        assert lines == sorted(lines)
    assert table.count("sent to phone") == table.count("sent to mail") == 3


@pytest.mark.slow
def test_five_days_on_the_first_line_alone_is_reported_once(tmp_path: Path) -> None:
    with http_sink() as phone:
        config = write_config(
            tmp_path, a_json_channel("phone", phone.address), THREE_LINES
        )
        reminderd_at(NOW, config, "check")
        del phone.requests[:]

        for hours in range(0, 72, 12):
            reminderd_at(NOW + 5 * DAY + timedelta(hours=hours), config, "check")

        assert [message["title"] for message in posted(phone)] == [
            "uk-travel: 7 days left, ends Fri 4 Dec"
        ]


@pytest.mark.slow
def test_renewal_is_confirmed_with_the_next_date_and_arms_the_ladder_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with http_sink() as phone:
        config = write_config(
            tmp_path,
            a_json_channel("phone", phone.address),
            '[thresholds]\nstale = "never"',
            THREE_LINES,
        )
        reminderd_at(NOW, config, "check")
        del phone.requests[:]
        capsys.readouterr()

        renewed = reminderd_at(NOW, config, "renew", "uk-travel", "--period", "60d")
        answer = capsys.readouterr().out
        for days in (0, 41, 42, 43, 64, 65, 66, 68, 69, 71, 72, 73, 74):
            reminderd_at(NOW + days * DAY, config, "check")
        told = [
            message["title"]
            for message in posted(phone)
            if message["title"].startswith("uk-travel")
        ]

    assert renewed == 0
    assert "Next reminder: Sun 3 Jan" in answer
    assert told == [
        "uk-travel: renewed until Tue 2 Feb",
        "uk-travel: 30 days left, ends Tue 2 Feb",
        "uk-travel: 7 days left, ends Tue 2 Feb",
        "uk-travel: 3 days left, ends Tue 2 Feb",
        "uk-travel: ends tomorrow, Tue 2 Feb",
        "uk-travel: ended yesterday, Tue 2 Feb",
    ]


@pytest.mark.slow
def test_machine_that_was_off_for_six_days_says_one_thing_late(tmp_path: Path) -> None:
    with http_sink() as phone:
        config = write_config(
            tmp_path, a_json_channel("phone", phone.address), THREE_LINES
        )
        reminderd_at(datetime(2026, 11, 26, 12, tzinfo=UTC), config, "check")
        del phone.requests[:]

        reminderd_at(datetime(2026, 12, 2, 12, tzinfo=UTC), config, "check")
        reminderd_at(datetime(2026, 12, 2, 13, tzinfo=UTC), config, "check")

        (message,) = posted(phone)
        assert message["title"] == "uk-travel: 2 days left, ends Fri 4 Dec"
        assert "This reminder is late" in message["message"]


def chance_from(seed: int) -> random.Random:
    """Return the same random numbers in each run."""
    return random.Random(seed)  # noqa: S311 - only spreads retries and kills


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def worded(contents: Sequence[Content], now: datetime, short: bool) -> Message:
    reader = Reader(language="en", zone=LONDON)
    return compose(contents, reader, {}, now, short=short)


def an_outlet(channel: ScriptedChannel, fallback: str | None = None) -> Outlet:
    return Outlet(
        channel=channel, zone=LONDON, compose=worded, fingerprint="1", fallback=fallback
    )


@pytest.mark.slow
def test_channel_that_is_dead_for_three_hours_has_it_in_the_end(
    database: Database,
) -> None:
    busy = Verdict(outcome=Outcome.TRANSIENT, reason="the service answered 503")
    phone, mail = ScriptedChannel("phone", *[busy] * 99), ScriptedChannel("mail")
    outlets = {"phone": an_outlet(phone, "mail"), "mail": an_outlet(mail)}
    line = a_declared_line(a_deadline(), route=("phone",))
    setup = a_setup(line, outlets=outlets)
    clock = Clock()
    dispatcher = Dispatcher(database, "daemon", clock, chance_from(7).random)
    dispatcher.configure(outlets)
    tried: list[datetime] = []
    mails_at: list[datetime] = []

    while clock.now < NOW + 4 * HOUR and ("phone", "sent") not in states(database):
        if clock.now >= NOW + 3 * HOUR:
            phone.recover()
        take_up(database, setup, clock.now)
        dispatcher.drain(90)
        tried += [clock.now] * (len(phone.messages) - len(tried))
        mails_at += [clock.now] * (len(mail.messages) - len(mails_at))
        clock.now += MINUTE / 4 if clock.now < NOW + HOUR / 3 else MINUTE

    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert states(database)[0] == ("phone", "sent")
    assert titles(phone.messages)[-2:] == [
        "uk-travel: 12 days left, ends Fri 4 Dec",
        "reminderd: channel phone works again",
    ]
    assert gaps[:4] == sorted(gaps[:4])
    assert max(gaps) <= 31 * MINUTE
    assert mails_at[0] <= NOW + 15 * MINUTE + MINUTE / 4
    assert "uk-travel" in titles(mail.messages)[0]


@pytest.mark.slow
def test_hanging_channel_does_not_delay_the_other(tmp_path: Path) -> None:
    with http_sink(mute=True) as hung, http_sink() as good:
        config = write_config(
            tmp_path,
            a_json_channel("hung", hung.address, 'timeout = "2s"'),
            a_json_channel("good", good.address),
            THREE_LINES,
        )
        started = time.monotonic()
        arrived: list[float] = []
        watch = Thread(
            target=lambda: arrived.append(
                eventually(lambda: good.requests) and time.monotonic() - started
            )
        )
        watch.start()

        assert main.run(["--config", str(config), "check"]) == 0
        watch.join()

        assert 0 < arrived[0] < 1.9
        assert len(good.requests) == len(hung.requests) == 1


def send_all(url: str, address: str, names: list[str], now: datetime) -> None:
    """Make a pass and send what is due: what the tests kill."""
    outlet = Outlet(
        channel=AppriseChannel("phone", f"json://{address}"),
        zone=LONDON,
        compose=worded,
        fingerprint="1",
        group=False,
    )
    lines = [a_declared_line(a_deadline(), name=name) for name in names]
    setup = a_setup(*lines, digest=",".join(names), outlets={"phone": outlet})
    with closing(Database.open(url)) as database:
        take_up(database, setup, now)
        worker = f"{os.getpid()}-{now.isoformat()}"
        dispatcher = Dispatcher(database, worker, lambda: now, lambda: 0.5)
        dispatcher.configure(setup.outlets)
        dispatcher.drain(90)


def has_more(sink: HttpSink, count: int) -> bool:
    return len(sink.requests) > count


def killed_between_send_and_record(
    tmp_path: Path, kills: int, chance: random.Random
) -> tuple[list[str], Counter[str]]:
    """Kill a sender so many times; return the lines, and how often each arrived."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["apprise", "tests.test_main_job"])
    url = f"sqlite:///{tmp_path}/state/reminderd.db"
    names: list[str] = []
    now = NOW
    with http_sink() as sink:
        for _ in range(kills):
            names.append(f"line-{len(names)}")
            sink.gate.clear()
            before = len(sink.requests)
            doomed = context.Process(
                target=send_all, args=(url, sink.address, names, now)
            )
            doomed.start()
            assert eventually(partial(has_more, sink, before))
            if chance.random() < 0.5:
                sink.gate.set()
                time.sleep(chance.uniform(0, 0.03))
            doomed.kill()
            doomed.join()
            sink.gate.set()
            # Once to find that the lease is over, once more after the gap.
            for _ in range(2):
                now += 5 * MINUTE
                send_all(url, sink.address, names, now)
        arrived = Counter(
            message["title"].partition(":")[0] for message in posted(sink)
        )
    return names, arrived


@pytest.mark.slow
def test_five_kills_between_send_and_record_lose_nothing(tmp_path: Path) -> None:
    names, arrived = killed_between_send_and_record(tmp_path, 5, chance_from(1))

    assert set(arrived) == set(names)
    assert max(arrived.values()) == 2, arrived


@pytest.mark.slow
def test_commands_killed_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    chance = chance_from(3)
    with http_sink() as phone:
        channel = a_json_channel("phone", phone.address, "group = false")
        names = [f"line-{number}" for number in range(15)]
        config = write_config(tmp_path, channel)
        for number in range(15):
            write_config(tmp_path, channel, *map(a_section, names[: number + 1]))
            doomed = subprocess.Popen(
                command(config, "check"),
                env=environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(chance.uniform(0.3, 2))
            doomed.kill()
            doomed.wait()
        for minutes in range(0, 90, 3):
            reminderd_at(utc_now() + minutes * MINUTE, config, "check")

        arrived = Counter(
            message["title"].partition(":")[0] for message in posted(phone)
        )
    assert set(arrived) == set(names)
    assert max(arrived.values()) <= 2


@pytest.mark.slow
def test_twenty_checks_beside_the_daemon_send_each_reminder_once(
    tmp_path: Path,
) -> None:
    with http_sink() as phone:
        channel = a_json_channel("phone", phone.address, "group = false")
        config = write_config(tmp_path, channel)
        with running_daemon(config) as daemon:
            names = [f"line-{number}" for number in range(12)]
            write_config(tmp_path, channel, *map(a_section, names))
            checks = [
                subprocess.Popen(
                    command(config, "check"),
                    env=environment(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for _ in range(20)
            ]
            ended = [(check.communicate()[1], check.returncode) for check in checks]
            assert eventually(lambda: len(phone.requests) >= len(names))
            assert daemon.stop() == 0

    assert ended == [("", 0)] * 20
    arrived = Counter(message["title"].partition(":")[0] for message in posted(phone))
    assert arrived == Counter(names)


def test_redirect_to_another_host_delivers_nothing_there(tmp_path: Path) -> None:
    with http_sink() as thief, http_sink(status=302) as phone, http_sink() as spare:
        phone.headers["Location"] = f"http://{thief.address}/"
        config = write_config(
            tmp_path,
            f'[channels.phone]\nurl = "json://{phone.address}/?+X-Key=s3cret"\n'
            'fallback = "spare"',
            a_json_channel("spare", spare.address),
            a_section(more='channels = ["phone"]'),
        )

        status = main.run(["--config", str(config), "check"])

        assert status == 0
        assert thief.requests == []
        assert phone.requests[0].headers["X-Key"] == "s3cret"
        assert [message["title"].split(":")[0] for message in posted(spare)] != []
        assert any("uk-travel" in request.body.decode() for request in spare.requests)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_store_made_by_root_can_be_written_by_the_daemon() -> None:
    with TemporaryDirectory() as place:
        directory = Path(place)
        directory.chmod(0o755)
        state = directory / "state"
        state.mkdir(mode=0o700)
        os.chown(state, 12345, 12345)
        with http_sink() as phone:
            config = write_config(
                directory, a_json_channel("phone", phone.address), THREE_LINES
            )
            assert run(config, "check").returncode == 0
        script = (
            "import os, sys\n"
            "from reminderd.storage import meta\n"
            "from reminderd.storage.database import Database\n"
            "os.setgroups([])\n"
            "os.setgid(12345)\n"
            "os.setuid(12345)\n"
            "with Database.open(sys.argv[1]).write() as tx:\n"
            "    meta.put(tx, 'daemon', 'was here')\n"
        )

        written = subprocess.run(
            [sys.executable, "-c", script, url_of(config)],
            # That user cannot write what a measurement of coverage would.
            env={
                name: value
                for name, value in environment().items()
                if not name.startswith("COVERAGE")
            },
            capture_output=True,
            text=True,
            check=False,
        )

        assert (written.returncode, written.stderr) == (0, "")
        assert {path.stat().st_uid for path in state.iterdir()} == {12345}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "due", "now", "title"),
    [
        pytest.param(
            "Europe/Berlin", "2026-10-25", "2026-10-25T22:59Z", "today", id="autumn"
        ),
        pytest.param(
            "Europe/Berlin",
            "2026-10-25",
            "2026-10-25T23:01Z",
            "over",
            id="autumn, over",
        ),
        pytest.param(
            "Europe/Berlin", "2026-03-29", "2026-03-29T21:59Z", "today", id="spring"
        ),
        pytest.param(
            "Europe/Berlin",
            "2026-03-29",
            "2026-03-29T22:01Z",
            "over",
            id="spring, over",
        ),
        pytest.param(
            "America/Santiago", "2026-09-05", "2026-09-06T03:59Z", "today", id="gap"
        ),
        pytest.param(
            "America/Santiago",
            "2026-09-05",
            "2026-09-06T04:01Z",
            "over",
            id="gap, over",
        ),
        pytest.param(
            "America/Santiago", "2026-04-04", "2026-04-05T03:59Z", "today", id="fold"
        ),
        pytest.param(
            "America/Santiago",
            "2026-04-04",
            "2026-04-05T04:01Z",
            "over",
            id="fold, over",
        ),
    ],
)
def test_day_of_a_clock_change_ends_at_its_own_midnight(
    tmp_path: Path, zone: str, due: str, now: str, title: str
) -> None:
    day = date.fromisoformat(due)
    text = f"{day:%a} {day.day} {day:%b}"
    expected = {
        "today": f"uk-travel: ends today, {text}",
        "over": f"uk-travel: ended yesterday, {text}",
    }
    with http_sink() as phone:
        config = write_config(
            tmp_path,
            a_json_channel("phone", phone.address),
            f"[lines.uk-travel]\nvalid_until = {due}",
        )
        config.write_text(config.read_text().replace('"UTC"', f'"{zone}"'))

        reminderd_at(datetime.fromisoformat(now), config, "check")

        assert [message["title"] for message in posted(phone)] == [expected[title]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "due", "days_before", "nine_in_utc"),
    [
        pytest.param("Europe/Berlin", "2026-10-28", 7, "2026-10-21T07:00Z", id="b1"),
        pytest.param("Europe/Berlin", "2026-10-26", 1, "2026-10-25T08:00Z", id="b2"),
        pytest.param("America/Santiago", "2026-09-07", 1, "2026-09-06T12:00Z", id="s1"),
        pytest.param("America/Santiago", "2026-09-07", 3, "2026-09-04T13:00Z", id="s2"),
    ],
)
def test_nine_o_clock_stays_nine_o_clock(
    tmp_path: Path, zone: str, due: str, days_before: int, nine_in_utc: str
) -> None:
    nine = datetime.fromisoformat(nine_in_utc)
    with http_sink() as phone:
        config = write_config(
            tmp_path,
            a_json_channel("phone", phone.address),
            f'[thresholds]\nvalidity = ["{days_before}d"]',
            f"[lines.uk-travel]\nvalid_until = {due}",
        )
        config.write_text(config.read_text().replace('"UTC"', f'"{zone}"'))

        reminderd_at(nine - MINUTE, config, "check")
        before = len(phone.requests)
        reminderd_at(nine, config, "check")

        assert (before, len(phone.requests)) == (0, 1)


def test_reader_in_shanghai_sees_both_dates_of_a_line_in_london(tmp_path: Path) -> None:
    with http_sink() as phone:
        config = write_config(
            tmp_path, a_json_channel("phone", phone.address), THREE_LINES
        )
        config.write_text(config.read_text().replace('"UTC"', '"Asia/Shanghai"'))
        reminderd_at(NOW, config, "check")
        del phone.requests[:]

        reminderd_at(datetime(2026, 12, 4, 20, tzinfo=UTC), config, "check")

        (message,) = posted(phone)
        assert message["title"] == "uk-travel: 3 hours left, ends Sat 5 Dec 08:00"
        assert "In London time: the end of Fri 4 Dec" in message["message"]


def channels_with_secrets(angry: HttpSink) -> str:
    """Return channels whose every address holds a secret, and which all fail."""
    closed = free_port()
    urls = {
        "angry": f"json://us3r:passw0rd@{angry.address}/t0ken/?+X-Key=hdr-s3cret",
        "dead": f"json://us3r:passw0rd@127.0.0.1:{closed}/t0ken",
        "post": f"mailto://us3r:passw0rd@127.0.0.1:{closed}/"
        "?from=m@example.org&to=me@example.org",
    }
    sections = [f'[channels.{name}]\nurl = "{url}"' for name, url in urls.items()]
    return "\n".join(sections)


@pytest.mark.slow
def test_no_secret_and_no_number_is_shown_at_any_level(tmp_path: Path) -> None:
    line = a_section(more='number = "+447700900123"\niccid = "8944110000000001234"')
    with http_sink(status=500, body=b"t0ken-in-the-answer") as angry:
        config = write_config(tmp_path, channels_with_secrets(angry), line)
        outputs = [
            run(config, "--debug", *arguments)
            for arguments in (("check",), ("status", "--json"), ("config", "show"))
        ]
        # Another address: what rests after its failures is tried at once.
        channels = channels_with_secrets(angry).replace("/t0ken", "/t0ken-too")
        write_config(tmp_path, channels, line, a_section("esim"))
        with running_daemon(config, "--debug") as daemon:
            assert eventually(lambda: "channel=angry" in daemon.log)
            assert daemon.stop() == 0

    shown = daemon.log + "".join(known.stdout + known.stderr for known in outputs)
    assert [output.returncode for output in outputs] == [3, 0, 0]
    assert "the service answered 500" in shown
    secrets = ("t0ken", "passw0rd", "us3r", "s3cret", "7700900", "0000001234", "n://1")
    assert [secret for secret in secrets if secret in shown] == []
