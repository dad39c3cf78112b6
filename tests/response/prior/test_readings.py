"""How published rows are read: by rule, from their own columns, or left out with the reason."""

from dataclasses import replace

import pytest

from sextant.evidence.library import SeriesRow, library
from sextant.response import shipped_population
from sextant.response.prior import read
from sextant.response.prior.fitting import foretell, start_from
from sextant.response.prior.readings import _days_between, _mg_per_kg, _scored

ROWS = {row.row_id: row for row in library().series}
MURROUGH = ROWS["murrough2013#01"]


def test_every_row_is_read_or_left_out_with_a_reason():
    readings, left_out = read(library().series)

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


def test_figures_of_the_same_patients_share_their_weight():
    one, _ = read([MURROUGH])
    both, _ = read([MURROUGH, ROWS["murrough2013#04"]])

    assert both[0].variance == pytest.approx(2 * one[0].variance)


def test_a_share_of_none_or_all_stays_a_figure():
    none, _ = read([replace(MURROUGH, value=0.0, events=0)])

    assert none[0].shown(none[0].observed) == pytest.approx(0.5 / 24)


def test_blinded_arms_are_foretold_without_what_openness_adds():
    readings, _ = read([MURROUGH, replace(MURROUGH, row_id="x", study_id="x", design="rct_double_blind_saline")])
    at = start_from(shipped_population()).mean

    open_label, blinded = foretell(readings, at, shipped_population().fixed)

    assert open_label > blinded


def test_a_row_without_patients_is_left_out():
    bare: SeriesRow = replace(MURROUGH, n=None, events=None, denominator=None)

    readings, left_out = read([bare])

    assert readings == ()
    assert "how many patients" in left_out[0].why
