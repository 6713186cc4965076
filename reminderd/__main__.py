"""Run the command line with ``python -m reminderd``, and as the script."""

import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its status, also if stopped at its start."""
    try:
        # It takes a second to import; Ctrl-C then is no reason for a traceback.
        from reminderd.cli.main import main as start  # noqa: PLC0415 - see above
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    start()


if __name__ == "__main__":
    main()
