from unicodedata import category

import pytest

from reminderd.domain.names import (
    clean_iccid,
    clean_name,
    clean_number,
    mask_iccid,
    mask_number,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("uk-travel", "uk-travel", id="a slug stays"),
        pytest.param("  uk   travel ", "uk travel", id="blanks are collapsed"),
        pytest.param("uk\u00a0travel", "uk travel", id="a hard blank is a blank"),
        pytest.param("\uff35\uff2b １", "UK 1", id="full width becomes plain"),  # noqa: RUF001 - on purpose
        pytest.param("联通 备用", "联通 备用", id="Chinese stays"),
        pytest.param("می‌شود", "می‌شود", id="a joiner stays"),
        pytest.param("x" * 64, "x" * 64, id="64 characters are allowed"),
    ],
)
def test_a_name_is_cleaned(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param(" \u3000 ", "is empty", id="only blanks"),
        pytest.param("x" * 65, "has 65 characters", id="too long"),
        pytest.param("a\nb", r"U\+000A", id="line feed"),
        pytest.param("a\tb", r"U\+0009", id="tab"),
        pytest.param("a\u2028b", r"U\+2028", id="line separator"),
        pytest.param("a\u202eb", r"U\+202E", id="turned direction"),
        pytest.param("a\u2066b", r"U\+2066", id="isolate"),
        pytest.param("a\u200bb", r"U\+200B", id="zero width"),
        pytest.param("a\ufeffb", r"U\+FEFF", id="byte order mark"),
        pytest.param("a\ud800b", r"U\+D800", id="half a surrogate pair"),
        pytest.param("a\u2061b", r"U\+2061", id="invisible operator"),
        pytest.param("a\U000e0041b", r"U\+E0041", id="tag that repeats a letter"),
        pytest.param("a\u3164b", r"U\+1160", id="letter that shows nothing"),
        pytest.param("a\u2800b", r"U\+2800", id="empty cell of Braille"),
        pytest.param("a\ue000b", r"U\+E000", id="character for private use"),
    ],
)
def test_a_name_that_could_deceive_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        clean_name(text)


def test_no_character_that_formats_text_gets_into_a_name_but_joiners() -> None:
    formats = [char for char in map(chr, range(0x110000)) if category(char) == "Cf"]

    passed = [char for char in formats if _passes(f"a{char}b")]

    # Zero-width non-joiner and joiner, and signs before numbers, which are seen.
    assert " ".join(f"{ord(char):X}" for char in passed) == (
        "600 601 602 603 604 605 6DD 70F 890 891 8E2 200C 200D 110BD 110CD"
    )


def _passes(text: str) -> bool:
    try:
        clean_name(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+447700900123", "+447700900123"),
        ("+44 (7700) 900-123", "+447700900123"),
        ("+1234567", "+1234567"),
        ("+123456789012345", "+123456789012345"),
    ],
)
def test_a_number_is_stored_without_punctuation(text: str, number: str) -> None:
    assert clean_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "07700900123",
        "+0447700900",
        "+123456",
        "+1234567890123456",
        "+44x",
        "",
        "+٤٤٧٧٠٠٩٠",
    ],
)
def test_a_number_without_country_code_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="international number") as caught:
        clean_number(text)

    assert not text or text not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "iccid"),
    [
        ("8944 1100 0000 0000 000", "8944110000000000000"),
        ("8944110000000000000F", "8944110000000000000"),
        ("89" + "1" * 16, "89" + "1" * 16),
        ("89" + "1" * 20, "89" + "1" * 20),
    ],
)
def test_the_number_of_a_card_loses_blanks_and_filler(text: str, iccid: str) -> None:
    assert clean_iccid(text) == iccid


@pytest.mark.parametrize(
    "text", ["89" + "1" * 15, "89" + "1" * 21, "79" + "1" * 17, "89441100000000000FA"]
)
def test_another_number_is_no_card_and_is_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="SIM card") as caught:
        clean_iccid(text)

    assert text not in str(caught.value)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        pytest.param("+447700900123", "+44 •••• 0123", id="two digits of country"),
        pytest.param("+12025550143", "+1 •••• 0143", id="one digit"),
        pytest.param("+79161234567", "+7 •••• 4567", id="one digit, Russia"),
        pytest.param("+85291234567", "+852 •••• 4567", id="three digits"),
        pytest.param("+8613800138000", "+86 •••• 8000", id="China"),
        pytest.param("+8821234567", "+882 •••• 67", id="a short number shows two"),
    ],
)
def test_a_masked_number_shows_country_and_end(number: str, masked: str) -> None:
    assert mask_number(number) == masked


def test_a_masked_card_shows_its_end() -> None:
    assert mask_iccid("8944110012345671234") == "89•••• 1234"
