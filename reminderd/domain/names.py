"""Names of lines and channels, numbers and card identifiers: clean, and masked."""

import re
import unicodedata

from reminderd.domain.texts import Text

MAX_NAME_LENGTH = 64

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_ICCID = re.compile(r"89[0-9]{16,20}")
_NUMBER_PUNCTUATION = str.maketrans("", "", " -().\u00a0")
_HIDDEN = "•" * 4
_TAIL = 4

# Control characters, invisible ones and those that turn the direction of writing
# (with them one name can pass for another), surrogates, characters for private use,
# separators of lines and of paragraphs.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
# The joiners, which some scripts need, and the number signs of Arabic and other
# scripts, which can be seen.
_ALLOWED = frozenset(
    map(
        chr,
        (
            *(0x200C, 0x200D, *range(0x0600, 0x0606), 0x06DD, 0x070F),
            *(0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD),
        ),
    )
)
# Letters, marks and symbols that show nothing: fillers of Korean, a joiner of
# graphemes, vowels of Khmer, the empty cell of Braille.
_BLANK = frozenset(
    map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0))
)

# ITU-T E.164: country codes of one and of two digits; all others have three.
_ONE_DIGIT_CODES = frozenset("17")
_TWO_DIGIT_CODES = frozenset(
    map(
        str,
        (
            *(20, 27, 36, 39, 98),
            *range(30, 35),
            *(40, 41, *range(43, 50)),
            *range(51, 59),
            *range(60, 67),
            *(81, 82, 84, 86),
            *range(90, 96),
        ),
    )
)
# A national number shorter than this would be given away by its last four digits.
_LONG_ENOUGH = 8


def clean_name(text: str) -> str:
    """Return *text* as it is stored: NFKC, with single blanks and none at the ends.

    Raises:
        ValueError: Nothing is left, more than 64 characters are, or one of them is
            invisible, ends a line or turns the direction of writing.
    """
    name = unicodedata.normalize("NFKC", text)
    bad = next((char for char in name if _is_refused(char)), None)
    if bad is not None:
        raise ValueError(
            Text(
                "the name contains the invisible character U+{code}; remove it",
                code=f"{ord(bad):04X}",
            )
        )
    name = " ".join(name.split())
    if not name:
        raise ValueError(Text('the name is empty; write one such as "uk-travel"'))
    if len(name) > MAX_NAME_LENGTH:
        raise ValueError(
            Text(
                "the name has {n} characters; write at most {most}",
                n=len(name),
                most=MAX_NAME_LENGTH,
            )
        )
    return name


def clean_number(text: str) -> str:
    """Return a phone number in E.164 without blanks, such as "+447700900123".

    Raises:
        ValueError: It is no international number; the message does not repeat it.
    """
    number = text.translate(_NUMBER_PUNCTUATION)
    if not _NUMBER.fullmatch(number):
        raise ValueError(
            Text(
                "is not an international number; write it like "
                '"+447700900123": a plus, the country code, no 0 after it'
            )
        )
    return number


def clean_iccid(text: str) -> str:
    """Return the ICCID of a card as digits, without blanks and the filler "F".

    Raises:
        ValueError: It is no ICCID; the message does not repeat it.
    """
    iccid = text.translate(_NUMBER_PUNCTUATION).upper().rstrip("F")
    if not _ICCID.fullmatch(iccid):
        raise ValueError(
            Text(
                "is not the number of a SIM card; write the 18 to 22 digits "
                "printed on it, which begin with 89"
            )
        )
    return iccid


def mask_number(number: str) -> str:
    """Return an E.164 *number* fit for a log: "+44 •••• 0123"."""
    code, national = _split(number.removeprefix("+"))
    tail = _TAIL if len(national) >= _LONG_ENOUGH else _TAIL // 2
    return f"+{code} {_HIDDEN} {national[-tail:]}"


def mask_iccid(iccid: str) -> str:
    """Return an *iccid* fit for a log: "89•••• 1234"."""
    return f"{iccid[:2]}{_HIDDEN} {iccid[-_TAIL:]}"


def _split(digits: str) -> tuple[str, str]:
    """Return the country code and the national number."""
    if digits[:1] in _ONE_DIGIT_CODES:
        length = 1
    elif digits[:2] in _TWO_DIGIT_CODES:
        length = 2
    else:
        length = 3
    return digits[:length], digits[length:]


def _is_refused(char: str) -> bool:
    if unicodedata.category(char) in _REFUSED_CATEGORIES:
        return char not in _ALLOWED
    return char in _BLANK
