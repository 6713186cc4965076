"""Draw what a command shows again and again, until it is stopped."""

import io
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout

_ENTER = "\x1b[?1049h\x1b[?25l"
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME, _CLEAR_LINE, _CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"


def watch(show: Callable[[], None], seconds: float) -> None:
    """Call *show* every so many seconds until Ctrl-C, on a screen of its own.

    Where stdout is no terminal, what is shown follows what was shown before.
    """
    is_terminal = sys.stdout.isatty()
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


def _screen(text: str) -> str:
    """Return *text* from the top of the screen on, cut where that ends."""
    height = shutil.get_terminal_size().lines
    lines = text.splitlines()[: max(height - 1, 1)]
    return _HOME + "".join(f"{line}{_CLEAR_LINE}\n" for line in lines) + _CLEAR_REST
