"""What is held: shown by each command, and let go by one."""

from datetime import timedelta

import pytest

from tests.cli.shell import HOME, TRAVEL, Shell

HOUR = timedelta(hours=1)
MANY = "".join(f"[lines.s{n}]\nvalid_until = 2026-12-04\n" for n in range(60))
HELD = "60 reminders are held until Sun 22 Nov 13:00."
MOVED = (
    "The clock was moved: nothing new is said until Mon 22 Nov 13:01. If it is "
    "right, go on at once: reminderd release"
)


@pytest.fixture
def stormy(shell: Shell) -> Shell:
    """A shell with sixty lines that all call for a reminder."""
    shell.write(MANY)
    return shell


@pytest.fixture
def ahead(shell: Shell) -> Shell:
    """A shell after a check, on a machine whose clock was then moved by a year."""
    shell.write(TRAVEL)
    shell.ok("check")
    shell.now += timedelta(days=365)
    shell.unseen -= timedelta(days=365)
    return shell


@pytest.mark.slow
def test_check_holds_a_storm_says_so_and_ends_with_3(stormy: Shell) -> None:
    answer = stormy("check")

    assert answer.status == 3
    assert answer.lines[0] == "reminderd: 60 reminders are held"
    assert "60 of 60" in answer.lines[2]
    assert any("held for terminal until Sun 22 Nov 13:00" in x for x in answer.lines)
    assert answer.lines[-1] == f"{HELD} Send them now: reminderd release"


@pytest.mark.slow
def test_dry_run_shows_that_it_would_be_held(stormy: Shell) -> None:
    answer = stormy("check", "--dry-run")

    assert answer.lines[-2].startswith(HELD)


@pytest.mark.slow
def test_status_and_json_show_what_is_held(stormy: Shell) -> None:
    stormy("check")

    assert stormy.ok("status").lines[-1].startswith(HELD)
    assert stormy("status", "--json").err == (
        f"reminderd: {HELD} Send them now: reminderd release\n"
    )
    checked = stormy("check", "--json").json
    assert checked["held"]["reminders"] == 60
    assert checked["held"]["until"].startswith("2026-11-22T13:00:")
    assert checked["deliveries"][0]["state"] == "held"


@pytest.mark.slow
def test_history_calls_no_channel_broken_that_only_waits(stormy: Shell) -> None:
    stormy("check")

    assert "terminal is held for now" in stormy.ok("history", "s7").out


@pytest.mark.slow
def test_release_sends_it_with_the_next_check(stormy: Shell) -> None:
    stormy("check")

    released = stormy.ok("release")
    answer = stormy.ok("check")

    assert released.out == (
        "60 reminders are released. The daemon sends them within seconds; without "
        "it, run: reminderd check\n"
    )
    assert answer.lines[0] == "60 lines: s0 12 days left, +59"
    assert "held" not in answer.out


@pytest.mark.slow
def test_check_an_hour_later_sends_it_without_a_word(stormy: Shell) -> None:
    stormy("check")
    stormy.now += HOUR

    assert stormy.ok("check").lines[0] == "60 lines: s0 12 days left, +59"


@pytest.mark.slow
def test_another_try_at_what_is_undelivered_lets_go_nothing_that_is_held(
    stormy: Shell,
) -> None:
    stormy("check")

    answer = stormy("undelivered", "--retry")

    assert answer.status == 3
    _, _, row, *_ = answer.lines
    assert "held back: too much at once" in row
    assert "sent Sun 22 Nov 13:00; sooner with: reminderd release" in row
    assert stormy.ok("release").out.startswith("60 reminders are released.")


@pytest.mark.slow
def test_release_as_json_says_what_was_held(stormy: Shell) -> None:
    stormy("check")

    answer = stormy.ok("release", "--json").json

    assert answer["released"]["held"]["reminders"] == 60
    assert answer["released"]["clock_moved"] is None
    assert (answer["held"], answer["clock_moved"]) == (None, None)


def test_release_of_nothing_says_so(shell: Shell) -> None:
    shell.write(HOME)
    shell.ok("check")

    assert shell.ok("release").out == "Nothing is held.\n"
    assert shell.ok("release", "--json").json["released"]["held"] is None


def test_release_without_a_store_says_what_to_do(shell: Shell) -> None:
    shell.write(HOME)

    assert "reminderd check" in shell.refused("release").err


@pytest.mark.slow
def test_moved_clock_is_shown_and_nothing_is_decided(ahead: Shell) -> None:
    checked = ahead("check")

    assert checked.status == 3
    assert checked.lines[0] == "reminderd: the clock was moved"
    assert checked.lines[-1] == MOVED
    assert ahead.ok("status").lines[-1] == MOVED
    until = ahead("check", "--json").json["clock_moved"]["until"]
    assert until.startswith("2027-11-22T13:01:")


@pytest.mark.slow
def test_release_believes_the_clock(ahead: Shell) -> None:
    ahead("check")

    released = ahead.ok("release")

    assert released.out == (
        "The clock is taken to be right. The daemon goes on at once; without it, "
        "run: reminderd check\n"
    )
    assert ahead.ok("check").lines[0].startswith("uk-travel: ended")


@pytest.mark.slow
def test_clock_that_is_not_set_cannot_be_released(shell: Shell) -> None:
    shell.write(TRAVEL)
    shell.ok("check")
    shell.now -= timedelta(days=20_000)
    shell.unseen += timedelta(days=20_000)
    not_set = "The clock is not set: nothing is decided until it is."

    assert shell("check").lines[-1] == not_set
    assert shell.ok("release").out == not_set + "\n"
    assert shell("check").status == 3


@pytest.mark.slow
def test_another_try_at_what_is_undelivered_decides_nothing_by_a_moved_clock(
    ahead: Shell,
) -> None:
    ahead("check")

    answer = ahead("undelivered", "--retry")

    assert answer.out == "Nothing is undelivered.\n"
    assert ahead("check").lines[-1] == MOVED


@pytest.mark.slow
def test_doctor_says_of_a_moved_clock_why_passes_decide_nothing(ahead: Shell) -> None:
    ahead("check")

    said = {each["check"]: each for each in ahead("doctor", "--json").json["checks"]}

    assert said["clock"]["level"] == "warning"
    assert said["clock"]["text"].endswith("nothing new is said until Mon 22 Nov 13:01")
    assert said["clock"]["advice"].endswith(" release")
    # Passes are made: to start what runs already would help nobody.
    assert said["last_pass"]["level"] == "ok"


@pytest.mark.slow
def test_doctor_misses_passes_once_the_clock_should_have_been_believed(
    ahead: Shell,
) -> None:
    ahead("check")
    ahead.now += 2 * HOUR

    said = {each["check"]: each for each in ahead("doctor", "--json").json["checks"]}

    assert said["last_pass"]["level"] == "warning"
