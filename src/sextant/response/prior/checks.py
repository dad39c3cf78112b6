"""What studies like the published ones would find, if the fit were right: each published figure beside its own band."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from sextant.response.prior.fitting import NAMES, Fitted, foretell
from sextant.response.prior.readings import Reading
from sextant.response.report import FloatArray

DRAWS = 256
_SEED = 20_261_125
_BAND = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Check:
    """One published figure, as people read it.

    Parameters
    ----------
    published : what the study found
    low80, median, high80 : what a new study of its kind and size would find, 8 in 10 of it
    own : what is foretold under the study's own setting
    """

    reading: Reading
    published: float
    low80: float
    median: float
    high80: float
    own: float

    @property
    def within(self) -> bool:
        """Whether the band holds what the study found."""
        return self.low80 <= self.published <= self.high80


def predictive_checks(fitted: Fitted, said: Callable[[str], None] = lambda _: None) -> tuple[Check, ...]:
    """Every figure that was read, beside what new studies of its kind would find if its own study had never been read.

    Doubt about the setting, the difference of studies and sampling are drawn together, on the same evenly spread points
    in every run. The study is left out along the lines of the whole fit; how far studies differ is kept from it.
    """
    bands = np.quantile(_new_studies(fitted, said), _BAND, axis=0)
    return tuple(
        Check(
            reading=one,
            published=one.shown(one.observed),
            low80=one.shown(float(low)),
            median=one.shown(float(median)),
            high80=one.shown(float(high)),
            own=one.shown(float(own)),
        )
        for one, (low, median, high), own in zip(fitted.readings, bands.T, fitted.foretold, strict=True)
    )


def _new_studies(fitted: Fitted, said: Callable[[str], None]) -> FloatArray:
    """Figures of new studies on their additive scales, each told by the others, (DRAWS, n_readings)."""
    found = np.empty((DRAWS, len(fitted.readings)))
    for number, study in enumerate(fitted.studies, start=1):
        said(f"predictive check: study {number} of {len(fitted.studies)}")
        columns = [n for n, one in enumerate(fitted.readings) if one.study == study]
        found[:, columns] = _of_one(fitted, study, [fitted.readings[n] for n in columns])
    return found


def _of_one(fitted: Fitted, study: str, readings: Sequence[Reading]) -> FloatArray:
    at, covariance = fitted.without(study)
    factor, n = np.linalg.cholesky(covariance), len(NAMES)
    z = ndtri(qmc.Sobol(2 * n + len(readings), rng=_SEED).random(DRAWS))
    sampling = np.sqrt([one.variance for one in readings])
    told = [
        foretell(readings, at + factor @ row[:n], {study: fitted.between * row[n : 2 * n]}, fitted.fixed) for row in z
    ]
    return np.array(told) + sampling * z[:, 2 * n :]
