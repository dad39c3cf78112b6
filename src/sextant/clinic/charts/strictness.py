"""How strict is the clinic's value? It stands among the figures that others print, stricter on the left."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sextant.clinic.charts import marks
from sextant.clinic.charts.scale import Scale

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _LINE = 216, 46, 4, 212, 14


def strictness_svg(own: float, others: Sequence[float], *, lower_is_stricter: bool, finding: str) -> SafeString:
    """The clinic's value as a tall mark among short ones, on one straight scale.

    Parameters
    ----------
    others : the figures read, in the unit of `own`; at least one is another
    finding : title for those who cannot see it
    """
    lowest, highest = min(own, *others), max(own, *others)
    strictest, loosest = (lowest, highest) if lower_is_stricter else (highest, lowest)
    ends_px = (_LEFT, _RIGHT) if lower_is_stricter else (_RIGHT, _LEFT)
    scale = Scale(lowest, highest, *ends_px)
    drawn = [
        marks.level(_LEFT, _RIGHT, _LINE, "zero"),
        *(marks.upright(scale.at(value), _LINE - 6, _LINE + 6, "whisker") for value in sorted(set(others))),
        marks.upright(scale.at(own), _LINE - 12, _LINE + 12, "median"),
        marks.text(0, _HEIGHT - 4, f"{strictest:g} stricter"),
        marks.text(_WIDTH, _HEIGHT - 4, f"looser {loosest:g}", "end"),
    ]
    return format_html(
        '<svg class="strictness" viewBox="0 0 {} {}" role="img"><title>{}</title>\n{}\n</svg>',
        _WIDTH,
        _HEIGHT,
        finding,
        marks.together(drawn),
    )
