"""The average patient as published studies leave it: a population whose own studies would look like theirs.

`readings` turns rows of the library into figures, `summaries` works out the same figures in people of one setting,
`fitting` finds the settings under which both agree, `checks` holds them against every figure, `weights` says on which
studies each answer rests, and `transfer` goes from there to a patient with an addiction.
"""

from sextant.response.prior.checks import Check, predictive_checks
from sextant.response.prior.fitting import Fitted, fit
from sextant.response.prior.readings import LeftOut, Reading, read, readings_of
from sextant.response.prior.transfer import Number, inputs_sha256, numbers, population_of
from sextant.response.prior.weights import ASSUMED, weights

__all__ = [
    "ASSUMED",
    "Check",
    "Fitted",
    "LeftOut",
    "Number",
    "Reading",
    "fit",
    "inputs_sha256",
    "numbers",
    "population_of",
    "predictive_checks",
    "read",
    "readings_of",
    "weights",
]
