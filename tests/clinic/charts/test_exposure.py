"""What is drawn of an infusion: the band, each model's curve with its name, what was measured, and the rate."""

import re
from dataclasses import replace

import pytest

from sextant.clinic.charts import (
    ExposureChart,
    FutureChart,
    MeasuredLevel,
    NamedCurve,
    Rise,
    Site,
    Stretch,
    exposure_svg,
    future_svg,
    rise_svg,
)

CHART = ExposureChart(
    key="plasma",
    title="In the blood, ng/mL",
    finding="At its highest 200 to 290",
    figures="See the table.",
    times_min=[0, 20, 40, 80],
    low=[0, 100, 200, 40],
    high=[0, 180, 288, 90],
    curves=[
        NamedCurve(words="One, arterial", ng_per_ml=[0, 150, 253, 74]),
        NamedCurve(words="Two <b>, venous", ng_per_ml=[0, 140, 250, 70], shape_only=True),
    ],
    rates=[Stretch(start_min=0, end_min=40, mg_per_min=0.875)],
)
FUTURE = FutureChart(
    key="next-go-on",
    finding="Go on",
    figures="See the table.",
    times_min=[0, 30, 90],
    plasma=Site(low=[0, 100, 30], high=[0, 180, 90]),
    effect_site=Site(low=[0, 80, 35], high=[0, 170, 100]),
    rates=[Stretch(start_min=0, end_min=30, mg_per_min=0.8)],
    now_min=30,
    top=200,
)


def heights(svg: str, words: str) -> float:
    found = re.search(rf'y="([\d.]+)">{words}', svg)
    assert found is not None
    return float(found[1])


def test_each_curve_is_named_beside_its_peak_and_names_keep_a_line_apart():
    svg = exposure_svg(CHART)

    assert heights(svg, "Two") - heights(svg, "One") >= 18
    assert svg.count('class="rival"') == 1
    assert svg.count('class="shape-only"') == 1


def test_names_are_escaped():
    svg = exposure_svg(CHART)

    assert "Two &lt;b&gt;, venous" in svg
    assert "<b>" not in svg


def test_a_rate_that_is_only_ordered_is_an_outline():
    ordered = replace(CHART, rates=[Stretch(start_min=0, end_min=40, mg_per_min=0.875, meant=True)])

    assert 'class="pale"' in exposure_svg(CHART)
    assert 'class="proposed"' in exposure_svg(ordered)


@pytest.mark.parametrize(("at_min", "mark"), [(40.0, "<circle"), (None, 'class="end strong"')])
def test_what_was_measured_is_a_dot_at_its_minute_or_a_range_where_no_minute_is_told(at_min: float | None, mark: str):
    seen = MeasuredLevel(words="Zarate 2006, site not stated", low=185, high=185 if at_min else 250, at_min=at_min)

    svg = exposure_svg(replace(CHART, measured=[seen]))

    assert mark in svg
    assert "Zarate 2006, site not stated" in svg


def test_the_level_that_was_asked_for_is_a_dotted_line_where_the_scale_holds_it():
    assert 'class="limit"' not in future_svg(FUTURE)
    assert 'class="limit"' in future_svg(replace(FUTURE, level=70))
    assert 'class="limit"' not in future_svg(replace(FUTURE, level=900))


def test_a_pause_has_no_bar():
    paused = replace(FUTURE, rates=[Stretch(start_min=0, end_min=30, mg_per_min=0.0)])

    assert "<rect" not in future_svg(paused)


def test_a_rise_that_may_be_a_fall_reaches_below_no_change():
    svg = rise_svg([Rise(name="Systolic", median=13, low80=-6, high80=31, usual=10, own=(20,))], "finding", "figures")

    assert ">0<" in svg
    assert svg.count("<circle") == 1
