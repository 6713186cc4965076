"""Are the files written that other programs read."""

from collections.abc import Iterator

from reminderd.cli.facts import Facts, Finding, ok, warning
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording


def kept_files(facts: Facts, words: Wording) -> Iterator[Finding]:
    """Say of each file that passes keep written whether they can write it."""
    for known in facts.kept_files:
        if known.trouble is None:
            text = words.say(
                "{key}: {path} is kept up to date", key=known.key, path=known.path
            )
            yield ok("kept_file", text)
        else:
            text = not_written(known.key, known.trouble, words)
            advice = words.say("mend it; it is tried again after each pass")
            yield warning("kept_file", text, advice)


def not_written(key: str, reason: str, words: Wording) -> str:
    """Return that the file which the setting *key* names cannot be written."""
    return words.say(
        "{key} is not written: {reason}", key=key, reason=recall(reason, words)
    )
