"""The clinic's value among the figures of others."""

from xml.etree import ElementTree

import pytest

from sextant.clinic.charts import strictness_svg


def marks_of(svg: str, kind: str) -> list[float]:
    """Where the upright marks of a kind stand."""
    paths = ElementTree.fromstring(svg).iter("path")  # noqa: S314 - our own drawing
    return [float(one.get("d", "")[1:].split(",")[0]) for one in paths if one.get("class") == kind]


@pytest.mark.parametrize(("lower_is_stricter", "ours_is_left"), [(True, True), (False, False)])
def test_the_stricter_end_is_on_the_left(lower_is_stricter: bool, ours_is_left: bool):
    svg = strictness_svg(140, [160, 180], lower_is_stricter=lower_is_stricter, finding="")

    (ours,), others = marks_of(svg, "median"), marks_of(svg, "whisker")
    assert (ours < min(others)) == ours_is_left
    assert (ours > max(others)) != ours_is_left


def test_places_follow_the_figures():
    svg = strictness_svg(150, [100, 200, 200], lower_is_stricter=True, finding="")

    (ours,), (low, high) = marks_of(svg, "median"), marks_of(svg, "whisker")
    assert ours == (low + high) / 2


def test_its_finding_is_there_for_those_who_cannot_see_it_and_is_only_words():
    svg = strictness_svg(1, [2], lower_is_stricter=True, finding="In force here 1 day; others print <2>")

    assert "<title>In force here 1 day; others print &lt;2&gt;</title>" in svg
