"""One study's effect with its variance, on a scale on which effects add up.

Formulas as in Viechtbauer (2010, doi:10.18637/jss.v036.i03), which describes R's metafor.
"""

from dataclasses import dataclass
from math import exp, isfinite, lgamma, log, sqrt

from scipy.stats import norm

Interval95 = tuple[float, float]

NORMAL_95 = float(norm.ppf(0.975))

ZERO_CELL = 0.5
"""Added to every cell of a two-by-two table with an empty one, and to no other table."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One study's effect: log odds ratio, log hazard ratio, mean difference, or standardised mean difference."""

    study: str
    value: float
    variance: float

    def __post_init__(self) -> None:
        if not (isfinite(self.value) and isfinite(self.variance)) or self.variance <= 0:
            raise ValueError(f"{self.study}: effect {self.value:g} with variance {self.variance:g} cannot be pooled.")

    @property
    def interval(self) -> Interval95:
        """The study's own 95 % interval (normal)."""
        half = NORMAL_95 * sqrt(self.variance)
        return self.value - half, self.value + half

    def turned(self) -> "Effect":
        """The same effect with the other direction called good."""
        return Effect(self.study, -self.value, self.variance)


def log_odds_ratio(study: str, events: int, n: int, control_events: int, control_n: int) -> Effect:
    """Log odds ratio of a two-by-two table; half a case is added to every cell where one is empty.

    Raises
    ------
    ValueError
        If events exceed n, or both arms have the same outcome in everybody: such a table says nothing of the ratio.
    """
    cells = [float(events), float(n - events), float(control_events), float(control_n - control_events)]
    if min(cells) < 0:
        raise ValueError(f"{study}: {events} of {n} and {control_events} of {control_n} cannot be.")
    if cells[0] + cells[2] == 0 or cells[1] + cells[3] == 0:
        raise ValueError(f"{study}: everybody in both arms has the same outcome, which says nothing of an odds ratio.")
    if min(cells) == 0:
        cells = [cell + ZERO_CELL for cell in cells]
    a, b, c, d = cells
    return Effect(study, log(a * d / (b * c)), sum(1 / cell for cell in cells))


def log_ratio(study: str, ratio: float, low: float, high: float) -> Effect:
    """Log of a published odds or hazard ratio with its 95 % interval.

    Raises
    ------
    ValueError
        If one of the three is not above 0.
    """
    if min(ratio, low, high) <= 0:
        raise ValueError(f"{study}: a ratio of {ratio:g} ({low:g} to {high:g}) is not above 0.")
    return published(study, log(ratio), log(low), log(high))


def published(study: str, value: float, low: float, high: float) -> Effect:
    """An effect on an additive scale whose 95 % interval was published."""
    if not low <= value <= high:
        raise ValueError(f"{study}: the interval {low:g} to {high:g} does not lie around {value:g}.")
    return Effect(study, value, ((high - low) / (2 * NORMAL_95)) ** 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Mean, standard deviation and size of one arm."""

    mean: float
    sd: float
    n: int

    def __post_init__(self) -> None:
        if self.sd <= 0 or self.n < 2:
            raise ValueError(f"an arm of {self.n} with standard deviation {self.sd:g} has no variance of its mean.")


def mean_difference(study: str, arm: Arm, control: Arm) -> Effect:
    """Difference of two means, each arm with its own variance."""
    return Effect(study, arm.mean - control.mean, arm.sd**2 / arm.n + control.sd**2 / control.n)


def standardised_mean_difference(study: str, arm: Arm, control: Arm) -> Effect:
    """Difference of two means in pooled standard deviations, free of small-sample bias (Hedges' g).

    The correction is the exact one, and the variance that of metafor's default (measure 'SMD', vtype 'LS').
    """
    freedom = arm.n + control.n - 2
    pooled_sd = sqrt(((arm.n - 1) * arm.sd**2 + (control.n - 1) * control.sd**2) / freedom)
    correction = exp(lgamma(freedom / 2) - lgamma((freedom - 1) / 2) - log(freedom / 2) / 2)
    g = correction * (arm.mean - control.mean) / pooled_sd
    return Effect(study, g, 1 / arm.n + 1 / control.n + g**2 / (2 * (arm.n + control.n)))
