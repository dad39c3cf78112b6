"""The odds of one thing as a band from 0 to 10 in 10, with the average patient beside."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sextant.clinic.charts import marks
from sextant.clinic.charts.scale import Scale

_WIDTH, _HEIGHT = 284, 62  # the inner width of a card on a phone, so that text keeps its 14 px there
_LEFT, _RIGHT = 8, 276


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """A probability, 80 % of the doubt about it, and the average patient's probability where it is known."""

    title: str
    mean: float
    low80: float
    high80: float
    average: float | None = None
    whose: str = "me"


def odds_svg(odds: Odds) -> SafeString:
    """A small picture of the odds; its figures are in the title, for it has no table."""
    x = Scale(0, 1, _LEFT, _RIGHT)
    drawn = [marks.level(_LEFT, _RIGHT, 24, "rule")]
    drawn += [marks.upright(x.at(tenth / 10), 20, 28, "zero") for tenth in range(11)]
    left, right = x.at(odds.low80), x.at(odds.high80)
    drawn.append(marks.box(left, 13, max(right - left, 1), 22, "band80" if odds.whose == "me" else "band-average"))
    if odds.average is not None:
        drawn.append(marks.upright(x.at(odds.average), 8, 40, "average"))
    drawn.append(marks.upright(x.at(odds.mean), 8, 40, "median" if odds.whose == "me" else "average"))
    drawn += _labels(odds, x)
    return format_html(
        '<svg class="small" viewBox="0 0 {} {}" role="img" aria-labelledby="t-odds">\n'
        '<title id="t-odds">{}</title>\n{}\n</svg>',
        _WIDTH,
        _HEIGHT,
        odds.title,
        marks.together(drawn),
    )


def _in_ten(probability: float) -> str:
    """In tenths, and never as certain: 'fewer than 1' and 'more than 9' at the ends."""
    tenths = round(10 * probability)
    return "<1 in 10" if tenths < 1 else ">9 in 10" if tenths > 9 else f"{tenths} in 10"


def _labels(odds: Odds, x: Scale) -> list[SafeString]:
    """0 and 10 at the ends always; the figure near its line, the average beside it where there is room for both."""
    mine = min(max(x.at(odds.mean), _LEFT + 42), _RIGHT - 50)
    labels = [marks.text(_LEFT - 4, 58, "0"), marks.text(_RIGHT + 4, 58, "10", "end")]
    labels += [marks.text(mine, 58, _in_ten(odds.mean), "mid me" if odds.whose == "me" else "mid strong")]
    if odds.average is not None:
        here = x.at(odds.average)
        # The label steps aside to keep clear of the probability's; it is at most ten digits wide.
        right_hand = here >= mine
        here = max(here, mine + 66) if right_hand else min(here, mine - 66)
        if _LEFT + 46 <= here <= _RIGHT - 52:
            labels.append(marks.text(here, 58, f"average {10 * odds.average:.0f}", "mid"))
    return labels
