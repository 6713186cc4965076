"""Engines that outlive the processes which use them, for what they have compiled.

Compiling statements anew after each restart would take most of the time of a world.
Connections do not survive: a process that ends closes them all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import URL, Engine, create_engine

from reminderd.storage import engines

_ENGINES: dict[tuple[str, str], Engine] = {}


@contextmanager
def kept_for(user: str) -> Iterator[None]:
    """Give *user*, when it opens a store meanwhile, the engine that it had before."""

    def create(url: URL, **options: Any) -> Engine:
        key = user, url.render_as_string()
        if key not in _ENGINES:
            _ENGINES[key] = create_engine(url, **options)
        return _ENGINES[key]

    with patch.object(engines, "create_engine", create):
        yield
