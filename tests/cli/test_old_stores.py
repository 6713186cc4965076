"""The store of a released schema goes on where it was left."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.sinks import http_sink
from tests.storage.schemas import make

SCHEMAS = sorted(Path(make.__file__).parent.glob("*.sql"))


@pytest.mark.slow
@pytest.mark.parametrize("released", SCHEMAS, ids=lambda path: path.stem)
def test_a_check_sends_what_waited_and_repeats_nothing(
    shell: Shell, released: Path
) -> None:
    shell.store.parent.mkdir(mode=0o700)
    make.load(released, shell.store)
    shell.now = make.BEGIN + timedelta(days=21, hours=1)
    with http_sink() as accepting, http_sink() as refusing, http_sink() as down:
        text = make.HEAD.format(store=shell.store) + make.LINES
        text += make.CHANNELS.format(
            accepting=accepting.address, refusing=refusing.address, down=down.address
        )
        shell.write_raw(text)

        answer = shell.ok("check")

    assert "sent to down" in answer.out
    assert len(down.requests) == 1
    body = down.requests[0].body.decode()
    assert all(name in body for name in ("uk-travel", "granny", "unlimited"))
    assert accepting.requests == []
    assert "uk-travel" in shell.ok("history").out
    assert "spain" in shell.ok("status").out
