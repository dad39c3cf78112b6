"""The marks of a forest plot, one row each, so that the plot is a table that prints and reads aloud.

No effect stands in the middle of every row, and the axis reaches equally far to both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sextant.clinic.charts import marks
from sextant.clinic.charts.scale import Scale

_WIDTH, _HEIGHT = 280, 44  # no wider than a card on a phone, so that text keeps its 14 px there
_LEFT, _RIGHT, _MIDDLE = 14, 266, 22
_LEAST_SIDE, _MOST_SIDE = 8, 22
_NO_WEIGHT_SIDE = 12  # of a study that stands alone
_ARROW = 6

RATIO_REACH = 100.0
"""All ratios share one axis, from one hundredth to a hundred, so that questions compare; beyond it stands an arrow."""

_RATIO_TICKS = (0.01, 0.1, 1.0, 10.0, 100.0)
_BETWEEN_TICKS = (0.03, 0.3, 3.0, 30.0)
_REACHES = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From `-reach` to `reach` on the scale on which effects add up (logarithms for ratios)."""

    reach: float
    ratio: bool
    left: str
    right: str

    @property
    def scale(self) -> Scale:
        """Where an effect stands on the paper."""
        return Scale(-self.reach, self.reach, _LEFT, _RIGHT)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Effects to mark on the axis, with the labels of those that have one."""
        if self.ratio:
            return tuple((log(one), f"{one:g}" if one in _RATIO_TICKS else "") for one in _RATIO_TICKS + _BETWEEN_TICKS)
        return tuple(
            (share * self.reach, f"{share * self.reach:g}".replace("-", "−")) for share in (-1, -0.5, 0, 0.5, 1)
        )


def ratio_axis(left: str, right: str) -> Axis:
    """The axis of all ratios, logarithmic."""
    return Axis(reach=log(RATIO_REACH), ratio=True, left=left, right=right)


def difference_axis(bounds: Sequence[float], left: str, right: str) -> Axis:
    """The axis of a difference: a round figure that holds all bounds.

    >>> difference_axis([1.15, 19.05], "control", "ketamine").reach
    20
    """
    furthest = max((abs(bound) for bound in bounds), default=1.0)
    reach = next((reach for reach in _REACHES if reach >= furthest), furthest)
    return Axis(reach=reach, ratio=False, left=left, right=right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One effect with its 95 % interval, on the scale on which effects add up.

    `key` is the mark's own name on the page. `finding` and `figures` are for those who cannot see it.
    """

    key: str
    finding: str
    figures: str
    value: float
    low: float
    high: float


def study_svg(axis: Axis, mark: Mark, weight: float | None) -> SafeString:
    """A study: a square whose area grows with its weight, on its interval."""
    side = _NO_WEIGHT_SIDE if weight is None else max(_LEAST_SIDE, _MOST_SIDE * sqrt(weight))
    here = axis.scale.at(mark.value)
    drawn = [
        *_whisker(axis, mark.low, mark.high, "whisker"),
        marks.box(here - side / 2, _MIDDLE - side / 2, side, side, "solid"),
    ]
    return _row(mark, drawn)


def pooled_svg(axis: Axis, mark: Mark, prediction: tuple[float, float] | None, *, too_narrow: bool) -> SafeString:
    """The pooled effect: a diamond as wide as its interval, on a dashed line for a new setting.

    Parameters
    ----------
    prediction : 95 % interval for a new setting, where there is one
    too_narrow : the interval takes as known what is not; then the diamond is hollow and dashed
    """
    x = axis.scale
    left, right = min(x.at(mark.low), _RIGHT - 2.0), max(x.at(mark.high), _LEFT + 2.0)
    tips = ((left, _MIDDLE), (x.at(mark.value), _MIDDLE - 11), (right, _MIDDLE), (x.at(mark.value), _MIDDLE + 11))
    points = " ".join(f"{px:g},{py:g}" for px, py in tips)
    drawn = [*_whisker(axis, *prediction, "foreseen")] if prediction is not None else []
    drawn.append(format_html('<path class="diamond{}" d="M{}Z"/>', " unsure" if too_narrow else "", points))
    drawn += _arrows(axis, mark.low, mark.high, "foreseen")
    return _row(mark, drawn)


def axis_svg(axis: Axis) -> SafeString:
    """The axis under the rows, with what each side favours; its words stand in the table too, so it is not read out."""
    drawn = [marks.level(_LEFT, _RIGHT, 1, "zero")]
    for value, label in axis.ticks:
        drawn.append(marks.upright(axis.scale.at(value), 1, 6 if label else 4, "zero"))
        if label:
            drawn.append(marks.text(axis.scale.at(value), 21, label, "mid"))
    drawn += [marks.text(0, 43, f"← {axis.left}", "strong"), marks.text(_WIDTH, 43, f"{axis.right} →", "strong end")]
    return format_html(
        '<svg viewBox="0 0 {} 50" aria-hidden="true" focusable="false">\n{}\n</svg>', _WIDTH, marks.together(drawn)
    )


def side_words(axis: Axis, low: float, high: float) -> str:
    """On which side an interval lies.

    >>> side_words(ratio_axis("favours control", "favours ketamine"), 0.2, 1.4)
    'favours ketamine'
    """
    if low > 0:
        return axis.right
    return axis.left if high < 0 else "no clear difference"


def ratio_words(logarithm: float) -> str:
    """A ratio with as many figures as it is worth.

    >>> [ratio_words(log(one)) for one in (0.0051, 0.49, 2.88, 17.06, 190.42, 4611)]
    ['0.0051', '0.49', '2.9', '17', '190', '4,600']
    >>> ratio_words(800.0), ratio_words(-800.0)
    ('over 10,000', 'under 0.001')
    """
    if logarithm > log(10_000):
        return "over 10,000"
    if logarithm < log(0.001):
        return "under 0.001"
    ratio = exp(logarithm)
    if ratio >= 9.95:
        digits = 0 if ratio < 99.5 else 2 - len(f"{ratio:.0f}")
        return f"{round(ratio, digits):,.0f}"
    return f"{ratio:.1f}" if ratio >= 0.995 else f"{ratio:.2g}"


def _row(mark: Mark, drawn: Sequence[SafeString]) -> SafeString:
    middle = (_LEFT + _RIGHT) / 2
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="t-{} d-{}">\n'
        '<title id="t-{}">{}</title><desc id="d-{}">{}</desc>\n{}\n</svg>',
        _WIDTH,
        _HEIGHT,
        mark.key,
        mark.key,
        mark.key,
        mark.finding,
        mark.key,
        mark.figures,
        marks.together([marks.upright(middle, 0, _HEIGHT, "zero spine"), *drawn]),
    )


def _whisker(axis: Axis, low: float, high: float, classes: str) -> list[SafeString]:
    return [
        marks.level(axis.scale.at(low), axis.scale.at(high), _MIDDLE, classes),
        *_arrows(axis, low, high, classes),
    ]


def _arrows(axis: Axis, low: float, high: float, classes: str) -> list[SafeString]:
    """Heads where the interval goes on beyond the axis."""
    heads = []
    if low < -axis.reach:
        heads.append(_head(_LEFT, _ARROW, classes))
    if high > axis.reach:
        heads.append(_head(_RIGHT, -_ARROW, classes))
    return heads


def _head(tip: float, back: float, classes: str) -> SafeString:
    points = [(tip + back, _MIDDLE - 5.0), (tip, float(_MIDDLE)), (tip + back, _MIDDLE + 5.0)]
    return marks.line(points, f"{classes} head")
