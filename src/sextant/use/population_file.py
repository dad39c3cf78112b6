"""The population of the forecast of use as a file that people pass on. It holds no patient's data."""

import json
from dataclasses import asdict
from typing import Any, NoReturn

import numpy as np

from sextant.evidence import sources
from sextant.use.history import MISSED_TERMS, TERMS, TEST_TERMS, FloatArray
from sextant.use.population import MODEL_VERSION, N_SYMBOLS, Plan, Population, shapes
from sextant.use.population_parts import (
    PopulationFileError,
    a_name,
    bounded,
    covariate_of,
    made_from_of,
    numbers,
    plans_of,
    tried_on_of,
)

SCHEMA = "use-population/3"
_DIGITS = 5
_KEYS = (
    *("schema", "model", "version", "sources", "n_patients", "parameter_sd", "plans", "arm_share", "baseline_share"),
    *("start_terms", "covariates", "tried_on", "test_terms", "missed_terms", "values"),
)
_OWN_SOURCE = ("clinic: ", "design assumption")
_HIGHEST_LN_SD = 3.0
"""An SD of 20 on the log odds, where nearly everybody always or never uses."""


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
                "whole_number": one.whole_number,
                "told_by_patient": one.told_by_patient,
            }
            for name, one in population.covariates.items()
        },
        "tried_on": {
            name: {key: round(value, _DIGITS) if type(value) is float else value for key, value in asdict(one).items()}
            for name, one in population.tried_on.items()
        },
        "test_terms": list(TEST_TERMS),
        "missed_terms": list(MISSED_TERMS),
    }
    if population.made_from is not None:
        whole["made_from"] = asdict(population.made_from)
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
    except (ValueError, OverflowError, RecursionError):
        _refuse("This is not a JSON file. Name a file that a fit of the forecast of use wrote.")
    if not isinstance(whole, dict) or whole.get("schema") != SCHEMA or whole.get("model") != MODEL_VERSION:
        _refuse(f"It is not a population of the forecast of use: {SCHEMA!r} of {MODEL_VERSION!r} is needed here.")
    if sorted(whole.keys() - {"made_from"}) != sorted(_KEYS):
        _refuse(f"It has exactly the names {', '.join(_KEYS)}, and a clinic's own also made_from.")
    if whole["test_terms"] != list(TEST_TERMS) or whole["missed_terms"] != list(MISSED_TERMS):
        _refuse("Its terms of a patient's past are not those of this version. Fit it again.")
    try:
        plans = plans_of(whole["plans"])
        covariates = {name: covariate_of(name, one) for name, one in whole["covariates"].items()}
        tried_on = {name: tried_on_of(name, one) for name, one in whole["tried_on"].items()}
        states = len(whole["values"]["test_level"])
        if not states:
            _refuse("'test_level' has no state. A fit writes one number for each.")
        sizes = shapes(plans, states)
        if list(whole["values"]) != list(sizes):
            _refuse(f"Its 'values' are not {', '.join(sizes)}.")
        values = {name: bounded(whole["values"][name], shape, name) for name, shape in sizes.items()}
        if max(float(values[name]) for name in ("ln_sd_use", "ln_sd_missed")) > _HIGHEST_LN_SD:
            _refuse(f"'ln_sd_use' or 'ln_sd_missed' is above {_HIGHEST_LN_SD:g}: people do not differ by so much.")
        arms = sum(len(plan.arms) for plan in plans)
        found = Population(
            version=a_name(whole["version"], "'version'"),
            sources=tuple(a_name(one, "A source") for one in _listed(whole["sources"], "'sources'")),
            plans=plans,
            values=values,
            arm_share=_shares(whole["arm_share"], (arms,), "arm_share"),
            baseline_share=_shares(whole["baseline_share"], (arms, N_SYMBOLS, N_SYMBOLS), "baseline_share", (1, 2)),
            start_terms=bounded(whole["start_terms"], (len(TERMS),), "start_terms"),
            parameter_sd=float(bounded(whole["parameter_sd"], (), "parameter_sd")),
            n_patients=_people(whole["n_patients"]),
            covariates=covariates,
            tried_on=tried_on,
            made_from=made_from_of(whole["made_from"]) if "made_from" in whole else None,
        )
    except PopulationFileError:
        raise
    except (TypeError, KeyError, AttributeError, ValueError, OverflowError) as error:
        raise PopulationFileError(f"It is not laid out as such a file is ({type(error).__name__}).") from None
    _check(found)
    return found


def _refuse(sentence: str) -> NoReturn:
    raise PopulationFileError(sentence)


def _check(population: Population) -> None:
    if not population.sources:
        _refuse("'sources' is empty. Name what the population rests on.")
    told = [
        *population.sources,
        *(one.source for one in population.covariates.values()),
        *(one.source for one in population.tried_on.values()),
    ]
    for one in told:
        if one not in sources() and not one.startswith(_OWN_SOURCE):
            _refuse(f"It rests on {one!r}, which is not on file. Write a key of the source list or 'clinic: ' and why.")
    if population.parameter_sd < 0:
        _refuse("'parameter_sd' is below 0.")


def _listed(value: Any, what: str) -> list[Any]:
    return value if isinstance(value, list) else _refuse(f"{what} is not a list.")


def _people(value: Any) -> int:
    if type(value) is not int or value < 0:
        _refuse("'n_patients' is no whole number of people.")
    return value


def _plan_json(plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.name,
        "arms": list(plan.arms),
        **{kind: [[span.first, span.last] for span in getattr(plan, kind)] for kind in ("test", "missed", "towards")},
    }


def _rounded(value: FloatArray) -> Any:
    return np.round(value, _DIGITS).tolist()


def _shares(value: Any, shape: tuple[int, ...], what: str, axis: int | tuple[int, int] = -1) -> FloatArray:
    found = numbers(value, shape, what)
    if (found <= 0).any() or np.abs(found.sum(axis=axis) - 1).max() > 0.01:
        _refuse(f"{what} are not shares above 0 that sum to 1.")
    return np.asarray(found / found.sum(axis=axis, keepdims=True))
