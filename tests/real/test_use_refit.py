"""The forecast of use fitted again to a clinic's own weeks: one trial of CTN-0094 is the clinic."""

import gzip

import numpy as np
import pytest

from sextant.use import PatientWeeks, Population, forecast, shipped_population
from sextant.use.cross_validation import fitted_population, judged, without_arm
from sextant.use.ctn0094 import read_trial_patients
from sextant.use.refit import LEAST_PATIENTS, refit, select
from sextant.use.trial_plans import TRIAL_PLANS

*OTHER_TRIALS, CLINIC = TRIAL_PLANS


@pytest.fixture(scope="module")
def patients(shared) -> list[PatientWeeks]:
    tables = shared / "data" / "ctn0094" / "tables"
    texts = [gzip.decompress((tables / f"{name}.csv.gz").read_bytes()).decode() for name in ("weekly", "randomization")]
    return list(read_trial_patients(*texts).values())


@pytest.fixture(scope="module")
def start(patients) -> Population:
    """Fitted to the two other trials."""
    others = [one for one in patients if one.arm not in CLINIC.arms]
    return fitted_population(others, tuple(OTHER_TRIALS), 7, like=shipped_population())


@pytest.mark.slow
@pytest.mark.parametrize("n", [LEAST_PATIENTS, 200])
def test_a_clinic_foretells_people_whom_nobody_saw_better_by_its_own_weeks(patients, start, n):
    people = without_arm([one for one in patients if one.arm in CLINIC.arms])
    order = np.random.default_rng(1000 * n).permutation(len(people))
    new = [people[k] for k in order[200:]]

    own, held_out = refit(select([people[k] for k in order[:n]]).used, start, name="clinic")

    assert held_out.better
    before, after = (judged(new, forecast(new, one)) for one in (start, own))
    assert after.tested.log_loss < before.tested.log_loss - 0.015
    assert after.due.log_loss < before.due.log_loss - 0.012


@pytest.mark.slow
def test_people_of_a_trial_that_the_shipped_values_know_keep_them(patients):
    """The shipped values were fitted to these very people too, which is in their favour."""
    some = without_arm([one for one in patients if one.arm == "Methadone"])[:120]

    _, held_out = refit(select(some).used, shipped_population(), name="clinic")

    assert not held_out.better
