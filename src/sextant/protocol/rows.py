"""What became of each row of the protocol tables that this protocol was drawn from: `rows.csv`, read and checked.

A row of the tables is one thing that one source prints: of screening (keys S), of the day of an infusion (D), of the
course (C), or a point of regulation. Each is a rule, a limit, shown, kept for a part to come, or no rule, with why.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from io import StringIO

from sextant.evidence import UnknownSourceError, source
from sextant.protocol.limits import default_limits
from sextant.protocol.screen import RULES

COLUMNS = ["row", "became", "name", "why"]
_EXAMPLE = 'S001,rule,GATE-010,"Above 60 the prescriber is warned."'


class RowsError(ValueError):
    """A line of `rows.csv` that cannot be taken: the message names it and what to write."""


class Became(StrEnum):
    """What became of a row."""

    RULE = "rule"
    LIMIT = "limit"
    SHOWN = "shown"
    KEPT_FOR = "kept_for"
    NOT_A_RULE = "not_a_rule"


SHOWN_IN = frozenset({"evidence", "next step", "forecast"})
"""Where a row may be shown that is no rule and no limit: the page Evidence, the explanation of a step, the forecast."""

PARTS_TO_COME = frozenset(
    {"gates", "infusion day", "outcomes", "consent and letters", "instruments", "plan", "pharmacology"}
)
"""What a row may be kept for; 'gates' says that a gate of its own is still missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that became of one row; a row may have become several.

    Parameters
    ----------
    row : key of evidence/sources.csv
    name : code of the rule, name of the limit or switch, where it is shown, the part to come; empty for no rule
    why : what the row gives there, or why it gives nothing, in one sentence
    """

    row: str
    became: Became
    name: str
    why: str


@cache
def rows() -> tuple[Row, ...]:
    """Every line of the table that ships, in its order."""
    return read_rows(files("sextant.protocol").joinpath("rows.csv").read_text(encoding="utf-8"))


def read_rows(text: str) -> tuple[Row, ...]:
    """The lines of such a table.

    Raises
    ------
    RowsError
        If a line lacks a part, stands twice, or names a source, rule, limit or part that there is not.
    """
    lines = csv.reader(StringIO(text))
    if next(lines, None) != COLUMNS:
        raise RowsError(f"The table begins with the line {','.join(COLUMNS)}.")
    known = {
        Became.RULE: frozenset(rule.code for rule in RULES),
        Became.LIMIT: frozenset([*default_limits().by_name, *default_limits().switches]),
        Became.SHOWN: SHOWN_IN,
        Became.KEPT_FOR: PARTS_TO_COME,
        Became.NOT_A_RULE: frozenset({""}),
    }
    found: dict[tuple[str, Became, str], Row] = {}
    for parts in lines:
        row = _row(parts, known, f"Line {lines.line_num}")
        if (row.row, row.became, row.name) in found:
            raise RowsError(f"Line {lines.line_num}: {row.row} as {row.became} {row.name!r} stands there twice.")
        found[row.row, row.became, row.name] = row
    return tuple(found.values())


def _row(parts: list[str], known: dict[Became, frozenset[str]], where: str) -> Row:
    if len(parts) != len(COLUMNS):
        raise RowsError(f"{where}: {len(parts)} parts in place of {len(COLUMNS)}. Example: {_EXAMPLE}")
    key, became, name, why = parts
    try:
        source(key)
    except UnknownSourceError as error:
        raise RowsError(f"{where}: {error}") from None
    if became not in [*Became]:
        raise RowsError(f"{where}: {became!r} is none of {', '.join(Became)}. Example: {_EXAMPLE}")
    if name not in known[Became(became)]:
        allowed = ", ".join(sorted(known[Became(became)])) or "nothing"
        raise RowsError(f"{where}: there is no {became} called {name!r}. Known: {allowed}.")
    if not why.strip().endswith("."):
        raise RowsError(f"{where}: {key} as {became} says {why!r}, which is no sentence. Example: {_EXAMPLE}")
    return Row(row=key, became=Became(became), name=name, why=why)
