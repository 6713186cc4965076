"""In which language the command line answers, also before it has its settings."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from reminderd.clock import utc_now
from reminderd.config.files import MAX_BYTES, read_small
from reminderd.config.loading import find_config
from reminderd.config.settings import Settings
from reminderd.languages import known_languages, language_of_locale
from reminderd.messages.wording import Reader, Wording

_VARIABLE = "REMINDERD_LANGUAGE"
_KEY = re.compile(r"""^[ \t]*language[ \t]*=[ \t]*["']([^"'\n]*)["']""", re.MULTILINE)
_SECTION = re.compile(r"^[ \t]*\[", re.MULTILINE)
_CONFIG_OPTIONS = ("--config", "-c")


def language_at_terminal(settings: Settings) -> str:
    """Return the language that *settings* name, else the one of the terminal."""
    if "language" in settings.model_fields_set:
        return settings.language
    return language_of_locale(os.environ)


def early_words(arguments: Sequence[str], environ: Mapping[str, str]) -> Wording:
    """Return the words for help and errors, whatever the configuration is like.

    There are no dates in these: what a zone would be needed for is not said.
    """
    wanted = (environ.get(_VARIABLE, ""), _configured(arguments, environ))
    known = known_languages()
    language = next((each for each in wanted if each in known), None)
    reader = Reader(
        language=language or language_of_locale(environ), zone=ZoneInfo("UTC")
    )
    return Wording(reader, utc_now())


def _configured(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the language that the configuration file seems to name, or nothing."""
    path = find_config(next(_given(arguments), None), environ)
    if path is None:
        return ""
    try:
        content, _ = read_small(path, MAX_BYTES)
    except (OSError, ValueError):
        return ""
    text = content.decode(errors="replace")
    section = _SECTION.search(text)
    found = _KEY.search(text, 0, section.start() if section else len(text))
    return found[1] if found else ""


def _given(arguments: Sequence[str]) -> Iterator[Path]:
    """Yield the configuration files that *arguments* name."""
    for index, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if argument in _CONFIG_OPTIONS:
            yield from map(Path, arguments[index + 1 : index + 2])
        elif equals and name == _CONFIG_OPTIONS[0]:
            yield Path(value)
