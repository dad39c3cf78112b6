"""From what studies of depression leave likely to what is thought of a patient with an addiction in a new clinic.

Each step is one named number, which the page Policy and the command show. Two are fitted, two are design assumptions:
nothing published says how far a clinic of its own, or addiction, lies from the studies.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from sextant.response.population import FITTED, MODEL_VERSION, Population
from sextant.response.prior.fitting import ABOUT_RESPONSE, BETWEEN, NAMES, OPEN_LABEL, START_WIDER, Fitted
from sextant.response.prior.readings import Reading
from sextant.response.report import FloatArray

WIDER_IN_ADDICTION = 1.5
"""How much wider the doubt about response is where the studies were of depression and the patient has an addiction."""

SOURCES = ("RESPONSE-MODEL", "EVIDENCE-PRIOR")


@dataclass(frozen=True, slots=True)
class Number:
    """One step of the way, with what it is and where it comes from."""

    name: str
    value: float
    words: str
    comes_from: str


def numbers(fitted: Fitted) -> Iterator[Number]:
    """Every number of the way from the studies to the prior."""
    yield Number(
        "wider before any study",
        START_WIDER,
        "how much wider than the design assumptions the doubt about response is before any study",
        "design assumption",
    )
    yield Number(
        "open against controlled",
        float(np.exp(-fitted.at[NAMES.index(OPEN_LABEL)])),
        "part of the benefit of open series that is left where patients do not know what they get",
        "fitted",
    )
    yield Number(
        "between studies",
        fitted.between_multiple,
        "how far studies differ, as a multiple of assumed proportions",
        "fitted",
    )
    yield Number(
        "from depression to addiction",
        WIDER_IN_ADDICTION,
        "how much wider the doubt about response is in addiction than in depression",
        "design assumption",
    )


def population_of(fitted: Fitted, at: FloatArray, covariance: FloatArray, before: Population, mark: str) -> Population:
    """What is thought of a patient in a new clinic: the controlled effect, as different as studies are, and wider.

    Only what is about response is carried over. What depression scales show, how noisy they are and what happens in
    control arms tells nothing of craving or of a clinic's programme; there the assumptions stand.

    Parameters
    ----------
    at, covariance : of the fit, or of the fit without a study
    mark : of what it was made from
    """
    n = len(FITTED)
    told = np.array([name in ABOUT_RESPONSE for name in FITTED])
    spread = covariance[:n, :n].copy()
    for name, sd in BETWEEN.items():
        spread[FITTED.index(name), FITTED.index(name)] += (fitted.between_multiple * sd) ** 2
    spread = np.where(told[:, None] & told, WIDER_IN_ADDICTION**2 * spread, before.covariance)
    studies = len({one.study for one in fitted.readings})
    return Population(
        version=f"published studies, {studies} of them, {mark[:12]}",
        sources=SOURCES,
        mean=np.where(told, at[:n], before.mean),
        covariance=(spread + spread.T) / 2,
        fixed=before.fixed,
        waning=before.waning,
    )


def inputs_sha256(readings: Iterable[Reading]) -> str:
    """A mark of the model and of every figure that was read."""
    told = [(one.rows, one.words, one.link, f"{one.observed:.9g}", f"{one.variance:.9g}") for one in readings]
    return sha256(repr((MODEL_VERSION, sorted(told), WIDER_IN_ADDICTION, START_WIDER, BETWEEN)).encode()).hexdigest()
