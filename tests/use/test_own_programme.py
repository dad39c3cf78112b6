"""The population of a clinic's own programme, fitted around one that was known before."""

from dataclasses import replace

import numpy as np
import pytest

from sextant.use import PatientWeeks, Plan, Span, forecast, read_population, text_of, word
from sextant.use.calendar import design
from sextant.use.coding import cohort_of
from sextant.use.history import TERMS
from sextant.use.likelihood import log_score
from sextant.use.own_programme import BETWEEN_PROGRAMMES_SD, centre, fitted_to_clinic, own_plan
from sextant.use.population import shapes
from use_people import moved, own_clinic, simulated, small_population

START = small_population(seed=2)
PLAN = own_plan("clinic", ["clinic"])
ELSEWHERE = moved(START, test_level=2.0, missed_level=-1.0)


def of_the_clinic(patients: list[PatientWeeks]) -> list[PatientWeeks]:
    return [replace(one, arm="clinic") for one in patients]


def apart(population) -> float:
    """Root mean square of how far the values lie from where the start puts them."""
    middle = centre(START, PLAN)
    gaps = [np.ravel(population.values[name] - middle[name]) for name in middle]
    return float(np.sqrt(np.mean(np.concatenate(gaps) ** 2)))


def test_an_arm_that_the_start_does_not_know_begins_at_the_mean_of_its_arms_and_weeks():
    one_stage = Plan("clinic", ("clinic", "B"))

    found = centre(START, one_stage)

    values = START.values
    # Of arms A and B the calendar adds to the test line in weeks 1 and 2 of 24, of C in none.
    by_arm = values["test_by_arm"] + np.array([2, 2, 0]) / 24 * values["test_by_span"][0]
    assert found["test_by_arm"] == pytest.approx([START.arm_share @ by_arm, by_arm[1]])
    # The missing line: arms A and B in week 3, C from week 4 on.
    missed = values["missed_by_arm"] + np.array([1, 1, 21]) / 24 * values["missed_by_span"][[0, 0, 1]]
    assert found["missed_by_arm"] == pytest.approx([START.arm_share @ missed, missed[1]])
    assert found["start_by_arm"][0] == pytest.approx(START.arm_share @ values["start_by_arm"])
    np.testing.assert_array_equal(found["moves"], values["moves"])
    assert {name: np.shape(value) for name, value in found.items()} == shapes((one_stage,), 2)


def test_the_first_weeks_begin_at_what_the_mean_of_the_arms_was_in_them():
    plan = Plan("clinic", ("clinic",), test=(Span(1, 2),))

    found = centre(START, plan)

    in_both = START.arm_share[:2].sum() * START.values["test_by_span"][0]
    assert found["test_by_span"] == pytest.approx([in_both])
    assert found["test_by_arm"] == pytest.approx([START.arm_share @ START.values["test_by_arm"]])


def test_a_clinic_where_more_is_used_is_learned():
    patients, new = own_clinic(ELSEWHERE, 150, seed=5), own_clinic(ELSEWHERE, 300, seed=6)

    found = fitted_to_clinic(of_the_clinic(patients), PLAN, START)

    def share_foretold(population) -> float:
        return float(np.mean([one.p_use for weeks in forecast(new, population) for one in weeks]))

    truth = share_foretold(ELSEWHERE)
    assert abs(share_foretold(START) - truth) > 0.1
    assert abs(share_foretold(found) - truth) < 0.03
    assert found.n_patients == 150
    assert found.arms == ("clinic",)
    assert found.covariates == START.covariates


def test_with_few_people_the_values_stay_near_the_start():
    few, many = (fitted_to_clinic(of_the_clinic(own_clinic(ELSEWHERE, n)), PLAN, START) for n in (3, 150))

    assert apart(few) < 0.5 * apart(many)
    assert apart(few) < BETWEEN_PROGRAMMES_SD / 3


def test_programmes_that_are_thought_alike_stay_at_the_start():
    found = fitted_to_clinic(of_the_clinic(own_clinic(ELSEWHERE, 40)), PLAN, START, between_sd=1e-4)

    assert apart(found) < 1e-4


def test_the_fit_ends_where_the_people_draw_as_hard_as_the_start_holds():
    patients = of_the_clinic(own_clinic(ELSEWHERE, 60, weeks=8))

    found = fitted_to_clinic(patients, PLAN, START)

    cohort = cohort_of(patients, PLAN.arms, found.baseline_share, found.start_terms)
    _, drawn = log_score(found.values, design((PLAN,), 8), cohort)
    for name, middle in centre(START, PLAN).items():
        held = (found.values[name] - middle) / BETWEEN_PROGRAMMES_SD**2
        np.testing.assert_allclose(drawn[name], held, atol=0.1, err_msg=name)


def test_without_a_week_0_on_record_what_came_before_week_1_is_that_of_the_start():
    found = fitted_to_clinic(of_the_clinic(own_clinic(START, 20)), PLAN, START)

    mean = np.einsum("a,abc->bc", START.arm_share, START.baseline_share)
    np.testing.assert_allclose(found.baseline_share[0], mean, atol=1e-12)
    np.testing.assert_allclose(found.start_terms, START.start_terms, atol=1e-12)


def test_week_0_of_the_clinics_people_counts_beside_ten_of_the_start():
    patients = [*of_the_clinic(own_clinic(START, 20)), *(word("+-+-", first=0, arm="clinic") for _ in range(10))]

    found = fitted_to_clinic(patients, PLAN, START)

    before = np.einsum("a,abc->b", START.arm_share, START.baseline_share)
    assert found.baseline_share[0].sum(axis=1) == pytest.approx((before + np.eye(5)[2]) / 2)
    positive = TERMS.index("last test positive")
    assert found.start_terms[positive] == pytest.approx((START.start_terms[positive] + 1) / 2)


def test_what_hardly_anybody_had_before_week_1_stays_possible_and_the_file_reads_back():
    """As in a clinic's second refit: each makes what its people did not have rarer."""
    rare = START.baseline_share.copy()
    rare[:, 3, 3] = 2e-5
    start = replace(START, baseline_share=rare / rare.sum(axis=(1, 2), keepdims=True))
    patients = [word("+-+-", first=0, arm="clinic")] * 60

    found = fitted_to_clinic(patients, PLAN, start)

    assert found.baseline_share.sum() == pytest.approx(1)
    assert read_population(text_of(found)).baseline_share[0, 3, 3] == pytest.approx(1e-5, rel=0.01)


def test_each_arm_of_a_clinic_has_values_of_its_own():
    plan = own_plan("clinic", ["day", "evening"])
    patients, _ = simulated(START, 80, 10, seed=8)
    others, _ = simulated(moved(START, test_level=2.0), 80, 10, seed=9)
    told = [*(replace(one, arm="day") for one in patients), *(replace(one, arm="evening") for one in others)]

    found = fitted_to_clinic(told, plan, START)

    day, evening = found.values["test_by_arm"]
    assert evening > day + 0.5
    assert found.arm_share == pytest.approx([0.5, 0.5])
