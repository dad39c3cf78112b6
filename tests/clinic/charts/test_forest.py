"""Pictures of studies, their intervals and what they pool to."""

from math import log
from xml.etree import ElementTree

import pytest

from sextant.clinic.charts import Mark, axis_svg, difference_axis, pooled_svg, ratio_axis, study_svg

RATIOS = ratio_axis("favours control", "favours ketamine")


def mark(ratio: float, low: float, high: float) -> Mark:
    return Mark(key="one", finding="Trial A", figures="2.0", value=log(ratio), low=log(low), high=log(high))


def drawn(svg: str, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(tag))  # noqa: S314 - our own drawing


def heads(svg: str) -> int:
    return sum("head" in one.get("class", "") for one in drawn(svg, "path"))


def middle_of_square(svg: str) -> float:
    (square,) = drawn(svg, "rect")
    return float(square.get("x", 0)) + float(square.get("width", 0)) / 2


def test_no_effect_stands_in_the_middle_and_good_for_the_patient_to_its_right():
    worse, same, better = (middle_of_square(study_svg(RATIOS, mark(one, 0.1, 9), None)) for one in (0.5, 1.0, 2.0))

    assert worse < same == 140 < better
    assert same - worse == pytest.approx(better - same, abs=0.2)


def test_a_study_of_twice_the_weight_has_twice_the_area():
    areas = [
        float(drawn(study_svg(RATIOS, mark(2, 1, 4), weight), "rect")[0].get("width", 0)) ** 2 for weight in (0.4, 0.8)
    ]

    assert areas[1] / areas[0] == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize(("low", "high", "beyond"), [(0.5, 4, 0), (0.5, 830, 1), (0.0001, 4000, 2)])
def test_what_goes_beyond_the_paper_ends_in_an_arrow_for_each_side(low, high, beyond):
    assert heads(study_svg(RATIOS, mark(2, low, high), None)) == beyond
    assert heads(pooled_svg(RATIOS, mark(2, low, high), None, too_narrow=True)) == beyond


def test_nothing_is_drawn_outside_the_paper():
    svg = study_svg(RATIOS, mark(5000, 400, 90_000), 1.0)

    (square,) = drawn(svg, "rect")

    assert float(square.get("x", 0)) + float(square.get("width", 0)) <= 280


def test_a_pool_whose_interval_is_too_narrow_is_hollow_and_has_no_line_for_a_new_place():
    two = pooled_svg(RATIOS, mark(2.9, 0.5, 17), None, too_narrow=True)
    four = pooled_svg(RATIOS, mark(3.5, 0.9, 14), (log(0.26), log(46)), too_narrow=False)

    assert "unsure" in two
    assert "foreseen" not in two
    assert "unsure" not in four
    assert "foreseen" in four


def test_the_axis_of_a_difference_is_as_long_to_both_sides_and_holds_every_bound():
    axis = difference_axis([1.15, 19.05], "favours control", "favours ketamine")

    labels = [one.text for one in drawn(axis_svg(axis), "text")]

    assert labels == ["−20", "−10", "0", "10", "20", "← favours control", "favours ketamine →"]


def test_its_finding_and_figures_are_there_for_those_who_cannot_see_it():
    svg = study_svg(RATIOS, mark(2, 1, 4), 0.5)

    assert drawn(svg, "title")[0].text == "Trial A"
    assert drawn(svg, "desc")[0].text == "2.0"
    assert ElementTree.fromstring(svg).get("aria-labelledby") == "t-one d-one"  # noqa: S314 - our own drawing
