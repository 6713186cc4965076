"""Two daemons and the commands of their user on one store, killed again and again.

Each round writes a new line into the configuration, changes one of which all has been
said, starts two daemons, and kills both at random moments. The clock moves only while
nobody lives, so that every lease that lapses is that of a process that was killed.
"""

import random
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from tests.crashes.clocks import SharedClock
from tests.crashes.posts import Post, http_post, smtp_post
from tests.crashes.program import Program
from tests.crashes.sites import LEASE_IS_OVER
from tests.programs import a_section, eventually, url_of, write_config

_LONGEST_LIFE = 0.4
# In the other rounds a kill may come before there is anything to interrupt.
_AT_WORK = 0.8
_MOST_LETTERS = 10
_LONGEST_WAIT = 2
_LONGEST_END = 300
# Most of the time something is on its way.
_ANSWER_TAKES = 0.03
_COMMANDS = {
    "data": ("update", "data_remaining=1MB", "data_total=10GB"),
    "renewed": ("renew", "--period=60d"),
}
_DELIVERIES = """
SELECT line.name, delivery.channel, delivery.state, delivery.unknowns
FROM delivery JOIN reminder ON reminder.id = delivery.reminder_id
JOIN line ON line.id = reminder.line_id
"""

Letter = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a campaign ended; a letter is a channel, a line, and what is said of it.

    ``in_flight`` counts, for each channel and line, the sends that a kill cut off;
    ``given_up`` are those that were cut off three times, as poison would be.
    """

    kills: int
    expected: frozenset[Letter]
    arrived: Counter[Letter]
    in_flight: Mapping[tuple[str, str], int]
    given_up: Mapping[tuple[str, str], int]
    integrity: str
    seconds: float

    @property
    def missing(self) -> set[Letter]:
        """What has not arrived."""
        return set(self.expected) - set(self.arrived)

    @property
    def lost(self) -> set[Letter]:
        """What has neither arrived nor been given up for everybody to see."""
        count = Counter(letter[:2] for letter in self.missing)
        return {
            letter
            for letter in self.missing
            if count[letter[:2]] > self.given_up.get(letter[:2], 0)
        }

    @property
    def unwanted(self) -> set[Letter]:
        return set(self.arrived) - set(self.expected)

    @property
    def copies(self) -> int:
        """How many letters came that had come before."""
        return sum(self.arrived.values()) - len(self.arrived)

    @property
    def excessive(self) -> dict[Letter, int]:
        """The letters that came more often than kills explain."""
        return {
            letter: count
            for letter, count in self.arrived.items()
            if count > 1 + self.in_flight.get(letter[:2], 0)
        }

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {self.seconds:.0f} s, "
            f"{sum(self.in_flight.values())} of them in the middle of a send: "
            f"{len(self.expected)} letters, {len(self.lost)} lost, "
            f"{self.copies} duplicates, {len(self.excessive)} of them unexplained; "
            f"{sum(self.given_up.values())} given up after three cuts, "
            f"{len(self.missing - self.lost)} of these never arrived; "
            f"integrity {self.integrity}"
        )


def run_campaign(directory: Path, kills: int, seed: int) -> Outcome:
    """Kill daemons so many times, let one finish the work, and count."""
    began = time.monotonic()
    with http_post() as phone, smtp_post() as mail:
        for post in (phone, mail):
            post.on_arrival(partial(time.sleep, _ANSWER_TAKES))
        campaign = _Campaign(directory, {"phone": phone, "mail": mail}, seed)
        for _ in range((kills + 1) // 2):
            campaign.play_round()
        campaign.finish()
        return campaign.outcome(time.monotonic() - began)


class _Campaign:
    def __init__(self, directory: Path, posts: Mapping[str, Post], seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - only spreads the kills
        self._clock = SharedClock(directory / "clock")
        self._directory = directory
        self._posts = posts
        self._config = self._write([])
        self._lines: list[str] = []
        self._changed: set[str] = set()
        self._expected: set[tuple[str, str]] = set()
        self._kills = 0

    def play_round(self) -> None:
        self._lines.append(f"line-{len(self._lines)}")
        self._expected.add((self._lines[-1], "ends"))
        self._write(self._lines)
        before = self._letters()
        command = self._start_command()
        daemons = [Program(self._config, self._clock) for _ in range(2)]
        if self._chance.random() < _AT_WORK:
            wanted = before + self._chance.randrange(1, _MOST_LETTERS)
            eventually(lambda: self._letters() >= wanted, _LONGEST_WAIT)
        for daemon in daemons:
            time.sleep(self._chance.uniform(0, _LONGEST_LIFE))
            daemon.kill()
            self._kills += 1
        if command is not None:
            assert command.wait() == 0, command.log
        self._clock.move(LEASE_IS_OVER)

    def finish(self) -> None:
        """Let one daemon send what is left."""
        self._clock.move(LEASE_IS_OVER)
        daemon = Program(self._config, self._clock)
        assert daemon.wait_for_log("started"), daemon.log
        end = time.monotonic() + _LONGEST_END
        while not eventually(self._is_settled, 2) and time.monotonic() < end:
            self._clock.move(timedelta(minutes=1))
        assert daemon.stop() == 0, daemon.log

    def outcome(self, seconds: float) -> Outcome:
        in_flight: Counter[tuple[str, str]] = Counter()
        given_up: Counter[tuple[str, str]] = Counter()
        for name, channel, state, unknowns in self._deliveries():
            in_flight[channel, name] += unknowns
            if state == "dead":
                given_up[channel, name] += 1
        with closing(sqlite3.connect(self._store)) as store:
            (integrity,) = store.execute("PRAGMA integrity_check").fetchone()
        return Outcome(
            kills=self._kills,
            expected=frozenset(
                (channel, *said) for channel in self._posts for said in self._expected
            ),
            arrived=Counter(
                (channel, *_what_is_said(title))
                for channel, post in self._posts.items()
                for title in post.titles()
                if title.startswith("line-")
            ),
            in_flight=in_flight,
            given_up=given_up,
            integrity=integrity,
            seconds=seconds,
        )

    def _letters(self) -> int:
        return sum(len(post.titles()) for post in self._posts.values())

    @property
    def _store(self) -> Path:
        return Path(url_of(self._config).removeprefix("sqlite://"))

    def _write(self, lines: Iterable[str]) -> Path:
        channels = [
            post.channel(name, "group = false") for name, post in self._posts.items()
        ]
        return write_config(self._directory, *channels, *map(a_section, lines))

    def _start_command(self) -> Program | None:
        """Change a line of which all has been said, if there is one."""
        said = sorted(self._settled_lines() - self._changed)
        if not said:
            return None
        name = self._chance.choice(said)
        what, (command, *options) = self._chance.choice(list(_COMMANDS.items()))
        self._changed.add(name)
        self._expected.add((name, what))
        return Program(self._config, self._clock, (command, name, *options))

    def _settled_lines(self) -> set[str]:
        states: dict[str, list[str]] = {}
        for name, _, state, _ in self._deliveries():
            states.setdefault(name, []).append(state)
        return {
            name
            for name, known in states.items()
            if known == ["sent"] * len(self._posts)
        }

    def _is_settled(self) -> bool:
        known = self._deliveries()
        is_over = all(state in ("sent", "dead") for _, _, state, _ in known)
        return is_over and len(known) == len(self._expected) * len(self._posts)

    def _deliveries(self) -> list[tuple[str, str, str, int]]:
        """Return line, channel, state and unknown outcomes of every delivery."""
        if not self._store.exists():
            return []
        with closing(sqlite3.connect(self._store, timeout=30)) as store:
            try:
                return store.execute(_DELIVERIES).fetchall()
            except sqlite3.OperationalError:
                return []  # killed before the first commit


def _what_is_said(title: str) -> tuple[str, str]:
    """Return the line, and what is said of it: ends, data, renewed, or the title."""
    name, _, text = title.partition(": ")
    for what, words in (
        ("renewed", "renewed until"),
        ("ends", r"\bends\b"),
        ("data", "MB"),
    ):
        if re.search(words, text):
            return name, what
    return name, text
