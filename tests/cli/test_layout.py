"""Text that fits the terminal: what is broken where, in cells and not characters."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import pytest
from rich.cells import cell_len

from reminderd.cli.layout import cells, column_widths, glued, padded, wrapped

DATED = "还剩3天，12月3日周四 09:00到期，剩 1.5 GB，共 10 GB（详情见下）"


@pytest.mark.parametrize("width", range(22, 60))
def test_a_date_and_a_number_with_its_unit_stay_whole(width: int) -> None:
    english = "data 1.5 GB of 10 GB; 3 days left, ends Thu 3 Dec 09:00, then nothing"
    lines = (*wrapped(DATED, width), *wrapped(english, width))

    assert max(map(cell_len, lines)) <= width
    for whole in ("12月3日周四 09:00", "1.5 GB", "10 GB", "Thu 3 Dec 09:00", "3 days"):
        assert any(whole in line for line in lines), whole
    assert not any(line[:1] in "，；：）。,;" for line in lines)
    assert not any(line.endswith("（") for line in lines)


def test_what_is_too_long_for_a_line_is_cut_and_nothing_is_lost() -> None:
    lines = wrapped("卡" * 9 + "x" * 9, 5, hang=1)

    assert max(map(cell_len, lines)) <= 5
    assert "".join(line.strip() for line in lines) == "卡" * 9 + "x" * 9


def test_what_is_glued_goes_to_the_next_line_as_a_whole() -> None:
    assert wrapped(f"a b  {glued('时间 50%  x')}  c", 12) == ["a b", "时间 50%  x", "c"]


@pytest.mark.parametrize("text", ["", "plain", "中文", "e\u0301", "░█▁"])
def test_cells_are_those_of_a_terminal(text: str) -> None:
    assert cells(text) == cell_len(text)
    assert cell_len(padded(text, 9)) == 9


def test_the_widest_column_gives_way_first() -> None:
    assert column_widths([["name"], ["one two three"]], 12) == [4, 6]
    assert column_widths([["name"], ["one two three"]], 40) == [4, 13]
