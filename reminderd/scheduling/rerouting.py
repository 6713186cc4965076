"""Where what waits goes when its channel, or the way of its line, is another one."""

from datetime import datetime

from sqlalchemy import Connection

from reminderd.scheduling.setup import Setup
from reminderd.storage import strays
from reminderd.storage.lines import StoredLine
from reminderd.storage.strays import Stray


def reroute_all(tx: Connection, setup: Setup, now: datetime) -> None:
    """Give what waits for a channel that was removed to those that it may go to."""
    for stray in strays.find_strays(tx, setup.channels):
        strays.reroute(tx, stray, _channels_of(stray, setup), now)


def redirect(tx: Connection, stored: StoredLine, setup: Setup, now: datetime) -> None:
    """Give what waits for channels that the line has left to those it goes to now.

    Fallbacks get what is not of their lines; those of a channel that only another
    process can use are not known here.
    """
    own = {route.channel for route in setup.routes_for(stored.route)}
    if not setup.has_channels or not own <= setup.outlets.keys():
        return
    fallbacks = {setup.outlets[name].fallback for name in own}
    channels = own.union(name for name in fallbacks if name is not None)
    for stray in strays.find_strays_of(tx, stored.id, channels):
        strays.reroute(tx, stray, _channels_of(stray, setup), now)


def _channels_of(stray: Stray, setup: Setup) -> list[str]:
    return [
        route.channel
        for route in setup.routes_for(stray.route)
        if stray.is_notice or stray.severity >= route.min_severity
    ]
