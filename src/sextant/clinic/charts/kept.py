"""Did what was said come true? Odds against outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sextant.clinic.charts import marks
from sextant.clinic.charts.scale import Scale

_SIDE, _LEFT, _TOP = 244, 30, 24  # no wider than a card on a phone, so that text keeps its 14 px there


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """So many forecasts of about the same odds: what was said, what happened, and its standard error; shares."""

    n: int
    said: float
    happened: float
    error: float


def said_and_happened_svg(groups: Sequence[Group], finding: str, figures: str) -> SafeString:
    """Each group as a dot with its doubt; on the dashed line the forecast came true as often as it said.

    Parameters
    ----------
    finding, figures : title and description for those who cannot see it
    """
    x = Scale(0, 1, _LEFT, _LEFT + _SIDE)
    y = Scale(0, 1, _TOP + _SIDE, _TOP)
    drawn = []
    for tenth in range(0, 11, 2):
        share = tenth / 10
        drawn += [
            marks.level(_LEFT, _LEFT + _SIDE, y.at(share), "rule"),
            marks.text(_LEFT - 6, y.at(share) + 5, f"{tenth}", "end"),
            marks.text(x.at(share), _TOP + _SIDE + 20, f"{tenth}", "mid"),
        ]
    drawn.append(marks.line([(x.at(0), y.at(0)), (x.at(1), y.at(1))], "average"))
    drawn.append(marks.text(x.at(0.62), y.at(0.93), "as often as said", "end"))
    for group in groups:
        here = x.at(group.said)
        low, high = group.happened - 1.96 * group.error, group.happened + 1.96 * group.error
        drawn.append(marks.upright(here, y.at(low), y.at(high), "whisker"))
        drawn.append(marks.dot(here, y.at(group.happened), "me-dot"))
    drawn += [
        marks.text(0, 14, "It happened, in 10", "strong"),
        marks.text(_LEFT + _SIDE, _TOP + _SIDE + 40, "We said, in 10", "strong end"),
    ]
    return format_html(
        '<svg class="small square" viewBox="0 0 {} {}" role="img" aria-labelledby="t-kept d-kept">\n'
        '<title id="t-kept">{}</title><desc id="d-kept">{}</desc>\n{}\n</svg>',
        _LEFT + _SIDE + 10,
        _TOP + _SIDE + 46,
        finding,
        figures,
        marks.together(drawn),
    )
