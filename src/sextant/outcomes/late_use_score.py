"""A score out of 120 that a week of use lowers the more, the later it comes, and a missing week by a fixed amount."""

from collections.abc import Sequence

from sextant.outcomes.word import MISSING, MIXED, POSITIVE, Word, weeks

_WEEKS = 15
_BEST = 120.0
_LEAST_WEEKS_IN_CARE = 4
_STEPS = (1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5)


def score_missing_costs_little(word: Word) -> float | None:
    """Use costs the week's penalty, mixed half of it, a missing week 0.22. Penalties rise from 1 to 5 in five steps.

    0 for a patient seen last in week 3 or before; else None for a word of under 15 weeks, of which the rule is silent.
    """
    if word.last_seen_week < _LEAST_WEEKS_IN_CARE:
        return 0.0
    if len(word.symbols) < _WEEKS:
        return None
    return _score(weeks(word.symbols, 1, _WEEKS), _STEPS, use_costs=1.0, missing_costs=0.22)


def score_missing_costs_one(word: Word) -> float:
    """Use costs 0.8 of the week's penalty, mixed 0.4 of it, a missing week 1. Penalties rise evenly from 1 to 5.

    0 for a patient seen last in week 3 or before.
    """
    if word.last_seen_week < _LEAST_WEEKS_IN_CARE:
        return 0.0
    scored = weeks(word.symbols, 1, _WEEKS)
    last = len(scored) - 1
    return _score(scored, [1 + 4 * week / last for week in range(len(scored))], use_costs=0.8, missing_costs=1.0)


def _score(symbols: str, penalties: Sequence[float], *, use_costs: float, missing_costs: float) -> float:
    lost = worst = 0.0
    share_lost = {POSITIVE: use_costs, MIXED: 0.5 * use_costs}
    for symbol, penalty in zip(symbols, penalties, strict=True):
        lost += missing_costs if symbol == MISSING else share_lost.get(symbol, 0.0) * penalty
        worst += max(use_costs * penalty, missing_costs)
    return _BEST - _BEST * lost / worst
