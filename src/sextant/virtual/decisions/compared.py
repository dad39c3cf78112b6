"""What came of trying the rules, as plain values that a file can hold: every rule, and rules against each other."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sextant.response.report import BoolArray, FloatArray
from sextant.virtual.decisions import tried as rules
from sextant.virtual.decisions.outcome import Curve, Estimate, Outcome, gap_closed
from sextant.virtual.decisions.tried import Tried

SCHEMA = "virtual-clinic/1"

# The setting of each rule that is held against the others: where it gives enough infusions for all of them to compare.
OURS_IN_SERIES = ((rules.ODDS, 0.1), (rules.LOOK_AHEAD, 2.0))
OTHERS_IN_SERIES = (rules.SAME_NUMBER, rules.NO_FALL, rules.ONE_MORE)
OURS_IN_MAINTENANCE = ((rules.BEST, 5.5), (rules.PLAN, 7.0))
OTHERS_IN_MAINTENANCE = (rules.SPACED, rules.CRAVING, rules.FADED, rules.PAYS)


def figures(tried: Tried) -> dict[str, Any]:
    """All figures of one run; every mean with its standard error, None where nothing comparable was tried."""
    series, maintenance = tried.series, tried.maintenance
    return {
        "schema": SCHEMA,
        "seed": tried.seed,
        "population_known": tried.known,
        "people": len(tried.responds),
        "responders": float(tried.responds.mean()),
        "late_responders": float(tried.late.mean()),
        "series": _rules(series, _more_of_series(tried)),
        "maintained": _people(maintenance),
        "maintenance": _rules(maintenance),
        "other_scores_people": _people(tried.other_scores),
        "other_scores": _rules(tried.other_scores),
        "comparisons": {
            "series": _comparisons(series, OURS_IN_SERIES, OTHERS_IN_SERIES),
            "maintenance": _comparisons(maintenance, OURS_IN_MAINTENANCE, OTHERS_IN_MAINTENANCE),
        },
        "gaps": {
            "series": _gaps(series, OURS_IN_SERIES, OTHERS_IN_SERIES, rules.KNOWS_FROM_THREE),
            "maintenance": _gaps(maintenance, OURS_IN_MAINTENANCE, OTHERS_IN_MAINTENANCE, rules.KNOWS),
        },
    }


def _people(curves: Mapping[str, Curve]) -> int:
    return next((len(curve.outcomes[0].infusions) for curve in curves.values()), 0)


_More = Mapping[str, BoolArray]


def _more_of_series(tried: Tried) -> _More:
    return {"nonresponders": ~tried.responds, "late": tried.late}


def _rules(curves: Mapping[str, Curve], groups: _More | None = None) -> list[dict[str, Any]]:
    told = []
    for curve in curves.values():
        for number, outcome in zip(curve.numbers, curve.outcomes, strict=True):
            one = {
                "rule": curve.rule,
                "number": number,
                "infusions": _estimate(outcome.infusions),
                "clear_days": _estimate(outcome.clear_days),
            }
            if groups is not None:
                one["infusions_of_nonresponders"] = _estimate(outcome.infusions[groups["nonresponders"]])
                one["late_given_up"] = _estimate(outcome.given_up[groups["late"]].astype(float))
            told.append(one)
    return told


def _comparisons(
    curves: Mapping[str, Curve], ours: tuple[tuple[str, float], ...], others: tuple[str, ...]
) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    if not curves:
        return told
    for rule, number in ours:
        outcome = _at(curves[rule], number)
        for other in others:
            days = curves[other].clear_days_at(outcome.infusions)
            infusions = curves[other].infusions_at(outcome.clear_days)
            told.append(
                {
                    "rule": rule,
                    "number": number,
                    "other": other,
                    "more_clear_days_at_equal_infusions": None
                    if days is None
                    else _estimate(outcome.clear_days - days),
                    "fewer_infusions_at_equal_clear_days": (
                        None if infusions is None else _estimate(infusions - outcome.infusions)
                    ),
                }
            )
    return told


def _gaps(
    curves: Mapping[str, Curve], ours: tuple[tuple[str, float], ...], others: tuple[str, ...], knows: str
) -> list[dict[str, Any]]:
    """How much of the way from another rule to the one that knows the truth, at equal infusions."""
    told: list[dict[str, Any]] = []
    if not curves:
        return told
    for rule, number in ours:
        outcome = _at(curves[rule], number)
        best = curves[knows].clear_days_at(outcome.infusions)
        for other in others:
            days = curves[other].clear_days_at(outcome.infusions)
            closed = None if days is None or best is None else gap_closed(outcome.clear_days, days, best)
            told.append(
                {"rule": rule, "number": number, "other": other, "closed": None if closed is None else _told(closed)}
            )
    return told


def _at(curve: Curve, number: float) -> Outcome:
    return curve.outcomes[curve.numbers.index(number)]


def _estimate(each: FloatArray) -> dict[str, float] | None:
    return _told(Estimate.of(np.asarray(each, dtype=float))) if len(each) > 1 else None


def _told(estimate: Estimate) -> dict[str, float]:
    return {"mean": estimate.value, "standard_error": estimate.error}
