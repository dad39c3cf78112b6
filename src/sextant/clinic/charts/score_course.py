"""One questionnaire over time with the infusions beneath: small, to stand beside others with the same days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sextant.clinic.charts import marks
from sextant.clinic.charts.scale import Scale, date_ticks, score_ticks
from sextant.clinic.charts.trajectory import Observed

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 284, 30, 274, 12, 124
_INFUSIONS_Y, _DATES_Y, _HEIGHT = 132, 164, 170


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCourse:
    """Scores and infusions by day since `start`; `key` is the drawing's own name on the page."""

    key: str
    finding: str
    figures: str
    lowest: float
    highest: float
    start: date
    end: date
    observed: Sequence[Observed]
    infusions: Sequence[float]


def score_course_svg(course: ScoreCourse) -> SafeString:
    """Dots on the whole scale, and a triangle for each infusion; nothing is drawn between the dots."""
    x = Scale(0, max((course.end - course.start).days, 1), _LEFT, _RIGHT)
    y = Scale(course.lowest, course.highest, _BOTTOM, _TOP)
    drawn = []
    for tick in score_ticks(course.lowest, course.highest):
        drawn += [
            marks.level(_LEFT, _RIGHT, y.at(tick), "rule"),
            marks.text(_LEFT - 6, y.at(tick) + 5, f"{tick:g}", "end"),
        ]
    drawn += [marks.dot(x.at(one.day), y.at(one.points)) for one in course.observed]
    drawn += [marks.triangle(x.at(day), _INFUSIONS_Y, "solid") for day in course.infusions]
    for day in date_ticks(course.start, course.end, at_most=4):
        here = min(max(x.at((day - course.start).days), _LEFT), _RIGHT - 16)
        drawn.append(marks.text(here, _DATES_Y, f"{day.day} {day:%b}", "mid"))
    return format_html(
        '<svg class="small" viewBox="0 0 {} {}" role="img" aria-labelledby="t-{} d-{}">\n'
        '<title id="t-{}">{}</title>\n<desc id="d-{}">{}</desc>\n{}\n</svg>',
        _WIDTH,
        _HEIGHT,
        *(course.key, course.key, course.key, course.finding, course.key, course.figures),
        marks.together(drawn),
    )
