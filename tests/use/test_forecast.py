"""The forecast of use as a counsellor relies on it."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from sextant.use import PatientWeeks, Week, forecast, next_week, shipped_population, weeks_ahead, word
from sextant.use.belief import Lines
from sextant.use.calendar import calendar, design
from sextant.use.coding import before_the_start, coded
from sextant.use.history import History, of_the_missed, of_the_test
from sextant.use.population import NODE_WEIGHTS
from use_people import small_population

SMALL = small_population()


def by_all_paths(patient: PatientWeeks, population, arm: int, weeks: int) -> float:
    """The chance of the first weeks of a patient and what was told, summed over all states and constants one by one."""
    values = population.values
    plan = calendar(values, design(population.plans, 30), population.baseline_share)
    lines = Lines.of(values)
    before = before_the_start([patient])
    result, told = coded([patient], weeks)
    history, test, missed = History(before, population.start_terms), [], []
    for k in range(weeks):
        terms = history.terms()
        test.append(np.exp(values["test_terms"] @ of_the_test(terms) + plan.test[arm, k]).item())
        missed.append(np.exp(values["missed_terms"] @ of_the_missed(terms) + plan.missed[arm, k]).item())
        history.take(result[:, k], told[:, k])
    total = 0.0
    for path in product(range(population.n_states), repeat=weeks):
        for u, h in product(range(3), repeat=2):
            chance = NODE_WEIGHTS[u] * NODE_WEIGHTS[h] * plan.start[arm, before.start[0], path[0]]
            for k, state in enumerate(path):
                if k:
                    chance *= plan.moves[arm, k - 1, path[k - 1], state]
                code = int(result[0, k])
                odds_missed = lines.odds_missed[state, u, h] * missed[k]
                odds_use = lines.odds_use[state, u] * test[k]
                p_missed, p_use = odds_missed / (1 + odds_missed), odds_use / (1 + odds_use)
                chance *= (1.0, (1 - p_missed) * (1 - p_use), *2 * ((1 - p_missed) * p_use,), p_missed)[code]
                chance *= lines.told[int(code in (2, 3)), told[0, k], state]
            total += chance
    return total


def with_week(patient: PatientWeeks, number: int, result: str) -> PatientWeeks:
    return PatientWeeks((*patient.until(number - 1).weeks, Week(number, result)), patient.arm)


@pytest.mark.parametrize("before", [(Week(0, "+"), Week(-1, "-")), ()], ids=["week 0 known", "week 0 not on record"])
@pytest.mark.parametrize("arm", ["A", "C", None])
def test_the_update_is_the_sum_over_all_paths(arm, before):
    patient = word("_o+_*-", "__+__*", arm=arm)
    patient = PatientWeeks((*before, *patient.weeks), arm)
    of_baseline = SMALL.baseline_share[:, 2, 1] if before else 1.0
    weights = SMALL.arm_share * of_baseline if arm is None else np.eye(3)[SMALL.arms.index(arm)]

    found = forecast([patient], SMALL)[0]

    for one in found:
        chances = [
            weights @ [by_all_paths(with_week(patient, one.week, symbol), SMALL, k, one.week) for k in range(3)]
            for symbol in "-+o"
        ]
        negative, positive, missed = np.array(chances) / sum(chances)
        assert one.p_use == pytest.approx(positive / (positive + negative), abs=1e-10)
        assert one.p_use_or_missing == pytest.approx(positive + missed, abs=1e-10)


def test_a_whole_record_gives_what_week_by_week_gave():
    patient = word("--+o_*-oo+", "-_+___*", arm="B")

    whole = forecast([patient], SMALL)[0]

    for one in whole:
        assert next_week(patient.until(one.week - 1), SMALL).p_use == pytest.approx(one.p_use, abs=1e-12)


def test_weeks_ahead_follow_the_week_that_is_named_and_nothing_after_it_is_known():
    patient = word("-+o-++", arm="B")

    ahead = weeks_ahead(patient, SMALL, after=3, weeks=2)
    later = weeks_ahead(patient.until(2), SMALL, after=4, weeks=1)

    marked = forecast([word("-+o_-", arm="B"), word("-+__-", arm="B")], SMALL)
    assert [one.week for one in (*ahead, *later)] == [4, 5, 5]
    assert ahead[0].p_use == pytest.approx(next_week(patient.until(3), SMALL).p_use, abs=1e-12)
    assert [ahead[1].p_use, later[0].p_use] == pytest.approx([weeks[-1].p_use for weeks in marked], abs=1e-12)


def test_a_patient_known_only_from_before_the_start_is_next_forecast_for_week_1():
    assert next_week(PatientWeeks((Week(-1, "-"),)), SMALL).week == 1


def test_the_doubt_of_week_1_is_that_of_the_states_and_constants_then():
    values, arm = SMALL.values, 0
    lines, plan = Lines.of(values), calendar(values, design(SMALL.plans, 30))
    odds = lines.odds_use[:, :, None] * np.exp(plan.test[arm, 0])
    missed = lines.odds_missed * np.exp(plan.missed[arm, 0])
    weight = plan.start[arm, 0][:, None, None] * NODE_WEIGHTS[:, None] * NODE_WEIGHTS / (1 + missed)
    mean, second = ((weight * np.log(odds) ** power).sum() / weight.sum() for power in (1, 2))

    one = forecast([word("_-", first=0, arm="A")], SMALL)[0][0]

    low = mean - 1.2815515655446004 * np.sqrt(second - mean**2)
    assert one.p_use_low == pytest.approx(1 / (1 + np.exp(-low)), abs=1e-10)


def test_the_doubt_of_the_fitted_values_widens_the_interval_and_moves_no_chance():
    known = word("--+-", arm="A")

    sure, doubtful = (next_week(known, replace(SMALL, parameter_sd=sd)) for sd in (0.0, 0.5))

    def ends(one):
        return np.log([one.p_use_low / (1 - one.p_use_low), one.p_use_high / (1 - one.p_use_high)])

    spread, wider = (np.ptp(ends(one)) / 2 / 1.2815515655446004 for one in (sure, doubtful))
    assert wider**2 == pytest.approx(spread**2 + 0.5**2)
    assert ends(doubtful).mean() == pytest.approx(ends(sure).mean())
    assert (doubtful.p_use, doubtful.p_use_or_missing) == (sure.p_use, sure.p_use_or_missing)


def test_later_weeks_never_change_an_earlier_forecast():
    short, long = word("-+o-"), word("-+o-++++oo")

    assert forecast([long], SMALL)[0][:4] == forecast([short], SMALL)[0]


def test_a_patient_is_forecast_alike_alone_and_among_others():
    patients = [word("-+o-"), word("+" * 12, arm="A"), word("-" * 7, arm="C"), word("oo-", first=5)]

    together = forecast(patients, SMALL)

    for patient, weeks in zip(patients, together, strict=True):
        for one, other in zip(forecast([patient], SMALL)[0], weeks, strict=True):
            assert one.p_use == pytest.approx(other.p_use, abs=1e-12)
            assert one.p_use_low == pytest.approx(other.p_use_low, abs=1e-9)


def test_what_was_told_of_a_missed_week_is_not_read():
    told = forecast([word("-o-", "-+-")], SMALL)

    assert told == forecast([word("-o-", "-_-")], SMALL)
    assert told != forecast([word("-o-", "+_-")], SMALL)


def test_a_week_without_a_row_was_not_due_and_has_no_forecast():
    gap = PatientWeeks((Week(1, "-"), Week(2, "-"), Week(6, "+")), "A")
    marked = PatientWeeks((*gap.weeks, *(Week(k, "_") for k in (3, 4, 5))), "A")

    assert [one.week for one in forecast([gap], SMALL)[0]] == [1, 2, 6]
    assert forecast([gap], SMALL) == forecast([marked], SMALL)


def test_the_interval_holds_the_chance_and_lies_between_0_and_1():
    for weeks in forecast([word("-" * 40), word("+" * 40), word("o" * 40), word("-+o*" * 10)], SMALL):
        for one in weeks:
            assert 0 < one.p_use_low <= one.p_use <= one.p_use_high < 1
            assert 0 < one.p_use_or_missing < 1


def test_a_covariate_with_a_prior_mean_of_nothing_draws_the_chance_towards_one_half_and_adds_doubt():
    plain = word("--+-", arm="A")
    for week in plain.weeks:
        before = plain.until(week.number - 1).weeks
        known = PatientWeeks((*before, Week(week.number, week.result, covariates={"craving": 90.0})), "A")

        one, other = next_week(plain.until(week.number), SMALL), next_week(known, SMALL)

        assert abs(other.p_use - 0.5) < abs(one.p_use - 0.5)
        assert other.p_use_high - other.p_use_low > one.p_use_high - one.p_use_low


def test_a_test_that_a_covariate_may_have_moved_says_less_of_the_patient():
    plain = word("-+", arm="A")
    known = PatientWeeks((Week(1, "-", covariates={"craving": 90.0}), Week(2, "+")), "A")

    assert next_week(known, SMALL).p_use < next_week(plain, SMALL).p_use


def test_covariates_of_another_patient_change_nothing():
    plain, other = word("--+-", arm="A"), PatientWeeks((Week(1, "-", covariates={"craving": 90.0}),), "A")

    for one, alone in zip(forecast([plain, other], SMALL)[0], forecast([plain], SMALL)[0], strict=True):
        assert one.p_use == pytest.approx(alone.p_use, abs=1e-12)
        assert one.p_use_high == pytest.approx(alone.p_use_high, abs=1e-12)


def test_arms_that_are_not_known_count_by_how_well_they_foretold():
    patient = word("--------")

    unknown = forecast([patient], SMALL)[0]
    of_arms = [forecast([word("--------", arm=arm)], SMALL)[0] for arm in SMALL.arms]

    for k, one in enumerate(unknown):
        assert min(weeks[k].p_use for weeks in of_arms) <= one.p_use <= max(weeks[k].p_use for weeks in of_arms)
    assert forecast([word("--------", arm="elsewhere")], SMALL)[0] == unknown


def test_of_whom_nothing_is_on_record_the_average_is_said():
    """Of the tests of week 1 in the trials, 39 % of 1,314 were positive."""
    nobody = forecast([word("-")], shipped_population())[0][0]

    assert nobody.p_use == pytest.approx(0.39, abs=0.02)
