"""What the pages that benchmarks write have in common: paragraphs, figures as text that can be compared, and drawings.

Drawings are SVG with colours of their own, so that they stand alone.
"""

import json
import re
import textwrap
from html import escape
from typing import Any

PAPER, INK, SOFT, RULE, WASH, ACCENT, AVERAGE = (
    "#fffdf9",
    "#1c222a",
    "#585e67",
    "#dcd7ca",
    "#e4eaf5",
    "#2a4596",
    "#6a655b",
)


def said(*parts: str, hang: int = 0) -> str:
    """Sentences as one paragraph, broken into lines."""
    words = " ".join(part for part in parts if part)
    return textwrap.fill(words, 118, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False)


def rounded(value: Any, digits: int = 5) -> Any:
    """Every number to so many significant digits, so that the last digits of a processor do not show."""
    if isinstance(value, dict):
        return {key: rounded(one, digits) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(one, digits) for one in value]
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def figures_text(told: Any) -> str:
    """JSON with each list of numbers on one line, so that a change of figures can be read."""
    text = json.dumps(told, indent=1, ensure_ascii=False)
    return re.sub(r"\[[^][{}]*\]", lambda numbers: " ".join(numbers[0].split()), text) + "\n"


class Paper:
    """Marks on a sheet, from the back to the front."""

    def __init__(self, width: int, height: int, title: str, told: str) -> None:
        self.head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}">\n'
            f"<title>{escape(title)}</title>\n<desc>{escape(told)}</desc>"
        )
        self.marks = [f'<rect width="{width}" height="{height}" fill="{PAPER}"/>']

    def text(
        self, x: float, y: float, words: str, *, anchor: str = "start", bold: bool = False, soft: bool = False
    ) -> None:
        weight, fill = ' font-weight="600"' if bold else "", f' fill="{SOFT}"' if soft else ""
        self.marks.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}{fill}>{escape(words)}</text>')

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str = RULE, width: float = 1, dash: str = ""
    ) -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        drawn = f'stroke="{colour}" stroke-width="{width:g}"{dashed} fill="none"'
        self.marks.append(f'<path d="M{x1:.1f},{y1:.1f}L{x2:.1f},{y2:.1f}" {drawn}/>')

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.marks.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>')

    def dot(self, x: float, y: float, colour: str, radius: float = 4) -> None:
        self.marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}"/>')

    def svg(self) -> str:
        return "\n".join([self.head, *self.marks, "</svg>", ""])
