"""Pooling of study effects: equal effects and three estimators of random effects, each with its honest width.

Formulas as in Viechtbauer (2010, doi:10.18637/jss.v036.i03); held to R's metafor in the tests.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2
from scipy.stats import t as student

from sextant.evidence.effects import NORMAL_95, Effect, Interval95

FloatArray = NDArray[np.float64]

FEW_STUDIES = 3
"""Below it a Hartung-Knapp interval has one degree of freedom: it spans everything and says nothing."""


class Method(StrEnum):
    """How the variance between studies is found."""

    EQUAL_EFFECTS = "EE"
    DERSIMONIAN_LAIRD = "DL"
    PAULE_MANDEL = "PM"
    REML = "REML"


class Width(StrEnum):
    """How the width of the pooled effect is found."""

    WALD = "wald"
    HARTUNG_KNAPP = "hk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A pooled effect.

    `interval` and `prediction` are 95 %: for the mean effect, and for the effect in a new setting. They are None where
    they would not be honest: Hartung-Knapp with fewer than three studies; a prediction where no variance between
    studies is in the model. `wald` is the interval that takes the variance between studies as known; with few studies
    it is too narrow. `weights` are shares that sum to 1, in the order of the studies. `standard_error` is on the scale
    of the effects and `tau2` on its square; `i2_percent` is the share of the variance that lies between studies.
    """

    method: Method
    width: Width
    studies: tuple[str, ...]
    mean: float
    standard_error: float
    interval: Interval95 | None
    wald: Interval95
    prediction: Interval95 | None
    tau2: float
    i2_percent: float
    q: float
    q_p: float
    weights: tuple[float, ...]

    @property
    def k(self) -> int:
        """How many studies."""
        return len(self.studies)


def pool(effects: Sequence[Effect], method: Method = Method.REML, width: Width = Width.HARTUNG_KNAPP) -> Pooled:
    """The pooled effect of independent studies.

    Raises
    ------
    ValueError
        With fewer than two studies, or two effects of one study (they are not independent).
    """
    names = tuple(effect.study for effect in effects)
    if len(effects) < 2:
        raise ValueError(f"{len(effects)} effect cannot be pooled; at least two studies are needed.")
    if len(set(names)) < len(names):
        raise ValueError(f"Two effects of one study are not independent: {', '.join(sorted(names))}.")
    # In units of a typical variance, so that roots are found equally well on every scale.
    scale = sqrt(float(np.median([effect.variance for effect in effects])))
    y = np.array([effect.value for effect in effects]) / scale
    v = np.array([effect.variance for effect in effects]) / scale**2
    fixed = 1 / v
    freedom = len(y) - 1
    q = _q(y, v, 0.0)
    tau2 = _TAU2[method](y, v)
    w = 1 / (v + tau2)
    mean = float(w @ y / w.sum())
    wald_se = sqrt(1 / float(w.sum()))
    se, quantile = wald_se, NORMAL_95
    if width is Width.HARTUNG_KNAPP:
        se *= sqrt(_q(y, v, tau2) / freedom)
        quantile = float(student.ppf(0.975, freedom))
    useless = width is Width.HARTUNG_KNAPP and len(y) < FEW_STUDIES
    random = method is not Method.EQUAL_EFFECTS

    def around(half: float) -> Interval95:
        return scale * (mean - half), scale * (mean + half)

    return Pooled(
        method=method,
        width=width,
        studies=names,
        mean=scale * mean,
        standard_error=scale * se,
        interval=None if useless else around(quantile * se),
        wald=around(NORMAL_95 * wald_se),
        prediction=None if useless or not random else around(quantile * hypot(se, sqrt(tau2))),
        tau2=scale**2 * tau2,
        i2_percent=_i2_percent(tau2, fixed) if random else 100 * max(0.0, 1 - freedom / q) if q > 0 else 0.0,
        q=q,
        q_p=float(chi2.sf(q, freedom)),
        weights=tuple(float(share) for share in w / w.sum()),
    )


def leave_one_out(
    effects: Sequence[Effect], method: Method = Method.REML, width: Width = Width.HARTUNG_KNAPP
) -> dict[str, Pooled]:
    """The pooled effect without each study in turn, by the study left out; empty with fewer than three studies."""
    if len(effects) < FEW_STUDIES:
        return {}
    return {left.study: pool([one for one in effects if one is not left], method, width) for left in effects}


def _i2_percent(tau2: float, fixed: FloatArray) -> float:
    """Share of the variance that lies between studies, against that of a typical study (Higgins and Thompson)."""
    typical = (len(fixed) - 1) * fixed.sum() / (fixed.sum() ** 2 - (fixed**2).sum())
    return float(100 * tau2 / (tau2 + typical))


def _q(y: FloatArray, v: FloatArray, tau2: float) -> float:
    """Weighted squares of the effects about their mean."""
    w = 1 / (v + tau2)
    return float((w * (y - (w @ y) / w.sum()) ** 2).sum())


def _no_variance(y: FloatArray, v: FloatArray) -> float:  # noqa: ARG001 - the form that all estimators share
    return 0.0


def _dersimonian_laird(y: FloatArray, v: FloatArray) -> float:
    w = 1 / v
    return float(max(0.0, (_q(y, v, 0.0) - (len(y) - 1)) / (w.sum() - (w**2).sum() / w.sum())))


def _paule_mandel(y: FloatArray, v: FloatArray) -> float:
    """The variance at which Q equals its degrees of freedom; 0 where it is below them already."""

    def excess(tau2: float) -> float:
        return _q(y, v, tau2) - (len(y) - 1)

    return float(brentq(excess, 0.0, _beyond(y, v), xtol=1e-14, rtol=1e-12)) if excess(0.0) > 0 else 0.0


def _reml(y: FloatArray, v: FloatArray) -> float:
    """Restricted maximum likelihood: the best of 0 and all roots of the score.

    The likelihood can have two tops; a search that starts at one end alone may stop at the lower one.
    """

    def score(tau2: float) -> float:
        """Twice the derivative of the restricted log likelihood."""
        w = 1 / (v + tau2)
        mean = w @ y / w.sum()
        return float((w**2 * (y - mean) ** 2).sum() - w.sum() + (w**2).sum() / w.sum())

    def log_likelihood(tau2: float) -> float:
        w = 1 / (v + tau2)
        return float(0.5 * (np.log(w).sum() - np.log(w.sum()) - _q(y, v, tau2)))

    grid = np.concatenate([[0.0], np.geomspace(1e-6, _beyond(y, v), 200)])
    scores = [score(tau2) for tau2 in grid]
    tops = [0.0]
    for i in range(len(grid) - 1):
        if scores[i] > 0 >= scores[i + 1]:
            tops.append(float(brentq(score, grid[i], grid[i + 1], xtol=1e-14, rtol=1e-12)))
    return max(tops, key=log_likelihood)


def _beyond(y: FloatArray, v: FloatArray) -> float:
    """A variance above every root: there Q is below a half, and the restricted score below 0."""
    return float(v.max() + 2 * ((y - y.mean()) ** 2).sum() + 1.0)


_TAU2: dict[Method, Callable[[FloatArray, FloatArray], float]] = {
    Method.EQUAL_EFFECTS: _no_variance,
    Method.DERSIMONIAN_LAIRD: _dersimonian_laird,
    Method.PAULE_MANDEL: _paule_mandel,
    Method.REML: _reml,
}
