"""Days of use as a calendar: a column a week, a row a weekday, shape before colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sextant.clinic.charts import marks
from sextant.record import DayUse, UseDay

_CELL, _LEFT, _TOP = 22, 36, 22
_SIDE, _GAP = 18, 2
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Height and class of a mark: full for use, half for a span with use, a line for none, a frame for what is not known.
_MARKS = {
    DayUse.USED: (_SIDE, "solid"),
    DayUse.SOME: (_SIDE / 2, "solid"),
    DayUse.NOT: (3, "pale"),
    DayUse.UNKNOWN: (_SIDE, "hollow"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChart:
    """What is drawn: whole weeks from a Monday on, up to and with today."""

    title: str
    figures: str
    days: Sequence[UseDay]


def calendar_svg(chart: CalendarChart) -> SafeString:
    """The calendar as SVG."""
    first = chart.days[0].day - timedelta(days=chart.days[0].day.weekday())
    weeks = (chart.days[-1].day - first).days // 7 + 1
    drawn = [marks.text(0, _TOP + _CELL * row + 16, _WEEKDAYS[row]) for row in (0, 2, 4, 6)]
    drawn += _months(first, weeks)
    for one in chart.days:
        drawn += _day(one, first)
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><desc>{}</desc>\n{}\n</svg>',
        _LEFT + _CELL * weeks + 2,
        _TOP + _CELL * 7 + 2,
        chart.title,
        chart.figures,
        marks.together(drawn),
    )


def key_svg(use: DayUse, sign: str = "") -> SafeString:
    """One mark of the calendar by itself, for the key. It is not read aloud: the words beside it say what it means."""
    height, classes = _MARKS[use]
    drawn = [marks.box(_GAP, _CELL - _GAP - height, _SIDE, height, classes)]
    if sign:
        drawn.append(marks.text(_CELL / 2, _CELL - _GAP - 4, sign, "mid on-solid"))
    return format_html('<svg viewBox="0 0 {0} {0}" aria-hidden="true">{1}</svg>', _CELL, marks.together(drawn))


def _months(first: date, weeks: int) -> list[SafeString]:
    """The month above the first week that begins in it, where there is room for its name."""
    drawn = []
    for week in range(weeks):
        monday = first + timedelta(weeks=week)
        if (week == 0 and monday.day < 15) or monday.day <= 7:
            drawn.append(marks.text(_LEFT + _CELL * week, 14, f"{monday:%b}"))
    return drawn


def _day(one: UseDay, first: date) -> list[SafeString]:
    week, weekday = divmod((one.day - first).days, 7)
    left, bottom = _LEFT + _CELL * week + _GAP, _TOP + _CELL * (weekday + 1) - _GAP
    height, classes = _MARKS[one.use]
    drawn = [marks.box(left, bottom - height, _SIDE, height, classes)]
    # A test stands in the day as a letter: what it shows hangs on nobody's memory. Only a day with use is disputed.
    signs = ("T" if any(evidence.is_test for evidence in one.says) else "") + ("!" if one.against else "")
    if signs:
        on = "mid on-solid" if one.use is DayUse.USED else "mid"
        low = bottom - (height + 2 if one.use in (DayUse.NOT, DayUse.SOME) else 4)
        drawn.append(marks.text(left + _SIDE / 2, low, signs, on))
    return drawn
