"""Server-drawn SVG: scales, marks and the clinic's charts, with classes only and every name escaped."""

from sextant.clinic.charts.exposure import (
    ExposureChart,
    FutureChart,
    MeasuredLevel,
    NamedCurve,
    Site,
    Stretch,
    exposure_svg,
    future_svg,
)
from sextant.clinic.charts.forest import (
    Axis,
    Mark,
    axis_svg,
    difference_axis,
    pooled_svg,
    ratio_axis,
    ratio_words,
    side_words,
    study_svg,
)
from sextant.clinic.charts.kept import Group, said_and_happened_svg
from sextant.clinic.charts.odds import Odds, odds_svg
from sextant.clinic.charts.rise import Rise, rise_svg
from sextant.clinic.charts.score_course import ScoreCourse, score_course_svg
from sextant.clinic.charts.strictness import strictness_svg
from sextant.clinic.charts.trajectory import (
    Bands,
    Given,
    Observed,
    TrajectoryChart,
    UseRun,
    reach,
    trajectory_svg,
)
from sextant.clinic.charts.use_calendar import CalendarChart, calendar_svg, key_svg

__all__ = [
    "Axis",
    "Bands",
    "CalendarChart",
    "ExposureChart",
    "FutureChart",
    "Given",
    "Group",
    "Mark",
    "MeasuredLevel",
    "NamedCurve",
    "Observed",
    "Odds",
    "Rise",
    "ScoreCourse",
    "Site",
    "Stretch",
    "TrajectoryChart",
    "UseRun",
    "axis_svg",
    "calendar_svg",
    "difference_axis",
    "exposure_svg",
    "future_svg",
    "key_svg",
    "odds_svg",
    "pooled_svg",
    "ratio_axis",
    "ratio_words",
    "reach",
    "rise_svg",
    "said_and_happened_svg",
    "score_course_svg",
    "side_words",
    "strictness_svg",
    "study_svg",
    "trajectory_svg",
]
