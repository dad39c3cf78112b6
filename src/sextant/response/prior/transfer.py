"""From what studies of depression leave likely to what is thought of a patient with an addiction in a new clinic.

Each step is one named number, which the page Policy and the command show. Some are fitted, some are design assumptions:
nothing published says how far addiction lies from the studies.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from sextant.evidence.library import SeriesRow
from sextant.response.population import FITTED, MODEL_VERSION, Population
from sextant.response.population_file import numbers_sha256
from sextant.response.prior.fitting import (
    ABOUT_RESPONSE,
    BETWEEN,
    BETWEEN_LOG_SD,
    LOOKS_LARGER,
    LOOKS_LARGER_SD,
    NAMES,
    NUISANCE,
    ON_MOOD_SCALES,
    START_WIDER,
    WITHOUT_KETAMINE_WIDER,
    Fitted,
)
from sextant.response.prior.readings import WEAKLY_READ, Reading
from sextant.response.report import FloatArray

METHOD = 1
"""How the prior is made; another number where the same rows would give another prior."""

WIDER_IN_ADDICTION = 1.5
"""How much wider the doubt is, as far as studies set it, where they were of depression and the patient has an
addiction: what they tell counts 1 / 1.5 squared, and they differ so much more."""

SOURCES = ("RESPONSE-MODEL", "EVIDENCE-PRIOR")
_CARRIED = (*ABOUT_RESPONSE, *ON_MOOD_SCALES)
_WORDS = {
    "mu_a": ("fast benefit", "the mean of fast benefit (log)"),
    "mu_c": ("slow benefit", "the mean of slow benefit (log)"),
    "mu_ln_tau_s": ("waning", "how long slow benefit lasts (log)"),
    "pi0": ("who is not helped", "the odds that ketamine changes nothing (log)"),
    "mu_h": ("without ketamine", "what happens without ketamine, in units of benefit; not carried over"),
    "relapse_at": ("relapse", "the share of the baseline below which a relapse is called; not carried over"),
}
_TENTH = 1.2816  # SDs to the tenth and ninetieth percentile
_ASSUMED, _MOVED, _FITTED = "design assumption", "design assumption, moved by studies", "fitted"


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
        _ASSUMED,
    )
    yield Number(
        "open against controlled",
        float(np.exp(-LOOKS_LARGER)),
        "part of the benefit of open and saline-controlled studies that is taken to be left beside an active control; "
        f"likely {np.exp(-LOOKS_LARGER - _TENTH * LOOKS_LARGER_SD):.2f} to "
        f"{np.exp(-LOOKS_LARGER + _TENTH * LOOKS_LARGER_SD):.2f}; one study on file had such a control",
        _ASSUMED,
    )
    for name, scale in zip(ON_MOOD_SCALES, ("PHQ-9", "MADRS"), strict=True):
        at = FITTED.index(name)
        yield Number(
            f"{scale} against craving",
            float(fitted.at[at] / fitted.start.mean[at]),
            f"by how much more of its usual baseline {scale} falls than craving would; no study compares them",
            _MOVED,
        )
    yield Number(
        "weakly read figures",
        WEAKLY_READ,
        "times the variance with which a figure counts that was read at second hand, in one place or in the press",
        _ASSUMED,
    )
    for name in BETWEEN:
        short, words = _WORDS[name]
        yield Number(
            f"between studies: {short}",
            float(fitted.between[NAMES.index(name)]),
            f"SD from study to study of {words}",
            _FITTED,
        )
    yield Number(
        "from depression to addiction",
        WIDER_IN_ADDICTION,
        "how much wider the doubt is in addiction than in depression, as far as studies set it",
        _ASSUMED,
    )


def population_of(fitted: Fitted, before: Population, mark: str, without: str | None = None) -> Population:
    """What is thought of a patient in a new clinic: as different as studies are, and wider.

    It is the effect beside an active control, by a stated discount.
    Only what is about response, and how much of it the studies' scales show, is carried over. How noisy scores of
    depression are and what happens in control arms tells nothing of craving or of a clinic's programme; there the
    assumptions stand.

    Parameters
    ----------
    mark : of what it was made from
    without : a study to leave out
    """
    at, _ = fitted.without(without)
    _, spread = fitted.without(without, counts=WIDER_IN_ADDICTION**-2)
    spread = spread + np.diag((WIDER_IN_ADDICTION * fitted.between) ** 2) + discount_spread()
    n = len(FITTED)
    told = np.array([name in _CARRIED for name in FITTED])
    spread = np.where(told[:, None] & told, spread[:n, :n], before.covariance)
    studies = len(fitted.studies) - (without is not None)
    return Population(
        version=f"published studies, {studies} of them, {mark[:12]}",
        sources=SOURCES,
        mean=np.where(told, at[:n], before.mean),
        covariance=(spread + spread.T) / 2,
        fixed=before.fixed,
        waning=before.waning,
    )


def discount_spread() -> FloatArray:
    """Covariance by the doubt about the discount, on the scale of `NAMES`: all sizes of benefit move together."""
    sizes = np.isin(NAMES, ("mu_a", "sd_a", "mu_c", "sd_c"))
    return np.asarray(LOOKS_LARGER_SD**2 * np.outer(sizes, sizes))


def inputs_sha256(readings: Iterable[Reading], rows: Iterable[SeriesRow], before: Population) -> str:
    """A mark of all that the prior is made from: every cell of the rows that are read, what was thought before any, and
    how both are read."""
    read = {row for one in readings for row in one.rows}
    told = sorted(repr(row) for row in rows if row.row_id in read)
    counted = sorted((one.rows, one.words, f"{one.observed:.9g}", f"{one.error:.9g}") for one in readings)
    how = (MODEL_VERSION, METHOD, WIDER_IN_ADDICTION, START_WIDER, WITHOUT_KETAMINE_WIDER, WEAKLY_READ)
    assumed = (LOOKS_LARGER_SD, NUISANCE, BETWEEN, BETWEEN_LOG_SD, _CARRIED, numbers_sha256(before))
    return sha256(repr((how, assumed, counted, told)).encode()).hexdigest()
