"""The population fitted to patients."""

import numpy as np
import pytest

from sextant.use import forecast
from sextant.use.belief import CONSTANTS, Lines
from sextant.use.calendar import calendar, design
from sextant.use.coding import before_the_start, cohort_of
from sextant.use.fit import fit
from sextant.use.history import TERMS, History, of_the_missed, of_the_test
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


@pytest.mark.parametrize("week_0_known", [True, False])
def test_the_gradient_is_that_of_the_score(week_0_known):
    population = small_population(5)
    of, values = design(PLANS, 9), dict(population.values)
    missing = () if week_0_known else (population.baseline_share, population.start_terms)
    cohort = cohort_of([*PATIENTS, word("+-o-", first=0, arm="B")], population.arms, *missing)
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

    assert score == pytest.approx(log_chance(patients, population), abs=1e-9)


def test_where_week_0_is_not_on_record_the_score_is_the_log_chance_of_the_forecast_too():
    patients = [
        word("-+o-", arm="A"),
        word("oo+", arm="C"),
        word("+--", first=0, arm="C"),
        word("-+", first=3, arm="B"),
    ]
    population = small_population(5)
    cohort = cohort_of(patients, population.arms, population.baseline_share, population.start_terms)

    score, _ = log_score(population.values, design(PLANS, 4), cohort)

    assert score == pytest.approx(log_chance(patients, population), abs=1e-9)


def log_chance(patients, population) -> float:
    """Of the results of these people, from their forecasts."""
    expected = 0.0
    for patient, weeks in zip(patients, forecast(patients, population), strict=True):
        for week, one in zip([week for week in patient.weeks if week.due], weeks, strict=True):
            negative = 1 - one.p_use_or_missing
            positive = negative * one.p_use / (1 - one.p_use)
            expected += np.log({"-": negative, "+": positive, "o": 1 - negative - positive}[week.result])
    return expected


def test_a_fit_foretells_new_patients_nearly_as_well_as_the_truth():
    truth = small_population(seed=2)
    patients, _ = simulated(truth, 400, 10, seed=21)
    new, _ = simulated(truth, 400, 10, seed=22)
    of, cohort = design(PLANS, 10), cohort_of(new, truth.arms)

    found = fit(cohort_of(patients, truth.arms), PLANS, 2)

    told = sum(len(one.weeks) for one in new)
    lost = (log_score(truth.values, of, cohort)[0] - log_score(found, of, cohort)[0]) / told
    assert lost < 0.02
    assert list(found) == list(shapes(PLANS, 2))


def test_a_fit_ends_where_the_patients_draw_as_hard_as_the_priors_hold():
    """As docs/use-model.md says: 0.3 times the squared distance from 0, but from 3 for a state that lasts and from -1.2
    for a missed week."""
    truth = small_population(seed=2)
    cohort = cohort_of(simulated(truth, 60, 8, seed=23)[0], truth.arms)

    found = fit(cohort, PLANS, 2)

    _, drawn = log_score(found, design(PLANS, 8), cohort)
    usual = {"moves": 3.0 * np.eye(2), "missed_level": -1.2}
    for name, value in found.items():
        np.testing.assert_allclose(drawn[name], 2 * 0.3 * (value - usual.get(name, 0.0)), atol=0.05, err_msg=name)


def test_what_is_told_counts_less_than_a_test():
    """At the share of docs/use-model.md: 0.3 of the log chance of what was told."""
    population = small_population(5)
    said, unsaid = word("-", "+", arm="A"), word("-", arm="A")

    with_what_was_told, without = (
        log_score(population.values, design(PLANS, 1), cohort_of([one], population.arms))[0] for one in (said, unsaid)
    )

    more_days = Lines.of(population.values).told[0, 3]
    weights = believed_after_a_negative_test(population)
    assert with_what_was_told - without == pytest.approx(0.3 * np.log(weights @ more_days), abs=1e-12)


def believed_after_a_negative_test(population) -> np.ndarray:
    """The chances of the states of somebody in arm A after a negative test in week 1."""
    values, lines = population.values, Lines.of(population.values)
    plan, before = calendar(values, design(PLANS, 1)), before_the_start([word("-", arm="A")])
    terms = History(before, np.zeros(len(TERMS))).terms()
    use = lines.odds_use * np.exp(values["test_terms"] @ of_the_test(terms) + plan.test[0, 0])
    missed = lines.odds_missed * np.exp(values["missed_terms"] @ of_the_missed(terms) + plan.missed[0, 0])
    weights = plan.start[0, 0][:, None, None] * CONSTANTS / (1 + use[:, :, None]) / (1 + missed)
    return weights.sum(axis=(1, 2)) / weights.sum()


def test_a_patient_without_an_arm_cannot_be_fitted():
    with pytest.raises(ValueError, match="1 patients have no arm"):
        cohort_of([word("-+")], ("A",))
