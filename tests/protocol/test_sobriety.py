"""Days sober as an interval: surely so many, at most so many, and what nobody knows."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, TODAY, record, use_report
from sextant.protocol import sobriety
from sextant.record import DayUse, UseEvidence, UseReport, use_calendar


def test_a_named_last_day_of_use_gives_an_exact_count():
    found = sobriety(record(use_report(True, from_days=28, last_used_days=23), without=["use"]), NOW)

    assert (found.low_days, found.high_days, found.unknown_days) == (23, 23, 0)


def test_days_that_nobody_knows_widen_the_interval():
    used = use_report(True, from_days=40, to_days=24, last_used_days=24)
    later = use_report(False, from_days=20)

    found = sobriety(record(used, later, without=["use"]), NOW)

    assert (found.low_days, found.high_days, found.unknown_days) == (21, 24, 3)


def test_a_span_with_use_on_days_not_named_is_not_known():
    found = sobriety(record(use_report(True, from_days=9), without=["use"]), NOW)

    assert found.low_days == 0
    assert found.high_days == 9


def test_days_after_the_last_report_do_not_count_as_sober():
    found = sobriety(record(use_report(False, from_days=30, to_days=10), without=["use"]), NOW)

    assert found.low_days == 21
    assert found.unknown_days == 10


def test_nobody_asked_is_unknown_and_not_zero():
    found = sobriety(record(without=["use"]), NOW)

    assert found.low_days is None
    assert found.high_days is None


def test_a_sign_of_use_wins_over_a_report_of_none():
    said = use_report(False, from_days=20)
    urine = use_report(True, from_days=5, to_days=5)

    found = sobriety(record(said, urine, without=["use"]), NOW)

    assert (found.low_days, found.high_days) == (5, 5)


def test_use_on_days_not_named_bounds_the_days_sober_from_above():
    long_ago = use_report(True, from_days=60, to_days=40, last_used_days=40)
    lapse = use_report(True, from_days=9, to_days=4)
    since = use_report(False, from_days=3)

    found = sobriety(record(long_ago, lapse, since, without=["use"]), NOW)

    assert (found.low_days, found.high_days) == (4, 9)


def test_a_report_of_one_day_names_its_day():
    found = sobriety(record(use_report(True, from_days=0), without=["use"]), NOW)

    assert (found.low_days, found.high_days) == (0, 0)


def test_a_report_from_the_first_day_of_the_calendar_is_counted_and_no_fault():
    since_ever = replace(use_report(False, from_days=9), covers_from=date.min)

    found = sobriety(record(since_ever, without=["use"]), NOW)

    assert found.low_days == (NOW.date() - date.min).days


def test_days_after_the_use_of_something_else_say_nothing_of_the_chosen_problem():
    asked = use_report(False, from_days=40, to_days=20)
    cocaine = use_report(True, from_days=20, last_used_days=15, problem="cocaine")

    found = sobriety(record(asked, cocaine, without=["use"]), NOW)

    assert (found.low_days, found.known_to) == (0, TODAY - timedelta(days=15))
    assert found.unknown_days == 15


def test_three_days_with_use_that_were_counted_end_on_the_third_day_of_the_span_at_the_earliest():
    counted = replace(use_report(True, from_days=9), days_used=3)

    found = sobriety(record(counted, without=["use"]), NOW)

    assert (found.low_days, found.high_days) == (0, 7)


def test_no_day_of_a_span_with_use_on_days_not_named_is_known_as_free():
    found = sobriety(record(use_report(True, from_days=9), without=["use"]), NOW)

    assert found.unknown_days == 10


def test_the_evidence_names_the_most_trusted_first_and_leaves_out_what_speaks_of_earlier_days_alone():
    before = use_report(False, from_days=30, to_days=20, evidence=UseEvidence.COLLATERAL)
    used = use_report(True, from_days=10, to_days=10, evidence=UseEvidence.URINE)
    said = use_report(False, from_days=9)

    found = sobriety(record(before, used, said, without=["use"]), NOW)

    assert found.evidence == "urine, self-report"


@st.composite
def reports(draw: st.DrawFn) -> UseReport:
    first = draw(st.integers(0, 12))
    last = draw(st.integers(0, first))
    used = draw(st.sampled_from([True, False]))
    named = draw(st.one_of(st.none(), st.integers(last, first))) if used else None
    counted = draw(st.one_of(st.none(), st.integers(1, first - last + 1))) if used else None
    return replace(use_report(used, from_days=first, to_days=last, last_used_days=named), days_used=counted)


@given(st.lists(reports(), min_size=1, max_size=5))
def test_days_sober_are_the_days_without_use_at_the_end_of_the_calendar(told: list[UseReport]):
    days = use_calendar(told, TODAY - timedelta(days=13), TODAY)

    found = sobriety(record(*told, without=["use"]), NOW)

    known = [one for one in days if one.day <= found.known_to]
    free = next(n for n, one in enumerate(reversed(known)) if one.use is not DayUse.NOT)
    used = [one.day for one in days if one.use is DayUse.USED]
    assert found.low_days == free
    assert found.last_used_on == max(used, default=None)
    assert found.high_days is None or found.high_days >= found.low_days
