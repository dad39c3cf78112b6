"""When symptoms came back after a patient was well, by the clinic's two scores."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sextant.outcomes import ReturnOfSymptoms, TimeToEvent

RULE = ReturnOfSymptoms(well_at=30, back_at=50)


def test_days_count_from_the_first_score_of_being_well():
    assert RULE.of([(0, 72), (14, 30), (21, 49), (42, 50), (60, 20)]) == TimeToEvent(28, True)


def test_between_the_two_scores_nothing_has_come_back():
    assert RULE.of([(0, 72), (14, 28), (90, 49.9)]) == TimeToEvent(76, False)


def test_somebody_never_well_cannot_fall_back():
    assert RULE.of([(0, 72), (14, 31), (21, 60)]) is None
    assert RULE.of([]) is None


def test_a_good_score_from_before_treatment_starts_no_clock():
    scores = [(-30, 3), (-1, 18), (0, 3), (1, 3), (60, 3)]
    rule = ReturnOfSymptoms(well_at=4, back_at=10)

    assert rule.of(scores, first_infusion_day=0) == TimeToEvent(59, False)
    assert rule.of(scores, first_infusion_day=60) is None


def test_without_any_infusion_treatment_begins_with_day_0():
    assert RULE.of([(-30, 10), (-1, 60), (0, 20), (5, 55)]) == TimeToEvent(5, True)
    assert RULE.of([(-30, 10), (-1, 60)]) is None


def test_a_bad_score_before_the_first_infusion_is_no_return():
    assert RULE.of([(-30, 10), (-1, 60), (3, 20), (10, 20)], first_infusion_day=0) == TimeToEvent(7, False)


@pytest.mark.parametrize("day", [4.3, 4.2, 0.1, 1000.7])
def test_28_days_are_one_time_on_whichever_fraction_of_a_day_they_begin(day):
    assert RULE.of([(day, 10), (day + 28, 60)]) == TimeToEvent(28, True)
    assert RULE.of([(day, 10), (day + 28, 20)]) == TimeToEvent(28, False)


def test_high_scores_before_being_well_are_no_return():
    assert RULE.of([(0, 90), (7, 80), (14, 10)]) == TimeToEvent(0, False)


def test_the_rule_says_both_figures():
    assert "30 or less" in RULE.rule
    assert "50 or more" in RULE.rule
    assert "after the first infusion (where there is none, from day 0 on)" in RULE.rule


@pytest.mark.parametrize(("well_at", "back_at"), [(50, 50), (50, 30), (math.nan, 50), (30, math.inf)])
def test_back_must_lie_above_well(well_at, back_at):
    with pytest.raises(ValueError, match="above"):
        ReturnOfSymptoms(well_at=well_at, back_at=back_at)


def test_two_scores_of_one_day_are_refused():
    with pytest.raises(ValueError, match="two scores"):
        RULE.of([(0, 20), (7, 40), (7, 60)])


def test_a_missing_score_is_to_be_left_out():
    with pytest.raises(ValueError, match="no number"):
        RULE.of([(0, 20), (7, math.nan)])


@given(st.dictionaries(st.integers(0, 200), st.integers(0, 100)), st.randoms(use_true_random=False))
def test_the_order_of_the_scores_does_not_matter(scores, random):
    shuffled = [*scores.items()]
    random.shuffle(shuffled)

    assert RULE.of(shuffled) == RULE.of(sorted(scores.items()))
