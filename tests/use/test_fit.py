"""The population fitted to patients."""

import numpy as np
import pytest

from sextant.use import forecast
from sextant.use.calendar import design
from sextant.use.coding import cohort_of
from sextant.use.fit import fit
from sextant.use.likelihood import log_score
from sextant.use.population import shapes
from sextant.use.weeks import word
from use_people import PLANS, simulated, small_population

PATIENTS = [
    word("-+o_*-o", "-+__*", arm="A"),
    word("oo-+", "__*-", arm="B"),
    word("++++--o-", "++*-", arm="C", first=2),
    word("--", "-*", arm="C"),
]


def test_the_gradient_is_that_of_the_score():
    cohort, of, values = cohort_of(PATIENTS, ("A", "B", "C")), design(PLANS, 9), dict(small_population(5).values)
    step = 1e-5

    _, gradient = log_score(values, of, cohort)

    for name, value in values.items():
        for at in np.ndindex(np.shape(value)):
            moved = []
            for side in (step, -step):
                changed = np.array(value)
                changed[at] += side
                moved.append(log_score({**values, name: changed}, of, cohort)[0])
            slope = (moved[0] - moved[1]) / (2 * step)
            assert gradient[name][at] == pytest.approx(slope, abs=1e-6), name


def test_the_score_is_the_log_chance_of_the_record():
    patients = [word("_-+o-", first=0, arm="A"), word("_oo+", first=0, arm="C")]
    population = small_population(5)

    score, _ = log_score(population.values, design(PLANS, 4), cohort_of(patients, population.arms))

    expected = 0.0
    for patient, weeks in zip(patients, forecast(patients, population), strict=True):
        for week, one in zip(patient.weeks[1:], weeks, strict=True):
            negative = 1 - one.p_use_or_missing
            positive = negative * one.p_use / (1 - one.p_use)
            expected += np.log({"-": negative, "+": positive, "o": 1 - negative - positive}[week.result])
    assert score == pytest.approx(expected, abs=1e-9)


def test_a_fit_foretells_new_patients_nearly_as_well_as_the_truth():
    truth = small_population(seed=2)
    patients, _ = simulated(truth, 400, 10, seed=21)
    new, _ = simulated(truth, 400, 10, seed=22)
    of, cohort = design(PLANS, 10), cohort_of(new, truth.arms)

    found = fit(cohort_of(patients, truth.arms), PLANS, 2)

    told = sum(len(one.weeks) for one in new)
    lost = (log_score(truth.values, of, cohort)[0] - log_score(found.values, of, cohort)[0]) / told
    assert lost < 0.02
    assert list(found.values) == list(shapes(PLANS, 2))


def test_a_patient_without_an_arm_cannot_be_fitted():
    with pytest.raises(ValueError, match="1 patients have no arm"):
        cohort_of([word("-+")], ("A",))
