"""One pass by hand: what it sends, shows, and ends with."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.cli.shell import HOME, ICCID, NUMBER, TRAVEL, Shell
from tests.sinks import HttpSink, free_port, http_sink, smtp_sink

DAY = timedelta(days=1)
DEAD = """
[channels.web]
url = "json://127.0.0.1:{port}/"
"""


def web(sink: HttpSink, name: str = "web", more: str = "") -> str:
    return f'[channels.{name}]\nurl = "json://{sink.address}/"\n{more}\n'


def titles(sink: HttpSink) -> list[str]:
    return [json.loads(request.body)["title"] for request in sink.requests]


def test_check_prints_the_reminder_and_a_table_without_any_channel(
    shell: Shell,
) -> None:
    shell.write(TRAVEL)

    answer = shell.ok("check")

    assert answer.lines[0] == "uk-travel: 12 days left, ends Fri 4 Dec"
    heading, _, row = answer.lines[-3:]
    assert heading.split() == ["line", "left", "ends", "state", "reminder"]
    assert row.split("  ")[0] == "uk-travel"
    for cell in ("data 4.2 GB of 10 GB", "12 days left", "warning", "sent to terminal"):
        assert cell in row


def test_check_twice_sends_once(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + web(sink))

        first = shell.ok("check")
        second = shell.ok("check")

    assert titles(sink) == ["uk-travel: 12 days left, ends Fri 4 Dec"]
    assert "sent to web" in first.out
    assert "sent to web" not in second.out


@pytest.mark.slow
def test_time_that_passes_is_said_once_for_each_limit(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + web(sink))
        for days in (0, 3, 5, 6, 9, 11, 13):
            shell.now = NOW + days * DAY
            shell.ok("check")

    assert titles(sink) == [
        "uk-travel: 12 days left, ends Fri 4 Dec",
        "uk-travel: 7 days left, ends Fri 4 Dec",
        "uk-travel: 3 days left, ends Fri 4 Dec",
        "uk-travel: ends tomorrow, Fri 4 Dec",
        "uk-travel: ended yesterday, Fri 4 Dec",
    ]


@pytest.mark.slow
def test_each_channel_gets_one_message_with_the_worst_line_first(shell: Shell) -> None:
    with http_sink() as sink, smtp_sink() as mail:
        shell.write(
            TRAVEL
            + HOME
            + "[lines.old]\nvalid_until = 2026-11-21\n"
            + web(sink)
            + f'[channels.mail]\nurl = "mailto://127.0.0.1:{mail.port}'
            + '?from=a@example.org&to=b@example.org"\n'
        )

        shell.ok("check")

    assert titles(sink) == ["2 lines: old ended yesterday, +1"]
    assert len(mail.mails) == 1


@pytest.mark.slow
def test_dry_run_sends_nothing_and_leaves_the_store_as_it_is(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(HOME + web(sink))
        shell.ok("check")
        sink.requests.clear()
        before = shell.dump()
        shell.write(TRAVEL + web(sink))

        answer = shell.ok("check", "--dry-run")

    assert sink.requests == []
    assert shell.dump() == before
    assert "waiting for web" in answer.out
    assert answer.lines[-1] == "Nothing was sent and nothing was changed."


@pytest.mark.slow
def test_dry_run_says_the_same_in_json(shell: Shell) -> None:
    shell.write(TRAVEL)

    answer = shell.ok("check", "--dry-run", "--json").json

    assert (answer["reviewed"], answer["reminded"]) == (1, 1)
    assert [known["state"] for known in answer["deliveries"]] == ["pending"]
    assert shell("check", "--json").json["reminded"] == 1


@pytest.mark.slow
def test_json_has_stable_keys_and_nothing_else_on_stdout(shell: Shell) -> None:
    shell.write(TRAVEL)

    answer = shell("check", "--json")

    assert answer.json == {
        "reviewed": 1,
        "reminded": 1,
        "quarantined": [],
        "held": None,
        "clock_moved": None,
        "lines": [
            {
                "line": "uk-travel",
                "carrier": "giffgaff",
                "number": "+44 •••• 0987",
                "iccid": "89•••• 1234",
                "timezone": "Europe/London",
                "tags": ["travel"],
                "origin": "config",
                "state": "warning",
                "stage": None,
                "headline": {
                    "item": "validity",
                    "kind": "validity",
                    "due": "2026-12-04",
                    "due_at": "2026-12-05T00:00:00Z",
                },
                "observed_at": answer.json["lines"][0]["observed_at"],
                "snoozed_until": None,
                "is_reminder_due": False,
                "next_review_at": "2026-11-27T09:00:00Z",
                "quiet": "already_said",
                "allowances": [
                    {
                        "kind": "data",
                        "bucket": "general",
                        "remaining": 4_200_000_000,
                        "total": 10_000_000_000,
                        "unlimited": False,
                        "currency": None,
                        "size_base": 1000,
                        "daily": False,
                        "throttled": False,
                        "expires": None,
                        "per_day": None,
                        "runs_out_on": None,
                        "observed_at": answer.json["lines"][0]["observed_at"],
                    }
                ],
                "deadlines": [
                    {
                        "item": "validity",
                        "kind": "validity",
                        "due": "2026-12-04",
                        "due_at": "2026-12-05T00:00:00Z",
                        "period": None,
                        "last_activity_on": None,
                        "renews_itself": False,
                        "observed_at": answer.json["lines"][0]["observed_at"],
                    }
                ],
                "findings": [
                    {
                        "item": "validity",
                        "step": "30d",
                        "severity": "warning",
                        "due": "2026-12-04",
                        "due_at": "2026-12-05T00:00:00Z",
                        "remaining": None,
                        "total": None,
                        "currency": None,
                        "observed_at": answer.json["lines"][0]["observed_at"],
                    }
                ],
                "fault": None,
                "fault_at": None,
            }
        ],
        "deliveries": [
            {
                "line": "uk-travel",
                "channel": "terminal",
                "state": "sent",
                "reason": "printed",
                "attempts": 1,
                "since": answer.json["deliveries"][0]["since"],
                "next_attempt_at": None,
            }
        ],
        "dead_channels": [],
    }
    # The message itself is not the answer to the program.
    assert answer.err.startswith("uk-travel: 12 days left, ends Fri 4 Dec\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "status"),
    [
        pytest.param("valid_until = 2027-06-30", 0, id="fine"),
        pytest.param("valid_until = 2026-12-04", 1, id="warning"),
        pytest.param("valid_until = 2026-11-23", 2, id="critical"),
        pytest.param("valid_until = 2026-11-20", 2, id="expired"),
    ],
)
def test_exit_code_tells_the_worst_state(shell: Shell, line: str, status: int) -> None:
    shell.write(f"[lines.a]\n{line}\n")

    assert shell("check", "--exit-code").status == status
    # It is the state that is told, not what is new about it.
    assert shell("check", "--exit-code").status == status
    assert shell("check").status == 0


def test_exit_code_of_what_could_not_be_delivered_is_3(shell: Shell) -> None:
    shell.write(TRAVEL + DEAD.format(port=free_port()))

    answer = shell("check", "--exit-code")

    assert answer.status == 3
    assert "web failed: the connection was refused; again at Sun 22 Nov" in answer.out


@pytest.mark.slow
def test_what_failed_and_reached_nobody_ends_any_check_with_3(shell: Shell) -> None:
    shell.write(TRAVEL + DEAD.format(port=free_port()))

    assert shell("check").status == 3
    # The next try is not due yet, and nobody has it still.
    assert shell("check").status == 3
    assert shell("check", "--dry-run").status == 3


def test_what_failed_here_and_arrived_there_is_no_failure(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + DEAD.format(port=free_port()) + web(sink, "mail"))

        answer = shell("check", "--exit-code")

    assert answer.status == 1
    assert "web failed: the connection was refused" in answer.out


@pytest.mark.slow
def test_what_was_never_tried_in_a_rehearsal_is_not_undelivered(shell: Shell) -> None:
    shell.write(TRAVEL + DEAD.format(port=free_port()))

    assert shell("check", "--dry-run").status == 0
    assert shell("check", "--dry-run", "--exit-code").status == 1


@pytest.mark.slow
def test_what_waits_behind_a_channel_at_rest_has_reached_nobody(shell: Shell) -> None:
    # After eight failures in a row it rests for eight minutes.
    shell.write(TRAVEL + DEAD.format(port=free_port()))
    for _ in range(8):
        shell("check")
        shell.now += timedelta(hours=1)
    shell.now -= timedelta(hours=1)
    shell.ok("add", "spain", "valid_until=2026-11-24")

    answer = shell("check", "--json")

    assert answer.status == 3
    spain = next(each for each in answer.json["deliveries"] if each["line"] == "spain")
    assert (spain["attempts"], spain["reason"]) == (0, "the connection was refused")


@pytest.mark.slow
def test_the_next_try_is_not_before_the_channel_has_rested(shell: Shell) -> None:
    shell.write(TRAVEL + DEAD.format(port=free_port()))
    for _ in range(8):
        shell("check")
        shell.now += timedelta(hours=1)
    shell.now -= timedelta(hours=1)

    (delivery,) = shell("check", "--json").json["deliveries"]
    (channel,) = shell.ok("channels", "list", "--json").json

    assert delivery["next_attempt_at"] >= channel["retry_at"]
    assert delivery["next_attempt_at"] > shell.now.isoformat()


@pytest.mark.slow
def test_what_was_too_late_and_reached_nobody_is_shown(shell: Shell) -> None:
    shell.write(TRAVEL.replace("2026-12-04", "2026-11-23") + DEAD.format(port=9))
    shell("check")
    with sqlite3.connect(shell.store) as database:
        database.execute(
            "UPDATE delivery SET state = 'expired', next_attempt_at = NULL, "
            "settled_at = '2026-11-22 12:00:30', reason = 'its time was over'"
        )

    answer = shell("check")

    assert answer.status == 3
    assert "web was too late: its time was over" in answer.out


@pytest.mark.slow
def test_what_nobody_will_ever_get_ends_any_check_with_3(shell: Shell) -> None:
    with http_sink(status=404) as sink:
        shell.write(TRAVEL + web(sink))

        first = shell("check")
        second = shell("check")

    assert (first.status, second.status) == (3, 3)
    assert "web is broken: " in second.out


@pytest.mark.slow
def test_what_is_held_without_a_try_says_what_is_wrong_with_the_channel(
    shell: Shell,
) -> None:
    with http_sink(status=404) as sink:
        shell.write(TRAVEL + web(sink))
        shell("check")
        shell.ok("add", "spain", "valid_until=2026-11-24")

        answer = shell("check")

    assert answer.status == 3
    (row,) = [line for line in answer.lines if line.startswith("spain ")]
    assert "web is broken: " in row
    assert "404" in row
    assert row.endswith("; held until that is mended")


def test_a_notice_that_nobody_got_says_what_it_is(shell: Shell) -> None:
    with http_sink(status=404) as broken:
        shell.write(TRAVEL + web(broken) + DEAD.format(port=9).replace("web", "mail"))

        answer = shell("check")

    assert answer.status == 3
    assert any(
        line.startswith("reminderd: channel web is broken (mail failed: ")
        and line.endswith(")")
        for line in answer.lines
    )


def test_a_fallback_takes_over_and_the_check_is_fine(shell: Shell) -> None:
    with http_sink(status=404) as broken, http_sink() as good:
        shell.write(
            TRAVEL
            + web(broken, "first", 'fallback = "second"')
            + web(good, "second", 'min_severity = "critical"')
        )

        answer = shell("check")

    assert answer.status == 0
    assert titles(good) == [
        "uk-travel: 12 days left, ends Fri 4 Dec; reminderd: channel first is broken"
    ]
    assert "first is broken" in answer.out
    assert "sent to second" in answer.out


def test_a_redirect_is_a_failure_and_the_other_host_hears_nothing(
    shell: Shell,
) -> None:
    with http_sink() as other:
        headers = {"Location": f"http://{other.address}/"}
        with http_sink(status=302, headers=headers) as sink:
            shell.write(TRAVEL + web(sink))

            assert shell("check").status == 3

    assert other.requests == []


@pytest.mark.slow
def test_a_channel_back_to_life_gets_what_waited(shell: Shell) -> None:
    port = free_port()
    shell.write(TRAVEL + DEAD.format(port=port))
    shell("check")

    with http_sink() as sink:
        shell.write(TRAVEL + web(sink))
        shell.now += timedelta(hours=3)
        answer = shell("check")

    assert titles(sink) == ["uk-travel: 12 days left, ends Fri 4 Dec"]
    assert "sent to web" in answer.out


def test_quiet_hours_hold_the_message_not_the_table(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + web(sink, more='quiet = "11:00-13:00"'))

        answer = shell("check")

    assert sink.requests == []
    assert answer.status == 0
    assert "web waits for quiet hours until 13:00" in answer.out


def test_what_waits_for_quiet_hours_is_not_undelivered(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + web(sink, more='quiet = "11:00-13:00"'))

        assert shell("check", "--exit-code").status == 1
        (delivery,) = shell("check", "--json").json["deliveries"]

    assert delivery["next_attempt_at"] == "2026-11-22T13:00:00Z"


@pytest.mark.slow
def test_a_line_removed_from_the_file_is_archived(shell: Shell) -> None:
    shell.write(TRAVEL + HOME)
    shell.ok("check")
    shell.write(HOME)

    answer = shell.ok("check")

    assert "uk-travel" not in answer.out
    assert shell.refused("status", "uk-travel").status == 64
    # Its history is kept.
    assert "12 days left" in shell.ok("history", "uk-travel").out


@pytest.mark.slow
def test_a_line_taken_back_into_the_file_is_watched_again(shell: Shell) -> None:
    shell.write(TRAVEL + HOME)
    shell.ok("check")
    shell.write(HOME)
    shell.ok("check")
    shell.write(TRAVEL + HOME)

    assert "uk-travel: 12 days left" in shell.ok("check").out


@pytest.mark.slow
def test_an_edited_value_is_applied(shell: Shell) -> None:
    shell.write(TRAVEL)
    shell.ok("check")
    shell.write(TRAVEL.replace("2026-12-04", "2027-03-31"))

    answer = shell.ok("check")

    assert "uk-travel: renewed until Wed 31 Mar" in answer.out
    assert "129 days left" in answer.out


@pytest.mark.slow
def test_a_value_not_edited_does_not_overwrite_an_update(shell: Shell) -> None:
    shell.write(TRAVEL)
    shell.ok("check")
    shell.ok("update", "uk-travel", "data_remaining=3.3GB")
    # Something else in the same section is edited.
    shell.write(TRAVEL.replace("2026-12-04", "2027-03-31"))
    shell.ok("check")

    assert "left: data 3.3 GB of 10 GB" in shell.ok("status", "uk-travel").out


@pytest.mark.slow
def test_an_edited_limit_is_looked_at_at_once(shell: Shell) -> None:
    shell.write("[lines.a]\nvalid_until = 2027-01-31\n")
    assert "ok" in shell.ok("check").out
    shell.write(
        "[lines.a]\nvalid_until = 2027-01-31\n[lines.a.thresholds]\n"
        'validity = ["90d"]\n'
    )

    assert shell.ok("check").lines[0] == "a: 70 days left, ends Sun 31 Jan"


@pytest.mark.slow
def test_a_late_reminder_says_so_and_is_one_message(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL.replace("2026-12-04", "2026-11-30") + web(sink))
        shell.ok("check")
        sink.requests.clear()
        shell.now += timedelta(days=6)
        shell.ok("check")

    assert titles(sink) == ["uk-travel: 2 days left, ends Mon 30 Nov"]
    assert b"This reminder is late" in sink.requests[0].body


@pytest.mark.slow
def test_a_missed_week_is_said_once_for_all_lines(shell: Shell) -> None:
    ends = TRAVEL.replace("2026-12-04", "2026-12-06")
    other = "[lines.home]\nvalid_until = 2026-12-07\n"
    with http_sink() as sink:
        shell.write(ends + other + web(sink))
        for _ in range(3):
            shell.ok("check")
            shell.now += timedelta(days=1)
        sink.requests.clear()
        shell.now += timedelta(days=7)
        shell.ok("check")

    (request,) = sink.requests
    sentence = (
        "reminderd was not running from Tue 24 Nov 12:02 to Wed 2 Dec 12:03; "
        "2 lines reached a limit in that time."
    )
    assert request.body.decode().count(sentence) == 1


@pytest.mark.slow
def test_more_lines_than_one_reads_are_counted(shell: Shell) -> None:
    fine = "".join(f"[lines.l{n}]\nvalid_until = 2027-06-30\n" for n in range(50))
    shell.write(TRAVEL + fine)

    answer = shell.ok("check")

    assert answer.lines[-1] == "50 other lines are fine"
    assert "l17" not in answer.out


@pytest.mark.slow
def test_more_lines_with_trouble_than_one_reads_are_counted_as_such(
    shell: Shell,
) -> None:
    bad = "".join(f"[lines.b{n}]\nvalid_until = 2026-12-04\n" for n in range(70))
    fine = "".join(f"[lines.l{n}]\nvalid_until = 2027-06-30\n" for n in range(180))
    shell.write(bad + fine)

    answer = shell.ok("check")

    assert answer.lines[-2:] == [
        "20 more lines need attention; see: reminderd status",
        "180 other lines are fine",
    ]


@pytest.mark.slow
def test_a_line_of_which_nothing_is_known_is_3_and_never_fine(shell: Shell) -> None:
    fine = "".join(f"[lines.l{n}]\nvalid_until = 2027-06-30\n" for n in range(50))
    shell.write("[lines.empty]\n" + fine)

    answer = shell("check", "--exit-code")

    assert answer.status == 3
    assert any(line.startswith("empty ") for line in answer.lines)
    assert answer.lines[-1] == "50 other lines are fine"
    assert shell("check").status == 0


@pytest.mark.slow
def test_an_information_is_no_warning(shell: Shell) -> None:
    shell.write(
        "[lines.a]\nvalid_until = 2026-12-04\n[lines.a.thresholds]\n"
        'validity = [{ at = "30d", severity = "info" }]\n'
    )

    answer = shell("check", "--exit-code")

    assert answer.status == 0
    assert "  info  " in answer.out


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("UPDATE line SET timezone = 'Nowhere'", id="no such zone"),
        pytest.param("UPDATE line SET tags = 'null'", id="no tags"),
        pytest.param(
            "UPDATE told SET said_at = '9999-12-31 23:59:59'", id="said in no time"
        ),
    ],
)
def test_what_cannot_be_looked_at_is_named_by_every_check(
    shell: Shell, damage: str
) -> None:
    shell.write('[reminders]\nrepeat = ["1d"]\n' + TRAVEL)
    shell.ok("check")
    with sqlite3.connect(shell.store) as database:
        database.execute(damage)
        database.execute("UPDATE line SET review_at = 0")
    shell.ok("add", "fine", "valid_until=2027-06-30")

    checks = [shell("check", "--exit-code") for _ in range(3)]
    record = shell("check", "--json").json
    status = shell("status")

    said = "uk-travel is left aside since Sun 22 Nov 12:02: it"
    assert [answer.status for answer in checks] == [3, 3, 3]
    assert all(said in answer.out for answer in checks)
    assert any(line.startswith("fine ") for line in checks[-1].lines)
    (aside,) = record["quarantined"]
    assert aside["line"] == "uk-travel"
    assert aside["again_at"].startswith("2026-11-22T13:02:")
    known = {line["line"]: line for line in record["lines"]}
    assert known["uk-travel"]["fault"] == aside["fault"]
    assert known["uk-travel"].keys() == known["fine"].keys()
    assert "; looked at again: Sun 22 Nov 13:02" in status.out
    assert "remove it and add it again" in status.out
    as_json = shell("status", "--json")
    assert said in as_json.err
    assert aside["fault"] in {line["fault"] for line in as_json.json}


def test_a_line_that_cannot_be_reviewed_is_named_and_the_others_go_on(
    shell: Shell,
) -> None:
    shell.write(TRAVEL)
    shell.ok("add", "odd", "valid_until=2027-01-31")
    with sqlite3.connect(shell.store) as database:
        database.execute("UPDATE line SET timezone = 'Nowhere' WHERE name = 'odd'")

    answer = shell("check")

    assert "uk-travel: 12 days left" in answer.out
    assert "odd is left aside since Sun 22 Nov 12:01: its row cannot be read" in (
        answer.out
    )
    assert "reminderd: cannot look at odd" in answer.out


def test_a_credential_of_the_service_is_left_to_the_service(shell: Shell) -> None:
    shell.write(TRAVEL + '[channels.phone]\nurl_credential = "phone-url"\n')

    answer = shell("check", "--exit-code")

    assert answer.status == 1
    assert "waiting for phone" in answer.out
    assert answer.err.startswith("reminderd: phone is left to the service: ")


def test_warnings_of_the_configuration_are_on_stderr(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + web(sink))
        shell.config.chmod(0o644)

        answer = shell("check", "--json")

    assert answer.err == (
        f"reminderd: {shell.config}: others can read channels.web.url in it; "
        f"run: chmod 600 {shell.config}\n"
    )
    assert answer.json["reminded"] == 1


def test_a_check_with_no_line_says_what_to_do(shell: Shell) -> None:
    shell.write("")

    assert shell.ok("check").out == (
        "There is no line yet; describe one in the configuration file.\n"
    )


def test_the_store_holds_one_copy_of_a_number(shell: Shell) -> None:
    shell.write(TRAVEL)
    shell.ok("check")

    stored = "\n".join(shell.dump() or ())

    assert stored.count(NUMBER) == 1
    assert stored.count(ICCID) == 1


def test_an_option_that_the_store_s_driver_does_not_know_is_explained(
    shell: Shell,
) -> None:
    shell.write_raw(
        '[storage]\nurl = "postgresql+psycopg://me@127.0.0.1:1/reminderd?x=1"\n'
    )

    answer = shell.refused("check")

    assert answer.status == 69
    assert "does not understand an option of this address" in answer.err


def test_the_reader_reads_chinese(shell: Shell, tmp_path: Path) -> None:
    shell.write(TRAVEL, language="zh_CN")

    answer = shell.ok("check", "--dry-run")

    assert answer.lines[0].split() == ["卡", "剩余", "到期", "状态", "提醒"]
    assert "警告" in answer.lines[2]
    assert answer.lines[-1].startswith("没有发送任何消息")


@pytest.mark.slow
def test_check_tells_the_monitor_how_it_ended(shell: Shell) -> None:
    with http_sink() as sink, http_sink() as monitor:
        heartbeat = f'[heartbeat]\nurl = "http://{monitor.address}/SECRET"\n'
        shell.write(TRAVEL + web(sink) + heartbeat)
        shell.ok("check", "--dry-run")
        assert monitor.requests == []
        shell.ok("check")
        shell.ok("check")
        sink.status = 404
        shell.now += 13 * DAY
        shell("check")

    assert [known.path for known in monitor.requests] == ["/SECRET", "/SECRET/fail"]
    assert monitor.requests[1].body == b"no channel works"


def test_check_warns_of_a_monitor_that_does_not_answer(shell: Shell) -> None:
    shell.write(f'[heartbeat]\nurl = "http://127.0.0.1:{free_port()}/SECRET"\n')

    answer = shell("check")

    assert answer.status == 0
    assert answer.err == (
        "reminderd: the heartbeat was not taken: the connection was refused\n"
    )


@pytest.mark.slow
def test_proof_of_life_reaches_each_channel(shell: Shell) -> None:
    with http_sink() as sink, http_sink() as mail:
        proof = '[reminders]\nproof = "30d"\n'
        shell.write(TRAVEL + proof + web(sink) + web(mail, "mail"), language="zh_CN")
        shell.ok("check")
        shell.ok("check")

    for name, each in (("web", sink), ("mail", mail)):
        (request,) = each.requests
        assert f"渠道 {name} 收到这条消息" in json.loads(request.body)["message"]


@pytest.mark.slow
@pytest.mark.parametrize("column", ["tags", "declared"])
def test_line_of_the_file_whose_row_is_damaged_is_mended_by_its_section(
    shell: Shell, column: str
) -> None:
    shell.write(TRAVEL + HOME)
    shell.ok("check")
    with sqlite3.connect(shell.store) as database:
        database.execute(
            f"UPDATE line SET {column} = '{{', review_at = 0 WHERE name = 'uk-travel'"  # noqa: S608 - of this test
        )

    shell.write(HOME)
    removed = shell("check")
    shell.write(TRAVEL + HOME)
    restored = shell("check")

    assert "uk-travel" not in removed.out
    assert "uk-travel" in restored.out
    assert shell.ok("check", "--json").json["quarantined"] == []
