"""The way to the setting of highest posterior density, one question at a time.

Whoever searches asks every cohort the same question, 'what do you say at this shift?', and adds up the answers. So the
search runs as well over one cohort as over clinics that send each other nothing but sums.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sextant.response.refit.cohort import Contribution
from sextant.response.report import FloatArray

DONE = 1e-3  # a step that promises no more than this is not taken
_ENOUGH = 1e-4  # of what was promised, for a step to stand
_FURTHEST = 3.0  # SDs of the prior that one step may go in any number: beyond, its quadratic says nothing
_SHORTEST = 1e-6  # part of a step below which no better place can be told apart
_BENT = 0.2  # part of the expected curvature that must be seen along a step for the seen one to be learnt


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is being tried: where it began, how the density stood and rose there, and what the whole promised."""

    start: FloatArray
    log_density: float
    gradient: FloatArray
    whole: FloatArray
    promised: float
    length: float


@dataclass(frozen=True, slots=True)
class Question:
    """The shift, (n_fitted,), that all cohorts are asked about next, and the step that leads there (None at first)."""

    shift: FloatArray
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Maximum:
    """The shift of highest posterior density, (n_fitted,), and the curvature there, (n_fitted, n_fitted)."""

    shift: FloatArray
    curvature: FloatArray

    @property
    def covariance(self) -> FloatArray:
        """The spread that the curvature stands for."""
        return np.asarray(np.linalg.inv(self.curvature))


def after(asked: Question, told: Contribution, *, done: float = DONE) -> Question | Maximum:
    """The next question, given what all cohorts together said, or the maximum when no step promises more than `done`.

    Notes
    -----
    Newton steps with the outer-product curvature and that of the prior (a unit normal), halved until the density rises
    by at least 1e-4 of what was predicted. Outer products understate the curvature where floors and outliers are read
    with doubt, and steps then overshoot again and again; so the curvature is made to agree with what the last step saw
    (one update of Broyden, Fletcher, Goldfarb and Shanno).
    """
    here, tried = asked.shift, asked.step
    log_density = told.log_evidence - 0.5 * float(here @ here)
    curvature = told.curvature + np.eye(len(here))
    if tried is not None and not log_density - tried.log_density >= _ENOUGH * tried.length * tried.promised:
        length = tried.length / 2
        if length < _SHORTEST:
            return Maximum(here, curvature)
        shorter = replace(tried, length=length)
        return Question(tried.start + length * tried.whole, shorter)
    gradient = told.gradient - here
    learnt = curvature if tried is None else _agreeing(curvature, here - tried.start, tried.gradient - gradient)
    whole = np.asarray(np.linalg.solve(learnt, gradient), dtype=float)
    promised = float(gradient @ whole)
    if not np.isfinite(promised):
        raise ArithmeticError("The evidence of a cohort is not a number at a shift of the population.")
    if promised < done:
        return Maximum(here, curvature)
    part = min(1.0, _FURTHEST / float(np.abs(whole).max()))
    return Question(here + part * whole, Step(here, log_density, gradient, part * whole, part * promised, 1.0))


def _agreeing(curvature: FloatArray, step: FloatArray, fall: FloatArray) -> FloatArray:
    """The curvature, changed so that along this step the gradient falls as it was seen to."""
    expected = curvature @ step
    seen = float(fall @ step)
    if seen <= _BENT * float(step @ expected):
        return curvature
    return np.asarray(curvature - np.outer(expected, expected) / (step @ expected) + np.outer(fall, fall) / seen)


def maximum(contribute: Callable[[FloatArray], Contribution], start: FloatArray, *, done: float = DONE) -> Maximum:
    """The maximum, from `start` on; `contribute` gives what all cohorts together say at a shift."""
    asked = Question(start)
    while True:
        found = after(asked, contribute(asked.shift), done=done)
        if isinstance(found, Maximum):
            return found
        asked = found
