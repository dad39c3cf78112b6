"""What clinics that fit one population together send each other: sums over patients, and the next point.

A clinic answers a point with a contribution (`contribution/1`): sums of log evidence, gradient and outer products over
its patients. Whoever combines them adds them up and writes the next point (`point/1`), until the maximum is found. No
score and no number of one patient leaves a clinic as such. Sums are not anonymity: a point can be chosen so that one
patient rules them, and the difference of two sums is whoever joined. So points lie within `FURTHEST_SHARED`, rounds end
with `MOST_ROUNDS`, a sum that one patient rules is not shared, and clinics share with those whom they trust alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from sextant.response.population import FITTED, MODEL_VERSION, Population
from sextant.response.population_file import named, numbers_sha256
from sextant.response.refit.cohort import Cohort, Contribution
from sextant.response.refit.fitting import LEAST_PATIENTS, shifted
from sextant.response.refit.search import Maximum, Question, Step, after
from sextant.response.report import FloatArray

CONTRIBUTION_SCHEMA, POINT_SCHEMA = "contribution/1", "point/1"
LEAST_SHARED = 50
"""Fewest patients behind the sums of one clinic: the sums hold 210 numbers, so they must not stand for a handful."""


FURTHEST_SHARED = 5.0
"""SDs of the prior that a point may lie off in any number; further out, single patients stand out of the sums."""
MOST_ROUNDS = 20
_LARGEST = 1e12
_MOST_PATIENTS = 1_000_000
_LARGEST_EVIDENCE = 1e6  # of one patient
LARGEST_PART = 0.2
"""The largest part of the sums of squares that one patient may have."""


class SharingError(ValueError):
    """A contribution or point that cannot be used; the message says what was seen and what to do."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where all clinics are asked next.

    Parameters
    ----------
    prior_version, prior_sha256 : the population that all clinics start from
    number : of the round, from 1
    n_patients : behind the round before, of all clinics together; None in the first
    question : the shift, in SDs of the prior, and the step that leads there
    """

    prior_version: str
    prior_sha256: str
    number: int
    n_patients: int | None
    question: Question


@dataclass(frozen=True, slots=True)
class Shared:
    """What one clinic says at a point."""

    point: Point
    contribution: Contribution


@dataclass(frozen=True, slots=True)
class Combined:
    """The maximum over several clinics, as a population, and how many patients stand behind it."""

    population: Population
    n_patients: int


def first_point(prior: Population) -> Point:
    """The point of the first round: the prior's own mean."""
    return Point(prior.version, numbers_sha256(prior), 1, None, Question(np.zeros(len(FITTED))))


def share(cohort: Cohort, prior: Population, point: Point) -> Shared:
    """This clinic's part at a point.

    Raises
    ------
    SharingError
        With fewer than `LEAST_SHARED` patients, or a point of another prior.
    """
    _check_prior(point, prior)
    if len(cohort) < LEAST_SHARED:
        raise SharingError(
            f"The sums would stand for {len(cohort)} patients; at least {LEAST_SHARED} are needed, because small sums "
            "tell of people. Nothing was written."
        )
    furthest = float(np.abs(point.question.shift).max())
    if furthest > FURTHEST_SHARED or point.number > MOST_ROUNDS:
        raise SharingError(
            f"The point of round {point.number} lies {furthest:.1f} SDs from the prior. Points beyond "
            f"{FURTHEST_SHARED:g} SDs or {MOST_ROUNDS} rounds are not answered: they single people out. Nothing was "
            "written. Ask whoever sent it."
        )
    evidence, gradients = cohort.gradients(prior, point.question.shift)
    squares = (gradients**2).sum(axis=0)
    if squares.max() > LARGEST_PART * squares.sum():
        raise SharingError(
            f"One patient makes up more than {LARGEST_PART:.0%} of the sums at this point, so they would tell of that "
            "person. Nothing was written."
        )
    return Shared(
        point, Contribution(len(cohort), float(evidence.sum()), gradients.sum(axis=1), gradients @ gradients.T)
    )


def combine(parts: Sequence[Shared], prior: Population, *, name: str) -> Point | Combined:
    """The next point, or the population at the maximum with the curvature there as its spread.

    Raises
    ------
    SharingError
        If the parts are not of one point and one prior, one stands there twice, too few patients stand behind them, or
        a clinic's patients changed since the round before.
    """
    point = parts[0].point
    _check_prior(point, prior)
    told = [json.dumps(point_json(part.point)) for part in parts]
    for n, one in enumerate(told[1:], start=2):
        if one != told[0]:
            raise SharingError(
                f"Part {n} answers another point than part 1. Combine answers to one and the same point."
            )
    for n, part in enumerate(parts):
        for m, earlier in enumerate(parts[:n]):
            if np.allclose(part.contribution.gradient, earlier.contribution.gradient, rtol=1e-6):
                raise SharingError(f"Parts {m + 1} and {n + 1} are the same. Name each clinic's part once.")
    total = parts[0].contribution
    for part in parts[1:]:
        total = total + part.contribution
    if total.n_patients < LEAST_PATIENTS:
        raise SharingError(
            f"There are {total.n_patients} patients behind all parts; a refit needs at least {LEAST_PATIENTS}."
        )
    if point.n_patients not in (None, total.n_patients):
        raise SharingError(
            f"{total.n_patients} patients stand behind these parts and {point.n_patients} behind the round before. "
            "Every clinic answers every round, from one file that does not change; start again from the first round."
        )
    found = after(point.question, total)
    if isinstance(found, Maximum):
        return Combined(_population(found, prior, total.n_patients, name), total.n_patients)
    return Point(point.prior_version, point.prior_sha256, point.number + 1, total.n_patients, found)


def _population(found: Maximum, prior: Population, n_patients: int, name: str) -> Population:
    sources = tuple(dict.fromkeys((*prior.sources, "clinic: sums shared by several clinics")))
    return named(shifted(prior, found.shift, found.covariance, name, sources), name, n_patients)


def _check_prior(point: Point, prior: Population) -> None:
    if point.prior_sha256 != numbers_sha256(prior):
        raise SharingError(
            f"The point starts from the population {point.prior_version!r} ({point.prior_sha256[:12]}) and not from "
            f"{prior.version!r} ({numbers_sha256(prior)[:12]}). All clinics start from the same one: name it with "
            "--from."
        )


def point_json(point: Point) -> dict[str, Any]:
    """A point as plain values."""
    step = point.question.step
    return {
        "schema": POINT_SCHEMA,
        "model": MODEL_VERSION,
        "prior": {"version": point.prior_version, "numbers_sha256": point.prior_sha256},
        "round": point.number,
        "n_patients": point.n_patients,
        "fitted": list(FITTED),
        "shift": point.question.shift.tolist(),
        "step": None
        if step is None
        else {
            "start": step.start.tolist(),
            "log_density": step.log_density,
            "gradient": step.gradient.tolist(),
            "whole": step.whole.tolist(),
            "promised": step.promised,
            "length": step.length,
        },
    }


def shared_json(shared: Shared) -> dict[str, Any]:
    """A clinic's part as plain values."""
    sums = shared.contribution
    return {
        "schema": CONTRIBUTION_SCHEMA,
        "point": point_json(shared.point),
        "n_patients": sums.n_patients,
        "log_evidence": sums.log_evidence,
        "gradient": sums.gradient.tolist(),
        "products": sums.products.tolist(),
    }


def read_point(text: str) -> Point:
    """A point from the text of its file.

    Raises
    ------
    SharingError
        If it is another format or of another model, or a number is missing or none.
    """
    return _point(_json(text, POINT_SCHEMA))


def read_shared(text: str) -> Shared:
    """A clinic's part from the text of its file; refused as `read_point`, and below `LEAST_SHARED` patients."""
    whole = _json(text, CONTRIBUTION_SCHEMA)
    n = len(FITTED)
    try:
        point = whole["point"]
        if not isinstance(point, dict) or point.get("schema") != POINT_SCHEMA:
            _refuse("It does not hold the point that it answers.")
        sums = Contribution(
            _count(whole["n_patients"]),
            _number(whole["log_evidence"]),
            _vector(whole["gradient"], n),
            np.array([_vector(row, n) for row in _rows(whole["products"], n)]),
        )
    except KeyError as missing:
        raise SharingError(f"It does not have {missing}. Name a file that `sextant refit --share` wrote.") from None
    if sums.n_patients < LEAST_SHARED:
        _refuse(f"It stands for {sums.n_patients} patients; no clinic shares the sums of fewer than {LEAST_SHARED}.")
    if not np.allclose(sums.products, sums.products.T) or np.linalg.eigvalsh(sums.curvature).min() < -1e-6 * max(
        1.0, np.abs(sums.products).max()
    ):
        _refuse("Its 'products' are no sums of outer products.")
    # By Cauchy and Schwarz a sum of so many gradients is no larger than their squares allow.
    if (sums.gradient**2 > (1 + 1e-6) * sums.n_patients * np.diag(sums.products) + 1e-9).any():
        _refuse("Its gradient is larger than its 'products' and number of patients allow.")
    if abs(sums.log_evidence) > _LARGEST_EVIDENCE * sums.n_patients:
        _refuse("Its log evidence is not that of so many patients.")
    return Shared(_point(point), sums)


def _point(whole: dict[str, Any]) -> Point:
    n = len(FITTED)
    if whole.get("model") != MODEL_VERSION:
        _refuse(f"It is of the model {whole.get('model')!r}; this version reads {MODEL_VERSION!r} alone.")
    if whole.get("fitted") != list(FITTED):
        _refuse("It does not fit the names that this model fits, in their order.")
    try:
        told = whole["step"]
        step = None
        if told is not None:
            step = Step(
                _vector(told["start"], n),
                _number(told["log_density"]),
                _vector(told["gradient"], n),
                _vector(told["whole"], n),
                _number(told["promised"]),
                _number(told["length"]),
            )
        n_patients = None if whole["n_patients"] is None else _count(whole["n_patients"])
        number = _count(whole["round"])
        if (step is None) != (number == 1) or (step is not None and not 0 < step.length <= 1):
            _refuse("Its step is not one that its round can have.")
        prior = whole["prior"]
        if not isinstance(prior, dict):
            _refuse("It does not say which population it starts from.")
        question = Question(_vector(whole["shift"], n), step)
        return Point(str(prior["version"]), str(prior["numbers_sha256"]), number, n_patients, question)
    except (KeyError, TypeError) as error:
        raise SharingError(f"Its point is not whole ({error}). Name a file that `sextant refit` wrote.") from None


def _refuse(sentence: str) -> NoReturn:
    raise SharingError(sentence)


def _json(text: str, schema: str) -> dict[str, Any]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        _refuse("This is not a JSON file. Name a file that `sextant refit` wrote.")
    if not isinstance(whole, dict) or whole.get("schema") != schema:
        seen = whole.get("schema") if isinstance(whole, dict) else None
        _refuse(f"Its schema is {seen!r}; {schema!r} is needed here.")
    return whole


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < _LARGEST:
        _refuse("One of its numbers is missing, no number, or larger than any sum over patients.")
    return float(value)


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST_PATIENTS:
        _refuse(f"One of its counts is no whole number from 1 to {_MOST_PATIENTS}.")
    return value


def _rows(value: Any, n: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != n:
        _refuse(f"One of its lists does not have {n} entries, one for each fitted number.")
    return value


def _vector(value: Any, n: int) -> FloatArray:
    return np.array([_number(one) for one in _rows(value, n)])
