"""Days of use as a calendar: what a mark shows."""

from dataclasses import replace
from xml.etree import ElementTree

from builders import TODAY, use_report
from sextant.clinic.charts import CalendarChart, calendar_svg
from sextant.record import UseEvidence, UseReport, use_calendar


def signs(*reports: UseReport) -> list[tuple[str, str]]:
    """The letters in the days of one week, each with its classes."""
    days = use_calendar(reports, TODAY, TODAY)
    svg = ElementTree.fromstring(  # noqa: S314 - our own drawing
        calendar_svg(CalendarChart(title="Alcohol", figures="One day.", days=days))
    )
    labels = [(text.text or "", text.get("class", "")) for text in svg.iter("text")]
    return [(words, classes) for words, classes in labels if set(words) <= {"T", "!"}]


def test_a_test_and_what_speaks_against_it_are_read_on_the_full_square():
    tested = use_report(True, from_days=0, evidence=UseEvidence.URINE)
    told = use_report(False, from_days=1)

    assert signs(tested, told) == [("T!", "mid on-solid")]


def test_a_disputed_day_without_a_test_carries_the_mark_alone():
    assert signs(use_report(True, from_days=0), use_report(False, from_days=1)) == [("!", "mid on-solid")]


def test_a_test_without_use_stands_in_ink_above_the_low_line():
    assert signs(use_report(False, from_days=0, evidence=UseEvidence.BREATH)) == [("T", "mid")]


def test_what_was_told_and_nobody_disputes_carries_no_letter():
    assert signs(replace(use_report(True, from_days=3), days_used=4)) == []
