"""Every gate: when it is open, closed, asks, and exactly at its boundary."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from builders import (
    NOW,
    TODAY,
    alcoholism,
    answer,
    at_the_door,
    clinic_limits,
    condition,
    consent,
    counselling,
    days_ago,
    fact_id,
    infusion,
    person,
    pregnancy_test,
    pressure,
    record,
    score,
    target,
    use_report,
)
from sextant.evidence import source
from sextant.protocol import RULES, Finding, Stage, Strength, Verdict, default_limits, screen, stages_at_start
from sextant.record import Allergy, Medication, PatientRecord, QualitativeResult, Sex, UseEvidence


def gate(code: str, patient: PatientRecord, limits=None) -> Finding:
    return next(one for one in screen(patient, limits or clinic_limits(), NOW) if one.code == code)


def verdict(code: str, patient: PatientRecord, limits=None) -> Verdict:
    return gate(code, patient, limits).verdict


def test_with_every_fact_on_record_every_gate_stands_open():
    findings = screen(record(), clinic_limits(), NOW)

    before_every_step = [rule for rule in RULES if rule.stage is Stage.SCREENING]
    assert {one.code: one.verdict for one in findings} == {rule.code: Verdict.OPEN for rule in before_every_step}


def test_with_the_questions_of_the_door_answered_every_gate_of_the_start_stands_open():
    ready = record(*at_the_door().values())

    findings = screen(ready, clinic_limits(), NOW, stages=stages_at_start(ready, clinic_limits()))

    assert {one.code: one.saw for one in findings if one.verdict is not Verdict.OPEN} == {}
    assert {one.stage for one in findings} == {Stage.SCREENING, Stage.ARRIVAL}


def test_with_nothing_on_record_no_gate_but_age_and_indication_knows_its_answer():
    findings = screen(record(only=True), clinic_limits(), NOW)

    assert {one.code for one in findings if one.verdict is not Verdict.ASK} == {"GATE-001", "GATE-010"}
    assert verdict("GATE-001", record(only=True)) is Verdict.CLOSED


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_names_sources_that_are_on_file(rule):
    assert rule.sources
    for key in rule.sources:
        assert source(key).address


def test_codes_of_rules_are_unique():
    codes = [rule.code for rule in RULES]

    assert len(codes) == len(set(codes)) == 63


@pytest.mark.parametrize("finding", screen(record(only=True), clinic_limits(), NOW), ids=lambda one: one.code)
def test_a_gate_that_is_not_open_says_what_it_saw_and_what_would_open_it(finding):
    assert finding.saw
    assert finding.opens_when or finding.verdict is Verdict.OPEN


def test_facts_of_tomorrow_open_nothing():
    facts = record(pressure(120, 70, days=-1), without=["pressure"])

    assert verdict("GATE-002", facts) is Verdict.ASK


class TestIndication:
    def test_without_a_target_patient_and_prescriber_are_asked_to_choose_one(self):
        assert verdict("GATE-001", record(without=["target"])) is Verdict.ASK

    def test_an_addiction_that_ended_is_not_a_present_one(self):
        facts = record(alcoholism(4000, status="resolved", ended_days=3000), without=["addiction"])

        assert verdict("GATE-001", facts) is Verdict.CLOSED

    def test_without_an_end_date_an_inactive_addiction_is_not_a_present_one(self):
        facts = record(alcoholism(status="inactive"), without=["addiction"])

        assert verdict("GATE-001", facts) is Verdict.CLOSED

    def test_an_old_overdose_asks(self):
        facts = record(condition("55680006", "Drug overdose", 6000, status="resolved"), without=["addiction"])

        assert verdict("GATE-001", facts) is Verdict.ASK

    def test_a_gambling_disorder_is_an_addiction(self):
        gambling = condition("F63.0", "Gambling disorder", system="http://hl7.org/fhir/sid/icd-10-cm")

        assert verdict("GATE-001", record(gambling, without=["addiction"])) is Verdict.OPEN

    def test_a_target_without_a_diagnosis_asks_for_the_diagnosis(self):
        assert verdict("GATE-001", record(without=["addiction"])) is Verdict.ASK


class TestBloodPressure:
    @pytest.mark.parametrize(
        ("systolic", "diastolic", "expected"),
        [
            (139, 89, Verdict.OPEN),
            (140, 80, Verdict.CLOSED),
            (120, 90, Verdict.CLOSED),
            (149, 107, Verdict.CLOSED),
        ],
    )
    def test_either_pressure_at_its_limit_closes(self, systolic, diastolic, expected):
        assert verdict("GATE-002", record(pressure(systolic, diastolic), without=["pressure"])) is expected

    def test_a_repeated_lower_reading_opens_it_again(self):
        facts = record(pressure(150, 95, days=2), pressure(128, 80, days=1), without=["pressure"])

        assert verdict("GATE-002", facts) is Verdict.OPEN

    def test_the_diagnosis_alone_does_not_close_it(self):
        facts = record(condition("38341003", "Hypertension"))

        assert verdict("GATE-002", facts) is Verdict.OPEN

    def test_a_reading_older_than_the_clinic_allows_asks(self):
        assert verdict("GATE-002", record(pressure(120, 70, days=30), without=["pressure"])) is Verdict.OPEN
        assert verdict("GATE-002", record(pressure(120, 70, days=31), without=["pressure"])) is Verdict.ASK

    def test_without_the_clinics_limit_only_a_reading_of_today_counts(self):
        today = record(pressure(120, 70, days=0.1), without=["pressure"])
        yesterday = record(pressure(120, 70, days=1), without=["pressure"])

        assert verdict("GATE-002", today, default_limits()) is Verdict.OPEN
        assert verdict("GATE-002", yesterday, default_limits()) is Verdict.ASK

    def test_a_high_reading_does_not_grow_old(self):
        facts = record(pressure(150, 95, days=900), without=["pressure"])

        assert verdict("GATE-002", facts) is Verdict.CLOSED


class TestCardiac:
    def test_an_unstable_disease_on_the_list_closes(self):
        facts = record(condition("57054005", "Acute myocardial infarction", 3))

        assert verdict("GATE-003", facts) is Verdict.CLOSED

    def test_a_clearance_note_after_treatment_leaves_a_caution(self):
        facts = record(condition("57054005", "Acute myocardial infarction", 300), answer("cardiac_clearance", "yes"))

        assert verdict("GATE-003", facts) is Verdict.CAUTION

    def test_a_clearance_note_from_before_the_event_does_not_count(self):
        facts = record(condition("57054005", "Acute myocardial infarction", 3), answer("cardiac_clearance", "yes", 30))

        assert verdict("GATE-003", facts) is Verdict.CLOSED

    def test_a_chronic_disease_newer_than_the_answer_asks_whether_it_is_stable(self):
        facts = record(condition("49436004", "Atrial Fibrillation", 0.5))

        assert verdict("GATE-003", facts) is Verdict.ASK

    def test_a_chronic_disease_that_was_answered_for_is_open(self):
        assert verdict("GATE-003", record(condition("49436004", "Atrial Fibrillation", 90))) is Verdict.OPEN

    def test_unstable_by_answer_closes(self):
        facts = record(answer("unstable_cardiac", "yes", 0.1))

        assert verdict("GATE-003", facts) is Verdict.CLOSED


class TestPregnancy:
    def test_a_present_pregnancy_closes_and_nobody_can_waive_it(self):
        found = gate("GATE-004", record(condition("72892002", "Normal pregnancy", 60)))

        assert (found.verdict, found.strength) == (Verdict.CLOSED, Strength.ABSOLUTE)

    def test_a_pregnancy_long_over_is_over(self):
        facts = record(condition("72892002", "Normal pregnancy", 900, status="resolved", ended_days=650))

        assert verdict("GATE-004", facts) is Verdict.OPEN

    def test_a_pregnancy_never_recorded_as_over_asks_after_a_year(self):
        facts = record(condition("72892002", "Normal pregnancy", 900), without=["pregnancy"])

        assert verdict("GATE-004", facts) is Verdict.ASK

    def test_a_positive_test_closes(self):
        facts = record(pregnancy_test(QualitativeResult.POSITIVE, 0.1))

        assert verdict("GATE-004", facts) is Verdict.CLOSED

    def test_a_negative_test_counts_for_seven_days(self):
        on_day_seven = record(pregnancy_test(QualitativeResult.NEGATIVE, 7), without=["pregnancy"])
        on_day_eight = record(pregnancy_test(QualitativeResult.NEGATIVE, 8), without=["pregnancy"])

        assert verdict("GATE-004", on_day_seven) is Verdict.OPEN
        assert verdict("GATE-004", on_day_eight) is Verdict.ASK

    def test_an_unclear_test_asks(self):
        assert verdict("GATE-004", record(pregnancy_test(QualitativeResult.UNCLEAR, 0.1))) is Verdict.ASK

    @pytest.mark.parametrize("sex", [Sex.FEMALE, Sex.OTHER, Sex.UNKNOWN])
    def test_pregnancy_unknown_is_not_no(self, sex):
        assert verdict("GATE-004", record(without=["pregnancy"], patient=person(sex))) is Verdict.ASK

    def test_a_person_recorded_as_male_who_can_be_pregnant_is_asked(self):
        facts = record(answer("can_be_pregnant", "yes"), without=["pregnancy"], patient=person(Sex.MALE))

        assert verdict("GATE-004", facts) is Verdict.ASK

    def test_a_person_who_cannot_be_pregnant_needs_no_test(self):
        assert verdict("GATE-004", record(answer("can_be_pregnant", "no"), without=["pregnancy"])) is Verdict.OPEN


class TestActiveUse:
    def test_use_since_the_last_visit_closes_for_the_day_and_nobody_can_waive_it(self):
        visit = use_report(False, from_days=21, to_days=3)
        facts = record(visit, use_report(True, from_days=3, last_used_days=1, days=0), without=["use"])

        found = gate("GATE-005", facts)

        assert (found.verdict, found.strength) == (Verdict.CLOSED, Strength.ABSOLUTE)

    def test_a_positive_test_wins_over_what_was_said_on_the_same_day(self):
        said = use_report(False, from_days=7)
        urine = use_report(True, from_days=0, evidence=UseEvidence.URINE)

        assert verdict("GATE-005", record(said, urine)) is Verdict.CLOSED

    def test_at_a_later_visit_without_use_the_gate_opens_again(self):
        lapse = use_report(True, from_days=9, to_days=5, last_used_days=6)
        later = use_report(False, from_days=5)

        assert verdict("GATE-005", record(lapse, later, without=["use"])) is Verdict.OPEN

    def test_use_long_before_the_first_contact_is_past_and_left_to_the_days_sober(self):
        intake = use_report(True, from_days=28, last_used_days=20)

        assert verdict("GATE-005", record(intake, without=["use"])) is Verdict.OPEN

    def test_use_before_the_last_infusion_is_not_use_since_it(self):
        facts = record(infusion(4), use_report(True, from_days=28, last_used_days=10), without=["use"])

        assert verdict("GATE-005", facts) is Verdict.OPEN

    def test_an_old_overdose_is_never_read_as_active_use(self):
        facts = record(condition("55680006", "Drug overdose", 6000), without=["use"])

        found = gate("GATE-005", facts)

        assert found.verdict is Verdict.ASK
        assert "not read as present use" in found.saw

    def test_what_is_known_of_use_grows_old(self):
        seven = record(use_report(False, from_days=21, to_days=7), without=["use"])
        eight = record(use_report(False, from_days=21, to_days=8), without=["use"])

        assert verdict("GATE-005", seven) is Verdict.OPEN
        assert verdict("GATE-005", eight) is Verdict.ASK

    def test_asked_and_not_known_is_unknown(self):
        assert verdict("GATE-005", record(use_report(None, from_days=21), without=["use"])) is Verdict.ASK

    def test_not_using_another_substance_says_nothing_of_the_chosen_one(self):
        facts = record(use_report(False, from_days=21, problem="cocaine"), without=["use"])

        assert verdict("GATE-005", facts) is Verdict.ASK

    def test_use_of_another_substance_counts(self):
        facts = record(use_report(True, from_days=1, last_used_days=0, problem="cocaine"))

        assert verdict("GATE-005", facts) is Verdict.CLOSED


class TestDaysSober:
    def test_no_limit_is_filled_in_and_without_one_the_gate_asks(self):
        found = gate("GATE-006", record(), default_limits())

        assert found.verdict is Verdict.ASK
        assert found.limit is not None
        assert found.limit.value is None

    def test_exactly_the_clinics_days_are_enough(self):
        fourteen = record(use_report(True, from_days=28, last_used_days=14, days=0), without=["use"])
        thirteen = record(use_report(True, from_days=28, last_used_days=13, days=0), without=["use"])

        assert verdict("GATE-006", fourteen) is Verdict.OPEN
        assert verdict("GATE-006", thirteen) is Verdict.CLOSED

    def test_unknown_days_before_a_known_span_ask(self):
        assert verdict("GATE-006", record(use_report(False, from_days=9), without=["use"])) is Verdict.ASK

    def test_nobody_asked_yet_asks(self):
        assert verdict("GATE-006", record(without=["use"])) is Verdict.ASK

    def test_it_is_soft(self):
        assert gate("GATE-006", record()).strength is Strength.SOFT

    def test_after_the_first_infusion_it_does_not_ask_again_unless_the_person_used(self):
        sober = record(infusion(4))
        lapse = record(infusion(4), use_report(True, from_days=3, last_used_days=2, days=0))

        assert verdict("GATE-006", sober) is Verdict.OPEN
        assert verdict("GATE-006", lapse) is Verdict.CLOSED


class TestPsychosis:
    @pytest.mark.parametrize("value", ["past", "current"])
    def test_in_the_person_it_needs_a_second_person(self, value):
        found = gate("GATE-007", record(answer("psychosis", value, 0.1)))

        assert (found.verdict, found.strength) == (Verdict.CLOSED, Strength.HARD)

    def test_in_the_family_the_prescriber_may_sign(self):
        found = gate("GATE-007", record(answer("psychosis_in_family", "yes", 0.1)))

        assert (found.verdict, found.strength) == (Verdict.CLOSED, Strength.SOFT)

    def test_a_coded_psychosis_closes_whatever_was_answered(self):
        schizophrenia = condition("F20.9", "Schizophrenia", system="http://hl7.org/fhir/sid/icd-10-cm")

        assert verdict("GATE-007", record(schizophrenia)) is Verdict.CLOSED

    @pytest.mark.parametrize("missing", ["psychosis", "family"])
    def test_both_questions_must_be_answered(self, missing):
        assert verdict("GATE-007", record(without=[missing])) is Verdict.ASK


class TestAllergy:
    def allergy(self, status: str) -> Allergy:
        return Allergy(
            fact_id=fact_id(),
            taken_at=days_ago(100),
            code="6130",
            system="http://www.nlm.nih.gov/research/umls/rxnorm",
            text="Ketamine",
            clinical_status=status,
        )

    def test_a_listed_allergy_closes_whatever_was_answered(self):
        found = gate("GATE-008", record(self.allergy("active")))

        assert (found.verdict, found.strength) == (Verdict.CLOSED, Strength.ABSOLUTE)

    def test_an_entry_that_was_resolved_leaves_it_to_the_answer(self):
        assert verdict("GATE-008", record(self.allergy("resolved"))) is Verdict.OPEN

    def test_a_yes_closes(self):
        assert verdict("GATE-008", record(answer("ketamine_allergy", "yes", 0.1))) is Verdict.CLOSED


class TestSuicidality:
    def test_item_nine_of_one_point_closes_until_the_crisis_path_was_walked(self):
        facts = record(score("phq9", 9, 0.005, item_nine=1))

        found = gate("GATE-009", facts)

        assert (found.verdict, found.strength) == (Verdict.CLOSED, Strength.HARD)
        assert "988" in found.saw

    def test_item_nine_of_zero_is_no_sign(self):
        assert verdict("GATE-009", record(score("phq9", 9, 0.005, item_nine=0))) is Verdict.OPEN

    def test_after_the_crisis_path_thoughts_are_no_bar(self):
        facts = record(answer("suicidality", "thoughts", 0.005), answer("crisis_path", "yes", 0.001))

        assert verdict("GATE-009", facts) is Verdict.OPEN

    def test_after_the_crisis_path_a_plan_leaves_a_caution(self):
        facts = record(answer("suicidality", "plan", 0.005), answer("crisis_path", "yes", 0.001))

        assert verdict("GATE-009", facts) is Verdict.CAUTION

    def test_a_crisis_path_from_before_does_not_count(self):
        facts = record(answer("crisis_path", "yes", 3), answer("suicidality", "thoughts", 0.005))

        assert verdict("GATE-009", facts) is Verdict.CLOSED

    def test_of_two_answers_on_one_day_the_more_worrying_counts(self):
        facts = record(score("phq9", 9, 0.2, item_nine=2), answer("suicidality", "none", 0.1))

        assert verdict("GATE-009", facts) is Verdict.CLOSED

    def test_it_is_asked_again_after_each_infusion(self):
        facts = record(answer("suicidality", "none", 5), infusion(4), without=["suicidality"])

        assert verdict("GATE-009", facts) is Verdict.ASK


class TestAge:
    def aged(self, years: int, days: int = 0) -> PatientRecord:
        born = date(TODAY.year - years, TODAY.month, TODAY.day) - timedelta(days=days)
        return record(patient=person(birth_date=born))

    @pytest.mark.parametrize(
        ("years", "days", "expected"),
        [
            (18, -1, Verdict.CLOSED),
            (18, 0, Verdict.OPEN),
            (60, 0, Verdict.OPEN),
            (61, -1, Verdict.OPEN),
            (61, 0, Verdict.CAUTION),
        ],
    )
    def test_limits_count_full_years(self, years, days, expected):
        assert verdict("GATE-010", self.aged(years, days)) is expected


class TestNeverFirstNeverAlone:
    def test_nothing_tried_before_closes(self):
        facts = record(answer("earlier_treatment", "no", 0.1))

        assert verdict("GATE-011", facts) is Verdict.CLOSED

    def test_without_counselling_on_record_it_asks(self):
        assert verdict("GATE-012", record(without=["counselling"])) is Verdict.ASK

    def test_counselling_that_is_agreed_is_enough_before_the_first_infusion(self):
        facts = record(answer("counselling_agreed", "yes"), without=["counselling"])

        assert verdict("GATE-012", facts) is Verdict.OPEN

    def test_counselling_refused_closes(self):
        facts = record(answer("counselling_agreed", "no"), without=["counselling"])

        assert verdict("GATE-012", facts) is Verdict.CLOSED

    def test_between_infusions_the_contact_must_be_recent_by_the_clinics_limit(self):
        on_day_14 = record(infusion(20), counselling(14), without=["counselling"])
        on_day_15 = record(infusion(20), counselling(15), without=["counselling"])

        assert verdict("GATE-012", on_day_14) is Verdict.OPEN
        assert verdict("GATE-012", on_day_15) is Verdict.CLOSED

    def test_between_infusions_without_the_clinics_limit_it_asks(self):
        assert verdict("GATE-012", record(infusion(4)), default_limits()) is Verdict.ASK


class TestConsent:
    def test_without_consent_it_asks(self):
        assert verdict("GATE-013", record(without=["consent"])) is Verdict.ASK

    def test_withdrawn_consent_closes(self):
        assert verdict("GATE-013", record(consent(1, given=False))) is Verdict.CLOSED

    def test_consent_counts_to_its_last_day(self):
        last_day = record(consent(expires_on=TODAY), without=["consent"])
        day_after = record(consent(expires_on=TODAY - timedelta(days=1)), without=["consent"])

        assert verdict("GATE-013", last_day) is Verdict.OPEN
        assert verdict("GATE-013", day_after) is Verdict.ASK

    def test_a_person_who_is_not_able_to_consent_is_not_started(self):
        assert verdict("GATE-013", record(answer("capacity", "no"))) is Verdict.CLOSED


class TestWhatAReviewFound:
    """Ways round a gate that were open once."""

    def test_a_plan_is_not_taken_back_by_a_crisis_path_walked_for_thoughts_before_it(self):
        facts = record(
            answer("suicidality", "thoughts", 0.2),
            answer("crisis_path", "yes", 0.15),
            answer("suicidality", "plan", 0.1),
        )

        found = gate("GATE-009", facts)

        assert found.verdict is Verdict.CLOSED
        assert "plan" in found.saw

    @pytest.mark.parametrize("sign", [answer("suicidality", "plan", 1), score("phq9", 12, 1, item_nine=3)])
    def test_a_later_none_does_not_take_a_sign_back(self, sign):
        facts = record(sign, answer("suicidality", "none", 0.1), score("phq9", 3, 0.05, item_nine=0))

        assert verdict("GATE-009", facts) is Verdict.CLOSED

    @pytest.mark.parametrize(
        ("name", "old", "code"),
        [
            ("suicidality", answer("suicidality", "none", 8), "GATE-009"),
            ("cardiac", answer("unstable_cardiac", "no", 91), "GATE-003"),
        ],
    )
    def test_answers_of_safety_grow_old(self, name, old, code):
        assert verdict(code, record(old, without=[name])) is Verdict.ASK

    def test_no_clearance_alone_opens_nothing(self):
        facts = record(answer("cardiac_clearance", "no", 0.1), without=["cardiac"])

        assert verdict("GATE-003", facts) is Verdict.ASK

    def test_unstable_with_a_later_note_is_a_caution_that_names_both(self):
        facts = record(answer("unstable_cardiac", "yes", 3), answer("cardiac_clearance", "yes", 1), without=["cardiac"])

        found = gate("GATE-003", facts)

        assert found.verdict is Verdict.CAUTION
        assert "Unstable" in found.saw
        assert "clearance" in found.saw

    def test_use_on_days_not_named_since_an_infusion_is_a_lapse(self):
        lapse = use_report(True, from_days=9, to_days=4)
        since = use_report(False, from_days=3)

        found = gate("GATE-006", record(target(days=30), infusion(10), lapse, since, without=["use", "target"]))

        assert found.verdict is not Verdict.OPEN

    def test_days_since_an_infusion_that_nobody_asked_about_ask(self):
        facts = record(infusion(10), use_report(False, from_days=3), without=["use"])

        assert verdict("GATE-005", facts) is Verdict.ASK

    def test_ketamine_from_before_the_treatment_opens_no_gate(self):
        facts = record(infusion(3000), use_report(True, from_days=28, last_used_days=3, days=0), without=["use"])

        assert verdict("GATE-006", facts) is Verdict.CLOSED

    def test_of_two_pressures_at_one_time_the_higher_counts(self):
        facts = record(pressure(185, 80, 0.1), pressure(120, 110, 0.1), pressure(118, 70, 0.1), without=["pressure"])

        assert verdict("GATE-002", facts) is Verdict.CLOSED

    def test_of_two_pregnancy_tests_at_one_time_the_positive_counts(self):
        facts = record(pregnancy_test(QualitativeResult.POSITIVE, 0.1), pregnancy_test(QualitativeResult.NEGATIVE, 0.1))

        assert verdict("GATE-004", facts) is Verdict.CLOSED

    @pytest.mark.parametrize("verification", ["provisional", "differential", "unconfirmed"])
    def test_an_unsure_diagnosis_asks(self, verification):
        facts = record(replace(alcoholism(), verification=verification), without=["addiction"])

        assert verdict("GATE-001", facts) is Verdict.ASK

    def test_remission_asks(self):
        assert verdict("GATE-001", record(alcoholism(status="remission"), without=["addiction"])) is Verdict.ASK

    def test_a_positive_urine_within_the_days_that_a_denial_covers_asks(self):
        urine = use_report(True, from_days=1, to_days=1, evidence=UseEvidence.URINE)
        denial = use_report(False, from_days=14)

        assert verdict("GATE-005", record(urine, denial, without=["use"])) is Verdict.ASK

    def test_use_of_long_ago_that_nobody_followed_up_asks(self):
        urine = use_report(True, from_days=2500, to_days=2500, evidence=UseEvidence.URINE)

        assert verdict("GATE-005", record(urine, without=["use"])) is Verdict.ASK

    def test_tobacco_is_no_bar_where_alcohol_is_treated(self):
        facts = record(use_report(True, from_days=1, last_used_days=0, problem="tobacco", days=0.1))

        assert verdict("GATE-005", facts) is Verdict.OPEN

    def test_the_persons_own_psychosis_is_asked_before_the_familys_counts(self):
        facts = record(answer("psychosis_in_family", "yes", 0.1), without=["psychosis", "family"])

        assert verdict("GATE-007", facts) is Verdict.ASK

    def test_a_signature_alone_does_not_say_that_the_person_is_able_to_consent(self):
        assert verdict("GATE-013", record(without=["capacity"])) is Verdict.ASK

    def test_a_newer_no_to_counselling_wins_over_an_older_contact(self):
        assert verdict("GATE-012", record(answer("counselling_agreed", "no", 0.1))) is Verdict.CLOSED

    def test_counselling_of_long_ago_does_not_open_the_first_infusion(self):
        assert verdict("GATE-012", record(counselling(15), without=["counselling"])) is Verdict.ASK

    def test_days_sober_of_long_ago_ask(self):
        facts = record(use_report(False, from_days=600, to_days=500), without=["use"])

        assert verdict("GATE-006", facts) is Verdict.ASK

    def test_the_same_day_is_a_day_of_the_clinic(self):
        new_york = NOW.astimezone(ZoneInfo("America/New_York"))  # 04:00 on the 23rd
        evening_before = pressure(120, 70, 0.3)  # 01:48 UTC on the 23rd, 20:48 in New York on the 22nd

        findings = screen(record(evening_before, without=["pressure"]), default_limits(), new_york)

        found = next(one for one in findings if one.code == "GATE-002")
        assert found.verdict is Verdict.ASK
        assert found.seen_on == TODAY - timedelta(days=1)


@pytest.mark.parametrize(("status", "verdict_now"), [("active", Verdict.ASK), ("stopped", Verdict.OPEN)])
def test_an_opioid_among_the_medicines_speaks_against_the_answer_that_none_is_taken(status: str, verdict_now: Verdict):
    opioid = Medication(
        fact_id=fact_id(),
        taken_at=days_ago(30),
        code="1049221",
        system="http://www.nlm.nih.gov/research/umls/rxnorm",
        text="Oxycodone",
        status=status,
    )

    assert verdict("GATE-034", record(opioid)) is verdict_now
