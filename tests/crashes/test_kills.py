"""Kills at random moments: nothing lost, one more copy at most for each.

Twice as many, and more, are made by hand: see ``__main__``.
"""

from pathlib import Path

import pytest

from tests.crashes.kills import run_campaign


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    outcome = run_campaign(tmp_path, kills=100, seed=1)

    assert outcome.kills == 100
    assert outcome.lost == set(), outcome
    assert outcome.unwanted == set(), outcome
    assert outcome.excessive == {}, outcome
    assert outcome.copies <= 100, outcome
    assert outcome.integrity == "ok"
