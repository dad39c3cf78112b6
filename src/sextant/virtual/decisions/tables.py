"""The figures of tried rules as Markdown tables, which also read well in a terminal."""

from collections.abc import Iterator, Sequence
from typing import Any

from sextant.virtual.decisions.tried import MEANING

Figures = dict[str, Any]
_NOTHING = "not reached"


def series_table(told: Figures) -> str:
    """Every rule for a series, setting by setting."""
    rows = [
        (
            rule,
            f"{one['number']:g}",
            _mean(one["infusions"]),
            _mean(one["infusions_of_nonresponders"]),
            _mean(one["clear_days"], 1),
            _percent(one["late_given_up"]),
        )
        for rule, one in _named_once(told["series"])
    ]
    head = ("rule", "its number", "infusions", "of non-responders", "clear days", "late responders given up")
    return _table(head, rows)


def maintenance_table(told: Figures, key: str = "maintenance") -> str:
    """Every rule for maintenance, setting by setting."""
    rows = [
        (one["rule"], f"{one['number']:g}", _mean(one["infusions"], 1), _mean(one["clear_days"], 1))
        for one in told[key]
    ]
    return _table(("rule", "its number", "infusions", "clear days"), rows)


def meanings(told: Figures, key: str) -> str:
    """What each rule does and what its number is, as a list."""
    rules = dict.fromkeys(one["rule"] for one in told[key])
    return "\n".join(f"- *{rule}*: {MEANING[rule]}" for rule in rules)


def comparison_table(told: Figures, key: str) -> str:
    """Sextant's rules against the others and against one who knows the truth; `key` is series or maintenance."""
    rows = [
        (
            f"{one['rule']} ({one['number']:g})",
            one["other"],
            _mean(one["more_clear_days_at_equal_infusions"], 1, sign="+"),
            _mean(one["fewer_infusions_at_equal_clear_days"], sign="+"),
            _percent(gap["closed"]),
        )
        for one, gap in zip(told["comparisons"][key], told["gaps"][key], strict=True)
    ]
    head = ("rule", "against", "more clear days", "fewer infusions", "way to the truth")
    return _table(head, rows)


def _named_once(rows: Sequence[Figures]) -> Iterator[tuple[str, Figures]]:
    """Each row, with the name of its rule where that is another than in the row above."""
    last = ""
    for one in rows:
        yield "" if one["rule"] == last else one["rule"], one
        last = one["rule"]


def _mean(estimate: dict[str, float] | None, digits: int = 2, sign: str = "") -> str:
    if estimate is None:
        return _NOTHING
    return f"{estimate['mean']:{sign}.{digits}f} ({estimate['standard_error']:.{digits}f})"


def _percent(estimate: dict[str, float] | None) -> str:
    if estimate is None:
        return _NOTHING
    return f"{100 * estimate['mean']:.0f} % ({100 * estimate['standard_error']:.0f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )
