"""The owner: renews, reads figures, answers, edits the file, mends channels.

Commands do what ``cli.recording`` and ``cli.answering`` do, by the same parts.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from reminderd.domain.activities import Use, touch
from reminderd.domain.lines import Reading
from reminderd.domain.periods import Period
from reminderd.domain.plans import Plan
from reminderd.domain.renewals import Renewal, renew
from reminderd.domain.terms import UNKNOWN_TERMS
from reminderd.storage import events, lines, readings
from reminderd.storage.database import Database
from tests.simulation import chances
from tests.simulation.book import Book
from tests.simulation.ledger import Account


class Owner:
    """Does something at random to the lines, by command or in the file."""

    def __init__(self, rng: Random, database: Database, book: Book) -> None:
        self._rng = rng
        self._database = database
        self._book = book
        self._estate = book.estate

    def act(self, now: datetime) -> str:
        """Do one thing; return what it was."""
        by_command: list[Callable[[Account, datetime], str]] = [
            self._renew,
            self._renew,
            self._read,
            self._read,
            self._read,
            self._touch,
            self._acknowledge,
            self._snooze,
            self._forget,
        ]
        accounts = list(self._book.accounts.values())
        if accounts and self._rng.random() < 0.7:
            done = self._rng.choice(by_command)(self._rng.choice(accounts), now)
        else:
            done = self._edit(now)
        self._book.sync()
        return done

    def mend(self, name: str) -> str:
        """Give the channel an address that works."""
        section = self._estate.channels[name]
        version = section.version + 1
        self._estate.channels[name] = replace(section, version=version)
        return f"mends {name}"

    def _renew(self, account: Account, now: datetime) -> str:
        line, rng = account.line, self._rng
        today = now.astimezone(line.zone).date()
        period = rng.choice((Period(days=30), Period(days=7), Period(months=1)))
        renewal = Renewal(plan=Plan(period=period), on=today)
        try:
            known = renew(line, renewal, UNKNOWN_TERMS, now).readings
        except ValueError:
            return "renews nothing"
        self._record(account, known, now)
        self._note(account, known)
        return f"renews {line.name} for {period}"

    def _touch(self, account: Account, now: datetime) -> str:
        today = now.astimezone(account.line.zone).date()
        use = Use(on=today)
        try:
            known = touch(account.line, use, UNKNOWN_TERMS, now).readings
        except ValueError:
            # It starts a plan of which nobody has said how long it lasts.
            return "touches nothing"
        if known:
            self._record(account, known, now)
            self._note(account, known)
        return f"touches {account.line.name}"

    def _record(
        self, account: Account, known: tuple[Reading, ...], now: datetime
    ) -> None:
        with self._database.write() as tx:
            readings.save_readings(tx, account.line_id, known, "cli", now)
            lines.update_line(tx, account.line_id, snoozed_until=None)
        account.snoozed_until = None
        self._book.set_by_hand(account.line.name, known)

    def _note(self, account: Account, known: tuple[Reading, ...]) -> None:
        self._book.records.look()
        items = frozenset(reading.item for reading in known)
        account.note(items, self._book.records.newest)

    def _read(self, account: Account, now: datetime) -> str:
        line = account.line
        known = list(line.readings)
        if not known:
            return "reads nothing"
        new = chances.a_reading(self._rng, self._rng.choice(known), line.zone, now)
        with self._database.write() as tx:
            readings.save_readings(tx, account.line_id, [new], "cli", now)
        self._book.set_by_hand(line.name, [new])
        self._note(account, (new,))
        return f"reads {line.name}: {new}"

    def _forget(self, account: Account, _now: datetime) -> str:
        known = list(account.line.readings)
        if len(known) < 2 or self._rng.random() < 0.7:
            return "forgets nothing"
        gone = self._rng.choice(known)
        with self._database.write() as tx:
            readings.forget_items(tx, account.line_id, [gone.item])
        self._book.forget_by_hand(account.line.name, gone.item)
        self._note(account, (gone,))
        return f"forgets {gone.item} of {account.line.name}"

    def _acknowledge(self, account: Account, now: datetime) -> str:
        with self._database.write() as tx:
            events.acknowledge(tx, account.line_id, now)
        account.snoozed_until = None
        account.debts.clear()
        self._book.records.look()
        account.answers.append(("ack", self._book.records.newest))
        return f"acknowledges {account.line.name}"

    def _snooze(self, account: Account, now: datetime) -> str:
        until = now + timedelta(hours=self._rng.choice((1, 12, 48, 200)))
        with self._database.write() as tx:
            events.snooze(tx, account.line_id, until, now)
        account.snoozed_until = until
        self._book.records.look()
        account.answers.append(("snooze", self._book.records.newest))
        return f"snoozes {account.line.name} until {until}"

    def _edit(self, now: datetime) -> str:
        edits: list[Callable[[datetime], str]] = [
            self._edit_reading,
            self._edit_reading,
            self._edit_reading,
            self._edit_line,
            self._edit_limits,
            self._edit_channels,
        ]
        return self._rng.choice(edits)(now)

    def _edit_reading(self, now: datetime) -> str:
        if not self._estate.lines:
            return "edits nothing"
        name = self._rng.choice(list(self._estate.lines))
        section = self._estate.lines[name]
        if not section.readings:
            return "edits nothing"
        item = self._rng.choice(list(section.readings))
        zone = ZoneInfo(section.timezone)
        new = chances.a_reading(self._rng, section.readings[item], zone, now)
        known = {**section.readings, item: new}
        if self._rng.random() < 0.1 and len(known) > 1:
            del known[item]
        self._estate.lines[name] = replace(section, readings=known)
        return f"edits {name}: {known.get(item, f'no {item}')}"

    def _edit_line(self, now: datetime) -> str:
        name = self._rng.choice(chances.NAMES)
        if name in self._estate.lines:
            if len(self._estate.lines) == 1 or self._rng.random() < 0.5:
                return "edits nothing"
            del self._estate.lines[name]
            return f"removes {name}"
        if len(self._estate.lines) >= 6:
            return "edits nothing"
        self._estate.lines[name] = chances.a_line(self._rng, name, self._estate, now)
        return f"adds {name}"

    def _edit_limits(self, _now: datetime) -> str:
        policy = chances.a_policy(self._rng, self._estate.zone)
        if self._rng.random() < 0.5:
            self._estate.policy = policy
            return "edits the limits"
        name = self._rng.choice(list(self._estate.lines))
        section = self._estate.lines[name]
        chosen = policy if self._rng.random() < 0.7 else None
        self._estate.lines[name] = replace(section, policy=chosen)
        return f"edits the limits of {name}"

    def _edit_channels(self, _now: datetime) -> str:
        channels, rng = self._estate.channels, self._rng
        name = rng.choice(chances.CHANNELS)
        if name in channels and len(channels) > 1 and rng.random() < 0.4:
            del channels[name]
            done = f"removes channel {name}"
        else:
            known = channels.get(name)
            version = known.version if known else rng.randrange(1000, 9000)
            channels[name] = chances.a_channel(rng, name, version)
            done = f"edits channel {name}: {channels[name]}"
        chances.add_fallbacks(rng, self._estate)
        self._book.loosen_debts()
        return done
