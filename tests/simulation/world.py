"""One world: it is made from a seed, lives, and is found right or not."""

from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from reminderd.delivery.agenda import LEASE
from reminderd.storage.database import Database
from tests.simulation import chances
from tests.simulation.book import Book
from tests.simulation.clock import Clock
from tests.simulation.engines import kept_for
from tests.simulation.faults import Crash, Faults, Plan
from tests.simulation.invariants import require
from tests.simulation.limits import instants
from tests.simulation.mishaps import a_plan
from tests.simulation.owner import Owner
from tests.simulation.passing import pass_time, step_clock
from tests.simulation.peers import Condition, Peer
from tests.simulation.post import Post
from tests.simulation.processes import Process, without_threads
from tests.simulation.records import Records
from tests.simulation.tally import Life
from tests.simulation.watch import Watch
from tests.simulation.witness import Witness

_CALM = (0, 5, 40, 420, 1140, 1500, 2600, 3700, 4320)
_WORKERS = ("a", "b")


class World:
    """The machine with its processes, the peers, the owner, and those who watch."""

    def __init__(self, seed: int, directory: Path) -> None:
        self.rng = Random(seed)  # noqa: S311 - chance that can be had again
        self.log: deque[str] = deque(maxlen=400)
        self.life = Life()
        self.clock = Clock(chances.a_start(self.rng))
        self.began = self.clock.true
        self.faults = Faults()
        self.store = directory / "reminderd.db"
        self.estate = chances.an_estate(self.rng, self.clock.now())
        self.peers = {
            name: Peer(name, self.rng, self.clock.sleep) for name in chances.CHANNELS
        }
        self.processes: dict[str, Process] = {}
        self.workers = 0

    def live(self, turns: int) -> Life:
        """Live for so many turns; raise Violation when a promise is broken."""
        with ExitStack() as life:
            life.enter_context(self.faults.installed())
            life.enter_context(without_threads(self.clock))
            with kept_for("owner"):
                self.database = Database.open(f"sqlite:///{self.store}", patience=0)
            life.callback(self.database.close)
            self.records = Records(self.store)
            life.callback(self.records.close)
            self.book = Book(self.database, self.records, self.estate)
            self.owner = Owner(self.rng, self.database, self.book)
            self.witness = Witness(self.book, self.clock.now)
            self.watch = Watch(self.book, self.witness)
            self.post = Post(self.faults, self.peers, self.witness, self.note)
            life.callback(self._kill_all)
            for _ in range(turns):
                self._turn()
            self._calm_down()
        self.life.days = (self.clock.true - self.began).days
        self.life.letters = self.witness.accepted.total()
        return self.life

    def note(self, text: str) -> None:
        """Write down what happened, for whoever replays this world."""
        self.log.append(f"{self.clock.now():%Y-%m-%d %H:%M:%S} {text}")

    def _turn(self) -> None:
        rng = self.rng
        self.life.turns += 1
        began = self.clock.true
        pass_time(rng, self.clock, self._interesting())
        self.life.line_days += (self.clock.true - began).days * len(self.book.accounts)
        if rng.random() < 0.35:
            self.note(f"owner {self.owner.act(self.clock.now())}")
        self._change_peers()
        if rng.random() < 0.05:
            self._step_clock(partial(step_clock, rng))
        if self.processes and rng.random() < 0.05:
            self._kill(rng.choice(list(self.processes)))
        if rng.random() < 0.06:
            self._kill_all()
            return  # the machine is off until the next turn
        worker = rng.choice(_WORKERS)
        self.watch.begin_turn()
        self._run(worker, a_plan(rng, partial(self._interlude, worker)))
        self.watch.look(self.clock.now())

    def _step_clock(self, step: Callable[[Clock], None]) -> None:
        before = self.clock.now()
        step(self.clock)
        self.book.note_step(self.clock.now() - before)
        self.life.faults += 1
        self.note(f"the clock steps, its error is {self.clock.error}")

    def _interesting(self) -> list[datetime]:
        marks = [datetime.fromtimestamp(at, UTC) for at in self.records.wake_ups()]
        for account in self.book.accounts.values():
            policy = self.estate.policy_of(account.line.name)
            marks += instants(account.line, policy)
        return marks

    def _change_peers(self) -> None:
        for name, peer in self.peers.items():
            section = self.estate.channels.get(name)
            if section is None:
                continue
            if self.rng.random() < 0.08:
                peer.fall_ill(section.fingerprint)
                self.life.faults += 1
                self.note(f"peer {name} {peer.condition} {peer.lost_address}")
            elif peer.condition is not Condition.FINE and self.rng.random() < 0.3:
                peer.recover()
                self.note(f"peer {name} recovers")
            is_lost = peer.lost_address == section.fingerprint
            if is_lost and self.rng.random() < 0.15:
                self.note(f"owner {self.owner.mend(name)}")

    def _interlude(self, stopped: str) -> None:
        """Stop one process for a while, in which another one works."""
        span = timedelta(seconds=self.rng.choice((0, 1, 20, 130, 4000)))
        self.note(f"{stopped} is stopped for {span}")
        if span > LEASE:
            process = self.processes[stopped]
            process.is_stale = True
            self.witness.doubt(process.unrecorded)
        self.clock.pass_by(span)
        other = next(name for name in _WORKERS if name != stopped)
        self._run(other, Plan())
        self.note(f"{stopped} goes on")

    def _run(self, worker: str, plan: Plan) -> None:
        """Give a process its turn, and bury it if it dies in it."""
        with self.faults.follow(Plan()):
            process = self._process(worker)
        self.watch.passes.append(self.clock.now())
        try:
            self._work(process, plan)
        except Crash:
            self.note(f"{worker} is killed")
            self._kill(worker)
            with self.faults.follow(Plan()):
                self._after_pass(is_over=False, now=self.clock.now())
        finally:
            self.life.faults += plan.strikes

    def _work(self, process: Process, plan: Plan) -> None:
        setup = self.post.setup(self.estate, process)
        now = self.clock.now()
        with self.faults.follow(plan):
            report = process.make_pass(setup, now)
            with self.faults.follow(Plan()):
                # A pass that doubts the clock looks at no line.
                is_over = report is not None and not getattr(report, "doubt", None)
                self._after_pass(is_over=is_over, now=now)
            if report is not None:
                require(not report.quarantined, "lines set aside: %s", report)
            process.is_stale = False
            is_recorded = process.deliver()
            if not (is_recorded and report):
                require(
                    plan.has_trouble, "trouble without a cause: %s", process.trouble
                )
            if not is_recorded:
                self.note(f"{process.worker}: the store is in trouble")
                self.witness.doubt(process.unrecorded)
                process.unrecorded.clear()

    def _after_pass(self, *, is_over: bool, now: datetime) -> None:
        self.book.sync()
        self.records.look()
        self.watch.check_decisions()
        if is_over:
            self.book.settle(now)
            self.watch.settled = True

    def _process(self, worker: str) -> Process:
        if worker not in self.processes:
            self.workers += 1
            name = f"{worker}{self.workers}"
            self.processes[worker] = Process(self.store, name, self.clock, self.rng)
        return self.processes[worker]

    def _kill(self, worker: str) -> None:
        process = self.processes.pop(worker)
        self.life.kills += 1
        self.life.faults += 1
        self.witness.doubt(process.unrecorded)
        process.end()

    def _kill_all(self) -> None:
        for worker in list(self.processes):
            self._kill(worker)
        self.note("the machine is off")

    def _calm_down(self) -> None:
        """Make everything well again, wait for days, and see what is left."""
        self._kill_all()
        self._step_clock(Clock.set_right)
        self.note("all is well from here on")
        for name in self.estate.channels:
            self.peers[name].recover()
            self.owner.mend(name)
        began = self.clock.true
        for minutes in _CALM:
            self.clock.pass_by(began + timedelta(minutes=minutes) - self.clock.true)
            self.watch.begin_turn()
            self._run("a", Plan())
            self.watch.look(self.clock.now())
        self.watch.look(self.clock.now(), at_rest=True)
