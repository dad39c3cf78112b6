"""Where a value stands on the paper."""

from datetime import date
from itertools import pairwise

import pytest

from sextant.clinic.charts.scale import Scale, date_ticks, score_ticks


def test_a_score_beyond_the_range_is_drawn_at_its_end():
    scale = Scale(0, 27, 336, 30)

    assert scale.at(31) == 30
    assert scale.at(-2) == 336


@pytest.mark.parametrize("highest", [7, 21, 27, 60, 100])
def test_the_axis_shows_the_whole_range_in_at_most_nine_steps(highest: int):
    ticks = score_ticks(0, highest)

    assert ticks[0] == 0
    assert ticks[-1] == highest
    assert len(ticks) <= 9


def test_days_under_the_axis_are_whole_weeks_apart():
    ticks = date_ticks(date(2026, 7, 20), date(2027, 1, 18))

    assert len(ticks) <= 7
    assert {(b - a).days % 7 for a, b in pairwise(ticks)} == {0}
