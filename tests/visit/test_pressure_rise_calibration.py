"""People drawn from the published rise, their infusions simulated: does the 80 % band hold eight in ten of the next?"""

from dataclasses import replace
from datetime import timedelta
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from builders import NOW, infusion, record, target
from sextant.evidence.library import library
from sextant.record import BloodPressure, PatientRecord
from sextant.visit import Pressure, pressure_rise, usual_rise
from sextant.visit.pressure_rise import expected

PEOPLE = 1500
USUAL = {pressure: usual_rise(pressure, library().adverse_events) for pressure in Pressure}


def one_record(before: float, rises: np.ndarray) -> PatientRecord:
    """Infusions a week apart with a reading before each and one at 40 minutes; `rises` has shape (n_infusions, 2)."""
    facts = []
    for number, (systolic, diastolic) in enumerate(rises):
        start = NOW - timedelta(weeks=1 + number)
        facts += [
            replace(infusion(0), fact_id=f"infusion {number}", taken_at=start),
            _reading(start, before, before - 40),
            _reading(start + timedelta(minutes=40), before + systolic, before - 40 + diastolic),
        ]
    return record(target(days=100), *facts, _reading(NOW, before, before - 40), only=True)


def _reading(taken_at, systolic, diastolic) -> BloodPressure:
    return BloodPressure(
        fact_id=f"pressure {taken_at:%m-%d %H:%M}", taken_at=taken_at, systolic_mmhg=systolic, diastolic_mmhg=diastolic
    )


@pytest.mark.parametrize("n_own", [0, 1, 3, 6])
def test_eight_in_ten_of_the_next_infusions_lie_in_the_band(n_own):
    rng = np.random.default_rng(20261126 + n_own)
    means, within = ([USUAL[p].mean_mmhg for p in Pressure], [sqrt(USUAL[p].between_infusions) for p in Pressure])
    people = means + rng.normal(size=(PEOPLE, 2)) * [sqrt(USUAL[p].person_variance) for p in Pressure]
    rises = people[:, None, :] + rng.normal(size=(PEOPLE, n_own + 1, 2)) * within
    baselines = rng.normal(125, 10, PEOPLE)

    inside = np.zeros((PEOPLE, 2), bool)
    below = np.zeros((PEOPLE, 2), bool)
    for person in range(PEOPLE):
        found = pressure_rise(one_record(baselines[person], rises[person, :n_own]), NOW)
        peaks = baselines[person] - np.array([0.0, 40.0]) + rises[person, n_own]
        assert found.n_own == n_own
        for column, one in enumerate((found.systolic, found.diastolic)):
            assert one.peak is not None
            inside[person, column] = one.peak.low80 <= peaks[column] <= one.peak.high80
            below[person, column] = peaks[column] < one.peak.median

    # Three standard errors of a share of 0.8, and of 0.5, in so many people.
    assert np.abs(inside.mean(axis=0) - 0.8).max() < 3 * sqrt(0.16 / PEOPLE)
    assert np.abs(below.mean(axis=0) - 0.5).max() < 3 * sqrt(0.25 / PEOPLE)


def coverage(share: float, n_own: int, pressure: Pressure = Pressure.SYSTOLIC) -> float:
    """How often the band holds the next rise where another share of the clinic's variance lies between people.

    In closed form: the error of the centre is normal.
    """
    usual = USUAL[pressure]
    of_clinic = usual.between_people + usual.between_infusions
    between, within = usual.mean_variance + usual.between_clinics + share * of_clinic, (1 - share) * of_clinic
    found = expected(usual, [0.0] * n_own)
    weight = found.prior_share
    error = weight**2 * between + within * (1 + ((1 - weight) ** 2 / n_own if n_own else 0.0))
    half = (found.rise.high80 - found.rise.low80) / 2
    return float(2 * norm.cdf(half / sqrt(error)) - 1)


@pytest.mark.parametrize("n_own", [0, 1, 3, 6])
def test_with_the_share_that_is_assumed_the_closed_form_gives_eight_in_ten(n_own):
    assert coverage(0.5, n_own) == pytest.approx(0.8, abs=1e-12)


@pytest.mark.parametrize("n_own", [1, 3, 6])
def test_the_band_fails_where_people_are_more_or_less_alike_than_assumed(n_own):
    # Alike people differ more from infusion to infusion, which the band does not know; unlike ones less.
    assert coverage(0.25, n_own) < 0.8 < coverage(0.75, n_own)


def test_without_own_infusions_the_share_does_not_matter():
    assert coverage(0.25, 0) == pytest.approx(0.8)


def test_the_page_tells_how_often_the_band_would_hold():
    page = (Path(__file__).parents[2] / "docs" / "pressure-rise.md").read_text(encoding="utf-8")

    for share in (0.25, 0.5, 0.75):
        held = " | ".join(f"{100 * coverage(share, n_own):.0f} %" for n_own in (0, 1, 3, 6))
        assert f"| {100 * share:.0f} % | {held} |" in page
