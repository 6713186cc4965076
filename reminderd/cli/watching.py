"""Draw what a command shows again and again, until it is stopped."""

import io
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from types import FrameType
from typing import NoReturn

_ENTER = "\x1b[?1049h\x1b[?25l"
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME, _CLEAR_LINE, _CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"


def watch(show: Callable[[], None], seconds: float) -> None:
    """Call *show* every so many seconds until SIGINT or SIGTERM, on its own screen.

    Where stdout is no terminal, what is shown follows what was shown before.
    """
    is_terminal = sys.stdout.isatty()
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        sys.stdout.write(_ENTER if is_terminal else "")
        while True:
            drawn = io.StringIO()
            with redirect_stdout(drawn):
                show()
            text = drawn.getvalue()
            sys.stdout.write(_screen(text) if is_terminal else f"{text}\n")
            sys.stdout.flush()
            time.sleep(seconds)
    except KeyboardInterrupt:
        # That is how it ends.
        return
    finally:
        sys.stdout.write(_LEAVE if is_terminal else "")
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, before)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _screen(text: str) -> str:
    """Return *text* from the top of the screen on, cut where that ends."""
    height = shutil.get_terminal_size().lines
    lines = text.splitlines()[: max(height - 1, 1)]
    return _HOME + "".join(f"{line}{_CLEAR_LINE}\n" for line in lines) + _CLEAR_REST
