"""The languages there are: English, and one for each catalogue beside the messages."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

ENGLISH = "en"

_SUFFIX = ".po"
# What decides, the first that is set, in the order of POSIX.
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE = frozenset({"", "C", "POSIX"})
# Who reads one of the two scripts of Chinese may not read the other.
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


def catalogue(language: str) -> Traversable:
    """Return the file that holds the texts of *language*."""
    return _folder().joinpath(f"{language}{_SUFFIX}")


@cache
def known_languages() -> tuple[str, ...]:
    """Return English, and the language of each catalogue, sorted."""
    names = (file.name for file in _folder().iterdir())
    found = (name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))
    return (ENGLISH, *sorted(found))


def language_of_locale(environ: Mapping[str, str]) -> str:
    """Return the language that the locale in *environ* asks for, else English.

    ``LANGUAGE`` lists several, the best first; as with gettext it counts only where
    there is a locale at all.
    """
    locale = next((environ[name] for name in _VARIABLES if environ.get(name)), "")
    if locale.partition(".")[0] in _NO_LANGUAGE:
        return ENGLISH
    wanted = (*environ.get("LANGUAGE", "").split(":"), locale)
    return next(filter(None, map(_nearest, wanted)), ENGLISH)


def _nearest(wanted: str) -> str | None:
    """Return the known language closest to a tag such as zh_CN.UTF-8 or zh-Hans."""
    parts = _parts(wanted)
    return next((name for name in _like(parts) if parts[0]), None)


def _like(parts: list[str]) -> Iterator[str]:
    """Yield the languages that a reader of *parts* reads, the closest first."""
    known = {name: _parts(name) for name in known_languages()}
    yield from (name for name, tag in known.items() if tag == parts)
    is_traditional = not _TRADITIONAL.isdisjoint(parts)
    for name, tag in known.items():
        if tag[0] == parts[0] and is_traditional != _TRADITIONAL.isdisjoint(tag):
            yield name


def _parts(tag: str) -> list[str]:
    """Return a tag as language, script and territory, without what follows these."""
    return tag.partition(".")[0].partition("@")[0].replace("-", "_").lower().split("_")


def _folder() -> Traversable:
    return files("reminderd").joinpath("messages", "locale")
