"""The population fitted again to a clinic's own cohort.

The log evidence of a population is a sum over patients, so each clinic of a network can work out its own part and share
no patient: gradient and curvature at a proposed setting are enough for the maximum.
"""

from sextant.response.refit.cohort import Cohort, Contribution
from sextant.response.refit.fitting import LEAST_PATIENTS, FewPatientsError, Fit, UnreliableFitError, fit, maximum
from sextant.response.refit.judge import Judged, judge, refit

__all__ = [
    "LEAST_PATIENTS",
    "Cohort",
    "Contribution",
    "FewPatientsError",
    "Fit",
    "Judged",
    "UnreliableFitError",
    "fit",
    "judge",
    "maximum",
    "refit",
]
