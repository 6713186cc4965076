"""What is between a process and the peers: letters are written, and handed over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from reminderd.domain.deliveries import Verdict
from reminderd.domain.reminders import Content, Message
from reminderd.scheduling.setup import Setup
from tests.simulation.estate import Estate
from tests.simulation.faults import Faults, Plan
from tests.simulation.peers import Letter, Peer, write
from tests.simulation.processes import Line, Process
from tests.simulation.witness import Witness


@dataclass(frozen=True, slots=True)
class Post:
    """Brings letters to the peers, in sight of the witness, if nothing goes wrong."""

    faults: Faults
    peers: Mapping[str, Peer]
    witness: Witness
    note: Callable[[str], None]

    def setup(self, estate: Estate, process: Process) -> Setup:
        """Return the configuration as it is now, with lines from *process* to peers."""

        def line(name: str) -> Line:
            return Line(estate.channels[name], partial(self._hand_over, process))

        return estate.setup(line, self._compose)

    def _compose(
        self, contents: Sequence[Content], now: datetime, short: bool
    ) -> Message:
        letter = write(contents, now, short)
        with self.faults.follow(Plan()):
            self.witness.inspect(letter)
        return letter

    def _hand_over(self, process: Process, line: Line, letter: Letter) -> Verdict:
        plan = self.faults.plan
        self.witness.keeps_quiet_hours(line.section, letter)
        if plan.die_before_send:
            plan.kill()
        if plan.pause_in_send:
            plan.pause_in_send = False
            plan.pause()
        copies = self.witness.copies(line.name, letter)
        if process.is_stale:
            self.witness.doubt(copies)
        accept = partial(self._accept, process, copies)
        address = line.section.fingerprint
        verdict = self.peers[line.name].answer(letter, address, accept)
        self.note(f"{process.worker} {line.name} {verdict.outcome}: {letter.title}")
        if plan.die_after_send:
            plan.kill()
        return verdict

    def _accept(
        self, process: Process, copies: list[tuple[str, str]], in_doubt: bool
    ) -> None:
        process.unrecorded += copies
        self.witness.accept(copies)
        if in_doubt:
            self.witness.doubt(copies)
