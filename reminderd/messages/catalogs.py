"""The texts of reminderd in its languages; English is the key of each text."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh_CN")


@cache
def translator(language: str) -> NullTranslations:
    """Return the catalogue of *language*; a text it lacks comes out in English.

    Raises:
        ValueError: The language is not one of LANGUAGES.
    """
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is not one of {', '.join(LANGUAGES)}")
    if language == ENGLISH:
        return NullTranslations()
    # Babel's parser is slow to import, and English readers never need it.
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - as above
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    source = files("reminderd.messages").joinpath("locale", f"{language}.po")
    with source.open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def N_(text: str) -> str:  # noqa: N802 - the name by which Babel finds texts
    """Return *text* unchanged; it is translated where it is used."""
    return text
