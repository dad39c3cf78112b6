"""Patients followed week by week, in NumPy."""

import numpy as np

from sextant.use.belief import Belief, Lines
from sextant.use.calendar import CALENDAR_WEEKS, calendar, design
from sextant.use.coding import SideBySide, arm_log_weights
from sextant.use.history import FloatArray, History, IntArray, of_the_missed, of_the_test
from sextant.use.population import Population

_TENTH = 1.2815515655446004  # standard normal quantile of 0.9


class Follower:
    """Some patients at once, week by week from week 1: what is known of them, in a state of constant size.

    A patient whose arm is not known is followed under every arm; each arm's word counts by how well it foretold the
    patient so far.
    """

    def __init__(self, patients: SideBySide, population: Population) -> None:
        """Before the first week that anybody has on record, with what the weeks before week 1 told."""
        baseline = patients.before.start
        self._population = population
        self._history = History(patients.before, population.start_terms, patients.passed)
        lines = Lines.of(population.values)
        plan = calendar(population.values, design(population.plans, CALENDAR_WEEKS), population.baseline_share)
        self._log_weight = arm_log_weights(patients.arm, patients.before, population)
        self._rows = [np.flatnonzero(np.isfinite(row)) for row in self._log_weight]
        self._beliefs = [
            Belief(lines, plan, arm, baseline[rows], patients.passed) for arm, rows in enumerate(self._rows)
        ]
        self._shift, self._shift_sd = patients.shift(0)

    def look(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Of the coming week: p_use, its low and high, p_use_or_missing; each with one number a patient."""
        values = self._population.values
        terms = self._history.terms()
        test = values["test_terms"] @ of_the_test(terms) + self._shift
        missed = values["missed_terms"] @ of_the_missed(terms)
        n = len(test)
        weight = np.exp(self._log_weight - self._log_weight.max(axis=0))
        weight /= weight.sum(axis=0)
        negative, positive = np.zeros(n), np.zeros(n)
        seen, first, second = np.zeros(n), np.zeros(n), np.zeros(n)
        for rows, belief, of_arm in zip(self._rows, self._beliefs, weight, strict=True):
            if not len(rows):
                continue
            one = belief.look(test[rows], missed[rows], self._shift_sd[rows])
            negative[rows] += of_arm[rows] * one.negative
            positive[rows] += of_arm[rows] * one.positive
            tested = of_arm[rows] * (one.negative + one.positive)
            seen[rows] += tested
            first[rows] += tested * one.log_odds_mean
            second[rows] += tested * (one.log_odds_sd**2 + one.log_odds_mean**2)
        p_use = positive / (positive + negative)
        mean = first / seen
        spread = np.maximum(second / seen - mean**2, 0.0) + self._population.parameter_sd**2 + self._shift_sd**2
        half = _TENTH * np.sqrt(spread)
        low, high = (1 / (1 + np.exp(-(mean + side * half))) for side in (-1, 1))
        return p_use, np.minimum(low, p_use), np.maximum(high, p_use), 1 - negative

    def take(self, result: IntArray, told: IntArray) -> None:
        """The week as it was; `look` comes first."""
        for arm, (rows, belief) in enumerate(zip(self._rows, self._beliefs, strict=True)):
            if len(rows):
                self._log_weight[arm, rows] += belief.take(result[rows], told[rows])
        self._history.take(result, told)

    def covariates(self, shift: FloatArray, shift_sd: FloatArray) -> None:
        """What else is known at the end of the week: a shift of the next test's log odds, and its doubt."""
        self._shift, self._shift_sd = shift, shift_sd
