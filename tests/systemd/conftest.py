"""One machine for each process that runs these tests, reset before each of them."""

from collections.abc import Iterator

import pytest

from tests.systemd.machine import Machine, booted, missing, prepared_root


@pytest.fixture(scope="session")
def _machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    with (
        prepared_root() as root,
        booted(root, tmp_path_factory.mktemp("machine")) as machine,
    ):
        yield machine


@pytest.fixture
def machine(_machine: Machine) -> Machine:
    """A machine on which reminderd is installed and nothing has happened yet."""
    _machine.reset()
    return _machine
