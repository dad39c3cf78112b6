"""One dose in mg/kg, mg, mL and mL/h, the vial's strength as it is typed, and the trials that gave the same."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sextant.evidence.library import library
from sextant.record import Weight
from sextant.visit import VialStrengthError, dose_sheet, vial_strength
from sextant.visit.dose_sheet import same_in_trials

ON = date(2026, 11, 23)


def weighing(kg: float) -> Weight:
    return Weight(fact_id="weight", taken_at=datetime(2026, 11, 20, 8, tzinfo=UTC), weight_kg=kg)


def test_half_a_milligram_per_kilogram_for_seventy_kilograms_by_hand():
    sheet = dose_sheet(0.5, 40, weighing(70), ON, Decimal(10))

    assert sheet.mg == Decimal("35.00")
    assert sheet.in_syringe is not None
    assert sheet.in_syringe.ml == Decimal("3.50")
    assert sheet.in_syringe.ml_per_h == Decimal("5.2")  # 5.25, and no faster
    assert sheet.in_syringe.runs_min == pytest.approx(Decimal("40.3846"), abs=Decimal("0.0001"))


def test_the_weight_stands_with_its_day_and_its_age():
    sheet = dose_sheet(0.5, 40, weighing(70), ON)

    assert sheet.weighed_on == date(2026, 11, 20)
    assert sheet.weight_days == 3


def test_tenths_are_tenths_and_not_their_nearest_binary_fraction():
    sheet = dose_sheet(0.1, 3, weighing(70.3), ON, Decimal("0.1"))

    assert sheet.mg == Decimal("7.03")
    assert sheet.in_syringe is not None
    assert sheet.in_syringe.ml == Decimal("70.30")
    assert sheet.in_syringe.ml_per_h == Decimal("1406.0")


@pytest.mark.parametrize("kg", [41.7, 63.2, 70.0, 86.6, 117.9])
@pytest.mark.parametrize("strength", ["0.1", "7.5", "10", "50", "100", "200"])
def test_no_more_and_no_faster_is_given_than_ordered(kg: float, strength: str):
    sheet = dose_sheet(0.71, 52, weighing(kg), ON, Decimal(strength))
    exact_mg = Decimal("0.71") * Decimal(str(kg))

    assert sheet.in_syringe is not None
    assert 0 <= exact_mg - sheet.mg < Decimal("0.01")
    assert 0 <= exact_mg / Decimal(strength) - sheet.in_syringe.ml < Decimal("0.01")
    assert 0 <= exact_mg / Decimal(strength) * 60 / 52 - sheet.in_syringe.ml_per_h < Decimal("0.1")


def test_without_a_strength_nothing_is_said_of_millilitres():
    assert dose_sheet(0.5, 40, weighing(70), ON).in_syringe is None


def test_a_rate_below_the_smallest_step_of_a_pump_has_no_time():
    found = dose_sheet(0.02, 240, weighing(40), ON, Decimal(100)).in_syringe

    assert found is not None
    assert found.ml_per_h == 0
    assert found.runs_min is None


@pytest.mark.parametrize(("typed", "strength"), [("50", "50"), (" 12,5 ", "12.5"), ("0.1", "0.1"), ("200", "200")])
def test_a_strength_is_taken_as_it_is_printed(typed: str, strength: str):
    assert vial_strength(typed) == Decimal(strength)


@pytest.mark.parametrize(
    "typed", ["", "0", "-5", "5000", "200.1", "0.09", "fifty", "1e2", "nan", "inf", "50 mg/mL", "٥٠", "9" * 30]
)
def test_a_strength_that_cannot_be_is_refused_with_what_to_write(typed: str):
    with pytest.raises(VialStrengthError, match="Write the number that stands before mg/mL on the vial"):
        vial_strength(typed)


def test_the_trials_that_gave_as_much_in_as_long_stand_once_each_with_their_address():
    found = same_in_trials(Decimal("0.71"), Decimal(52))

    assert [one.study_id for one in found] == ["dakwar2020_alcohol", "dakwar2014_cocaine", "dakwar2017_cocaine_lab"]
    addresses = {row.source_address for row in library().trials}
    assert all(one.address in addresses for one in found)


@pytest.mark.parametrize(
    ("dose", "minutes", "same"),
    [
        ("0.5", "40", True),
        ("0.505", "40", True),
        ("0.495", "40", True),
        ("0.5051", "40", False),
        ("0.4949", "40", False),
        ("0.5", "41", False),
    ],
)
def test_a_dose_is_the_same_within_half_of_the_last_digit_and_minutes_only_where_they_are_equal(
    dose: str, minutes: str, same: bool
):
    found = {one.study_id for one in same_in_trials(Decimal(dose), Decimal(minutes))}

    assert ("dakwar2019_cocaine" in found) == same


def test_no_placebo_no_other_route_and_no_second_analysis_counts_as_a_trial_of_the_dose():
    assert same_in_trials(Decimal("0.001"), Decimal(40)) == ()
    assert same_in_trials(Decimal("2.0"), Decimal(40)) == ()
    assert [one.study_id for one in same_in_trials(Decimal("0.8"), Decimal(40))] == ["grabski2022_kare_alcohol"]


@pytest.mark.parametrize(
    ("dose", "minutes", "strength"),
    [(0, 40, None), (-0.5, 40, None), (0.5, 0, None), (float("nan"), 40, None), (0.5, 40, Decimal(0))],
)
def test_a_sheet_of_nothing_is_refused(dose: float, minutes: float, strength: Decimal | None):
    with pytest.raises(ValueError, match="each above 0"):
        dose_sheet(dose, minutes, weighing(70), ON, strength)
