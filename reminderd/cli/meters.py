"""Shares and series in characters: bars and sparklines."""

from collections.abc import Sequence
from fractions import Fraction

_BAR_CELLS = 8
_SHORT_BAR_CELLS = 5
_DAYS_SHOWN = 7
_BLOCKS = "▁▂▃▄▅▆▇█"


def bar_text(share: Fraction | None, *, is_short: bool = False) -> str:
    """Return *share* as a bar and in per cent, rounded down; nothing for unknown."""
    if share is None:
        return ""
    whole = _SHORT_BAR_CELLS if is_short else _BAR_CELLS
    full = int(share * whole)
    # What is left, be it ever so little, is not nothing.
    full = max(full, 1) if share else 0
    return f"{'█' * full}{'░' * (whole - full)} {int(share * 100)}%"


def sparkline(use: Sequence[int]) -> str:
    """Return the use of the last week's days, each as a block of its height."""
    shown = use[-_DAYS_SHOWN:]
    most = max(shown, default=0)
    if not most:
        return _BLOCKS[0] * len(shown)
    top = len(_BLOCKS) - 1
    return "".join(_BLOCKS[-(-each * top // most)] for each in shown)
