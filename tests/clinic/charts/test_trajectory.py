"""The trajectory as it is drawn: this patient over the average patient, doubt as bands, the future dashed."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from sextant.clinic.charts import Bands, Given, Observed, TrajectoryChart, UseRun, reach, trajectory_svg
from sextant.record import DayUse

START = date(2026, 10, 22)


def bands(middle: float) -> Bands:
    days = [float(day) for day in range(0, 71, 10)]

    def shifted(by: float) -> list[float]:
        return [middle + by] * len(days)

    return Bands(
        days=days,
        median=shifted(0),
        low50=shifted(-10),
        high50=shifted(10),
        low80=shifted(-30),
        high80=shifted(30),
    )


CHART = TrajectoryChart(
    finding="Craving fell from 68 to 47 after 3 infusions",
    figures="12 scores observed, the last 47.",
    measures="Craving",
    lowest=0,
    highest=100,
    start=START,
    end=START + timedelta(days=70),
    today=START + timedelta(days=32),
    observed=[Observed(day=5, points=70), Observed(day=20, points=47)],
    infusions=[Given(day=14, number=1), Given(day=33, number=2, proposed=True)],
    use=[
        UseRun(first_day=0, last_day=6, use=DayUse.SOME, days_used=4),
        UseRun(first_day=7, last_day=32, use=DayUse.NOT),
    ],
    average=bands(40),
    patient=bands(50),
    clear_at=34,
)


def drawn(chart: TrajectoryChart) -> ElementTree.Element:
    return ElementTree.fromstring(trajectory_svg(chart))  # noqa: S314 - our own drawing


def classes(svg: ElementTree.Element) -> list[str]:
    return [element.get("class", "") for element in svg.iter() if element.get("class")]


def words(svg: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in svg.iter("text")]


def test_this_patient_stands_over_the_average_patient_and_both_are_named_at_their_ends():
    svg = drawn(CHART)

    order = classes(svg)
    assert order.index("average") < order.index("band80") < order.index("band50") < order.index("median")
    assert {"this patient", "average"} <= set(words(svg))


def test_without_a_score_from_before_the_first_infusion_only_the_average_patient_is_drawn_with_a_band_of_its_own():
    svg = drawn(replace(CHART, patient=None))

    assert "band-average" in classes(svg)
    assert not {"median", "band80", "band50"} & set(classes(svg))
    assert "this patient" not in words(svg)


def test_a_proposed_infusion_is_outlined_and_carries_a_question_mark():
    svg = drawn(CHART)

    assert classes(svg).count("proposed") == 1
    assert "2?" in words(svg)


def test_bands_beyond_the_instrument_are_cut_at_its_range():
    svg = drawn(replace(CHART, patient=bands(90), average=bands(5)))

    for path in svg.iter("path"):
        for y in re.findall(r",(-?[\d.]+)", path.get("d", "")):
            assert 0 <= float(y) <= 446


def test_a_span_with_use_shows_its_count_of_days():
    svg = drawn(CHART)

    assert "4" in words(svg)


def test_use_on_days_not_named_is_drawn_half_as_tall_as_a_day_with_use():
    named = UseRun(first_day=0, last_day=6, use=DayUse.USED)
    somewhere = UseRun(first_day=7, last_day=13, use=DayUse.SOME)

    svg = drawn(replace(CHART, use=[named, somewhere]))

    heights = [float(box.get("height", 0)) for box in svg.iter("rect") if box.get("class") == "solid"]
    assert heights == [20, 10]


def test_the_figures_are_there_for_those_who_hear_the_chart():
    svg = drawn(CHART)

    assert svg.get("role") == "img"
    assert svg.findtext("title") == CHART.finding
    assert svg.findtext("desc") == CHART.figures
    assert {element.get("id") for element in svg} >= set(svg.get("aria-labelledby", "").split())


def test_a_name_with_markup_in_it_stays_words():
    svg = trajectory_svg(replace(CHART, finding="<script>alert(1)</script> & co"))

    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


def test_the_drawing_carries_no_style_of_its_own():
    svg = trajectory_svg(CHART)

    assert "style=" not in svg
    assert "<style" not in svg


def test_labels_at_line_ends_keep_apart_when_the_forecasts_agree():
    svg = drawn(replace(CHART, average=bands(50)))

    heights = [float(e.get("y", 0)) for e in svg.iter("text") if e.text in {"this patient", "average"}]
    assert abs(heights[0] - heights[1]) >= 18


@pytest.mark.parametrize(("past", "eighths"), [(0, 2), (28, 4), (126, 6)])
def test_on_a_narrow_screen_the_chart_opens_a_little_beyond_today(past: int, eighths: int):
    today = START + timedelta(days=past)

    assert reach(replace(CHART, start=START, today=today, end=today + timedelta(days=56))) == eighths


def test_infusions_close_together_do_not_write_over_each_other():
    close = [Given(day=14 + n / 4, number=n) for n in range(1, 7)]

    svg = drawn(replace(CHART, infusions=close))

    places = [float(e.get("x", 0)) for e in svg.iter("text") if e.get("y") == "370" and (e.text or "").isdigit()]
    assert all(b - a >= 8 for a, b in pairwise(places))
    assert classes(svg).count("solid") == 6 + 1
