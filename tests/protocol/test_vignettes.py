"""Stories that a clinician can read and add to: every one is run, and every rule has all of its cases."""

import json
from dataclasses import replace

import pytest

from builders import NOW, clinic_limits, person
from sextant.course import findings_of, gates_json
from sextant.protocol import RULES, Limits, Rule, Stage, Verdict, screen, stages_at_start
from sextant.record import QUESTIONS, PatientRecord
from vignette_words import DIAGNOSES, WORDS, VignetteError
from vignettes import FOLDER, Vignette, read_vignettes, starting_facts

VIGNETTES = [
    vignette
    for path in sorted(FOLDER.glob("*.yaml"))
    for vignette in read_vignettes(path.read_text(encoding="utf-8"), path.name)
]

WARNS_ONLY = {
    "GATE-035": "a prescribed stimulant is a caution; pressure has its own gates",
    "GATE-036": "a weaker effect is no danger",
    "GATE-037": "exposure is weighed at the dose",
    "GATE-039": "whether tests are needed is the prescriber's judgement; liver and ECG have their own gates",
}
"""Gates that never close, and why: they have a caution in its place."""

ASKS_ONLY = {
    "GATE-050": "without an order nothing is wrong with the patient: the prescriber is asked for one",
    "GATE-062": "what is missing is the clinic's own limit, and only its director can supply it",
    "GATE-072": "the liver's values close at their own gate; this one asks for a panel that is recent enough",
}
"""Gates that neither close nor warn, and why."""

NEVER_ASKS = {"GATE-010": "a date of birth is always on record"}
"""Gates that always know their answer, and why."""

SET_OR_NOT = {
    name: "only whether it is set is looked at" for rule in RULES for name in rule.limits if name.startswith("during_")
}
"""Limits that a gate does not compare a patient with, and why: they have no two sides."""

STEP = {
    "days": 1,
    "months": 1,
    "years": 1,
    "hours": 0.5,
    "mmHg": 1,
    "beats/min": 1,
    "breaths/min": 1,
    "percent": 1,
    "points": 1,
    "infusions": 1,
    "U/L": 1,
    "mg/dL": 0.1,
    "times normal": 0.1,
    "kg/m2": 0.1,
    "mg/day": 1,
    "mg/kg": 0.1,
    "g/210 L": 0.01,
}
"""How little a limit is moved, by its unit, to see whether a patient stands just at it."""


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda one: f"{one.rule.code}: {one.name}")
def test_the_gate_says_what_the_vignette_tells(vignette: Vignette):
    found = vignette.finding()

    assert found.verdict is vignette.verdict, found.saw
    assert vignette.strength in {None, found.strength}
    assert [words for words in vignette.saw if words not in found.saw] == [], found.saw
    if vignette.passes is not None:
        assert vignette.is_passed() is vignette.passes


def test_there_are_at_least_as_many_as_were_asked_for_and_no_two_of_one_gate_have_one_name():
    names = [(vignette.rule.code, vignette.name) for vignette in VIGNETTES]

    assert len(names) >= 120
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
class TestEveryRuleHasAllItsCases:
    def test_one_vignette_stands_open(self, rule: Rule):
        assert Verdict.OPEN in told(rule)

    def test_one_vignette_is_closed_or_the_reason_why_none_can_be_is_written_down(self, rule: Rule):
        cannot_close = rule.code in {*WARNS_ONLY, *ASKS_ONLY}

        assert (Verdict.CLOSED in told(rule)) is not cannot_close
        assert rule.code not in WARNS_ONLY or Verdict.CAUTION in told(rule)

    def test_one_vignette_asks_or_the_reason_why_none_can_is_written_down(self, rule: Rule):
        assert (Verdict.ASK in told(rule)) is (rule.code not in NEVER_ASKS)

    def test_each_limit_that_it_compares_with_has_a_vignette_just_within_and_one_just_beyond(self, rule: Rule):
        for name in rule.limits:
            if name in SET_OR_NOT:
                continue
            at_it = [one for one in VIGNETTES if one.rule is rule and name in one.boundary]
            assert len({one.verdict for one in at_it}) > 1, f"{rule.code} lacks both sides of {name}"


@pytest.mark.parametrize(
    ("vignette", "name"),
    [(one, name) for one in VIGNETTES for name in one.boundary],
    ids=lambda part: part if isinstance(part, str) else part.name,
)
def test_a_patient_at_a_boundary_is_so_near_that_the_least_move_of_the_limit_changes_the_verdict(
    vignette: Vignette, name: str
):
    moved = [vignette.finding(moved_limit(vignette.limits, name, way)).verdict for way in (-1, 1)]

    assert any(verdict is not vignette.verdict for verdict in moved)


@pytest.mark.parametrize("point", Stage)
def test_the_starting_patient_passes_every_gate_but_a_yearly_cap_that_nobody_has_set(point: Stage):
    patient = PatientRecord.of(person(), starting_facts(point))
    stages = {Stage.SCREENING} if point is Stage.SCREENING else stages_at_start(patient, clinic_limits())

    shut = {one.code: one.saw for one in screen(patient, clinic_limits(), NOW, stages=stages) if one.shut}

    assert set(shut) == ({"GATE-070"} if point is Stage.MAINTENANCE else set()), shut
    assert (Stage.MAINTENANCE in stages) is (point is Stage.MAINTENANCE)


STORY = """
- name: A story
  gate: GATE-014
  given:
    vessel_malformation: yes
  then: {verdict: closed}
"""


@pytest.mark.parametrize(
    ("instead_of", "write", "says"),
    [
        ("GATE-014", "GATE-999", "No gate has the code 'GATE-999'"),
        ("  given:", "  givn:", "A vignette has no part 'givn'"),
        ("  gate: GATE-014\n", "", "It has no 'gate'"),
        ("vessel_malformation: yes", "aneurysm: yes", "No fact is called 'aneurysm'"),
        ("vessel_malformation: yes", "vessel_malformation: maybe", "Write 'no', 'yes'"),
        ("vessel_malformation: yes", "vessel_malformation: {answer: yes, days: 3}", "has no part 'days'"),
        ("vessel_malformation: yes", "vessel_malformation: {answer: yes, days_ago: three}", "needs a number"),
        ("vessel_malformation: yes", "vessel_malformation: {answer: yes, days_ago: 3, hours_ago: 1}", "says twice"),
        ("vessel_malformation: yes", "vessel_malformation: {answer: yes, last_time: 2026-01-01}", "asks for no day"),
        ("vessel_malformation: yes", "pressure: {systolic: 140}", "needs a number as its diastolic"),
        ("vessel_malformation: yes", "diagnosis: migraine", "has 'migraine' as its name"),
        ("    vessel_malformation: yes", "    ecg: normal\n    ecg: abnormal", "line 6: 'ecg' stands twice"),
        ("verdict: closed", "verdict: shut", "'verdict' is 'shut'"),
        ("verdict: closed", "verdict: closed, strengh: hard", "'then' has no part 'strengh'"),
        ("verdict: closed", "verdict: closed, strength: firm", "'strength' is 'firm'"),
        ("  then:", "  without: [aneurysm]\n  then:", "no fact is called so"),
        ("  then:", "  without: [phq9]\n  then:", "does not have to begin with"),
        ("  then:", "  without: [vessel_malformation]\n  then:", "both taken away and given"),
        ("  then:", "  limits: {days_sobr: 3}\n  then:", "'limits' has no part 'days_sobr'"),
        ("  then:", "  limits: {days_sober: many}\n  then:", "needs a number, or null"),
        ("  then:", "  switches: {take_home: on}\n  then:", "'switches' has no part 'take_home'"),
        ("  then:", "  boundary: days_sober\n  then:", "with which GATE-014 does not compare"),
        ("  then:", "  starts_from: everything\n  then:", "'starts_from' is 'everything'"),
        ("  then:", "  person: {age: 40, born: 1980-01-01}\n  then:", "Keep one"),
        ("  then:", "  signed: [porter]\n  then:", "'role' is 'porter'"),
    ],
)
def test_what_is_not_understood_is_refused_by_the_name_of_the_vignette(instead_of: str, write: str, says: str):
    assert instead_of in STORY

    with pytest.raises(VignetteError) as refused:
        read_vignettes(STORY.replace(instead_of, write, 1), "stories.yaml")

    assert says in str(refused.value)
    assert "stories.yaml" in str(refused.value)


def test_the_page_for_clinicians_names_every_word_answer_and_diagnosis():
    page = (FOLDER / "README.md").read_text(encoding="utf-8")

    answers = [value for question in QUESTIONS.values() for value in question.answers]
    parts = [part for word in WORDS.values() for part in word.parts]
    assert [word for word in {*WORDS, *answers, *parts, *DIAGNOSES} if f"`{word}`" not in page] == []


def told(rule: Rule) -> set[Verdict]:
    return {vignette.verdict for vignette in VIGNETTES if vignette.rule is rule}


def moved_limit(limits: Limits, name: str, way: int) -> Limits:
    limit = limits[name]
    moved = replace(limit, value=(limit.value or 0) + way * STEP[limit.unit])
    return replace(limits, by_name={**limits.by_name, name: moved})


def test_gates_that_were_stored_are_read_back_as_they_were():
    for one in VIGNETTES:
        found = screen(one.record, one.limits, NOW, stages=set(Stage))

        assert findings_of(json.loads(json.dumps(gates_json(found))), one.limits) == found
