"""Setups for passes: what the composition root would make of a configuration."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from reminderd.delivery.channel import Outlet
from reminderd.domain.deliveries import Route
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Reading
from reminderd.scheduling.cycle import PassReport, run_pass
from reminderd.scheduling.declared import apply_setup
from reminderd.scheduling.setup import DeclaredLine, Setup
from reminderd.storage.database import Database
from tests.builders import a_policy

PHONE = Route(channel="phone")


def a_declared_line(
    *readings: Reading,
    name: str = "uk-travel",
    timezone: str = "Europe/London",
    route: tuple[str, ...] | None = None,
    limits: str = "",
) -> DeclaredLine:
    """Return a line as the configuration file would describe it."""
    columns = {
        "carrier": "giffgaff",
        "number": "+447700900123",
        "iccid": None,
        "timezone": timezone,
        "tags": (),
        "route": route,
    }
    return DeclaredLine(
        name=name,
        columns=columns,
        readings=readings,
        marks={
            "line": json.dumps(columns),
            "limits": limits,
            **{reading.item: repr(reading) for reading in readings},
        },
    )


def a_setup(
    *lines: DeclaredLine,
    digest: str = "1",
    policy: Policy | None = None,
    routes: Sequence[Route] = (PHONE,),
    outlets: Mapping[str, Outlet] | None = None,
) -> Setup:
    """Return a setup with one policy for all lines; its text is its digest."""
    chosen = policy or a_policy()
    return Setup(
        store="store",
        digest=digest,
        policy_digest=repr(chosen),
        lines=lines,
        policy_for=lambda _stored: chosen,
        routes=routes,
        outlets=outlets or {},
    )


def take_up(database: Database, setup: Setup, now: datetime) -> PassReport:
    """Apply *setup* and make a pass, as a process does when it has read the file."""
    apply_setup(database, setup, now)
    return run_pass(database, setup, now)
