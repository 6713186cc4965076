"""Each fail point stands at one place in the code, and is sprung by a test."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import reminderd
from reminderd.failpoints import Name

NAMES = set(get_args(Name))


def found(pattern: str, paths: Iterable[Path]) -> Counter[str]:
    return Counter(
        name for path in paths for name in re.findall(pattern, path.read_text())
    )


def test_every_fail_point_is_reached_at_one_place_and_tested() -> None:
    package = Path(reminderd.__file__).parent
    tests = Path(__file__).parent.glob("test_m*.py")

    assert found(r'reach\("([a-z.-]+)"\)', package.rglob("*.py")) == Counter(NAMES)
    assert set(found(r'"([a-z]+\.[a-z-]+)"', tests)) >= NAMES
