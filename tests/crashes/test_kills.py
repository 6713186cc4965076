"""Kills at random moments: nothing lost, one more copy at most for each.

Two hundred and more are made by hand: see ``__main__``.
"""

from pathlib import Path

import pytest

from tests.crashes.kills import run_campaign


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_sixty_kills_lose_nothing(tmp_path: Path) -> None:
    outcome = run_campaign(tmp_path, kills=60, seed=1)

    assert outcome.kills == 60
    assert outcome.lost == set(), outcome
    assert outcome.unwanted == set(), outcome
    assert outcome.excessive == {}, outcome
    assert outcome.copies <= 60, outcome
    assert outcome.integrity == "ok"
