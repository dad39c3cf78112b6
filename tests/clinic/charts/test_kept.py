"""Pictures of what was said against what happened."""

from xml.etree import ElementTree

from sextant.clinic.charts import Group, said_and_happened_svg


def circles(svg: str) -> list[tuple[float, float]]:
    drawn = ElementTree.fromstring(svg).iter("circle")  # noqa: S314 - our own drawing
    return [(float(one.get("cx", 0)), float(one.get("cy", 0))) for one in drawn]


def test_a_group_that_happened_more_often_than_said_stands_higher():
    groups = [Group(n=100, said=0.4, happened=happened, error=0.05) for happened in (0.3, 0.6)]

    (_, seldom), (_, often) = circles(said_and_happened_svg(groups, "finding", "figures"))

    assert often < seldom


def test_its_finding_and_figures_are_there_for_those_who_cannot_see_it():
    svg = said_and_happened_svg([Group(n=9, said=0.5, happened=0.5, error=0.1)], "As said", "said 5, happened 5")

    assert "As said" in svg
    assert "said 5, happened 5" in svg
