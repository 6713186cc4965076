"""A large configuration is judged in seconds, however it is made."""

from collections.abc import Callable, Iterator
from itertools import count, takewhile
from pathlib import Path
from time import process_time

import pytest

from reminderd.config.files import MAX_BYTES
from reminderd.config.loading import load
from reminderd.errors import ConfigError
from tests.config.samples import ENVIRON, NOW, a_file

# The time that most of them took once grew with the square of their length or worse.
MOST_SECONDS = 15
LARGE = MAX_BYTES // 4
CHAIN = '[channels.c{0}]\nurl = "json://h"\nfallback = "c{1}"\n'


def repeated(piece: str, size: int = LARGE) -> str:
    """Return *piece* again and again, with its number in it, up to *size*."""
    made = 0

    def pieces() -> Iterator[str]:
        nonlocal made
        for number in count():
            text = piece.replace("{0}", str(number)).replace("{1}", str(number + 1))
            made += len(text)
            yield text

    return "".join(takewhile(lambda _: made < size, pieces()))


SHAPES = {
    "lines of a carrier each": "[carriers.c{0}]\n[lines.l{0}]\ncarrier = 'c{0}'\n",
    "one wrong zone everywhere": "[lines.l{0}]\ntimezone = 'Asia/Shanghia'\n",
    "wrong carriers": "[carriers.c{0}]\n[lines.l{0}]\ncarrier = 'x{0}'\n",
    "wrong channels": CHAIN.replace("c{1}", "x{1}"),
    "chain of fallbacks": CHAIN,
    "unknown keys": "k{0} = 1\n",
    "wrong values": "[lines.l{0}]\nsms_total = 'x'\n",
    "dotted keys": "lines.l{0}.sms_total = -1\n",
}


def _judge(tmp_path: Path, text: str) -> tuple[int, float]:
    """Return the number of problems and the seconds of CPU that it took."""
    path = a_file(tmp_path, text)
    before = process_time()
    try:
        load(path, ENVIRON, now=NOW)
    except ConfigError as error:
        return len(error.problems), process_time() - before
    return 0, process_time() - before


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_large_file_is_judged_in_seconds(tmp_path: Path, shape: str) -> None:
    _, seconds = _judge(tmp_path, repeated(SHAPES[shape]))

    assert seconds < MOST_SECONDS


def test_circle_of_fallbacks_is_found_at_the_end_of_a_chain(tmp_path: Path) -> None:
    chain = repeated(CHAIN, 20_000)
    last = chain.rpartition('fallback = "')[2].partition('"')[0]
    end = f'[channels.{last}]\nurl = "json://h"\nfallback = "c7"\n'

    problems, seconds = _judge(tmp_path, chain + end)

    assert problems == 1
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: ".".join(["a"] * 100_000) + " = 1", id="dotted key"),
        pytest.param(lambda: f"[{'.'.join(['a'] * 100_000)}]", id="dotted section"),
        pytest.param(lambda: '"a".' * 60_000 + "a = 1", id="quoted parts"),
        pytest.param(lambda: "a = " + "[" * 100_000, id="brackets"),
        pytest.param(lambda: "a = " + "{a=" * 60_000, id="braces"),
        pytest.param(lambda: f"poll_every = 0x{'f' * 200_000}", id="hexadecimal"),
        pytest.param(lambda: f"{'k' * 200_000} = 1", id="long key"),
        pytest.param(lambda: f"language = '{'x' * 200_000}'", id="long text"),
        pytest.param(lambda: f"[lines.{'x' * 200_000}]\nx = 1", id="long name"),
    ],
)
def test_single_monster_is_refused_at_once_and_not_repeated(
    tmp_path: Path, make: Callable[[], str]
) -> None:
    path = a_file(tmp_path, make())
    before = process_time()

    with pytest.raises(ConfigError) as caught:
        load(path, ENVIRON, now=NOW)

    assert process_time() - before < 5
    assert max(map(len, caught.value.problems)) < 700
