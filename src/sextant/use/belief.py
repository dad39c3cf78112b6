"""What is believed of some patients of one arm, moved week by week: exact, and of constant size and cost.

A belief is a weight for each hidden state and each node of the two constants of a patient: how prone to use, how prone
to miss. Its axes are (states, use nodes, miss nodes, patients).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sextant.use.calendar import Calendar
from sextant.use.history import FloatArray, IntArray
from sextant.use.population import DOUBT_NODES, DOUBT_WEIGHTS, NODE_WEIGHTS, NODES
from sextant.use.weeks import MISSING, NEGATIVE, NONE_DUE, TOLD_NOTHING

FURTHEST = 30.0
"""Log odds beyond which a chance is 0 or 1 to the last digit that matters."""

CONSTANTS = NODE_WEIGHTS[:, None] * NODE_WEIGHTS
"""Weights of the nodes of the two constants, before anything is known of a patient."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The population's lines at each state and node, worked out once.

    `odds_use` (states, nodes) and `odds_missed` (states, nodes, nodes) are odds before the terms of the week;
    `told[y, code, state]` is the chance of what was told, given whether the test was positive.
    """

    odds_use: FloatArray
    odds_missed: FloatArray
    told: FloatArray

    @classmethod
    def of(cls, values: Mapping[str, FloatArray]) -> "Lines":
        """From the fitted values."""
        use, missed = np.exp(values["ln_sd_use"]) * NODES, np.exp(values["ln_sd_missed"]) * NODES
        level = values["missed_level"][:, None, None] + (values["missed_with_use"] * use)[:, None] + missed
        return cls(_odds(values["test_level"][:, None] + use), _odds(level), told_chances(values))


def told_chances(values: Mapping[str, FloatArray]) -> FloatArray:
    """Chance of nothing told (always 1: it says nothing), no day, one day, more; shape (2, 4, states)."""
    positive = np.array([[0.0], [1.0]])
    any_day = 1 / (1 + _odds(-(values["told_any"] + values["told_any_if_positive"] * positive)))
    more = 1 / (1 + _odds(-(values["told_more"] + values["told_more_if_positive"] * positive)))
    return np.stack([np.ones_like(any_day), 1 - any_day, any_day * (1 - more), any_day * more], axis=1)


@dataclass(frozen=True, slots=True)
class Chances:
    """What the coming week may bring, one number a patient.

    `negative`, `positive` and `missed` sum to 1. `log_odds_mean` and `log_odds_sd` are of the patient's own chance of a
    positive result if tested, over what is not known of the patient: last week's state and the two constants.
    """

    negative: FloatArray
    positive: FloatArray
    missed: FloatArray
    log_odds_mean: FloatArray
    log_odds_sd: FloatArray


class Belief:
    """Some patients of one arm, moved week by week."""

    def __init__(self, lines: Lines, calendar: Calendar, arm: int, baseline: IntArray, passed: int = 0) -> None:
        """Before the first week on record; `baseline` is the code of each patient's urine of week 0."""
        self._lines, self._calendar, self._arm = lines, calendar, arm
        start = calendar.start_after(passed)[arm][baseline].T
        self._weights: FloatArray = start[:, None, None] * CONSTANTS[..., None]
        self._parts: tuple[FloatArray, FloatArray, FloatArray] | None = None
        self._week = passed

    def look(self, test_terms: FloatArray, missed_terms: FloatArray, doubt_sd: FloatArray) -> Chances:
        """The coming week before it is known, from the sums of the terms of both lines and the SD of what covariates
        add, each of shape (patients,).

        The chances are means over that doubt. The log odds are those without it.
        """
        calendar, week = self._calendar, self._week
        k = min(week, calendar.test.shape[1] - 1)  # a plan goes on as in its last week laid out
        use = self._lines.odds_use[..., None] * _odds(test_terms + calendar.test[self._arm, k])
        missed = self._lines.odds_missed[..., None] * _odds(missed_terms + calendar.missed[self._arm, k])
        p_not_used = (1 / (1 + use))[:, :, None]
        p_seen = 1 / (1 + missed)
        p_negative = p_seen * p_not_used
        p_positive = p_negative * use[:, :, None]
        before = self._weights
        if week == 0:
            now, negative, positive = before, p_negative, p_positive
        else:
            moves = calendar.moves[self._arm, min(week, calendar.moves.shape[1]) - 1]
            now = mixed(moves.T, before)
            negative, positive = mixed(moves, p_negative), mixed(moves, p_positive)
        mean, sd = _log_odds(before, negative, positive)
        doubtful = np.flatnonzero(doubt_sd > 0)
        if len(doubtful):
            seen = p_seen[..., doubtful]
            without, with_use = _over_the_doubt(use[..., doubtful], doubt_sd[doubtful])
            p_negative[..., doubtful] = seen * without[:, :, None]
            p_positive[..., doubtful] = seen * with_use[:, :, None]
        missed *= p_seen
        # In place, and only now: in week 1 these are also what the log odds are of.
        missed *= now
        p_negative *= now
        p_positive *= now
        self._parts = (p_negative, p_positive, missed)
        sums = [part.sum(axis=(0, 1, 2)) for part in self._parts]
        return Chances(sums[0], sums[1], sums[2], mean, sd)

    def take(self, result: IntArray, told: IntArray) -> FloatArray:
        """The week as it was, as codes of `Week`; `look` comes first. Returns how likely it was, as log chance."""
        if self._parts is None:
            raise RuntimeError("A week is looked at before it is taken: call look first.")
        negative, positive, missed = self._parts
        none_due = (negative + positive + missed) if np.any(result == NONE_DUE) else None
        after = np.where(result == NEGATIVE, negative, np.where(result == MISSING, missed, positive))
        if none_due is not None:
            after = np.where(result == NONE_DUE, none_due, after)
        if np.any(told != TOLD_NOTHING):
            is_positive = (result != NEGATIVE).astype(np.int64)
            after *= self._lines.told[is_positive, told].T[:, None, None]
        chance = after.sum(axis=(0, 1, 2))
        after /= chance
        self._weights = after
        self._parts = None
        self._week += 1
        return np.asarray(np.log(chance))


def _odds(log_odds: FloatArray) -> FloatArray:
    return np.asarray(np.exp(np.clip(log_odds, -FURTHEST, FURTHEST)))


def _over_the_doubt(odds: FloatArray, sd: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The mean chance of a negative and of a positive test, the log odds being normal; odds (..., patients)."""
    without, with_use = np.zeros((2, *odds.shape))
    for node, weight in zip(DOUBT_NODES, DOUBT_WEIGHTS, strict=True):
        here = odds * _odds(node * sd)
        chance = weight / (1 + here)
        without += chance
        with_use += chance * here
    return without, with_use


def mixed(moves: FloatArray, weights: FloatArray) -> FloatArray:
    """The states mixed: the sum over r of moves[s, r] weights[r, ...]."""
    return np.asarray((moves @ weights.reshape(len(moves), -1)).reshape(weights.shape))


def _log_odds(weights: FloatArray, negative: FloatArray, positive: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and SD of the log odds of a positive test, over what the patient may be, weighed by how likely a test is."""
    log_odds = np.log(positive / negative)
    weights = weights * (negative + positive)
    total = weights.sum(axis=(0, 1, 2))
    mean = np.einsum("sghn,sghn->n", weights, log_odds) / total
    log_odds *= log_odds
    square = np.einsum("sghn,sghn->n", weights, log_odds) / total
    return mean, np.sqrt(np.maximum(square - mean**2, 0.0))
