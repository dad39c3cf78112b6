"""The population fitted again to a clinic's own cohort.

The log evidence of a population is a sum over patients, so each clinic of a network can work out its own part and share
no patient: gradient and curvature at a proposed setting are enough for the maximum.
"""

from sextant.response.held_out import Judged
from sextant.response.refit.cohort import Cohort, Contribution
from sextant.response.refit.fitting import LEAST_PATIENTS, FewPatientsError, Fit, UnreliableFitError, fit
from sextant.response.refit.judge import LEAST_FOR_REFIT, judge, mark_of, refit
from sextant.response.refit.search import Maximum, Question, after, maximum

__all__ = [
    "LEAST_FOR_REFIT",
    "LEAST_PATIENTS",
    "Cohort",
    "Contribution",
    "FewPatientsError",
    "Fit",
    "Judged",
    "Maximum",
    "Question",
    "UnreliableFitError",
    "after",
    "fit",
    "judge",
    "mark_of",
    "maximum",
    "refit",
]
