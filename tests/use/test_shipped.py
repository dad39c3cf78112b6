"""The populations that are shipped, and what each was tried on."""

import pytest

from sextant.record import ENTRIES
from sextant.use import forecast, shipped_population, tried, word


def test_each_substance_that_one_was_tried_on_is_known_to_the_record():
    assert tried() == ("opioids", "cocaine", "cannabis", "sedatives", "stimulants", "alcohol")
    assert set(tried()) <= set(ENTRIES)


@pytest.mark.parametrize("substance", tried())
def test_a_chance_is_given_only_of_what_is_foretold_better_than_by_the_own_weeks_alone(substance: str):
    one = shipped_population(substance).tried_on[substance]

    assert one.log_loss < one.log_loss_own_weeks < one.log_loss_average
    assert one.decile_error < 0.035
    assert one.n_patients > 100
    assert one.source == "CTN0094"


@pytest.mark.parametrize("substance", tried())
def test_what_a_population_was_not_fitted_to_has_more_doubt_and_the_same_chance(substance: str):
    shipped = shipped_population(substance)
    of_its_own = shipped_population(next(name for name, one in shipped.tried_on.items() if one.fitted))
    weeks = [word("-+--*")]

    for mine, its in zip(*(forecast(weeks, one)[0] for one in (shipped, of_its_own)), strict=True):
        assert mine.p_use == its.p_use
        wider = (mine.p_use_high - mine.p_use_low) / (its.p_use_high - its.p_use_low)
        assert wider == pytest.approx(1) if shipped.tried_on[substance].fitted else wider > 1.0001


def test_of_what_none_was_tried_on_there_is_none():
    with pytest.raises(KeyError):
        shipped_population("gambling")
