"""The crash matrix: killed at each boundary of the promise, what is found, what comes.

Each row kills the real daemon by a fail point in its code, or by its peer. ``copies``
is exactly what the peer has got once a successor has done the rest.
"""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reminderd.failpoints import Name
from tests.crashes.posts import http_post, smtp_post
from tests.crashes.program import Program, Trap
from tests.crashes.sites import LEASE_IS_OVER, Site, a_site, killed
from tests.programs import a_section, eventually

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where the daemon is killed, the delivery's state then, and how many copies come.

    Without a ``point`` it is the peer who kills, when the letter has come in.
    """

    point: Name | None = None
    found: str | None
    copies: int


MATRIX = {
    "while the store is made": Row(
        point="schema.inside-creation", found=None, copies=1
    ),
    "before the decision is written": Row(
        point="pass.before-decision", found=None, copies=1
    ),
    "inside the decision: reminder inserted, delivery not": Row(
        point="pass.inside-decision", found=None, copies=1
    ),
    "after the decision": Row(point="pass.after-decision", found="pending", copies=1),
    "inside the claim": Row(point="claim.inside", found="pending", copies=1),
    "after the claim, before the first byte": Row(
        point="claim.after", found="sending", copies=1
    ),
    "request sent, no answer read": Row(found="sending", copies=2),
    "answer read, before recording": Row(
        point="record.before", found="sending", copies=2
    ),
    "inside recording": Row(point="record.inside", found="sending", copies=2),
    "after recording": Row(point="record.after", found="sent", copies=1),
}


@pytest.fixture(params=[http_post, smtp_post], ids=["http", "smtp"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A daemon's surroundings, with one line of which there is something to say."""
    with request.param() as post, a_site(tmp_path, post) as made:
        yield made


def kill_on_arrival(site: Site, of: str = "") -> Callable[[], None]:
    """Let the peer kill the newest program when a letter with *of* in it comes in."""

    def act() -> None:
        if of in site.post.titles()[-1]:
            os.kill(site.programs[-1].pid, signal.SIGKILL)

    return act


def kill_at(site: Site, point: Name | None) -> Program:
    """Run a daemon that is killed at *point*, or by its peer."""
    if point is not None:
        return site.start(Trap(point))
    site.post.on_arrival(kill_on_arrival(site))
    return site.start()


@pytest.mark.parametrize("row", MATRIX.values(), ids=MATRIX.keys())
def test_daemon_killed(site: Site, row: Row) -> None:
    doomed = kill_at(site, row.point)

    assert killed(doomed), doomed.log
    assert site.states() == ([] if row.found is None else [row.found])
    site.post.on_arrival(lambda: None)
    successor = site.run_to_the_end()

    titles = site.post.titles()
    assert len(titles) == row.copies, successor.log
    assert all(title.startswith("uk-travel: ") for title in titles)
    assert site.states() == ["sent"]
    was_found = "its sender stopped before the answer" in successor.log
    assert was_found == (row.found == "sending")


def test_daemon_killed_inside_the_rescue(site: Site) -> None:
    assert killed(site.start(Trap("claim.after")))
    site.clock.move(LEASE_IS_OVER)

    assert killed(site.start(Trap("rescue.inside")))

    assert site.states() == ["sending"]
    assert site.outcomes() == [None]
    site.run_to_the_end()
    assert len(site.post.titles()) == 1
    assert site.outcomes() == ["unknown", "sent"]


def test_zombie_that_was_stopped_for_longer_than_its_lease_records_nothing(
    site: Site,
) -> None:
    zombie = site.start(Trap("record.before", signal.SIGSTOP, 0.4))
    assert eventually(lambda: zombie.is_stopped), zombie.log

    site.run_to_the_end()
    before = site.states(), site.outcomes()
    zombie.send_signal(signal.SIGCONT)

    assert zombie.wait_for_log("void: claimed by another worker since"), zombie.log
    assert zombie.stop() == 0
    assert (site.states(), site.outcomes()) == before == (["sent"], ["unknown", "sent"])
    assert len(site.post.titles()) == 2


def test_poison_that_always_kills_its_sender_dies_and_the_others_go_on(
    site: Site,
) -> None:
    site.write(a_section("poison"), a_section("good"))
    site.post.on_arrival(kill_on_arrival(site, of="poison"))
    doomed = [site.run_on() for _ in range(3)]
    assert all(map(killed, doomed))

    survivor = site.run_to_the_end()

    titles = [title.partition(":")[0] for title in site.post.titles()]
    assert sorted(titles) == ["good", "poison", "poison", "poison"]
    assert sorted(site.states()) == ["dead", "sent"]
    assert survivor.log.count("not delivered, and no fallback left") == 1
