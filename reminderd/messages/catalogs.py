"""The texts of reminderd in its languages; English is the key of each text."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import TYPE_CHECKING

from reminderd.domain.texts import N_
from reminderd.languages import ENGLISH, catalogue, known_languages

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

__all__ = ["N_", "templates", "translator"]


@cache
def translator(language: str) -> NullTranslations:
    """Return the catalogue of *language*; a text it lacks comes out in English.

    Raises:
        ValueError: There is no catalogue of the language.
    """
    known = known_languages()
    if language not in known:
        raise ValueError(f"{language!r} is not one of {', '.join(known)}")
    if language == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - see _catalog

    compiled = BytesIO()
    write_mo(compiled, _catalog(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def templates(language: str) -> tuple[str, ...]:
    """Return the English texts that the catalogue of *language* translates.

    Those that depend on a number or on a context are not among them.
    """
    return tuple(
        message.id
        for message in _catalog(language)
        if isinstance(message.id, str) and message.id and not message.context
    )


@cache
def _catalog(language: str) -> "Catalog":
    # Babel's parser is slow to import, and English readers never need it.
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    with catalogue(language).open("rb") as file:
        return read_po(file, locale=language)
