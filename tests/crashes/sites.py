"""Where programs crash: a configuration, a store, a peer, and a clock of their own."""

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from reminderd.storage.database import Database
from tests.crashes.clocks import SharedClock
from tests.crashes.posts import Post
from tests.crashes.program import Program, Trap
from tests.outboxes import outcomes, states
from tests.programs import a_section, eventually, url_of, write_config

LEASE_IS_OVER = timedelta(seconds=150)
_MINUTE = timedelta(minutes=1)
_SETTLED = {"sent", "dead"}


@dataclass(slots=True)
class Site:
    """One configuration, its peer, its clock, and the programs that were started."""

    config: Path
    post: Post
    clock: SharedClock
    programs: list[Program] = field(default_factory=list)

    def start(self, trap: Trap | None = None, *arguments: str) -> Program:
        program = Program(self.config, self.clock, arguments or ("run",), trap)
        self.programs.append(program)
        return program

    @property
    def store(self) -> Path:
        return Path(url_of(self.config).removeprefix("sqlite://"))

    def write(self, *lines: str) -> None:
        """Write a configuration with a message for each line."""
        channel = self.post.channel("post", "group = false")
        write_config(self.config.parent, channel, *lines)

    def write_grouped(self, *lines: str) -> None:
        """Write a configuration with one message for all lines that are due."""
        write_config(self.config.parent, self.post.channel("post"), *lines)

    def states(self) -> list[str]:
        """Return the states of all deliveries; none, if there is no store yet."""
        with closing(Database.open(url_of(self.config))) as database:
            return [state for _, state in states(database)]

    def outcomes(self) -> list[str | None]:
        with closing(Database.open(url_of(self.config))) as database:
            return outcomes(database)

    def is_settled(self) -> bool:
        found = self.states()
        return bool(found) and set(found) <= _SETTLED

    def run_to_the_end(self) -> Program:
        """Run a daemon, and let the time pass, until there is nothing left to do."""
        daemon = self.run_on()
        assert daemon.stop() == 0, daemon.log
        return daemon

    def run_on(self) -> Program:
        """Do the same, but let the daemon run, or die if somebody kills it."""
        self.clock.move(LEASE_IS_OVER)
        daemon = self.start()
        assert daemon.wait_for_log("started"), daemon.log
        for _ in range(20):
            if eventually(lambda: not daemon.is_running or self.is_settled(), 1):
                break
            self.clock.move(_MINUTE)
            # What a resumed machine notices within a second, at once.
            if daemon.is_running:
                daemon.send_signal(signal.SIGHUP)
        return daemon


@contextmanager
def a_site(directory: Path, post: Post) -> Iterator[Site]:
    """Give a site with one line of which there is something to say."""
    clock = SharedClock(directory / "clock")
    made = Site(directory / "config.toml", post, clock)
    made.write(a_section())
    try:
        yield made
    finally:
        for program in made.programs:
            program.kill()


def killed(program: Program) -> bool:
    """Tell whether *program* ends by SIGKILL."""
    return program.wait() == -signal.SIGKILL
