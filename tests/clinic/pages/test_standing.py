"""A decision must never look like permission when it is none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, TODAY, days_ago, fact_id, infusion, record, score, target
from sextant.clinic.pages.course_line import course_line
from sextant.clinic.pages.infusion_table import infusion_rows
from sextant.clinic.pages.standing import standing_of
from sextant.course import series_of
from sextant.record import Decision, NewSeries

TOMORROW = TODAY + timedelta(days=1)
OPEN = {"step": {"code": "offer_infusion", "advice": "Offer"}, "gates": [{"verdict": "open", "title": "Age"}]}


def decision(infusion: int | None, *, step: str = "offer_infusion", days: float = 0.1) -> Decision:
    return Decision(
        fact_id=fact_id(),
        taken_at=days_ago(days),
        choice="as_advised",
        step=step,
        infusion=infusion,
        reasons="Agreed.",
        planned_on=TOMORROW if infusion else None,
    )


def test_a_decision_on_the_next_infusion_with_every_gate_open_is_a_go():
    standing = standing_of(decision(4), 3, OPEN, TODAY)

    assert standing is not None
    assert (standing.goes, standing.state.word, standing.state.shape) == (True, "Decided", "go")


@pytest.mark.parametrize("verdict", ["closed", "ask"])
def test_a_gate_that_is_closed_or_asks_puts_the_decision_on_hold_and_never_shows_it_as_a_go(verdict: str):
    answer = {"step": {"code": "wait", "advice": "Wait"}, "gates": [{"verdict": verdict, "title": "Use"}]}

    standing = standing_of(decision(4), 3, answer, TODAY)

    assert standing is not None
    assert (standing.goes, standing.state.shape) == (False, "later")
    assert standing.short == "On hold: infusion 4 was decided for 24 Nov"


@pytest.mark.parametrize("given", [2, 4, 5])
def test_a_decision_on_another_infusion_than_the_next_does_not_stand(given: int):
    assert standing_of(decision(4), given, OPEN, TODAY) is None


def test_a_decision_that_was_put_off_is_not_shown_as_decided():
    standing = standing_of(decision(None, step="wait"), 3, OPEN, TODAY)

    assert standing is not None
    assert (standing.goes, standing.state.word, standing.state.shape) == (False, "Postponed", "later")


def test_after_the_infusion_the_old_decision_is_neither_current_nor_the_review_of_the_next():
    # The decision was written down a little after the start of the infusion that it was about.
    seen = record(infusion(days=5), score("craving", 40, days=2), infusion(days=1), decision(2, days=0.9))

    standing = standing_of(series_of(seen).decision, len(seen.infusions), OPEN, TODAY)
    stops = course_line(seen, OPEN, NOW)
    rows = infusion_rows(seen, NOW)

    assert standing is None
    assert stops[4].lines == ("Review 2", "open")
    assert [len(row.decisions) for row in rows] == [1, 0]


def test_on_the_course_line_a_held_decision_reads_on_hold():
    held = {**OPEN, "step": {"code": "clear_gate", "advice": "Clear"}, "gates": [{"verdict": "closed", "title": "Use"}]}

    stops = course_line(record(infusion(days=5), decision(2)), held, NOW)

    assert stops[3].lines == ("on hold",)
    assert "decided for" not in " ".join(line for stop in stops for line in stop.lines)


def test_after_a_new_series_each_infusion_keeps_its_number_and_its_own_decisions():
    again = NewSeries(fact_id=fact_id(), taken_at=days_ago(10), reason="Symptoms came back.")
    seen = record(
        target(days=80),
        infusion(days=60),
        decision(2, days=58),
        infusion(days=57),
        again,
        decision(1, days=9),
        infusion(days=8),
        decision(2, days=6),
    )

    rows = infusion_rows(seen, NOW)

    assert [(row.number, row.earlier, len(row.decisions)) for row in rows] == [
        (1, True, 1),
        (2, True, 0),
        (1, False, 1),
    ]


def test_an_order_whose_day_has_passed_is_no_go():
    standing = standing_of(decision(4, days=3), 3, OPEN, TOMORROW + timedelta(days=1))

    assert standing is not None
    assert (standing.goes, standing.state.word) == (False, "Day has passed")


def test_an_order_without_a_day_is_for_the_day_on_which_it_was_decided():
    without_day = replace(decision(4, days=1), planned_on=None)

    assert standing_of(replace(without_day, taken_at=days_ago(0.1)), 3, OPEN, TODAY).goes
    assert not standing_of(without_day, 3, OPEN, TODAY).goes
