"""population.json: a population as a file that people pass on. It holds no patient's data.

The same format carries the prior that Sextant ships with, one fitted to published evidence, a clinic's own and that of
several clinics. The columns are in `docs/schemas/population.json`.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from typing import Any, NoReturn

import numpy as np

from sextant.evidence import sources
from sextant.response.held_out import Judged
from sextant.response.hyper_parameters import DEFAULT, PLAIN, HyperParameters
from sextant.response.population import ASSUMED_SD, FITTED, MODEL_VERSION, Population, vector_of
from sextant.response.report import FloatArray
from sextant.response.settings import FIELDS
from sextant.response.waning import ONE_SPEED, TWO_SPEED, Waning, power_law

SCHEMA = "population/1"
LONGEST_VERSION = 120
_MARK_DIGITS = 12
_OWN_SOURCE = "clinic: "
_FIXED = tuple(name for name in FIELDS if name not in FITTED)
# A mean further from what was assumed than so many of its SDs, or a spread so many times as wide, is a slip of units.
_FURTHEST = 10.0
_ASYMMETRY = 1e-9


class PopulationFileError(ValueError):
    """A population file that cannot be used; the message says what was seen and what to do."""


class OtherModelError(PopulationFileError):
    """A population file of another response model, which reads its numbers in another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFrom:
    """What a population was fitted to, in numbers that tell of no patient.

    Parameters
    ----------
    n_patients, n_scores : that the fit read; n_scores is None where only sums were known
    inputs_sha256 : mark of the patients' facts, None where only sums were known
    effective_draws, k_hat, largest_k_hat : how far its draws can be trusted; None where there are none, because its
        mean and spread are the maximum and the curvature there
    held_out : how it foretold patients that the fit never saw; None before it was judged
    parent : version of the population that it started from and was judged against
    """

    n_patients: int
    n_scores: int | None
    inputs_sha256: str | None
    effective_draws: float | None
    k_hat: float | None
    largest_k_hat: float | None
    held_out: Judged | None
    parent: str


@dataclass(frozen=True, slots=True)
class PopulationFile:
    """A population with what it was made from, None for one that was not fitted to patients."""

    population: Population
    made_from: MadeFrom | None = None

    @property
    def better(self) -> bool:
        """Whether it foretold held-out patients better than the one that it started from."""
        return self.made_from is not None and self.made_from.held_out is not None and self.made_from.held_out.better


def text_of(population: Population, made_from: MadeFrom | None = None) -> str:
    """The file, in the order in which people read it: who it is and how it was made, then its numbers."""
    head = {
        "schema": SCHEMA,
        "model": MODEL_VERSION,
        "version": population.version,
        "sources": list(population.sources),
        "made_from": None if made_from is None else made_from_json(made_from),
        "waning": population.waning.name,
        "fixed": {name: getattr(population.fixed, name) for name in _FIXED},
        "fitted": [{"name": name, "scale": ASSUMED_SD[name][0]} for name in FITTED],
    }
    mean = json.dumps([float(one) for one in population.mean])
    rows = ",\n".join("  " + json.dumps([float(one) for one in row]) for row in population.covariance)
    start = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
    return f'{start},\n "mean": {mean},\n "covariance": [\n{rows}\n ]\n}}\n'


def made_from_json(made_from: MadeFrom) -> dict[str, Any]:
    """What a population was made from, as plain values."""
    held_out = made_from.held_out
    return {
        "n_patients": made_from.n_patients,
        "n_scores": made_from.n_scores,
        "inputs_sha256": made_from.inputs_sha256,
        "effective_draws": made_from.effective_draws,
        "k_hat": made_from.k_hat,
        "largest_k_hat": made_from.largest_k_hat,
        "held_out": None
        if held_out is None
        else {
            "n_patients": held_out.n_patients,
            "gain": held_out.gain,
            "error": held_out.error,
            "better": held_out.better,
        },
        "parent": made_from.parent,
    }


def numbers_sha256(population: Population) -> str:
    """A mark of all that a population says of people, whatever it calls itself."""
    fixed = [float(getattr(population.fixed, name)) for name in _FIXED]
    text = repr(
        (MODEL_VERSION, population.mean.tolist(), population.covariance.tolist(), fixed, population.waning.name)
    )
    return sha256(text.encode()).hexdigest()


def named(population: Population, name: str, n_patients: int) -> Population:
    """The same population, called by a name, the patients behind it and a mark of its numbers."""
    return replace(population, version=f"{name}, {n_patients} patients, {numbers_sha256(population)[:_MARK_DIGITS]}")


def read_population(text: str) -> PopulationFile:
    """A population from the text of its file.

    Raises
    ------
    PopulationFileError
        If it is another format or of another model, a name is unknown or missing, a number is not one or not possible,
        or the covariance is not that of a distribution.
    """
    whole = _json(text)
    _check_format(whole)
    whole = _object(whole, "The file", _KEYS)
    names = [_object(one, "An entry of 'fitted'", ("name", "scale")) for one in _list(whole["fitted"], "'fitted'")]
    order = _order([(one["name"], one["scale"]) for one in names])
    n = len(order)
    mean = _numbers(whole["mean"], n, "'mean'")[order]
    rows = _list(whole["covariance"], "'covariance'")
    if len(rows) != n:
        _refuse(f"'covariance' has {len(rows)} rows. It needs {n}, one for each fitted name.")
    covariance = np.array([_numbers(row, n, f"Row {k} of 'covariance'") for k, row in enumerate(rows, start=1)])
    population = Population(
        version=_text(whole["version"], "'version'", LONGEST_VERSION),
        sources=_sources(whole["sources"]),
        mean=_plausible_mean(mean),
        covariance=_plausible_covariance(covariance[np.ix_(order, order)]),
        fixed=_fixed(whole["fixed"]),
        waning=_waning(whole["waning"]),
    )
    made_from = _made_from(whole["made_from"])
    if made_from is not None and not population.version.endswith(f", {numbers_sha256(population)[:_MARK_DIGITS]}"):
        _refuse(
            "Its numbers are not those that its version's mark stands for: somebody changed them, or the name. Ask for "
            "the file again."
        )
    return PopulationFile(population, made_from)


_KEYS = ("schema", "model", "version", "sources", "made_from", "waning", "fixed", "fitted", "mean", "covariance")
_MADE_FROM_KEYS = tuple(field.name for field in fields(MadeFrom))


def _refuse(sentence: str) -> NoReturn:
    raise PopulationFileError(sentence)


def _json(text: str) -> Any:
    def not_a_number(constant: str) -> NoReturn:
        _refuse(f"It holds {constant}, which is not a number. Every number of a population is finite.")

    try:
        return json.loads(text, parse_constant=not_a_number)
    except (ValueError, RecursionError) as error:
        if isinstance(error, PopulationFileError):
            raise
        where = f" (line {error.lineno}: {error.msg})" if isinstance(error, json.JSONDecodeError) else ""
        raise PopulationFileError(f"This is not a JSON file{where}. Name a file that `sextant refit` wrote.") from None


def _check_format(whole: Any) -> None:
    """Before anything else: a file of another format or model has other things to say than that a name is missing."""
    schema, model = (whole.get("schema"), whole.get("model")) if isinstance(whole, dict) else (None, None)
    if schema != SCHEMA:
        _refuse(f"Its schema is {schema!r}; {SCHEMA!r} is needed here. Name a file that `sextant refit` wrote.")
    if model != MODEL_VERSION:
        raise OtherModelError(f"It is of the model {model!r}; this version answers with {MODEL_VERSION!r}. Refit it.")


def _object(value: Any, what: str, keys: Sequence[str]) -> dict[str, Any]:
    """An object with exactly these keys."""
    if not isinstance(value, dict):
        _refuse(f"{what} is not an object with {', '.join(keys)}.")
    missing, unknown = [key for key in keys if key not in value], [key for key in value if key not in keys]
    if missing or unknown:
        said = [f"does not have {', '.join(missing)}"] if missing else []
        said += [f"has {', '.join(map(repr, unknown))}, which is not known"] if unknown else []
        _refuse(f"{what} {' and '.join(said)}. It has exactly {', '.join(keys)}.")
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        _refuse(f"{what} is not a list.")
    return value


def _text(value: Any, what: str, longest: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
        _refuse(f"{what} is not a line of 1 to {longest} characters.")
    return value


def _number(value: Any, what: str, least: float = -math.inf) -> float:
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        number = float(value) if usable else math.nan
    except OverflowError:
        number = math.nan
    if not (math.isfinite(number) and number >= least):
        shown = repr(value) if isinstance(value, int | float | str | None) and len(repr(value)) <= 40 else "no number"
        _refuse(f"{what} is {shown}. Write a finite number{f' of {least:g} or more' if math.isfinite(least) else ''}.")
    return number


def _whole_number(value: Any, what: str, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        _refuse(f"{what} is not a whole number of {least} or more.")
    return value


def _numbers(value: Any, n: int, what: str) -> FloatArray:
    numbers = _list(value, what)
    if len(numbers) != n:
        _refuse(f"{what} has {len(numbers)} numbers. It needs {n}, one for each fitted name.")
    return np.array([_number(one, f"Number {k} of {what}") for k, one in enumerate(numbers, start=1)])


def _order(named: list[tuple[Any, Any]]) -> list[int]:
    """Where each of our fitted names stands in the file's."""
    names = [name for name, _ in named]
    unknown = [name for name in names if name not in FITTED]
    if unknown:
        _refuse(f"It fits {unknown[0]!r}, which the model does not. The model fits {', '.join(FITTED)}.")
    twice = [name for name in FITTED if names.count(name) > 1]
    missing = [name for name in FITTED if name not in names]
    if twice or missing:
        _refuse(f"{twice[0]!r} is fitted twice." if twice else f"{', '.join(missing)} is missing from 'fitted'.")
    for name, scale in named:
        if scale != ASSUMED_SD[name][0]:
            _refuse(f"{name} is told on the scale {scale!r}; the model fits it on {ASSUMED_SD[name][0]!r}.")
    return [names.index(name) for name in FITTED]


def _plausible_mean(mean: FloatArray) -> FloatArray:
    for name, said, usual, (scale, sd) in zip(FITTED, mean, vector_of(DEFAULT), ASSUMED_SD.values(), strict=True):
        if abs(said - usual) > _FURTHEST * sd:
            _refuse(
                f"The mean of {name} is {said:g} on its scale ({scale}), more than {_FURTHEST:g} assumed SDs from "
                f"{usual:.3g}. Check its unit and scale."
            )
    return mean


def _plausible_covariance(covariance: FloatArray) -> FloatArray:
    if np.abs(covariance - covariance.T).max() > _ASYMMETRY * np.abs(covariance).max():
        _refuse("'covariance' is not the same above and below its diagonal.")
    covariance = (covariance + covariance.T) / 2
    for name, variance, (_, sd) in zip(FITTED, np.diag(covariance), ASSUMED_SD.values(), strict=True):
        if variance > (_FURTHEST * sd) ** 2:
            _refuse(f"The variance of {name} is {variance:g}, an SD of over {_FURTHEST:g} times what was assumed.")
    try:
        np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        _refuse("'covariance' is not positive definite, so it is the spread of no distribution.")
    return covariance


def _fixed(value: Any) -> HyperParameters:
    fixed = _object(value, "'fixed'", _FIXED)
    numbers = {name: _number(fixed[name], name) for name in _FIXED}
    for name, number in numbers.items():
        usual = abs(getattr(DEFAULT, name))
        lowest = -_FURTHEST * usual if name.startswith("mu_") else usual / _FURTHEST
        share = name == "fast_carry_over" and 0 <= number <= 1
        if not (share or lowest <= number <= _FURTHEST * usual or number == getattr(PLAIN, name)):
            _refuse(f"{name} is {number:g}; the model takes {lowest:g} to {_FURTHEST * usual:g}. Check its unit.")
    try:
        return HyperParameters(**{**{name: getattr(DEFAULT, name) for name in FITTED}, **numbers})
    except ValueError as error:
        raise PopulationFileError(f"'fixed' is not possible: {error}") from None


def _waning(value: Any) -> Waning:
    for one in (ONE_SPEED, TWO_SPEED):
        if value == one.name:
            return one
    told = re.fullmatch(r"power law, exponent (\d{1,3}(?:\.\d{1,6})?)", value) if isinstance(value, str) else None
    if told is None or not 0 < float(told[1]) <= 100:
        known = f"{ONE_SPEED.name!r}, {TWO_SPEED.name!r} or 'power law, exponent 1.5'"
        _refuse(f"Its waning is {value!r}, which the model does not know. Write {known}.")
    return power_law(float(told[1]))


def _sources(value: Any) -> tuple[str, ...]:
    told = tuple(_text(one, "An entry of 'sources'", 200) for one in _list(value, "'sources'"))
    if not told:
        _refuse("'sources' is empty. Name what the population rests on.")
    for one in told:
        if one not in sources() and not one.startswith(_OWN_SOURCE):
            _refuse(
                f"It rests on {one!r}, which is not on file. Write a key of the source list, or '{_OWN_SOURCE}' and "
                "the clinic's own reason."
            )
    return told


def _made_from(value: Any) -> MadeFrom | None:
    if value is None:
        return None
    told = _object(value, "'made_from'", _MADE_FROM_KEYS)
    mark = told["inputs_sha256"]
    if mark is not None and not (isinstance(mark, str) and re.fullmatch("[0-9a-f]{64}", mark)):
        _refuse("'inputs_sha256' is not the 64 digits of a SHA-256.")
    return MadeFrom(
        n_patients=_whole_number(told["n_patients"], "'n_patients'", 1),
        n_scores=None if told["n_scores"] is None else _whole_number(told["n_scores"], "'n_scores'", 1),
        inputs_sha256=mark,
        effective_draws=_optional(told["effective_draws"], "'effective_draws'", 1.0),
        k_hat=_optional(told["k_hat"], "'k_hat'"),
        largest_k_hat=_optional(told["largest_k_hat"], "'largest_k_hat'"),
        held_out=_held_out(told["held_out"]),
        parent=_text(told["parent"], "'parent'", LONGEST_VERSION),
    )


def _optional(value: Any, what: str, least: float = -math.inf) -> float | None:
    return None if value is None else _number(value, what, least)


def _held_out(value: Any) -> Judged | None:
    if value is None:
        return None
    told = _object(value, "'held_out'", ("n_patients", "gain", "error", "better"))
    judged = Judged(
        _whole_number(told["n_patients"], "'n_patients' of 'held_out'", 2),
        _number(told["gain"], "'gain'"),
        _number(told["error"], "'error'", 0.0),
    )
    if told["better"] is not judged.better:
        _refuse(f"It calls itself {'better' if told['better'] else 'no better'}, and its gain and error say otherwise.")
    return judged
