"""The plots of docs/calibration.md."""

from collections.abc import Iterable, Sequence
from typing import Any

from pages import ACCENT, AVERAGE, INK, RULE, WASH, Paper

MARKS = {"benefit": "#2a4596", "level": "#0b7258", "new": "#8a5d00"}  # blue, green, ochre; told apart by place as well
NAMES = {"benefit": "benefit B", "level": "score free of noise", "new": "newly observed score"}
ERRORS_SHOWN = 3.0


def coverage_svg(moments: Sequence[str], summaries: Sequence[dict[str, Any]]) -> str:
    """Share of truths inside each band, against what was promised."""
    left, top, row, panel, gap = 250, 60, 62, 200, 34
    bottom = top + row * len(moments)
    paper = Paper(
        left + 3 * (panel + gap),
        bottom + 66,
        "How often bands held the truth",
        "A dot is the share held; the pale band is three standard errors around what was promised.",
    )
    for number, (promised, span) in enumerate(((0.5, 0.06), (0.8, 0.05), (0.95, 0.03))):
        start = left + number * (panel + gap)

        def x(share: float, start: float = start, promised: float = promised, span: float = span) -> float:
            held = min(max(share, promised - span), promised + span)
            return start + panel * (held - promised + span) / (2 * span)

        paper.text(x(promised), top - 34, f"{promised:.0%} band".replace("%", " %"), anchor="middle", bold=True)
        for share in (promised - span, promised, promised + span):
            paper.text(x(share), bottom + 20, f"{100 * share:.0f}", anchor="middle", soft=True)
            paper.line(x(share), top - 22, x(share), bottom, RULE)
        for at, one in enumerate(summaries):
            for place, (name, colour) in enumerate(MARKS.items()):
                told = one["quantities"][name]["coverage"][number]
                y = top + row * at + 6 + 15 * place
                wide = ERRORS_SHOWN * told["standard_error"]
                paper.box(x(promised - wide), y - 5, x(promised + wide) - x(promised - wide), 10, WASH)
                paper.line(x(promised), y - 6, x(promised), y + 6, AVERAGE, 1.5)
                paper.dot(x(told["share"]), y, colour)
    for at, name in enumerate(moments):
        for line, words in enumerate(_two_lines(name)):
            paper.text(12, top + row * at + 18 + 16 * line, words)
    _legend(paper, left, bottom + 48)
    paper.text(12, bottom + 20, "held, of a hundred", soft=True)
    return paper.svg()


def pit_svg(moments: Sequence[str], summaries: Sequence[dict[str, Any]]) -> str:
    """Where truths lay in their forecasts: level where forecasts are right."""
    left, top, wide, high, gap = 12, 60, 176, 92, 22
    paper = Paper(
        left + len(moments) * (wide + gap),
        top + 3 * (high + 44),
        "Where truths lay in their forecasts",
        "Twenty bins from far below the forecast to far above. Even is right; the pale band is what chance allows.",
    )
    for column, name in enumerate(moments):
        start = left + column * (wide + gap)
        for line, words in enumerate(_two_lines(name)):
            paper.text(start, 18 + 16 * line, words, bold=True)
        for row, (key, colour) in enumerate(MARKS.items()):
            base = top + row * (high + 44) + high
            told = summaries[column]["quantities"][key]
            bins = told["histogram"]
            expected = told["n"] / len(bins)
            tall = high / (1.8 * expected)
            error = ERRORS_SHOWN * (expected * (1 - 1 / len(bins))) ** 0.5
            paper.box(start, base - tall * (expected + error), wide, 2 * tall * error, WASH)
            for n, count in enumerate(bins):
                width = wide / len(bins)
                paper.box(
                    start + n * width + 1, base - tall * min(count, 1.8 * expected), width - 2, tall * count, colour
                )
            paper.line(start, base - tall * expected, start + wide, base - tall * expected, INK, 1.2, "4 3")
            paper.line(start, base, start + wide, base, AVERAGE)
            paper.text(start, base + 18, NAMES[key], soft=True)
    return paper.svg()


def reliability_svg(moments: Sequence[str], summaries: Sequence[dict[str, Any]]) -> str:
    """What was told against what happened, in tenths."""
    left, top, side, gap, below = 44, 66, 164, 48, 62
    rows = (("nonresponder", "does not respond"), ("clear", "clear benefit"))
    paper = Paper(
        left + len(moments) * (side + gap),
        top + 2 * (side + below),
        "We said, and it happened",
        "Across what was said, up what happened. A dot is a group told about the same odds; dashed: as often as said.",
    )
    for column, name in enumerate(moments):
        start = left + column * (side + gap)
        for line, words in enumerate(_two_lines(name)):
            paper.text(start, 16 + 16 * line, words, bold=True)
        for row, (key, words) in enumerate(rows):
            base = top + row * (side + below) + side
            for tenth in (0, 5, 10):
                paper.line(start, base - side * tenth / 10, start + side, base - side * tenth / 10)
                paper.text(start - 6, base - side * tenth / 10 + 4, str(tenth), anchor="end", soft=True)
                paper.text(start + side * tenth / 10, base + 18, str(tenth), anchor="middle", soft=True)
            paper.line(start, base, start + side, base - side, AVERAGE, 1.5, "5 4")
            paper.text(start, base + 36, f"{words}, in 10", soft=True)
            for one in summaries[column][key]["bins"]:
                x, y, error = (
                    start + side * one["predicted"],
                    base - side * one["happened"],
                    2 * side * one["standard_error"],
                )
                paper.line(x, min(y + error, base), x, max(y - error, base - side), INK, 1.5)
                paper.dot(x, y, ACCENT, 3 + 4 * (one["n"] / summaries[column]["n"]) ** 0.5)
    return paper.svg()


def _legend(paper: Paper, x: float, y: float) -> None:
    for name, colour in MARKS.items():
        paper.dot(x, y - 4, colour)
        paper.text(x + 10, y, NAMES[name])
        x += 30 + 7.4 * len(NAMES[name])


def _two_lines(name: str) -> Iterable[str]:
    """A name broken where it is too long for one line."""
    words, lines = name.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 24:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
