"""Does craving go with the next urine, beyond what the last urine says? The visits of SUDMEX_TMS (source SUDMEX-TMS).

The data are under GPL-3 and stay outside of the package; what is worked out from them ships with its source.
"""

import csv
import io
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sextant.use.history import FloatArray

STAGES = ("T0", "T1", "T1-4", "T2", "T3")
"""Visits in the order of time: at the start, after 2 weeks, 4 weeks (some people), 3 months and 6 months."""

USUAL_SD = 2.5
"""SD of the prior of the level and of the effect of the last urine, on the log odds: wide, a design assumption."""

_POINTS_PER_CM = 10.0


@dataclass(frozen=True, slots=True)
class Step:
    """From one visit with a urine and a craving score to the person's next one.

    Parameters
    ----------
    person : number in the table
    craving, next_craving : points of 100 at the first visit and at the next, from a line of 10 cm
    positive, next_positive : the urine of the first visit and of the next
    """

    person: str
    craving: float
    next_craving: float
    positive: bool
    next_positive: bool


@dataclass(frozen=True, slots=True)
class CravingEffect:
    """What one point of craving adds to the log odds of the next positive urine, given the last one.

    Parameters
    ----------
    mean, sd : of the effect, by the normal approximation at the mode
    reference : mean craving at the first visits of the steps, where the effect is nothing
    n_people, n_steps : that were read
    """

    mean: float
    sd: float
    reference: float
    n_people: int
    n_steps: int


def read_steps(visits: str) -> list[Step]:
    """The steps in the table `visits.csv`; a visit that stands in it twice counts once."""
    found: dict[str, dict[str, tuple[float, bool]]] = {}
    for row in csv.DictReader(io.StringIO(visits)):
        if row["vas"] and row["ut_coc"]:
            # The same visit may stand in both of the authors' tables, with the same figures.
            seen = float(row["vas"]) * _POINTS_PER_CM, row["ut_coc"] == "positive"
            found.setdefault(row["rid"], {}).setdefault(row["stage"], seen)
    return [
        Step(person, craving, next_craving, positive, next_positive)
        for person, at in found.items()
        for (craving, positive), (next_craving, next_positive) in pairwise(at[stage] for stage in STAGES if stage in at)
    ]


def craving_effect(steps: list[Step], assumed_sd: float) -> CravingEffect:
    """A logistic regression of the next urine on the last one and on craving, with normal priors about 0.

    Parameters
    ----------
    steps : of some people; several of one person count as if they were of several, which makes `sd` a little narrow
    assumed_sd : of the prior of the effect of one point
    """
    craving = np.array([one.craving for one in steps])
    reference = float(craving.mean())
    x = np.column_stack([np.ones(len(steps)), [one.positive for one in steps], craving - reference])
    y = np.array([one.next_positive for one in steps], dtype=np.float64)
    effect, covariance = _at_the_mode(x, y, np.array([USUAL_SD, USUAL_SD, assumed_sd]))
    return CravingEffect(
        mean=float(effect[2]),
        sd=float(np.sqrt(covariance[2, 2])),
        reference=reference,
        n_people=len({one.person for one in steps}),
        n_steps=len(steps),
    )


def _at_the_mode(x: FloatArray, y: FloatArray, prior_sd: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Newton's steps: the posterior is concave, and these few rows reach its mode in less than ten."""
    effect, precision = np.zeros(x.shape[1]), np.diag(prior_sd**-2.0)
    for _ in range(25):
        chance = 1 / (1 + np.exp(-x @ effect))
        curvature = x.T @ (x * (chance * (1 - chance))[:, None]) + precision
        effect = effect + np.linalg.solve(curvature, x.T @ (y - chance) - precision @ effect)
    return effect, np.asarray(np.linalg.inv(curvature))
