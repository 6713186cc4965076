"""What a command says once it has recorded something: how the line stands now."""

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from functools import reduce

from reminderd.cli.context import Context, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.output import say
from reminderd.cli.rendering import describe, wording_of
from reminderd.config.loading import Loaded
from reminderd.messages.wording import Wording
from reminderd.views.status import overview


def say_next(
    command: Context, loaded: Loaded, name: str, what: str, now: datetime
) -> None:
    """Say what is known of a line now, and when something will be said of it."""
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        stored = require_line(tx, name)
    (status,) = overview([stored], policies_of(loaded.settings), now)
    words = wording_of(loaded.settings, now)
    facts = _joined(describe(status, words), words)
    if not facts:
        facts = words.say("Nothing is known of it yet")
    done = words.say(what)
    say(words.say("{line}: {done}. {facts}.", line=name, done=done, facts=facts))
    if status.reminder is not None and any(each.new for each in status.findings):
        say(words.say("A reminder is due now; the next check or the daemon sends it."))
    if status.next_at is None:
        say(words.say("No further reminder follows from a date."))
    else:
        moment = words.moment(status.next_at)
        say(words.say("Next reminder: {moment}.", moment=moment))


def _joined(facts: Iterable[str], words: Wording) -> str:
    def join(first: str, second: str) -> str:
        return words.say("{first}; {second}", first=first, second=second)

    parts = list(facts)
    return reduce(join, parts) if parts else ""
