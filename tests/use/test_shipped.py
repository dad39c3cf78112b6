"""The populations that are shipped, and what each was tried on."""

from pathlib import Path

import pytest

from sextant.record import ENTRIES
from sextant.use import forecast, shipped_population, tried, word

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "use-model.md").read_text(encoding="utf-8")


def test_each_substance_that_one_was_tried_on_is_known_to_the_record():
    assert tried() == ("opioids", "cocaine", "cannabis", "sedatives", "stimulants", "alcohol")
    assert set(tried()) <= set(ENTRIES)


@pytest.mark.parametrize("substance", tried())
def test_a_chance_is_given_only_of_what_is_foretold_better_than_by_the_own_weeks_alone(substance: str):
    one = shipped_population(substance).tried_on[substance]

    assert one.log_loss < one.log_loss_own_weeks < one.log_loss_average
    assert one.decile_error < 0.05
    assert one.n_patients > 100
    assert one.source == "CTN0094"


@pytest.mark.parametrize("substance", tried())
def test_of_a_clinics_record_the_chance_is_the_same_with_more_doubt(substance: str):
    shipped = shipped_population(substance)
    weeks = [word("-+--*")]

    for mine, its in zip(*(forecast(weeks, one)[0] for one in (shipped.of(substance), shipped)), strict=True):
        assert mine.p_use == its.p_use
        wider = (mine.p_use_high - mine.p_use_low) / (its.p_use_high - its.p_use_low)
        assert wider > 1.0001


@pytest.mark.parametrize("substance", tried())
def test_read_as_on_a_chart_use_shows_a_little_more_often_than_is_said_and_further_ahead_by_more(substance: str):
    """What the page says of itself: it does not know which weeks were missed, and those are the harder ones."""
    told = shipped_population(substance).tried_on[substance]

    assert -0.01 < told.seen - told.said < 0.05
    assert told.seen - told.said - 0.002 < told.seen_later - told.said_later < 0.09


@pytest.mark.parametrize("substance", tried())
def test_the_documentation_says_what_the_files_say(substance: str):
    one = shipped_population(substance).tried_on[substance]
    losses = f"**{one.log_loss:.3f}** | {one.log_loss_own_weeks:.3f} | {one.log_loss_average:.3f}"
    shares = " | ".join(
        f"{100 * said:.0f}, {100 * seen:.0f}" for said, seen in ((one.said, one.seen), (one.said_later, one.seen_later))
    )

    row = (
        f"| {one.n_patients:,}, {one.n_weeks:,} | {losses} | {one.slope:.2f} | {one.decile_error:.3f} | {shares} | "
        f"{one.further_sd:.2f} |"
    )

    assert row in DOCUMENTED


def test_of_what_none_was_tried_on_there_is_none():
    with pytest.raises(KeyError):
        shipped_population("gambling")
