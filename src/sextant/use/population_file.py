"""The population of the forecast of use as a file that people pass on. It holds no patient's data."""

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NoReturn

import numpy as np

from sextant.evidence import sources
from sextant.use.history import MISSED_TERMS, TERMS, TEST_TERMS, FloatArray
from sextant.use.population import MODEL_VERSION, N_SYMBOLS, Covariate, Plan, Population, Span, shapes

SCHEMA = "use-population/1"
_DIGITS = 5
_KEYS = (
    *("schema", "model", "version", "sources", "n_patients", "parameter_sd", "plans", "arm_share", "baseline_share"),
    *("start_terms", "covariates", "test_terms", "missed_terms", "values"),
)
_OWN_SOURCE = ("clinic: ", "design assumption")


class PopulationFileError(ValueError):
    """A population file that cannot be used; the message says what was seen and what to do."""


@cache
def shipped_population() -> Population:
    """The population of every answer, fitted to the shared patients of CTN-0094."""
    return read_population(files("sextant.use").joinpath("population.json").read_text(encoding="utf-8"))


def text_of(population: Population) -> str:
    """The file: who it is and what it rests on, then its numbers."""
    whole = {
        "schema": SCHEMA,
        "model": MODEL_VERSION,
        "version": population.version,
        "sources": list(population.sources),
        "n_patients": population.n_patients,
        "parameter_sd": round(population.parameter_sd, _DIGITS),
        "plans": [_plan_json(plan) for plan in population.plans],
        "arm_share": _rounded(population.arm_share),
        "baseline_share": _rounded(population.baseline_share),
        "start_terms": _rounded(population.start_terms),
        "covariates": {
            name: {
                "unit": one.unit,
                "reference": round(one.reference, _DIGITS),
                "mean": round(one.mean, _DIGITS),
                "sd": one.sd,
                "lowest": one.lowest,
                "highest": one.highest,
                "counts_to": one.counts_to,
                "source": one.source,
            }
            for name, one in population.covariates.items()
        },
        "test_terms": list(TEST_TERMS),
        "missed_terms": list(MISSED_TERMS),
    }
    start = json.dumps(whole, indent=1, ensure_ascii=False).removesuffix("\n}")
    values = ",\n".join(f'  "{name}": {json.dumps(_rounded(value))}' for name, value in population.values.items())
    return f'{start},\n "values": {{\n{values}\n }}\n}}\n'


def read_population(text: str) -> Population:
    """A population from the text of its file.

    Raises
    ------
    PopulationFileError
        If it is another format or of another model, a name is unknown or missing, or a number is not one.
    """
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        _refuse("This is not a JSON file. Name a file that a fit of the forecast of use wrote.")
    if not isinstance(whole, dict) or whole.get("schema") != SCHEMA or whole.get("model") != MODEL_VERSION:
        _refuse(f"It is not a population of the forecast of use: {SCHEMA!r} of {MODEL_VERSION!r} is needed here.")
    if sorted(whole) != sorted(_KEYS):
        _refuse(f"It has exactly the names {', '.join(_KEYS)}.")
    if tuple(whole["test_terms"]) != TEST_TERMS or tuple(whole["missed_terms"]) != MISSED_TERMS:
        _refuse("Its terms of a patient's past are not those of this version. Fit it again.")
    try:
        plans = tuple(_plan(one) for one in whole["plans"])
        covariates = {name: Covariate(**one) for name, one in whole["covariates"].items()}
        states = len(whole["values"]["test_level"])
        sizes = shapes(plans, states)
        if list(whole["values"]) != list(sizes):
            _refuse(f"Its 'values' are not {', '.join(sizes)}.")
        values = {name: _numbers(whole["values"][name], shape, name) for name, shape in sizes.items()}
        arms = sum(len(plan.arms) for plan in plans)
        found = Population(
            version=str(whole["version"]),
            sources=tuple(str(one) for one in whole["sources"]),
            plans=plans,
            values=values,
            arm_share=_shares(whole["arm_share"], (arms,), "arm_share"),
            baseline_share=_shares(whole["baseline_share"], (arms, N_SYMBOLS), "baseline_share"),
            start_terms=_numbers(whole["start_terms"], (len(TERMS),), "start_terms"),
            parameter_sd=float(_numbers(whole["parameter_sd"], (), "parameter_sd")),
            n_patients=int(whole["n_patients"]),
            covariates=covariates,
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise PopulationFileError(f"It is not laid out as such a file is ({type(error).__name__}).") from None
    _check(found)
    return found


def _refuse(sentence: str) -> NoReturn:
    raise PopulationFileError(sentence)


def _check(population: Population) -> None:
    if not population.sources:
        _refuse("'sources' is empty. Name what the population rests on.")
    told = [*population.sources, *(one.source for one in population.covariates.values())]
    for one in told:
        if one not in sources() and not one.startswith(_OWN_SOURCE):
            _refuse(f"It rests on {one!r}, which is not on file. Write a key of the source list or 'clinic: ' and why.")
    for name, one_of in population.covariates.items():
        if not (math.isfinite(one_of.mean) and 0 < one_of.sd < math.inf and math.isfinite(one_of.reference)):
            _refuse(f"The prior of {name} is not that of a normal effect: a finite mean and a positive sd.")
        if not one_of.lowest <= one_of.counts_to <= one_of.highest:
            _refuse(f"The {name} of a week count to {one_of.counts_to:g}, which lies outside of its bounds.")
    if population.parameter_sd < 0:
        _refuse("'parameter_sd' is below 0.")


def _plan_json(plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.name,
        "arms": list(plan.arms),
        **{kind: [[span.first, span.last] for span in getattr(plan, kind)] for kind in ("test", "missed", "towards")},
    }


def _plan(told: Mapping[str, Any]) -> Plan:
    spans = {kind: tuple(Span(first, last) for first, last in told[kind]) for kind in ("test", "missed", "towards")}
    return Plan(told["name"], tuple(told["arms"]), **spans)


def _rounded(value: FloatArray) -> Any:
    return np.round(value, _DIGITS).tolist()


def _numbers(value: Any, shape: tuple[int, ...], what: str) -> FloatArray:
    try:
        found = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        _refuse(f"{what} is not made of numbers.")
    if found.shape != shape or not np.isfinite(found).all():
        _refuse(f"{what} has not the shape {shape} of finite numbers.")
    return found


def _shares(value: Any, shape: tuple[int, ...], what: str) -> FloatArray:
    found = _numbers(value, shape, what)
    if (found <= 0).any() or np.abs(found.sum(axis=-1) - 1).max() > 0.01:
        _refuse(f"{what} are not shares above 0 that sum to 1.")
    return np.asarray(found / found.sum(axis=-1, keepdims=True))
