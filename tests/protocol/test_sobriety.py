"""Days sober as an interval: surely so many, at most so many, and what nobody knows."""

from dataclasses import replace
from datetime import date

from builders import NOW, record, use_report
from sextant.protocol import sobriety


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
