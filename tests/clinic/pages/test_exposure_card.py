"""What is drawn of an infusion: over which doses published measurements stand, and what of one that runs is given."""

import re

import pytest

from sextant.clinic.charts import Stretch
from sextant.clinic.pages.exposure_card import exposure_card, measured_like, stretches
from sextant.pharmacology import Bolus, Regimen, Segment

TRIAL = Regimen((Segment(0.0, 40.0, 0.875),))
"""0.5 mg/kg over 40 minutes at 70 kg."""


@pytest.mark.parametrize("weight_kg", [41.3, 61.7, 70.0, 93.4, 110.1, 170.9])
def test_measurements_stand_over_their_dose_whatever_the_weight_that_makes_the_milligrams(weight_kg: float):
    by_weight = Regimen((Segment(0.0, 40.0, 0.5 * weight_kg / 40.0),))

    assert [one.study for one in measured_like(by_weight, weight_kg)] == ["Zarate 2006", "Krystal 1994"]


@pytest.mark.parametrize(
    "same",
    [
        Regimen((Segment(0.0, 40.0, 35.1 / 40),)),  # milligrams to the first decimal
        Regimen((Segment(0.0, 39.9999999, 0.875),)),
        Regimen((Segment(0.0, 40.4, 35 / 40.4),)),
        Regimen((Segment(0.0, 0.1, 0.875), Segment(0.1, 0.2, 0.875), Segment(0.1 + 0.2, 39.7, 0.875))),
        Regimen((Segment(0.0, 40.0, 35.35 / 40),)),  # 0.505 mg/kg, half of the last digit above
    ],
)
def test_a_dose_and_minutes_that_agree_to_the_digits_of_the_trials_are_the_same(same: Regimen):
    assert len(measured_like(same, 70.0)) == 2


@pytest.mark.parametrize(
    "other",
    [
        Regimen((Segment(0.0, 40.0, 0.89),)),
        Regimen((Segment(0.0, 41.0, 35 / 41),)),
        Regimen((Segment(0.0, 20.0, 1.0), Segment(20.0, 20.0, 0.75))),
        Regimen((Segment(0.0, 15.0, 35 / 30), Segment(25.0, 15.0, 35 / 30))),
        Regimen((Segment(0.0, 40.0, 0.75),), (Bolus(0.0, 5.0),)),
        Regimen(),
    ],
)
def test_measurements_stand_over_no_other_dose_and_over_no_pause(other: Regimen):
    assert measured_like(other, 70.0) == ()


@pytest.mark.parametrize("weight_kg", [70.0, 93.4])
def test_the_dot_stands_at_minute_40_where_the_rate_ends(weight_kg: float):
    svg = str(exposure_card(Regimen((Segment(0.0, 40.0, 0.5 * weight_kg / 40),)), weight_kg, meant=False).plasma_svg)

    dot = re.search(r'<circle[^>]* cx="([\d.]+)"', svg)
    bar = re.search(r'<rect class="pale" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    assert dot is not None
    assert bar is not None
    assert float(dot[1]) == pytest.approx(float(bar[1]) + float(bar[2]), abs=0.2)


def test_a_rate_in_force_is_given_until_now_and_meant_after():
    drawn = stretches(
        Regimen((Segment(0, 10, 0.8), Segment(15, 20, 0.4), Segment(40, 5, 0.2))), meant=False, after_min=20
    )

    assert drawn == [
        Stretch(start_min=0, end_min=10, mg_per_min=0.8),
        Stretch(start_min=15, end_min=20, mg_per_min=0.4),
        Stretch(start_min=20, end_min=35, mg_per_min=0.4, meant=True),
        Stretch(start_min=40, end_min=45, mg_per_min=0.2, meant=True),
    ]


def test_one_that_runs_is_outlined_from_now_on_and_said_to_run():
    card = exposure_card(TRIAL, 70.0, meant=False, ran_min=25.0)

    assert card.finding.startswith("If it goes on as recorded, at its highest 200 to 290 ng/mL")
    assert "minute 25 of 40, 21.88 mg of 35.00 mg given" in card.running
    assert card.plasma_svg.count('class="pale"') == card.plasma_svg.count('class="proposed"') == 1
    assert ">now</text>" in card.plasma_svg
    assert ">now</text>" in card.site_svg
    assert [(one.when, one.mg) for one in card.parts] == [
        ("minute 0 to 25, given", "21.88 mg"),
        ("minute 25 to 40, not given yet", "13.12 mg"),
    ]


def test_in_its_first_minute_nothing_of_it_is_drawn_as_given():
    card = exposure_card(TRIAL, 70.0, meant=False, ran_min=0.0)

    assert 'class="pale"' not in card.plasma_svg
    assert "minute 0 of 40, 0.00 mg of 35.00 mg given" in card.running


def test_one_that_is_over_says_nothing_of_running():
    card = exposure_card(TRIAL, 70.0, meant=False)

    assert card.running == ""
    assert card.finding.startswith("At its highest")
    assert 'class="proposed"' not in card.plasma_svg
    assert ">now</text>" not in card.plasma_svg
