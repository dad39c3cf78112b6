"""How published rows are read: by rule, from their own columns, or left out with the reason."""

from dataclasses import replace

import pytest

from sextant.evidence.library import SeriesRow, library
from sextant.response import design_assumptions
from sextant.response.prior import read, readings_of
from sextant.response.prior.fitting import foretell, start_from
from sextant.response.prior.readings import WEAKLY_READ, _days_between, _mg_per_kg, _scored

ROWS = {row.row_id: row for row in library().series}
MURROUGH = ROWS["murrough2013#01"]


def test_every_row_is_read_or_left_out_with_a_reason():
    readings, left_out = readings_of(library())

    read_rows = {row for one in readings for row in one.rows}
    assert read_rows | {one.row for one in left_out} == set(ROWS)
    assert not read_rows & {one.row for one in left_out}
    assert all(one.why for one in left_out)


@pytest.mark.parametrize(
    ("schedule", "days"),
    [("3 per week, 12 days", 7 / 3), ("2 per week", 3.5), ("6 over 3 weeks", 3.5), ("alternate days, at least 5", 2.0)],
)
def test_the_spacing_is_read_from_the_schedule(schedule: str, days: float):
    assert _days_between(replace(MURROUGH, schedule=schedule)) == pytest.approx(days)


@pytest.mark.parametrize(("dose", "mg_per_kg"), [("0.5", 0.5), ("0.5-0.75", 0.625), ("0.5 start; 0.91 later", 0.5)])
def test_the_dose_is_read_as_printed(dose: str, mg_per_kg: float):
    assert _mg_per_kg(replace(MURROUGH, dose_mg_per_kg=dose)) == pytest.approx(mg_per_kg)


@pytest.mark.parametrize(
    ("row", "doses", "day"),
    [
        ("murrough2013#01", 6, 5 * 7 / 3 + 1),  # a day after the sixth
        ("murrough2013#02", 1, 2 / 24),  # two hours after the first
        ("mgh2020_maintenance#01", 6, 6 * 3.5),  # before the dose that would have been the seventh
        ("singh2016#02", 0, 15.0),  # placebo
        ("mcinnes2022#01", 6, 5 * 3.5 + 22),
    ],
)
def test_it_is_read_what_was_given_by_the_day_of_the_score(row: str, doses: int, day: float):
    found = _scored(ROWS[row])

    assert found is not None
    arm, scored = found
    assert len(arm.doses) == doses
    assert scored == pytest.approx(day)


def test_figures_of_the_same_in_the_same_patients_share_their_weight():
    one, _ = read([MURROUGH])
    both, _ = read([MURROUGH, replace(MURROUGH, row_id="murrough2013#99", days_after_last=3.0)])

    assert both[0].error == pytest.approx(2 * one[0].error)


def test_how_long_response_lasts_is_news_beside_how_many_respond():
    one, _ = read([MURROUGH])
    both, _ = read([MURROUGH, ROWS["murrough2013#03"]])

    assert both[0].error == one[0].error


def test_at_the_median_half_are_still_well():
    (half,), _ = read([ROWS["murrough2013#03"]])

    assert half.words == "still well 18 days after the last of 6"
    assert half.shown(half.observed) == pytest.approx(0.5)


def test_in_a_crossover_all_patients_are_in_each_arm():
    (fall, _), _ = read([ROWS["nimh_ds005917#01"]])
    (lost,), _ = read([ROWS["nimh_ds005917#02"]])

    assert (fall.observed, fall.variance) == (pytest.approx(9.48), pytest.approx(10.13**2 / 23))
    assert (lost.words, lost.observed) == ("lost of the change from day 2 to day 10", pytest.approx(6.61))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("oliver2022#03", "of those alone who went on"),
        ("singh2016#05", "begin at no baseline of their own"),
        ("mgh2020_maintenance#02", "no response to a series"),
    ],
)
def test_rows_of_other_people_than_those_who_began_are_left_out(row: str, why: str):
    readings, left_out = read([ROWS[row]])

    assert readings == ()
    assert why in left_out[0].why


def test_no_more_infusions_are_read_than_were_planned():
    arm, day = _scored(ROWS["oliver2022#01"])

    assert (len(arm.doses), day) == (6, 42.0)


def test_a_contrast_and_its_arm_are_the_same_people():
    (contrast,), _ = read([ROWS["jelovac2025_karmadep2#01"]])
    both, _ = read([ROWS["jelovac2025_karmadep2#01"], ROWS["jelovac2025_karmadep2#02"]])

    assert both[0].error == pytest.approx(2 * contrast.error)


def test_what_was_read_at_second_hand_counts_for_less():
    (read_there,), _ = read([ROWS["open_series_14_trd#01"]])

    assert read_there.weakly_read
    assert read_there.error == WEAKLY_READ * read_there.variance


def test_the_number_of_patients_is_taken_from_the_harms_of_the_same_study():
    readings, _ = readings_of(library())

    (lasting,) = (one for one in readings if one.rows == ("ekstrand2022_ketect#03",))
    assert lasting.words == "still well 365 days after the last of 12"


def test_a_share_of_none_or_all_stays_a_figure():
    none, _ = read([replace(MURROUGH, value=0.0, events=0)])

    assert none[0].shown(none[0].observed) == pytest.approx(0.5 / 24)


def test_benefit_beside_an_active_control_is_foretold_smaller_and_saline_hides_nothing():
    designs = {"x": "rct_double_blind_midazolam", "y": "rct_double_blind_saline"}
    arms = [replace(MURROUGH, row_id=study, study_id=study, design=design) for study, design in designs.items()]
    readings, _ = read([MURROUGH, *arms])
    start = start_from(design_assumptions())
    alike = {one.study: 0 * start.mean for one in readings}

    open_label, midazolam, saline = foretell(readings, start.mean, alike, design_assumptions().fixed)

    assert midazolam < open_label == saline


def test_a_row_without_patients_is_left_out():
    bare: SeriesRow = replace(MURROUGH, n=None, events=None, denominator=None)

    readings, left_out = read([bare])

    assert readings == ()
    assert "how many patients" in left_out[0].why
