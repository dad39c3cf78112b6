"""The marks that every chart is made of. Each is an element with a class; colour and stroke live in chart.css."""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Point = tuple[float, float]


def together(marks: Iterable[SafeString]) -> SafeString:
    """Marks one after the other, in paint order."""
    return format_html_join("\n", "{}", ((mark,) for mark in marks))


def text(x: float, y: float, words: str, classes: str = "") -> SafeString:
    """A label; `mid` and `end` among the classes anchor it."""
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', classes, _px(x), _px(y), words)


def level(x1: float, x2: float, y: float, classes: str) -> SafeString:
    """A level line from x1 to x2."""
    return format_html('<path class="{}" d="M{},{}H{}"/>', classes, _px(x1), _px(y), _px(x2))


def upright(x: float, y1: float, y2: float, classes: str) -> SafeString:
    """An upright line from y1 to y2."""
    return format_html('<path class="{}" d="M{},{}V{}"/>', classes, _px(x), _px(y1), _px(y2))


def box(x: float, y: float, width: float, height: float, classes: str) -> SafeString:
    """A rectangle."""
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', classes, _px(x), _px(y), _px(width), _px(height)
    )


def line(points: Sequence[Point], classes: str) -> SafeString:
    """A line through points."""
    return format_html('<path class="{}" d="M{}"/>', classes, _pairs(points))


def band(upper: Sequence[Point], lower: Sequence[Point], classes: str) -> SafeString:
    """The area between two lines that share their x."""
    return format_html('<path class="{}" d="M{} L{}Z"/>', classes, _pairs(upper), _pairs(lower[::-1]))


def dot(x: float, y: float, classes: str = "dot") -> SafeString:
    """Something observed."""
    return format_html('<circle class="{}" cx="{}" cy="{}" r="4.5"/>', classes, _px(x), _px(y))


def triangle(x: float, y: float, classes: str) -> SafeString:
    """An infusion, tip upward at (x, y)."""
    return format_html('<path class="{}" d="M{},{}l6,11h-12z"/>', classes, _px(x), _px(y))


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _pairs(points: Iterable[Point]) -> str:
    return " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
