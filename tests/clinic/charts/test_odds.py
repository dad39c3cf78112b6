"""The small picture of the odds."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from sextant.clinic.charts import Odds, odds_svg


def labels(odds: Odds) -> list[tuple[str, float]]:
    svg = ElementTree.fromstring(odds_svg(odds))  # noqa: S314 - our own drawing
    return [(e.text or "", float(e.get("x", 0))) for e in svg.iter("text")]


def test_its_figures_stand_in_the_title_because_it_has_no_table():
    svg = odds_svg(Odds(title="About 4 in 10", mean=0.4, low80=0.2, high80=0.6))

    assert "<title" in svg
    assert "About 4 in 10" in svg


@pytest.mark.parametrize("mean", [0.0, 0.05, 0.4, 0.45, 0.5, 0.95, 1.0])
@pytest.mark.parametrize("average", [None, 0.02, 0.4, 0.5, 0.98])
def test_labels_never_touch_each_other(mean: float, average: float | None):
    found = labels(Odds(title="odds", mean=mean, low80=0, high80=1, average=average))

    places = sorted(x for _, x in found)
    assert all(b - a >= 24 for a, b in pairwise(places))


def test_the_average_patients_odds_are_not_drawn_as_this_patients():
    svg = odds_svg(Odds(title="odds", mean=0.4, low80=0.2, high80=0.6, whose="average"))

    assert "band-average" in svg
    assert "median" not in svg
