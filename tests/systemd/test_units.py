"""The units of systemd/ with the real wheel, under a real systemd.

By hand, as root: python -m pytest -n 0 -m systemd tests/systemd
"""

import time

import pytest

from tests.programs import eventually, in_days
from tests.systemd.machine import STATE, Machine

pytestmark = [
    pytest.mark.systemd,
    # The first of them may have to build the machine.
    pytest.mark.timeout(900),
]

CONFIG = "/etc/reminderd/config.toml"
HEAD = 'timezone = "UTC"\npoll_every = "1s"\n'
SECRET = "s3cr3t-token"
PORT = 8099
# Accepts everything, and keeps what it was sent.
SINK = f"""
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open("/run/sink.log", "ab") as log:
            log.write(self.path.encode() + b" " + body + b"\\n")
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
HTTPServer(("127.0.0.1", {PORT}), Handler).serve_forever()
"""


def a_line(name: str = "uk-travel", days: int = 12) -> str:
    return f"[lines.{name}]\nvalid_until = {in_days(days)}\n"


def start(machine: Machine, *sections: str) -> str:
    """Start the daemon with a configuration; return the number of its process."""
    machine.write(CONFIG, "\n".join((HEAD, *(sections or (a_line(),)))))
    machine.sh("systemctl", "start", "reminderd")
    return machine.pid


def logged(machine: Machine, text: str, seconds: float = 60) -> bool:
    return eventually(lambda: text in machine.journal(), seconds)


def restarted(machine: Machine, pid: str, seconds: float = 60) -> bool:
    """Wait until another process of the daemon is ready; tell whether one is."""
    return eventually(
        lambda: (
            machine.pid not in {"0", pid} and machine.show("ActiveState") == "active"
        ),
        seconds,
    )


def test_start_means_ready_and_reminders_come(machine: Machine) -> None:
    start(machine)

    # At once: the start has waited for it.
    assert "channels, pass at " in machine.show("StatusText")
    assert machine.show("ActiveState") == "active"
    assert logged(machine, "uk-travel: 12 days left")


def test_store_belongs_to_the_service_alone(machine: Machine) -> None:
    pid = start(machine)
    assert logged(machine, "uk-travel: 12 days left")

    uid = machine.sh("stat", "-c", "%u", f"/proc/{pid}")
    seen = machine.sh("stat", "-c", "%a %u", STATE, f"{STATE}/reminderd.db")
    other = machine.try_sh(
        "setpriv", "--reuid=1234", "--clear-groups", "cat", f"{STATE}/reminderd.db"
    )

    assert 61184 <= int(uid) <= 65519
    assert seen.splitlines() == [f"700 {uid}", f"600 {uid}"]
    assert "Permission denied" in other.stderr


def test_credential_is_for_the_service_alone_and_in_no_journal(
    machine: Machine,
) -> None:
    machine.sh("systemd-run", "-q", "--unit=sink", "/usr/bin/python3", "-c", SINK)
    source = "/etc/reminderd/credentials/phone-url"
    machine.write(source, f"json://127.0.0.1:{PORT}/{SECRET}\n", 0o600)
    machine.drop_in(f"[Service]\nLoadCredential=phone-url:{source}\n")

    pid = start(machine, '[channels.phone]\nurl_credential = "phone-url"\n', a_line())

    assert eventually(
        lambda: SECRET in machine.try_sh("cat", "/run/sink.log").stdout, 30
    )
    place = f"/proc/{pid}/root/run/credentials/reminderd.service/phone-url"
    mode = machine.sh("stat", "-c", "%a", place)
    assert mode in {"400", "440"}
    assert SECRET not in machine.sh("journalctl", "--no-pager")
    assert SECRET not in machine.sh("cat", f"/proc/{pid}/cmdline")
    # root's check beside it cannot know the address, and says so.
    assert "phone is left to the service" in (
        machine.try_sh("/opt/reminderd/bin/reminderd", "check").stderr
    )


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("/etc/reminderd/credentials/phone-url", id="a file of root's"),
        pytest.param("/root/phone.url", id="in the home of root"),
        pytest.param("/home/ann/phone.url", id="in the home of somebody"),
    ],
)
def test_service_cannot_read_what_is_not_its_own(machine: Machine, secret: str) -> None:
    machine.write(secret, f"json://127.0.0.1:{PORT}/{SECRET}\n", 0o600)
    machine.write(CONFIG, f'{HEAD}[channels.phone]\nurl_file = "{secret}"\n')

    started = machine.try_sh("systemctl", "start", "reminderd")

    assert started.returncode != 0
    assert machine.show("ExecMainStatus") == "78"
    assert f"channels.phone.url_file: {secret}: " in machine.journal()


def test_reload_takes_an_edit_up_and_keeps_the_process(machine: Machine) -> None:
    pid = start(machine)
    assert logged(machine, "uk-travel: 12 days left")
    machine.write(CONFIG, HEAD + a_line() + a_line("spain", 2))

    machine.sh("systemctl", "reload", "reminderd")

    assert logged(machine, "configuration reloaded")
    assert logged(machine, "spain: 2 days left")
    assert machine.pid == pid


def test_broken_edit_keeps_the_settings_from_before(machine: Machine) -> None:
    pid = start(machine)
    machine.write(CONFIG, f'{HEAD}frobnicate = "yes"\n')

    machine.sh("systemctl", "reload", "reminderd")

    assert eventually(lambda: "DEGRADED: config.toml:3" in machine.show("StatusText"))
    assert logged(machine, "edit refused")
    assert (machine.pid, machine.show("ActiveState")) == (pid, "active")


def test_broken_configuration_ends_the_start_without_a_loop(machine: Machine) -> None:
    machine.write(CONFIG, f'{HEAD}frobnicate = "yes"\n')
    machine.drop_in("[Service]\nRestartSec=100ms\n")

    started = machine.try_sh("systemctl", "start", "reminderd")
    time.sleep(1)

    assert started.returncode != 0
    assert machine.show("ActiveState") == "failed"
    assert machine.show("ExecMainStatus") == "78"
    assert machine.show("NRestarts") == "0"
    assert "config.toml:3: frobnicate: " in machine.journal()


def test_watchdog_replaces_a_daemon_that_hangs(machine: Machine) -> None:
    machine.drop_in("[Service]\nWatchdogSec=4s\nRestartSec=100ms\n")
    pid = start(machine)
    assert logged(machine, "uk-travel: 12 days left")
    machine.sh("kill", "-STOP", pid)

    assert restarted(machine, pid)
    assert "Watchdog timeout" in machine.journal()


def test_killed_daemon_comes_back_and_repeats_nothing(machine: Machine) -> None:
    machine.drop_in("[Service]\nRestartSec=100ms\n")
    pid = start(machine)
    assert logged(machine, "outcome=sent")
    machine.sh("kill", "-KILL", pid)

    assert restarted(machine, pid)
    machine.reminderd("add", "spain", f"valid_until={in_days(2)}")
    assert logged(machine, "spain: 2 days left")
    assert machine.journal().count("uk-travel: 12 days left") == 1


def test_stop_is_clean_and_quick(machine: Machine) -> None:
    start(machine)
    started = time.monotonic()

    machine.sh("systemctl", "stop", "reminderd")

    assert time.monotonic() - started < 10
    assert machine.show("Result") == "success"
    assert "stopped" in machine.journal()


def test_root_records_a_reading_while_it_runs(machine: Machine) -> None:
    pid = start(machine, a_line(days=200))
    assert logged(machine, "started")

    machine.reminderd("update", "uk-travel", "data_remaining=100MB", "data_total=9GB")

    assert logged(machine, "uk-travel: 100 MB")
    uid = machine.sh("stat", "-c", "%u", f"/proc/{pid}")
    owners = machine.sh("find", STATE, "-printf", "%U\\n")
    assert set(owners.split()) == {uid}


def test_check_beside_the_daemon_leaves_it_its_store(machine: Machine) -> None:
    pid = start(machine)
    assert logged(machine, "outcome=sent")

    machine.sh("systemctl", "start", "reminderd-check.service")
    machine.reminderd("add", "spain", f"valid_until={in_days(2)}")

    assert logged(machine, "spain: 2 days left")
    uid = machine.sh("stat", "-c", "%u", f"/proc/{pid}")
    assert machine.sh("stat", "-c", "%u", f"{STATE}/reminderd.db") == uid
    assert machine.show("Result", "reminderd-check.service") == "success"
    assert machine.pid == pid
    assert "uk-travel: 12 days left" not in machine.journal("reminderd-check.service")


def test_nine_missed_checks_are_made_up_for_by_one(machine: Machine) -> None:
    machine.write(CONFIG, HEAD + a_line())
    timer = "reminderd-check.timer"
    # Once a day and at once, so that the test meets no second one.
    machine.drop_in(
        "[Timer]\nRandomizedDelaySec=0\nOnCalendar=\nOnCalendar=*-*-* 03:00:00\n", timer
    )
    stamps = "/var/lib/systemd/timers"
    machine.sh("mkdir", "-p", stamps)
    machine.sh("touch", "-d", "-9 days", f"{stamps}/stamp-{timer}")

    machine.sh("systemctl", "start", timer)

    check = "reminderd-check.service"
    assert eventually(lambda: "Finished" in machine.journal(check), 60)
    time.sleep(2)
    assert machine.journal(check).count("Finished ") == 1
    assert "uk-travel: 12 days left" in machine.journal(check)
    assert machine.show("Persistent", timer) == "yes"
