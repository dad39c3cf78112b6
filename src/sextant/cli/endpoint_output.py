"""Endpoints and survival curves as commands print them, each row with its rule beside the figure."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sextant.outcomes import TimeToEvent

COLUMNS = ("patient", "endpoint", "value", "time", "event", "rule", "missing_is")
CURVE_COLUMNS = ("time", "at_risk", "events", "survival", "low", "high")
CONFIDENCE = 95
"""Per cent of a curve's interval where none is asked for."""

NAMED_CURVE_COLUMNS = (*CURVE_COLUMNS, "endpoint", "rule", "missing_is")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What is drawn, of whom, and by which rule.

    Parameters
    ----------
    schema : of the JSON object
    endpoint : its definition as JSON says it, with `endpoint`, `rule` and `missing_is`
    known : the times that are known; at least one
    left_out : patients without a time
    confidence : per cent of the interval
    """

    schema: str
    endpoint: dict[str, Any]
    known: Sequence[TimeToEvent]
    left_out: int
    confidence: int


def print_curve(curve: Curve, *, as_json: bool) -> None:
    """Kaplan-Meier over those whose time is known."""
    from sextant.outcomes.survival import kaplan_meier  # takes a second to load, and only a curve needs it

    steps = kaplan_meier(curve.known, confidence=curve.confidence)
    rows = [(one.time, one.at_risk, one.events, one.survival, one.low, one.high) for one in steps]
    if as_json:
        print_json(
            {
                "schema": curve.schema,
                "endpoint": curve.endpoint,
                "confidence": curve.confidence,
                "patients": len(curve.known),
                "left_out": curve.left_out,
                "rows": [dict(zip(CURVE_COLUMNS, row, strict=True)) for row in rows],
            }
        )
        return
    named = (curve.endpoint["endpoint"], curve.endpoint["rule"], curve.endpoint["missing_is"])
    print_csv(NAMED_CURVE_COLUMNS, ((*row, *named) for row in rows))


def print_csv(header: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Rows under their column names."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


def print_json(whole: object) -> None:
    """One object."""
    print(json.dumps(whole, indent=2))
