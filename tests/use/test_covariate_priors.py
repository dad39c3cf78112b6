"""What infusions, attendance, craving and mood may say of the next test, and from whom that is known."""

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest
from scipy import integrate
from scipy.stats import norm

from sextant.evidence import source
from sextant.evidence.effects import NORMAL_95
from sextant.evidence.library import library
from sextant.evidence.meta_analysis import pool
from sextant.use import (
    PatientFollower,
    PatientWeeks,
    Week,
    WeeksError,
    forecast,
    next_week,
    shipped_population,
    word,
)
from sextant.use.covariate_priors import (
    ASSUMED_SD,
    covariate_priors,
    expected_elsewhere,
    infusion_mean,
    infusion_trials,
    moved,
)
from sextant.use.sudmex_tms import Step, craving_effect, read_steps

TRIALS = library().trials
SHIPPED = shipped_population()
VISITS = "rid,source,stage,vas,ut_coc\n"


def with_covariates(weeks: str, **each_week: float) -> PatientWeeks:
    """A patient of whom the same is known at the end of every week."""
    plain = word(weeks)
    return PatientWeeks(tuple(replace(one, covariates=each_week) for one in plain.weeks))


def visits(*rows: str) -> str:
    return VISITS + "\n".join(rows) + "\n"


class TestInfusions:
    def test_the_shipped_mean_is_worked_out_from_the_trials_on_file(self):
        assert SHIPPED.covariates["infusions"].mean == pytest.approx(infusion_mean(TRIALS), abs=1e-5)

    def test_the_three_randomised_trials_are_in_with_the_one_that_found_nothing(self):
        found = {one.study: one for one in infusion_trials(TRIALS)}

        assert set(found) == {"dakwar2019_cocaine", "grabski2022_kare_alcohol", "yoon2025_aud_mdd"}
        assert found["dakwar2019_cocaine"].value == pytest.approx(log((13 / 14) / (3 / 25)))
        assert found["grabski2022_kare_alcohol"].value == pytest.approx(-log(0.80))
        assert (found["yoon2025_aud_mdd"].value, found["yoon2025_aud_mdd"].variance) == (0.0, pytest.approx(8 / 19))

    def test_without_the_trial_that_found_nothing_it_would_be_more_hopeful(self):
        hopeful = pool([one for one in infusion_trials(TRIALS) if one.study != "yoon2025_aud_mdd"])

        assert pool(infusion_trials(TRIALS)).mean < hopeful.mean

    def test_press_figures_and_trials_without_randomisation_would_make_it_three_times_as_large(self):
        assert infusion_mean(TRIALS, with_sensitivity=True) / infusion_mean(TRIALS) == pytest.approx(3.0, abs=0.1)

    def test_four_fifths_of_what_is_expected_elsewhere_hold_no_effect(self):
        mean, sd = expected_elsewhere(pool(infusion_trials(TRIALS)))

        assert (mean, sd) == (pytest.approx(0.690, abs=0.001), pytest.approx(1.545, abs=0.001))
        assert mean - 1.2816 * sd < 0 < mean + 1.2816 * sd

    def test_the_prior_holds_no_effect_harm_and_benefit(self):
        infusions = SHIPPED.covariates["infusions"]

        assert infusions.mean < 0
        assert infusions.mean + NORMAL_95 * infusions.sd > log(2)
        assert infusions.mean - NORMAL_95 * infusions.sd < -log(2)

    def test_a_second_infusion_in_the_week_adds_nothing(self):
        one, two = (next_week(with_covariates("++-+", infusions=n), SHIPPED) for n in (1.0, 2.0))

        assert one == two

    def test_its_source_names_the_figures(self):
        says = source(SHIPPED.covariates["infusions"].source).says

        for figure in ("13 of 27 v 3 of 28", "0.80, 0.31 to 2.10", "no difference"):
            assert figure in says


class TestBayesRule:
    def test_what_is_known_exactly_is_taken_as_found_and_what_is_not_known_is_not_taken(self):
        assert moved(0.5, 2.0, 1e-9) == pytest.approx(2.0)
        assert moved(0.5, 2.0, 1e9) == pytest.approx(0.0, abs=1e-12)

    def test_an_error_as_large_as_the_assumption_halves_it(self):
        assert moved(0.5, 2.0, 0.5) == pytest.approx(1.0)


class TestCraving:
    def test_a_visit_that_stands_twice_counts_once_and_one_without_urine_or_score_not_at_all(self):
        table = visits(
            *("1,acute,T0,5,negative", "1,followup,T0,5,negative", "1,acute,T1,2.5,positive"),
            *("1,followup,T2,,negative", "1,followup,T3,1,negative", "2,acute,T0,3,", "2,acute,T1,3,negative"),
        )

        assert read_steps(table) == [Step("1", 50.0, 25.0, False, True), Step("1", 25.0, 10.0, True, False)]

    def test_visits_follow_each_other_in_time_and_not_in_the_order_of_the_table(self):
        table = visits("1,a,T3,4,negative", "1,a,T1-4,3,negative", "1,a,T0,1,positive", "1,a,T2,2,negative")

        assert [one.craving for one in read_steps(table)] == [10.0, 30.0, 20.0]

    def test_an_effect_that_made_the_visits_is_found_again(self):
        rng = np.random.default_rng(5)
        craving, last = rng.uniform(0, 100, 4000), rng.random(4000) < 0.4
        chance = 1 / (1 + np.exp(-(-1.0 + 2.0 * last + 0.03 * (craving - 50))))
        after = rng.random(4000) < chance
        steps = [
            Step(str(k), float(a), 0.0, bool(b), bool(c))
            for k, (a, b, c) in enumerate(zip(craving, last, after, strict=True))
        ]

        found = craving_effect(steps, assumed_sd=1.0)

        assert abs(found.mean - 0.03) < 3 * found.sd
        assert found.sd < 0.002
        assert (found.reference, found.n_people) == (pytest.approx(50, abs=2), 4000)

    def test_a_handful_of_visits_moves_an_assumption_little(self):
        steps = [Step("1", 80.0, 0.0, False, True), Step("2", 20.0, 0.0, False, False)]

        found = craving_effect(steps, assumed_sd=0.02)

        assert 0 < found.mean < 0.02
        assert found.sd < 0.02


class TestMoodAndAttendance:
    @pytest.mark.parametrize("name", ["mood", "attendance"])
    def test_no_source_gives_their_effect_so_that_none_is_assumed_and_it_is_said(self, name):
        covariate = SHIPPED.covariates[name]

        assert (covariate.mean, covariate.source) == (0.0, "design assumption")


class TestOfAWeekWithoutATest:
    @pytest.mark.parametrize("result", ["o", "_"])
    @pytest.mark.parametrize("name", ["craving", "mood"])
    def test_what_the_patient_tells_is_not_read_as_it_may_have_been_told_later(self, name, result):
        plain = word(f"-+{result}")
        told = PatientWeeks((*plain.weeks[:2], replace(plain.weeks[2], covariates={name: 27.0})))

        assert next_week(told, SHIPPED) == next_week(plain, SHIPPED)

    @pytest.mark.parametrize("result", ["o", "_"])
    @pytest.mark.parametrize(("name", "value"), [("infusions", 1.0), ("attendance", 1.0)])
    def test_what_the_clinic_itself_has_on_record_is_read(self, name, value, result):
        plain = word(f"-+{result}")
        known = PatientWeeks((*plain.weeks[:2], replace(plain.weeks[2], covariates={name: value})))

        assert next_week(known, SHIPPED) != next_week(plain, SHIPPED)


class TestOfWeek0:
    def test_they_move_week_1_as_those_of_any_week_move_the_next(self):
        plain = PatientWeeks((Week(0, "-"), Week(1, "+"), Week(2, "-")))
        known = PatientWeeks((Week(0, "-", covariates={"craving": 90.0}), *plain.weeks[1:]))

        before, after = forecast([plain], SHIPPED)[0], forecast([known], SHIPPED)[0]

        assert after[0].p_use > before[0].p_use
        assert after[0].p_use_high - after[0].p_use_low > before[0].p_use_high - before[0].p_use_low

    def test_they_are_not_carried_on_to_week_2_of_which_nothing_was_learned(self):
        known = PatientWeeks((Week(0, "_", covariates={"infusions": 1.0}), Week(2, "-")))
        plain = PatientWeeks((Week(0, "_"), Week(2, "-")))

        assert forecast([known], SHIPPED) == forecast([plain], SHIPPED)


class TestOfTheirDoubt:
    @pytest.mark.parametrize("weeks", ["--------", "+-+-", "++++++", "-+o-"])
    @pytest.mark.parametrize(("name", "value"), [("infusions", 1.0), ("craving", 100.0), ("mood", 0.0)])
    def test_p_use_is_the_mean_of_the_chances_that_each_effect_would_give(self, weeks, name, value):
        prior = SHIPPED.covariates[name]
        plain = word(weeks)
        known = PatientWeeks((*plain.weeks[:-1], replace(plain.weeks[-1], covariates={name: value})))

        def given(effect: float) -> float:
            sure = replace(SHIPPED, covariates={name: replace(prior, mean=effect, sd=1e-12)})
            return next_week(known, sure).p_use

        whole = integrate.quad(lambda z: given(prior.mean + prior.sd * z) * norm.pdf(z), -7, 7, epsabs=1e-6)[0]

        assert next_week(known, SHIPPED).p_use == pytest.approx(whole, abs=2e-5)

    def test_a_low_chance_rises_and_a_high_one_falls_when_nothing_but_doubt_is_added(self):
        low, high = word("--------"), word("++++++")
        known = [
            PatientWeeks((*one.weeks[:-1], replace(one.weeks[-1], covariates={"mood": 25.0}))) for one in (low, high)
        ]

        assert next_week(low, SHIPPED).p_use < next_week(known[0], SHIPPED).p_use < 0.5
        assert next_week(high, SHIPPED).p_use > next_week(known[1], SHIPPED).p_use > 0.5


class TestSlips:
    @pytest.mark.parametrize(
        ("covariates", "says"),
        [
            ({"sleep": 3.0}, "no covariate 'sleep'. It knows: infusions, attendance, craving, mood."),
            ({"craving": 1e6}, "Week 1: The value of craving lies outside 0 to 100"),
            ({"craving": 1e200}, "Week 1: The value of craving lies outside 0 to 100"),
            ({"infusions": 2.5}, "Week 1: The value of infusions is no whole number"),
        ],
    )
    def test_a_name_that_is_not_known_or_a_value_that_cannot_be_is_refused(self, covariates, says):
        patient = PatientWeeks((Week(1, "-", covariates=covariates), Week(2, "-")))

        with pytest.raises(WeeksError, match=says):
            forecast([patient], SHIPPED)
        with pytest.raises(WeeksError, match=says):
            PatientFollower(patient, SHIPPED)


class TestTheyDoNoHarm:
    @pytest.mark.parametrize("covariate", SHIPPED.covariates.values(), ids=list(SHIPPED.covariates))
    def test_nothing_that_was_published_makes_a_width_narrower_than_was_assumed(self, covariate):
        name = next(key for key, one in SHIPPED.covariates.items() if one is covariate)

        assert covariate.sd == ASSUMED_SD[name]

    def test_all_at_their_references_change_nothing(self):
        usual = {name: one.reference for name, one in SHIPPED.covariates.items()}

        assert forecast([with_covariates("+-o-+", **usual)], SHIPPED) == forecast([word("+-o-+")], SHIPPED)

    def test_without_covariates_the_forecast_is_that_of_a_population_that_knows_none(self):
        patients = [word("+-o-+"), word("----")]

        assert forecast(patients, SHIPPED) == forecast(patients, replace(SHIPPED, covariates={}))

    def test_an_infusion_moves_a_chance_of_one_half_by_less_than_two_in_a_hundred(self):
        mean = SHIPPED.covariates["infusions"].mean

        assert 0.48 < 1 / (1 + exp(-mean)) < 0.5

    def test_more_craving_raises_the_chance_and_an_infusion_lowers_it(self):
        plain = next_week(word("+-+-"), SHIPPED).p_use
        infused = PatientWeeks((*word("+-+").weeks, Week(4, "-", covariates={"infusions": 1.0})))

        assert next_week(infused, SHIPPED).p_use < plain
        assert next_week(with_covariates("+-+-", craving=80.0), SHIPPED).p_use > plain

    def test_what_is_known_of_one_week_moves_the_next_week_alone(self):
        known = PatientWeeks((Week(1, "-", covariates={"infusions": 1.0}), Week(2, "_"), Week(3, "-")))

        np.testing.assert_allclose(forecast([known], SHIPPED), forecast([word("-_-")], SHIPPED), atol=1e-12)


def test_all_four_have_a_unit_bounds_and_a_width():
    found = covariate_priors(TRIALS, visits("1,a,T0,1,positive", "1,a,T1,2,negative"))

    assert list(found) == list(ASSUMED_SD)
    for one in found.values():
        assert one.unit
        assert one.lowest <= one.reference < one.counts_to <= one.highest
        assert one.sd > 0
    assert found["craving"].reference == pytest.approx(10.0)
