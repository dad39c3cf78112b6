"""Observed scores, this patient's forecast over the average patient's, infusions and use on one time axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sextant.clinic.charts import marks
from sextant.clinic.charts.scale import Scale, date_ticks, score_ticks
from sextant.record import DayUse

_WIDTH, _HEIGHT = 784, 446
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 650, 30, 336
_INFUSIONS_Y, _USE_Y, _DATES_Y = 344, 412, 440
_LINE_PX = 18
_EIGHTH = _WIDTH / 8
_LETTER_PX = 7.2  # mean width of a letter at 14 px in the faces of tokens.css
_STRONG_LETTER_PX = 8.6  # the same in bold, in the widest face that may stand in for them (DejaVu Sans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One score that was taken; `day` counts from the chart's first day, fractions allowed."""

    day: float
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An infusion by its number; `proposed` ones are outlined."""

    day: float
    number: int
    proposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRun:
    """Days in a row of which the same is known, both ends included; `days_used` where a span was counted."""

    first_day: int
    last_day: int
    use: DayUse
    days_used: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """A forecast in points per day: median, half of likely courses (50) and eight in ten (80)."""

    days: Sequence[float]
    median: Sequence[float]
    low50: Sequence[float]
    high50: Sequence[float]
    low80: Sequence[float]
    high80: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrajectoryChart:
    """All that is drawn. Without `patient` bands the average patient's own band is drawn in its place."""

    finding: str
    figures: str
    measures: str
    lowest: float
    highest: float
    start: date
    end: date
    today: date
    observed: Sequence[Observed]
    infusions: Sequence[Given]
    use: Sequence[UseRun]
    average: Bands | None
    patient: Bands | None
    clear_at: float | None = None

    @property
    def span_days(self) -> int:
        """Days from the first to the last day drawn."""
        return (self.end - self.start).days


def trajectory_svg(chart: TrajectoryChart) -> SafeString:
    """The chart as SVG, painted from the back: rules, average, bands, median, the line of clear benefit, marks."""
    x = Scale(0, chart.span_days, _LEFT, _RIGHT)
    y = Scale(chart.lowest, chart.highest, _BOTTOM, _TOP)
    drawn = [
        *_rules(chart, y),
        *_forecasts(chart, x, y),
        *_today(chart, x),
        *(marks.dot(x.at(seen.day), y.at(seen.points)) for seen in chart.observed),
        *_infusions(chart, x),
        *_use(chart, x),
        *_dates(chart, x),
    ]
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="t-traj d-traj">\n'
        '<title id="t-traj">{}</title>\n<desc id="d-traj">{}</desc>\n{}\n</svg>',
        _WIDTH,
        _HEIGHT,
        chart.finding,
        chart.figures,
        marks.together(drawn),
    )


def reach(chart: TrajectoryChart) -> int:
    """How many eighths of the drawing, from the left, hold today with its name, and so a little of the days ahead."""
    today = Scale(0, chart.span_days, _LEFT, _RIGHT).at((chart.today - chart.start).days)
    return min(ceil((today + _room_of(_today_words(chart))) / _EIGHTH), 8)


def _rules(chart: TrajectoryChart, y: Scale) -> list[SafeString]:
    drawn = []
    for tick in score_ticks(chart.lowest, chart.highest):
        drawn += [
            marks.level(_LEFT, _RIGHT, y.at(tick), "rule"),
            marks.text(_LEFT - 8, y.at(tick) + 5, f"{tick:g}", "end"),
        ]
    return drawn


def _forecasts(chart: TrajectoryChart, x: Scale, y: Scale) -> list[SafeString]:
    drawn: list[SafeString] = []
    ends: list[tuple[float, str, str]] = []
    if chart.average is not None:
        if chart.patient is None:
            drawn.append(_band(chart.average, "80", x, y, "band-average"))
        drawn.append(marks.line(_through(chart.average.days, chart.average.median, x, y), "average"))
        ends.append((y.at(chart.average.median[-1]), "average", ""))
    if chart.patient is not None:
        drawn += [
            _band(chart.patient, "80", x, y, "band80"),
            _band(chart.patient, "50", x, y, "band50"),
            marks.line(_through(chart.patient.days, chart.patient.median, x, y), "median"),
        ]
        ends.append((y.at(chart.patient.median[-1]), "this patient", "me"))
        ends += _band_labels(chart.patient, y)
    elif chart.average is not None:
        top, middle = y.at(chart.average.high80[-1]), y.at(chart.average.median[-1])
        ends.append(((top + middle) / 2, "8 in 10 courses", ""))
    if chart.clear_at is not None:
        drawn.append(marks.level(_LEFT, _RIGHT, y.at(chart.clear_at), "limit"))
        ends.append((y.at(chart.clear_at), f"half of before: {chart.clear_at:.0f}", ""))
    drawn += [marks.text(_RIGHT + 6, place + 5, words, classes) for place, words, classes in _apart(ends)]
    return drawn


def _band(bands: Bands, share: str, x: Scale, y: Scale, classes: str) -> SafeString:
    high, low = (bands.high80, bands.low80) if share == "80" else (bands.high50, bands.low50)
    return marks.band(_through(bands.days, high, x, y), _through(bands.days, low, x, y), classes)


def _band_labels(bands: Bands, y: Scale) -> list[tuple[float, str, str]]:
    """Both bands are named at the upper part of their right ends, however thin they are."""
    top80, top50, middle = y.at(bands.high80[-1]), y.at(bands.high50[-1]), y.at(bands.median[-1])
    return [((top80 + top50) / 2, "8 in 10 courses", "strong"), ((top50 + middle) / 2, "half of them", "strong")]


def _apart(labels: list[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """Labels at line ends from the top down, pushed apart so that each keeps a line of its own on the paper."""
    placed: list[tuple[float, str, str]] = []
    in_order = sorted(labels, key=lambda label: label[0])
    for n, (wanted, words, classes) in enumerate(in_order):
        lowest_free = placed[-1][0] + _LINE_PX if placed else wanted
        # Those still to come need a line each above the bottom.
        room = _BOTTOM - _LINE_PX * (len(in_order) - 1 - n)
        placed.append((max(lowest_free, min(wanted, room)), words, classes))
    return placed


def _today(chart: TrajectoryChart, x: Scale) -> list[SafeString]:
    here = x.at((chart.today - chart.start).days)
    words = _today_words(chart)
    fits_right = here + _room_of(words) < _WIDTH
    label = marks.text(here + 6, 16, words, "strong") if fits_right else marks.text(here - 6, 16, words, "strong end")
    return [marks.upright(here, 4, _USE_Y + 4, "zero"), label]


def _today_words(chart: TrajectoryChart) -> str:
    return f"Today, {chart.today.day} {chart.today:%b}"


def _room_of(strong_words: str) -> float:
    """The pixels that words in bold take beside a line."""
    return 6 + _STRONG_LETTER_PX * len(strong_words)


def _infusions(chart: TrajectoryChart, x: Scale) -> list[SafeString]:
    if not chart.infusions:
        return []
    drawn = [marks.text(0, _INFUSIONS_Y + 26, "Inf.")]
    free_from = float(_LEFT - 12)
    for infusion in chart.infusions:
        here = x.at(infusion.day)
        drawn.append(marks.triangle(here, _INFUSIONS_Y, "proposed" if infusion.proposed else "solid"))
        words = f"{infusion.number}?" if infusion.proposed else str(infusion.number)
        half = _LETTER_PX * len(words) / 2 + 1
        if here - half >= free_from:
            drawn.append(marks.text(here, _INFUSIONS_Y + 26, words, "mid" if infusion.proposed else "mid strong"))
            free_from = here + half
    return drawn


_USE_MARKS = {
    DayUse.USED: ("solid", 20),
    DayUse.SOME: ("solid", 10),
    DayUse.NOT: ("pale", 3),
    DayUse.UNKNOWN: ("hollow", 14),
}


def _use(chart: TrajectoryChart, x: Scale) -> list[SafeString]:
    drawn = [marks.text(0, _USE_Y, "Use")]
    for run in chart.use:
        classes, height = _USE_MARKS[run.use]
        left, right = x.at(run.first_day), x.at(run.last_day + 1)
        width = max(right - left - 1, 1)
        drawn.append(marks.box(left, _USE_Y - height, width, height, classes))
        if run.use is DayUse.SOME and run.days_used is not None and width >= 14:
            drawn.append(marks.text(left + width / 2, _USE_Y - height - 3, str(run.days_used), "mid strong"))
    return drawn


def _dates(chart: TrajectoryChart, x: Scale) -> list[SafeString]:
    drawn = []
    for day in date_ticks(chart.start, chart.end):
        here = x.at((day - chart.start).days)
        drawn.append(marks.text(max(here, 20), _DATES_Y, f"{day.day} {day:%b}", "mid"))
    return drawn


def _through(days: Sequence[float], points: Sequence[float], x: Scale, y: Scale) -> list[tuple[float, float]]:
    return [(x.at(day), y.at(value)) for day, value in zip(days, points, strict=True)]
