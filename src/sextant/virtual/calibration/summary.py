"""The figures of many forecasts, as plain values that a file can hold."""

from dataclasses import asdict
from hashlib import sha256
from typing import Any

import numpy as np

from sextant.response import MODEL_VERSION, MODELLED
from sextant.response.population import Population
from sextant.response.report import FloatArray
from sextant.virtual.calibration.cohort import MISSING, SERIES, VISITS
from sextant.virtual.calibration.scores import Reliability, coverage, reliability, uniformity
from sextant.virtual.calibration.simulated import Outcome

QUANTITIES = ("benefit", "level", "new", "baseline", "ln_tau_s")
HISTOGRAM_BINS = 20
REJECTED_AT = 0.001
ERRORS_ALLOWED = 3.0


def made_with(population: Population) -> dict[str, str]:
    """Versions of model and population, and a mark of all numbers that patients and forecasts start from."""
    numbers = (population.mean, population.covariance, [*asdict(population.fixed).values()], VISITS, SERIES, [MISSING])
    told = [[f"{number:.9g}" for number in np.ravel(part)] for part in numbers]
    mark = sha256(repr((population.waning.name, told, MODELLED)).encode()).hexdigest()[:16]
    return {"model": MODEL_VERSION, "population": population.version, "inputs": mark}


def summary(outcome: Outcome) -> dict[str, Any]:
    """Coverage and PIT of each quantity, and whether probabilities came true."""
    return {
        "n": len(outcome),
        "quantities": {name: of_pits(getattr(outcome, name)) for name in QUANTITIES},
        "nonresponder": of_chances(
            reliability(outcome.p_nonresponder, outcome.nonresponder),
            reliability(outcome.median_nonresponder, outcome.nonresponder),
        ),
        "clear": of_chances(
            reliability(outcome.p_clear, outcome.clear), reliability(outcome.median_clear, outcome.clear)
        ),
    }


def of_pits(pits: FloatArray) -> dict[str, Any]:
    """Coverage at each level, a histogram, and the test that it is even; people without the quantity are left out."""
    pits = pits[~np.isnan(pits)]
    counts, _ = np.histogram(pits, HISTOGRAM_BINS, (0.0, 1.0))
    return {
        "n": len(pits),
        "coverage": [
            {"level": one.level, "share": one.share, "standard_error": one.standard_error, "errors_off": one.errors_off}
            for one in coverage(pits)
        ],
        "histogram": counts.tolist(),
        "p_even": uniformity(pits),
    }


def of_chances(told: Reliability, median: Reliability) -> dict[str, Any]:
    """Bins of the probabilities averaged over settings; of their medians, the error alone."""
    return {
        "bins": [
            {"n": one.n, "predicted": one.predicted, "happened": one.happened, "standard_error": one.standard_error}
            for one in told.bins
        ],
        "calibration_error": told.calibration_error,
        "by_chance": told.by_chance,
        "p_value": told.p_value,
        "median_calibration_error": median.calibration_error,
        "median_p_value": median.p_value,
    }


def stress_summary(outcome: Outcome) -> dict[str, Any]:
    """Coverage, bias and CRPS where the truth is not the model; in points of the target."""

    def mean_and_error(values: FloatArray) -> list[float]:
        return [float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))]

    return {
        "n": len(outcome),
        "coverage": {
            name: [one.share for one in coverage(getattr(outcome, name))] for name in ("benefit", "level", "new")
        },
        "benefit_bias": mean_and_error(outcome.benefit_error),
        "new_bias": mean_and_error(outcome.new_error),
        "new_crps": mean_and_error(outcome.new_crps),
    }
