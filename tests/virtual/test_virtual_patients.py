"""Virtual patients: every stage is there, the same seed gives the same people, and nobody resembles anybody real."""

from dataclasses import replace

import numpy as np
import pytest

from builders import NOW, clinic_limits
from sextant.course import StepCode, advise, use_ahead
from sextant.record import Score
from sextant.response import DEFAULT, shipped_population
from sextant.response.settings import Settings
from sextant.virtual import draw_people, virtual_patients

SEED = 20261123
FORTY_FOUR = list(virtual_patients(44, now=NOW, seed=SEED))


def test_the_same_seed_gives_the_same_patients_and_another_seed_others():
    again = list(virtual_patients(3, now=NOW, seed=SEED))
    other = list(virtual_patients(3, now=NOW, seed=SEED + 1))

    assert again == FORTY_FOUR[:3]
    assert other != again


def test_every_kind_of_next_step_is_met_in_the_demo():
    steps = {
        advise(one.record, clinic_limits(), now=NOW, population=shipped_population()).step.code for one in FORTY_FOUR
    }

    assert steps == set(StepCode)


def test_no_fact_lies_in_the_future():
    latest = max(fact.taken_at for one in FORTY_FOUR for fact in one.record.facts)

    assert latest <= NOW


def test_facts_have_names_of_their_own():
    names = [fact.fact_id for one in FORTY_FOUR for fact in one.record.facts]

    assert len(names) == len(set(names))


def test_names_are_numbers_and_resemble_nobody():
    assert [one.record.patient.name for one in FORTY_FOUR[:2]] == ["Demo patient 1", "Demo patient 2"]


def test_the_lapse_stage_tells_of_use_yesterday():
    lapse = next(one for one in FORTY_FOUR if one.stage == "lapse")

    answer = advise(lapse.record, clinic_limits(), now=NOW, population=shipped_population())

    assert answer.step.code is StepCode.PAUSE


def test_one_patient_has_a_hard_week_ahead_so_that_the_mark_can_be_seen():
    hard = [one.stage for one in FORTY_FOUR if any(week.hard for week in use_ahead(one.record, NOW).weeks)]

    assert hard == ["a hard week likely"]


def test_scores_stay_in_their_range_and_are_whole_points():
    for one in FORTY_FOUR:
        for score in one.record.all(Score):
            assert score.points == round(score.points)


def test_simulated_scores_have_the_models_mean_before_the_first_infusion():
    rng = np.random.default_rng(5)
    days = np.array([-1.0])

    people = draw_people(Settings.of(4000 * [DEFAULT]), ("craving",), rng)
    first = people.scores(days, [], 0.5, rng)[:, 0, 0]

    # Baseline 65 (18) with day-to-day variation and noise of 14 points; cut at 0 and 100, which moves the mean down.
    assert abs(np.mean(first) - 65) < 1.5


def test_a_dose_acts_only_after_its_time():
    person = draw_people(Settings.of([DEFAULT]), ("craving",), np.random.default_rng(6), responds=True)

    at_and_after = person.benefit(np.array([0.0, 1 / 24]), [(0.0, 0.5)])[0]

    assert at_and_after[0] == 0
    assert at_and_after[1] == pytest.approx(person.fast[0], rel=0.02)


@pytest.mark.parametrize("carry_over", [0.0, 0.5, 1.0])
def test_an_infusion_renews_fast_benefit_and_adds_to_slow_benefit(carry_over: float):
    hyper = replace(DEFAULT, fast_carry_over=carry_over)
    people = draw_people(Settings.of(3 * [hyper]), ("craving",), np.random.default_rng(6), responds=True)
    doses = [(7.0, 0.25), (0.0, 0.5), (3.5, 1.0)]  # in any order
    days = np.array([-1.0, 1.0, 3.5, 4.0, 8.0, 30.0])

    benefit = people.benefit(days, doses)

    for person in range(3):
        for column, day in enumerate(days):
            fast = slow = 0.0
            for given, mg_per_kg in doses:
                if given < day:
                    effect, since = 2 * mg_per_kg / (mg_per_kg + 0.5), day - given
                    later = sum(given < other < day for other, _ in doses)
                    fast += effect * carry_over**later * np.exp(-since / hyper.tau_f_days)
                    tau_s = people.tau_s_days[person]
                    left = (1 - hyper.lasting_share) * np.exp(-since / tau_s)
                    left += hyper.lasting_share * np.exp(-since / (hyper.lasting_ratio * tau_s))
                    slow += effect * (1 - np.exp(-since / hyper.tau_on_days)) * left
            expected = people.fast[person] * fast + people.slow[person] * slow
            assert benefit[person, column] == pytest.approx(expected, abs=1e-12)
