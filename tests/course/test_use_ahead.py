"""Use in the weeks ahead, as part of the next step."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, TODAY, clinic_limits, person, target, use_report
from sextant.course import UseWeek, advise, answer_json, use_ahead
from sextant.record import PatientRecord, UseEvidence
from sextant.response import engine, shipped_population


def with_urines(used: bool, *, weeks: int = 4) -> PatientRecord:
    """Treated for opioids, a urine in each of the weeks up to today, all with use or all without."""
    urines = [
        use_report(used, from_days=days, to_days=days, problem="opioids", evidence=UseEvidence.URINE)
        for days in range(7 * weeks, 0, -7)
    ]
    return PatientRecord.of(person(), [replace(target(days=7 * weeks), problem="opioids"), *urines])


def test_after_weeks_with_use_the_coming_week_is_likely_hard_and_after_weeks_without_it_is_not():
    hard, quiet = use_ahead(with_urines(True), NOW), use_ahead(with_urines(False), NOW)

    assert [one.hard for one in hard.weeks] == [True] * 4
    assert not any(one.hard for one in quiet.weeks)


def test_it_says_of_which_weeks_and_on_what_it_rests():
    found = use_ahead(with_urines(True), NOW)

    assert [one.first_day for one in found.weeks] == [TODAY + timedelta(weeks=n) for n in range(4)]
    assert (found.known_weeks, found.n_patients, found.sources) == (4, 1_870, ("CTN0094",))
    assert all(one.low80 <= one.p_use <= one.high80 for one in found.weeks)


@pytest.mark.parametrize(("p_use", "hard"), [(0.549, False), (0.551, True)])
def test_a_week_is_marked_where_the_words_say_more_than_5_in_10(p_use: float, hard: bool):
    assert UseWeek(first_day=TODAY, p_use=p_use, low80=0.1, high80=0.9).hard is hard


def test_of_what_the_model_was_not_tried_on_it_says_why_and_nothing_else():
    found = use_ahead(PatientRecord.of(person(), [replace(target(), problem="gambling")]), NOW)

    assert not found.weeks
    assert found.refused == (
        "The model was tried on weekly urine tests for opioids, cocaine, cannabis, benzodiazepines and amphetamines, "
        "each alone, and on what people told of alcohol. Of gambling it does not know."
    )


def test_how_well_it_did_goes_with_the_chance():
    kept = answer_json(advise(with_urines(True), clinic_limits(), now=NOW, population=shipped_population()))

    assert kept["use_ahead"]["rests_on"]["tried_on"] == {
        "looked_for": "opioids",
        "told": False,
        "fitted": True,
        "n_patients": 1_870,
        "n_weeks": 21_071,
        "said": pytest.approx(0.30, abs=0.01),
        "seen": pytest.approx(0.32, abs=0.01),
        "said_later": pytest.approx(0.28, abs=0.01),
        "seen_later": pytest.approx(0.32, abs=0.01),
    }


def test_no_sentence_of_the_step_and_no_gate_rests_on_it():
    """The chance of use is for the counsellor: the step rests on what is on record."""
    answer = advise(with_urines(True), clinic_limits(), now=NOW, population=shipped_population())

    assert answer.use_ahead.weeks[0].hard
    assert "CTN0094" not in answer.step.sources
    assert not any("CTN0094" in gate.sources for gate in answer.gates)


def test_both_engines_give_the_same_chances():
    pytest.importorskip("numba")

    slow, quick = (use_ahead(with_urines(True), NOW, engine(name)) for name in ("numpy", "compiled"))

    for one, other in zip(slow.weeks, quick.weeks, strict=True):
        assert (one.p_use, one.low80, one.high80) == pytest.approx((other.p_use, other.low80, other.high80), abs=1e-12)


def test_the_stored_answer_holds_no_figure_of_staying_away():
    answer = advise(with_urines(True), clinic_limits(), now=NOW, population=shipped_population())

    kept = answer_json(answer)["use_ahead"]

    assert set(kept["weeks"][0]) == {"from", "p_use", "low80", "high80", "hard"}
    assert "missing" not in json.dumps(kept)
