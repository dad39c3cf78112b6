"""One next step: what is advised at each point of the course, and what never is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import (
    NOW,
    TODAY,
    answer,
    clinic_limits,
    condition,
    consent,
    counselling,
    fact_id,
    infusion,
    pregnancy_test,
    pressure,
    record,
    score,
    target,
    use_report,
)
from sextant.course import NextStep, StepCode, advise
from sextant.evidence import source
from sextant.protocol import Limits, default_limits
from sextant.record import Decision, PatientRecord, QualitativeResult
from sextant.response import About, shipped_population

SCHEDULE = (0, 3, 7, 10, 14, 17)


def answered(patient: PatientRecord, limits: Limits | None = None) -> NextStep:
    return advise(patient, limits or clinic_limits(), now=NOW, population=shipped_population())


def with_limit(name: str, value: float) -> Limits:
    limits = clinic_limits()
    return replace(limits, by_name={**limits.by_name, name: replace(limits[name], value=value)})


def without_limit(name: str) -> Limits:
    limits = clinic_limits()
    return replace(limits, by_name={**limits.by_name, name: replace(limits[name], value=None)})


def treated(
    infusions: int, points: list[float], *plus, since: float = 2, baseline: float = 70, without=()
) -> PatientRecord:
    """So many infusions, the last one `since` days ago; craving before the series, and a day after each infusion."""
    first = since + SCHEDULE[infusions - 1]
    facts = [infusion(first - day) for day in SCHEDULE[:infusions]]
    facts += [score("craving", baseline, first + 12), score("craving", baseline, first + 1)]
    facts += [score("craving", value, first - day - 1) for day, value in zip(SCHEDULE[:infusions], points, strict=True)]
    facts += [target(days=first + 15), use_report(False, from_days=int(first) + 20, days=0.3)]
    return record(
        *facts, *plus, answer("suicidality", "none", 0.02), counselling(1), without=[*without, "target", "use"]
    )


def decision(step: str, days: float, *, planned_on=None, k=None) -> Decision:
    return Decision(
        fact_id=fact_id(),
        taken_at=record(counselling(days)).all(type(counselling()))[0].taken_at,
        choice="as_advised",
        step=step,
        infusion=k,
        reasons="Made up.",
        planned_on=planned_on,
    )


def test_with_all_gates_open_the_first_infusion_is_offered_and_no_more():
    step = answered(record()).step

    assert (step.code, step.infusion) == (StepCode.OFFER_INFUSION, 1)


def test_without_an_addiction_nothing_is_offered():
    step = answered(record(without=["addiction", "target"])).step

    assert (step.code, step.infusion) == (StepCode.NONE, None)


def test_missing_facts_are_asked_for():
    step = answered(record(without=["consent"])).step

    assert step.code is StepCode.ASK
    assert "consent" in step.advice


def test_a_closed_gate_is_cleared_before_anything_is_asked():
    step = answered(record(pressure(160, 100, 0.1), without=["consent"])).step

    assert step.code is StepCode.CLEAR_GATE


def test_thoughts_of_suicide_come_before_every_other_gate():
    patient = record(
        answer("suicidality", "plan", 0.001),
        condition("72892002", "Normal pregnancy", 60),
        without=["addiction", "target"],
    )

    step = answered(patient).step

    assert step.code is StepCode.CLEAR_GATE
    assert "crisis" in step.advice


def test_a_persons_no_is_not_an_obstacle_to_be_cleared():
    step = answered(record(consent(0.1, given=False))).step

    assert step.code is StepCode.CLEAR_GATE
    assert "ask what this person wants" in step.advice


def test_the_clinic_that_has_not_set_days_sober_is_asked_to():
    step = answered(record(), default_limits()).step

    assert step.code is StepCode.ASK


def test_a_lapse_during_the_series_pauses_it_and_does_not_end_it():
    lapse = use_report(True, from_days=2, last_used_days=1, days=0)

    step = answered(treated(2, [60, 58], lapse)).step

    assert step.code is StepCode.PAUSE
    assert "course is not lost" in " ".join(step.reasons)


def test_use_before_the_series_clears_a_gate_and_pauses_nothing():
    lapse = use_report(True, from_days=2, last_used_days=1, days=0)

    assert answered(record(lapse)).step.code is StepCode.CLEAR_GATE


@pytest.mark.parametrize(("days", "code"), [(0.1, StepCode.WAIT), (2.0, StepCode.OFFER_INFUSION)])
def test_an_infusion_is_not_judged_on_its_own_day(days, code):
    patient = record(
        infusion(days), score("craving", 70, 3), score("craving", 60, 0.01), answer("suicidality", "none", 0.02)
    )

    assert answered(patient).step.code is code


def test_the_target_is_scored_before_the_next_infusion_is_offered():
    patient = record(infusion(3), score("craving", 70, 4), answer("suicidality", "none", 0.02))

    step = answered(patient).step

    assert step.code is StepCode.ASK
    assert "Score the target" in step.advice


def test_a_mood_score_does_not_stand_in_for_the_chosen_target():
    patient = record(infusion(3), score("craving", 70, 4), score("phq9", 9, 1), answer("suicidality", "none", 0.02))

    assert "Score the target" in answered(patient).step.advice


@pytest.mark.parametrize("infusions", [1, 2])
@pytest.mark.parametrize("points", [70, 95])
def test_before_three_infusions_stopping_is_never_advised_however_bad_the_scores(infusions, points):
    patient = treated(infusions, [points] * infusions)

    step = answered(patient, with_limit("stop_below_probability_percent", 100)).step

    assert step.code is not StepCode.STOP_KETAMINE


@pytest.mark.parametrize("infusions", [1, 2, 4])
def test_a_person_who_is_worse_is_reviewed_after_any_infusion(infusions):
    patient = treated(infusions, [100] * infusions, baseline=40, without=["baseline"])

    step = answered(patient).step

    assert step.code is StepCode.REVIEW
    assert "worse" in step.advice


def test_what_counts_as_worse_is_asked_for_when_the_clinic_has_not_set_it():
    patient = treated(2, [100, 100], baseline=40, without=["baseline"])

    step = answered(patient, without_limit("worse_points_percent")).step

    assert any("has not set what counts as worse" in doubt for doubt in step.doubts)


def test_after_three_without_change_stopping_is_advised_only_below_the_clinics_own_limit():
    patient = treated(5, [70, 72, 71, 69, 70])

    without_limit_set = answered(patient).step
    with_a_limit = answered(patient, with_limit("stop_below_probability_percent", 50)).step

    assert without_limit_set.code is StepCode.REVIEW
    assert with_a_limit.code is StepCode.STOP_KETAMINE


def test_after_three_infusions_without_a_baseline_nobody_is_offered_on_and_on():
    facts = [infusion(days) for days in (12, 9, 5, 2)]
    patient = record(*facts, score("craving", 50, 1), answer("suicidality", "none", 0.02), without=["baseline"])

    assert answered(patient).step.code is StepCode.REVIEW


def test_the_target_is_scored_before_the_first_infusion():
    step = answered(record(without=["baseline"])).step

    assert step.code is StepCode.ASK
    assert "Score the target before infusion 1" in step.advice


def test_spacing_that_nobody_has_set_is_asked_for():
    step = answered(treated(1, [60]), without_limit("days_between_infusions")).step

    assert step.code is StepCode.ASK
    assert "days between infusions" in step.advice


def test_a_fraction_of_a_day_of_spacing_is_not_cut_off():
    assert answered(treated(1, [60], since=2), with_limit("days_between_infusions", 2.5)).step.code is StepCode.WAIT


def test_benefit_that_has_faded_leads_to_a_review_and_not_to_maintenance():
    late = [score("craving", points, days) for points, days in ((80, 9), (82, 5), (81, 1))]
    patient = treated(6, [40, 30, 22, 15, 10, 6], *late, since=200)

    assert answered(patient, clinic_limits()).step.code in {StepCode.REVIEW, StepCode.STOP_KETAMINE}


def helped(*plus, since: float = 20) -> PatientRecord:
    """Six infusions, after which craving fell and stayed low in the weeks since."""
    later = [score("craving", points, days) for points, days in ((6, since - 5), (8, since - 10), (9, since - 17))]
    return treated(6, [40, 30, 22, 15, 10, 6], *later, *plus, since=since)


def test_the_yearly_cap_on_maintenance_holds():
    patient = helped(infusion(10), infusion(5), score("craving", 4, 4), score("craving", 5, 2), since=40)

    step = answered(patient, with_limit("maintenance_per_year", 2)).step

    assert step.code is StepCode.REVIEW
    assert "cap of 2" in step.advice


def test_ketamine_from_before_the_treatment_is_not_infusion_1():
    anaesthesia = infusion(3000)

    step = answered(record(anaesthesia)).step

    assert (step.code, step.infusion) == (StepCode.OFFER_INFUSION, 1)


def test_two_administrations_of_one_day_are_one_infusion():
    patient = treated(1, [60], infusion(2.1, dose_mg_per_kg=0.1))

    assert len(patient.infusions) == 1
    assert patient.infusions[0].dose_mg_per_kg == pytest.approx(0.6)
    assert answered(patient).step.infusion == 2


@pytest.mark.parametrize("allowed", [1, 2, 3, 6])
def test_under_no_policy_is_stopping_advised_before_three(allowed):
    patient = treated(2, [70.0, 70.0])

    assert answered(patient, with_limit("infusions_in_series", allowed)).step.code is not StepCode.STOP_KETAMINE


def test_after_three_the_doubt_about_late_response_is_said_with_its_source():
    step = answered(treated(3, [70, 71, 69])).step

    assert any("depression, not in addiction" in doubt for doubt in step.doubts)
    assert {"C014", "C015"} <= set(step.sources)


def test_six_without_benefit_end_the_infusions_and_offer_no_maintenance():
    step = answered(treated(6, [70, 72, 71, 69, 70, 71])).step

    assert step.code is StepCode.STOP_KETAMINE
    assert step.window is None
    assert "rest of the plan goes on" in " ".join(step.reasons)


def test_six_with_clear_benefit_propose_a_window_and_book_nothing():
    step = answered(helped()).step

    assert step.code is StepCode.MAINTENANCE_WINDOW
    assert step.infusion is None
    assert step.window is not None
    assert TODAY <= step.window[0] <= step.window[1]


def test_the_window_is_where_one_more_brings_most_by_the_patients_own_curve():
    answer_given = answered(helped())

    one_more = answer_given.forecast.one_more
    first, last = answer_given.step.window
    assert first <= TODAY + timedelta(days=one_more.best_wait_days) <= last
    assert f"about {round(one_more.clear_days)} days with clear benefit over 182 days" in " ".join(
        answer_given.step.reasons
    )


def test_before_six_nothing_is_said_of_one_more_after_them():
    assert answered(treated(3, [40, 30, 22])).forecast.one_more is None


@pytest.mark.parametrize("infusions", range(7))
def test_never_more_than_the_next_infusion_and_never_a_seventh(infusions):
    patient = treated(infusions, [60.0] * infusions) if infusions else record()

    step = answered(patient).step

    assert step.infusion in {None, infusions + 1}
    assert step.infusion != 7


def test_a_date_that_was_decided_is_waited_for():
    tomorrow = TODAY.replace(day=TODAY.day + 1)

    waiting = answered(record(decision("offer_infusion", 0.1, planned_on=tomorrow, k=1))).step
    today = answered(record(decision("offer_infusion", 0.1, planned_on=TODAY, k=1))).step

    assert waiting.code is StepCode.WAIT
    assert today.code is StepCode.OFFER_INFUSION


def test_the_clinics_spacing_is_waited_for():
    patient = treated(1, [60], since=2)

    assert answered(patient, with_limit("days_between_infusions", 3)).step.code is StepCode.WAIT
    assert answered(patient, with_limit("days_between_infusions", 2)).step.code is StepCode.OFFER_INFUSION


def test_after_the_decision_to_stop_nothing_is_offered():
    step = answered(treated(4, [70] * 4, decision("stop_ketamine", 0.1))).step

    assert step.code is StepCode.NONE
    assert "without ketamine" in step.advice


def test_without_a_score_from_before_the_series_the_average_patient_is_shown_and_named():
    patient = record(infusion(3), score("craving", 50, 1), answer("suicidality", "none", 0.02), without=["baseline"])

    answer_given = answered(patient)

    assert answer_given.forecast is not None
    assert answer_given.forecast.kind == "average"
    assert any("average patient, not this one" in doubt for doubt in answer_given.step.doubts)


def test_without_a_target_there_is_no_forecast():
    assert answered(record(without=["target"])).forecast is None


@pytest.mark.parametrize("infusions", range(7))
def test_the_explanation_is_short_and_each_source_resolves(infusions):
    step = answered(treated(infusions, [60.0] * infusions) if infusions else record()).step

    assert 1 <= len(step.reasons) <= 3
    assert len(step.doubts) <= 2
    assert step.sources
    for key in step.sources:
        assert source(key).address


@pytest.mark.parametrize("infusions", range(6))
def test_every_offer_says_that_benefit_in_addiction_is_not_established(infusions):
    falling = [40.0, 30.0, 22.0, 18.0, 16.0][:infusions]
    step = answered(treated(infusions, falling) if infusions else record()).step

    assert step.code is StepCode.OFFER_INFUSION
    assert any("not established" in doubt for doubt in step.doubts)


def test_the_answer_names_model_prior_and_policy():
    model = answered(record()).model

    assert "response" in model.version
    assert "published studies" in model.prior
    assert "policy" in model.policy


def test_a_pregnancy_test_of_tomorrow_changes_nothing_today():
    patient = record(pregnancy_test(QualitativeResult.POSITIVE, -1))

    assert answered(patient).step.code is StepCode.OFFER_INFUSION


@pytest.mark.parametrize(
    ("sources", "comes_from"),
    [
        (("RESPONSE-MODEL", "EVIDENCE-PRIOR"), "comes from studies of depression and largely from assumptions"),
        (("RESPONSE-MODEL", "EVIDENCE-PRIOR", "clinic: own record"), "comes from patients of clinics"),
        (("RESPONSE-MODEL",), "is a design assumption"),
    ],
)
def test_every_offer_says_where_the_average_patient_comes_from(sources: tuple[str, ...], comes_from: str):
    population = replace(shipped_population(), sources=sources)

    step = advise(record(), clinic_limits(), now=NOW, population=population).step

    assert any(comes_from in doubt for doubt in step.doubts)
    assert set(step.sources) >= {key for key in sources if not key.startswith("clinic")}


def test_each_sentence_says_what_it_rests_on():
    for patient in (record(), treated(3, [40.0, 30.0, 22.0]), helped()):
        step = answered(patient).step

        said = [one.sentence for one in step.rests_on]
        assert said == [step.advice, *step.reasons, *step.doubts]
        assert {key for one in step.rests_on for key in one.sources} == set(step.sources)


def test_the_offer_of_an_infusion_before_three_does_not_rest_on_the_forecast_and_later_ones_do():
    first, fourth = answered(record()).step, answered(treated(3, [40.0, 30.0, 22.0])).step

    assert first.rests_on[0].forecast is None
    assert fourth.rests_on[0].forecast is About.CLEAR


def test_a_window_of_maintenance_rests_on_what_one_more_adds_and_its_recorded_reason_on_a_source_of_its_own():
    step = answered(helped()).step

    rests_on = {one.sentence: one for one in step.rests_on}
    assert rests_on[step.advice].forecast is About.ONE_MORE
    assert rests_on["A maintenance infusion needs its own recorded reason."].sources == ("C023",)
