"""The message for what was claimed, however odd some of it may be."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reminderd.delivery.channel import Outlet
from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.reminders import Message
from reminderd.domain.texts import Text
from reminderd.storage.claims import Claimed

UNWORDABLE = Verdict(
    outcome=Outcome.MESSAGE_PERMANENT, reason=Text("the message cannot be worded")
)

_MOST_NAMED = 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worded:
    """A message and the deliveries it stands for, and those that nobody can word."""

    message: Message | None
    claimed: Sequence[Claimed]
    unwordable: Sequence[Claimed] = ()


def word(outlet: Outlet, claimed: Sequence[Claimed], now: datetime) -> Worded:
    """Return one message for all of *claimed* that can be worded."""
    message = _compose(outlet, claimed, now)
    if message is not None:
        return Worded(message, claimed)
    if len(claimed) == 1:
        return Worded(None, (), claimed)
    good = [known for known in claimed if _compose(outlet, [known], now) is not None]
    bad = [known for known in claimed if known not in good]
    message = _compose(outlet, good, now) if good else None
    # What can be worded alone but not together is one trouble for all of it.
    return Worded(message, good, bad if message is not None else claimed)


def _compose(
    outlet: Outlet, claimed: Sequence[Claimed], now: datetime
) -> Message | None:
    """Return the message for *claimed*, None if there can be none."""
    try:
        contents = [known.content.decoded() for known in claimed]
        return outlet.compose(contents, now, claimed[0].short)
    # One row that nobody can word must not silence all the others.
    except Exception as error:  # noqa: BLE001 - see above
        kind = type(error).__name__
        ids = ",".join(str(known.delivery_id) for known in claimed[:_MOST_NAMED])
        _log.error("no message can be made deliveries=%s error=%s", ids, kind)
        return None
