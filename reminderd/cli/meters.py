"""Shares and series in characters: bars and sparklines."""

from collections.abc import Sequence
from fractions import Fraction

_BAR_CELLS = 8
_DAYS_SHOWN = 10
_BLOCKS = "▁▂▃▄▅▆▇█"


def bar_text(share: Fraction | None) -> str:
    """Return *share* as a bar and in per cent, rounded down; nothing for unknown."""
    if share is None:
        return ""
    full = int(share * _BAR_CELLS)
    # What is left, be it ever so little, is not nothing.
    full = max(full, 1) if share else 0
    return f"{'█' * full}{'░' * (_BAR_CELLS - full)} {int(share * 100):3d}%"


def sparkline(use: Sequence[int]) -> str:
    """Return the use of the last days, each as a block of its height."""
    shown = use[-_DAYS_SHOWN:]
    most = max(shown, default=0)
    if not most:
        return _BLOCKS[0] * len(shown)
    top = len(_BLOCKS) - 1
    return "".join(_BLOCKS[-(-each * top // most)] for each in shown)
