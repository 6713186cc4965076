"""The option that replays one world."""

import logging
from collections.abc import Iterator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, help="run only the simulated world of a seed")


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """What the program logs about injected faults is no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
