"""Tell systemd how the daemon is doing (sd_notify(3)); silent where there is none."""

import os
import socket
import time

_PATIENCE_SECONDS = 2.0


def notify(**states: str) -> None:
    """Send states such as ``READY="1"`` to the service manager, if there is one.

    A socket that has gone, or that nobody reads, is ignored: the daemon's work does
    not depend on it.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    message = "\n".join(
        f"{name}={' '.join(value.split())}" for name, value in states.items()
    )
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as peer:
        peer.settimeout(_PATIENCE_SECONDS)
        try:
            peer.sendto(message.encode(), address)
        except OSError:
            return


def notify_reloading() -> None:
    """Announce that a reload has begun; ``READY=1`` ends it."""
    usec = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    notify(RELOADING="1", MONOTONIC_USEC=str(usec))
