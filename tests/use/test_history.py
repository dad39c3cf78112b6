"""What is kept of a patient's past, each term worked out by hand from its name."""

from math import log

import numpy as np
import pytest

from sextant.use import PatientWeeks, Span, Week, word
from sextant.use.coding import before_the_start, coded
from sextant.use.history import MISSED_TERMS, TERMS, TEST_TERMS, History, of_the_missed, of_the_test

USUAL = np.linspace(0.1, 0.9, len(TERMS))
NONE_DUE_BEFORE = (Week(0, "_"),)

TWO_NEGATIVE = {
    "last test negative": 1,
    "ln(1 + negative weeks in a row)": log(3),
    "told of one day of use last week": 1,
    "recent self-report of any day": 0.3,
    "share of tests negative, short memory": 0.75,
    "share of tests negative, medium memory": 1 - 0.85**2,
    "tested, never positive": 1,
    "no due week missed so far": 1,
    "ln(1 + weeks tested in a row)": log(3),
}
MIXED_AFTER_A_MISSED_WEEK = {
    "last test positive": 1,
    "ln(1 + positive tests in a row)": log(3),  # no missed week breaks it
    "told of more days of use last week": 1,
    "last test mixed": 1,
    "recent self-report of any day": 0.51,  # what was told of the missed week is not read
    "share of tests positive, short memory": 0.75,
    "share of tests negative, short memory": 0.125,
    "share of tests positive, medium memory": 1 - 0.85**2,
    "share of tests negative, medium memory": 0.15 * 0.85**2,
    "share of weeks missed, short memory": 0.25,
    "share of weeks missed, medium memory": 0.15 * 0.85,
    "share of weeks missed, long memory": 0.05 * 0.95,
    "positive tests over all tests and one": 2 / 4,
    "tested last week, missed the week before": 1,
    "weeks missed over all due and one": 1 / 5,
    "ln(1 + weeks tested in a row)": log(2),
}
FOUR_MISSED = {
    "missed last week": 1,
    "last test negative": 1,
    "share of tests negative, short memory": 0.5,
    "share of tests negative, medium memory": 0.15,
    "share of weeks missed, short memory": 1 - 0.5**4,
    "share of weeks missed, medium memory": 1 - 0.85**4,
    "share of weeks missed, long memory": 1 - 0.95**4,
    "tested, never positive": 1,
    "missed four weeks or more in a row": 1,
    "weeks missed over all due and one": 4 / 6,
    "ln(1 + weeks missed in a row)": log(5),
}
NONE_DUE_LAST = {
    "share of weeks missed, short memory": 0.5,
    "share of weeks missed, medium memory": 0.15,
    "share of weeks missed, long memory": 0.05,
    "missed exactly one week": 1,
    "due, but never tested so far": 1,
    "weeks missed over all due and one": 1 / 2,
    "ln(1 + weeks missed in a row)": log(2),
}


def terms_after(patient: PatientWeeks) -> dict[str, float]:
    """The terms for the week after the last, those that are not 0."""
    history = History(before_the_start([patient]), USUAL)
    result, told = coded([patient], patient.last)
    for k in range(patient.last):
        history.take(result[:, k], told[:, k])
    found = history.terms()[:, 0]
    return {name: float(value) for name, value in zip(TERMS, found, strict=True) if value}


@pytest.mark.parametrize(
    ("results", "told", "expected"),
    [
        ("--", "-*", TWO_NEGATIVE),
        ("-+o*", "_+-+", MIXED_AFTER_A_MISSED_WEEK),
        ("-oooo", "", FOUR_MISSED),
        ("o_", "", NONE_DUE_LAST),
        ("__", "", {}),
    ],
)
def test_what_the_past_says_of_the_next_week(results: str, told: str, expected: dict[str, float]):
    weeks = word(results, told).weeks

    assert terms_after(PatientWeeks((*NONE_DUE_BEFORE, *weeks))) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("results", "name"),
    [
        ("-o", "missed exactly one week"),
        ("-oo", "missed exactly two weeks in a row"),
        ("-ooo", "missed exactly three weeks in a row"),
        ("-oooo", "missed four weeks or more in a row"),
        ("-ooooo", "missed four weeks or more in a row"),
    ],
)
def test_missed_weeks_in_a_row_are_counted_up_to_four(results: str, name: str):
    found = terms_after(word(results))

    assert [one for one in found if one.startswith(("missed exactly", "missed four"))] == [name]
    assert ("missed last week, tested the week before" in found) == (results == "-o")


def test_of_week_0_its_result_and_what_was_told_are_read_and_of_the_weeks_before_it_the_last_test():
    found = terms_after(PatientWeeks((Week(-2, "-"), Week(-1, "o"), Week(0, "+", "+"))))

    assert found == {
        "last test positive": 1,
        "positive last week": 1,
        "told of more days of use last week": 1,
        "tested last week, missed the week before": 1,
    }
    assert terms_after(PatientWeeks((Week(-2, "-"), Week(0, "_")))) == {"last test negative": 1}


def test_where_no_week_0_is_on_record_the_usual_stands_for_what_it_would_tell_until_the_first_test():
    usual = dict(zip(TERMS, USUAL, strict=True))
    of_week_0 = ("positive last week", "told of one day of use last week", "told of more days of use last week")
    last_test = ("last test positive", "last test negative")

    nothing, missed, tested = (terms_after(one) for one in (PatientWeeks(()), word("o"), word("-")))

    assert nothing == pytest.approx({name: usual[name] for name in (*last_test, *of_week_0)})
    assert {name: missed[name] for name in last_test} == pytest.approx({name: usual[name] for name in last_test})
    assert not set(of_week_0) & set(missed)
    assert (tested["last test negative"], "last test positive" in tested) == (1, False)


def test_each_line_reads_the_terms_that_it_names():
    numbered = np.arange(len(TERMS))[:, None] * 1.0

    assert [TERMS[int(k)] for k in of_the_test(numbered)[:, 0]] == [*TEST_TERMS]
    assert [TERMS[int(k)] for k in of_the_missed(numbered)[:, 0]] == [*MISSED_TERMS]


def test_a_stretch_of_a_plan_holds_from_its_first_week_to_its_last():
    assert [week for week in range(1, 8) if Span(3, 5).holds(week)] == [3, 4, 5]
    assert [week for week in range(1, 8) if Span(6, None).holds(week)] == [6, 7]
