"""How far pressure may rise: two bands on one scale, the usual rise behind, the person's own rises as dots."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sextant.clinic.charts import marks
from sextant.clinic.charts.scale import Scale

_WIDTH, _LEFT, _RIGHT = 284, 10, 274  # the inner width of a card on a phone, so that text keeps its 14 px there
_ROW, _HEIGHT, _BAR, _TICK = 56, 138, 20, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """One pressure, mmHg over the reading before: a band with its median, and own rises.

    `usual` is the published median, None where the band is that of the published rise itself.
    """

    name: str
    median: float
    low80: float
    high80: float
    usual: float | None = None
    own: Sequence[float] = ()


def rise_svg(rises: Sequence[Rise], finding: str, figures: str) -> SafeString:
    """The bands, one under the other; their figures stand in words beside the drawing."""
    ends = [
        0.0,
        *(one.low80 for one in rises),
        *(one.high80 for one in rises),
        *(own for one in rises for own in one.own),
    ]
    lowest, highest = (10 * (min(ends) // 10), -10 * (-max(ends) // 10))
    x = Scale(lowest, highest, _LEFT, _RIGHT)
    drawn: list[SafeString] = []
    for row, one in enumerate(rises):
        middle = row * _ROW + 38
        left, right = x.at(one.low80), x.at(one.high80)
        drawn += [
            marks.text(0, middle - 18, one.name, "strong"),
            marks.level(_LEFT, _RIGHT, middle, "rule"),
            marks.box(left, middle - _BAR / 2, right - left, _BAR, "band80"),
            marks.upright(x.at(0), middle - 13, middle + 13, "zero"),
            *([] if one.usual is None else [marks.upright(x.at(one.usual), middle - 13, middle + 13, "average")]),
            marks.upright(x.at(one.median), middle - 13, middle + 13, "median"),
            *(marks.dot(x.at(own), middle) for own in one.own),
        ]
    for value in range(-(-int(lowest) // _TICK) * _TICK, int(highest) + 1, _TICK):
        words = f"+{value}" if value > 0 else f"{value}".replace("-", "−")
        drawn.append(marks.text(min(max(x.at(value), _LEFT + 6), _RIGHT - 8), _HEIGHT - 6, words, "mid"))
    return format_html(
        '<svg class="small" viewBox="0 0 {} {}" role="img" aria-labelledby="t-rise d-rise">\n'
        '<title id="t-rise">{}</title>\n<desc id="d-rise">{}</desc>\n{}\n</svg>',
        _WIDTH,
        _HEIGHT,
        finding,
        figures,
        marks.together(drawn),
    )
