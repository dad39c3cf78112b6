"""What is in the blood, or at the effect site, over the minutes of one infusion: band, curves of the models, rate."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sextant.clinic.charts import marks
from sextant.clinic.charts.scale import Scale, level_ticks, minute_ticks, round_top

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 42, 714, 26, 286
_RATE_Y, _RATE_PX, _MINUTES_Y, _HEIGHT = 318, 22, 340, 346
_LINE_PX, _LETTER_PX = 19, 7.2  # mean width of a letter at 14 px in the faces of tokens.css
_AWAY_PX = 58  # from the peak to its label, so that the label stands clear of the falling curves


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Minutes at one rate in mg/min; `meant` where it is not given yet."""

    start_min: float
    end_min: float
    mg_per_min: float
    meant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCurve:
    """One model's average patient, ng/mL at each time; `shape_only` where its level is not to be read."""

    words: str
    ng_per_ml: Sequence[float]
    shape_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredLevel:
    """A level that somebody published, ng/mL, one figure or a range; `at_min` None where no time is told."""

    words: str
    low: float
    high: float
    at_min: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureChart:
    """All that is drawn; `key` is the drawing's own name on the page, `title` heads its axis.

    `low` and `high` bound the band, ng/mL at each of `times_min`. `now_min` is the present minute of one that runs.
    """

    key: str
    title: str
    finding: str
    figures: str
    times_min: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    curves: Sequence[NamedCurve]
    rates: Sequence[Stretch]
    measured: Sequence[MeasuredLevel] = ()
    now_min: float | None = None


def exposure_svg(chart: ExposureChart) -> SafeString:
    """The chart as SVG, painted from the back: rules, band, curves, what was measured, labels, rate."""
    highest = max((*chart.high, *(max(one.ng_per_ml) for one in chart.curves), *(one.high for one in chart.measured)))
    top = round_top(highest)
    x = Scale(chart.times_min[0], chart.times_min[-1], _LEFT, _RIGHT)
    y = Scale(0, top, _BOTTOM, _TOP)
    drawn = [marks.text(0, 12, chart.title, "strong")]
    for tick in level_ticks(top):
        drawn += [
            marks.level(_LEFT, _RIGHT, y.at(tick), "rule"),
            marks.text(_LEFT - 8, y.at(tick) + 5, f"{tick:g}", "end"),
        ]
    drawn.append(marks.band(_through(chart, chart.high, x, y), _through(chart, chart.low, x, y), "band80"))
    for one in sorted(chart.curves, key=lambda curve: not curve.shape_only):
        drawn.append(marks.line(_through(chart, one.ng_per_ml, x, y), "shape-only" if one.shape_only else "rival"))
    drawn += _labels(chart, x, y)
    drawn += _measured(chart, x, y)
    if chart.now_min is not None:
        here = x.at(chart.now_min)
        drawn += [marks.upright(here, _TOP, _RATE_Y, "zero"), marks.text(here + 6, _BOTTOM - 6, "now", "strong")]
    drawn.append(marks.text(_RIGHT, y.at(chart.high[-1]) - 8, "shaded: where it may lie", "end"))
    drawn += [*_rates(chart.rates, x, _RATE_Y, _RATE_PX), *_rate_words(chart.rates, x, _RATE_Y)]
    drawn += [
        marks.text(x.at(minute), _MINUTES_Y, f"{minute:g}", "mid") for minute in minute_ticks(chart.times_min[-1])[:-1]
    ]
    drawn.append(marks.text(_RIGHT, _MINUTES_Y, "minutes", "end"))
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="t-{} d-{}">\n'
        '<title id="t-{}">{}</title>\n<desc id="d-{}">{}</desc>\n{}\n</svg>',
        _WIDTH,
        _HEIGHT,
        *(chart.key, chart.key, chart.key, chart.finding, chart.key, chart.figures),
        marks.together(drawn),
    )


def _through(chart: ExposureChart, values: Sequence[float], x: Scale, y: Scale) -> list[marks.Point]:
    return [(x.at(minute), y.at(value)) for minute, value in zip(chart.times_min, values, strict=True)]


def _labels(chart: ExposureChart, x: Scale, y: Scale) -> list[SafeString]:
    """Each curve is named at its peak, for at the ends the curves run together; so is what was measured at a minute."""
    named = []
    for one in chart.curves:
        highest = max(one.ng_per_ml)
        minute = chart.times_min[list(one.ng_per_ml).index(highest)]
        named.append((y.at(highest), x.at(minute), one.words, "" if one.shape_only else "me"))
    named += [
        (y.at((one.low + one.high) / 2), x.at(one.at_min), one.words, "strong")
        for one in chart.measured
        if one.at_min is not None
    ]
    named.sort(key=lambda name: name[0])
    drawn, free = [], 0.0
    begin = max((name[1] for name in named), default=0.0) + _AWAY_PX
    for at, minute, words, classes in named:
        here = max(at, free)
        free = here + _LINE_PX
        drawn += [
            marks.line([(minute, at), (minute + 8, at), (begin - 14, here), (begin - 4, here)], "leader"),
            marks.text(begin, here + 5, words, classes),
        ]
    return drawn


def _measured(chart: ExposureChart, x: Scale, y: Scale) -> list[SafeString]:
    """What others measured: a dot at its minute, or a whisker at the right edge where no minute is told."""
    drawn, timeless = [], 0
    for one in chart.measured:
        low, high = y.at(one.low), y.at(one.high)
        if one.at_min is not None:
            here = x.at(one.at_min)
            drawn += [marks.upright(here, low, high, "whisker"), marks.dot(here, (low + high) / 2)]
            continue
        here = _RIGHT - 14 - 24 * timeless
        drawn += [
            marks.upright(here, low, high, "whisker"),
            marks.level(here - 5, here + 5, low, "whisker"),
            marks.level(here - 5, here + 5, high, "whisker"),
            marks.text(here + 8, low + 16 + _LINE_PX * timeless, one.words, "end strong"),
        ]
        timeless += 1
    return drawn


def _rates(rates: Sequence[Stretch], x: Scale, floor: float, tallest: float) -> list[SafeString]:
    """The rate as bars whose height grows with it; what is not given yet is an outline."""
    most = max((one.mg_per_min for one in rates), default=0.0)
    drawn = [marks.level(x.start_px, x.end_px, floor, "zero")]
    for one in rates:
        if one.mg_per_min <= 0:
            continue
        left, right = x.at(one.start_min), x.at(one.end_min)
        height = max(tallest * one.mg_per_min / most, 3)
        drawn.append(marks.box(left, floor - height, max(right - left, 1), height, "proposed" if one.meant else "pale"))
    return drawn


def _rate_words(rates: Sequence[Stretch], x: Scale, floor: float) -> list[SafeString]:
    """The rate in words, in its bar where it fits, or behind the last bar where it is the only one."""
    drawn: list[SafeString] = []
    alone = len({one.mg_per_min for one in rates}) == 1
    for one in rates:
        words = f"{one.mg_per_min:.4g} mg/min"
        left, right = x.at(one.start_min), x.at(one.end_min)
        wide = right - left > _LETTER_PX * len(words) + 6
        if one.mg_per_min <= 0:
            continue
        if wide:
            drawn.append(marks.text((left + right) / 2, floor - 6, words, "mid" if one.meant else "mid on-solid"))
        elif alone and one is rates[-1] and not drawn:
            drawn.append(marks.text(right + 6, floor - 6, words))
    return drawn


_SMALL_WIDTH, _SMALL_LEFT, _SMALL_RIGHT, _SMALL_TOP, _SMALL_BOTTOM = 248, 34, 244, 22, 164
_SMALL_RATE_Y, _SMALL_RATE_PX, _SMALL_MINUTES_Y, _SMALL_HEIGHT = 190, 18, 208, 214


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A band of plasma or of the effect site, ng/mL at each time."""

    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureChart:
    """One infusion up to now, and the hour after under one thing that may be done; `top` is shared by all beside it."""

    key: str
    finding: str
    figures: str
    times_min: Sequence[float]
    plasma: Site
    effect_site: Site
    rates: Sequence[Stretch]
    now_min: float
    top: float
    level: float | None = None


def future_svg(chart: FutureChart) -> SafeString:
    """A small chart to stand beside others with the same scales: plasma as a band, the effect site as dashed bounds."""
    x = Scale(0, chart.times_min[-1], _SMALL_LEFT, _SMALL_RIGHT)
    y = Scale(0, chart.top, _SMALL_BOTTOM, _SMALL_TOP)

    def through(values: Sequence[float]) -> list[marks.Point]:
        return [(x.at(minute), y.at(value)) for minute, value in zip(chart.times_min, values, strict=True)]

    drawn = []
    for tick in level_ticks(chart.top, at_most=4):
        drawn += [
            marks.level(_SMALL_LEFT, _SMALL_RIGHT, y.at(tick), "rule"),
            marks.text(_SMALL_LEFT - 5, y.at(tick) + 5, f"{tick:g}", "end"),
        ]
    drawn += [
        marks.band(through(chart.plasma.high), through(chart.plasma.low), "band80"),
        marks.line(through(chart.effect_site.high), "at-site"),
        marks.line(through(chart.effect_site.low), "at-site"),
    ]
    if chart.level is not None and chart.level <= chart.top:
        drawn.append(marks.level(_SMALL_LEFT, _SMALL_RIGHT, y.at(chart.level), "limit"))
    here = x.at(chart.now_min)
    drawn.append(marks.upright(here, _SMALL_TOP - 6, _SMALL_RATE_Y, "zero"))
    at_left = here - _SMALL_LEFT < 16
    drawn.append(
        marks.text(max(here, _SMALL_LEFT) if at_left else here, 12, "now", "strong" if at_left else "strong mid")
    )
    drawn += _rates(chart.rates, x, _SMALL_RATE_Y, _SMALL_RATE_PX)
    drawn += [
        marks.text(x.at(minute), _SMALL_MINUTES_Y, f"{minute:g}", "mid")
        for minute in minute_ticks(chart.times_min[-1], at_most=5)
    ]
    return format_html(
        '<svg class="future" viewBox="0 0 {} {}" role="img" aria-labelledby="t-{} d-{}">\n'
        '<title id="t-{}">{}</title>\n<desc id="d-{}">{}</desc>\n{}\n</svg>',
        _SMALL_WIDTH,
        _SMALL_HEIGHT,
        *(chart.key, chart.key, chart.key, chart.finding, chart.key, chart.figures),
        marks.together(drawn),
    )
