"""Two hundred kills at random moments: nothing lost, one more copy at most for each."""

from pathlib import Path

import pytest

from tests.crashes.kills import run_campaign


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    outcome = run_campaign(tmp_path, kills=200, seed=1)

    assert outcome.kills == 200
    assert outcome.lost == set(), outcome
    assert outcome.unwanted == set(), outcome
    assert outcome.excessive == {}, outcome
    assert outcome.copies <= 200, outcome
    assert outcome.integrity == "ok"
