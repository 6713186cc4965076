"""What must hold in every world, whatever goes wrong in it.

Promises about the outbox, looked at after each turn of a process by ``watch``:

- ``decision_is_right``: a reminder says exactly what its line had reached when it
  was decided, worst first, and nothing of what is unlimited or unknown; a step is
  new only once a cycle, and again only when its repeat is due or a snooze is over.
- ``debts_are_paid_or_shown``: every limit that was reached at a pass that came to its
  end has arrived on each channel that wants it, or is shown as pending, held or dead.
- ``sent_means_accepted``: what is recorded as sent has been accepted by the peer.
- ``is_reported``: a channel that breaks or cannot deliver something while another one
  lives is reported through that one.

Promises about each letter at the moment it is handed over are in ``witness``.
"""


class Violation(BaseException):
    """A promise was broken; what catches exceptions must not catch this."""


def require(holds: object, promise: str, *values: object) -> None:
    """Raise Violation with *promise* unless it *holds*."""
    if not holds:
        raise Violation(promise % values if values else promise)
