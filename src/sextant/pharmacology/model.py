"""A pharmacokinetic model as published: three linear compartments and an effect site, and what nobody knows of it."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Kg = TypeVar("Kg", float, FloatArray)

MINUTES_PER_HOUR = 60.0
REFERENCE_WEIGHT_KG = 70.0
DEFAULT = "kamp2020_opentiva"
"""Largest pooled adult data, racemic, arterial: what drives an effect site."""

PARAMETERS = ("v1", "v2", "v3", "cl", "q2", "q3")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter at 70 kg in litres or litres a minute, and the power of weight/70 that it grows with."""

    value: float
    weight_power: float

    def at(self, weight_kg: Kg) -> Kg:
        """Its value at a weight, or at each of several."""
        factor: Kg = (weight_kg / REFERENCE_WEIGHT_KG) ** self.weight_power
        return self.value * factor


@dataclass(frozen=True, slots=True)
class EffectSite:
    """How fast the effect site follows the blood, as half-life in minutes, and the range over endpoints."""

    name: str
    half_life_min: float
    lowest_half_life_min: float
    highest_half_life_min: float
    address: str
    said_aloud: tuple[str, ...]

    @property
    def ke0_per_min(self) -> float:
        """Rate constant, 1/min."""
        return math.log(2) / self.half_life_min


@dataclass(frozen=True, slots=True)
class Domain:
    """On whom the model was built, in words, and the weights where they were seen."""

    age: str
    weight: str
    dose: str
    weight_kg: tuple[float, float] | None

    def holds_weight(self, weight_kg: float) -> bool:
        """Whether the model is known to have been built on people of this weight; not seen is not known."""
        return self.weight_kg is not None and self.weight_kg[0] <= weight_kg <= self.weight_kg[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One published model.

    Parameters
    ----------
    name, title : its id on the command line, and in words
    drug : 'racemic ketamine' or 'S-ketamine'
    rival : whether it is of racemic ketamine in adults, so that its curve counts in the band; else it is a comparison
        of shape
    population, sampling_site : on whom, and from where the samples came: 'arterial', 'venous' or 'not seen'
    parameters : volumes (L) and clearances (L/min) at 70 kg
    log_variances : of a parameter between patients; log_covariances: of two of them
    variability_from : name of the model that these are borrowed from, or its own
    effect_site : borrowed by every model here
    domain : on whom it was built
    address, doi, read_as : where the values were read, and how near that is to the paper
    said_aloud : what is borrowed, chosen or not known
    """

    name: str
    title: str
    drug: str
    rival: bool
    population: str
    sampling_site: str
    parameters: Mapping[str, Parameter]
    log_variances: Mapping[str, float]
    log_covariances: Mapping[tuple[str, str], float]
    variability_from: str
    effect_site: EffectSite
    domain: Domain
    address: str
    read_as: str
    said_aloud: tuple[str, ...]
    doi: str = field(default="")

    @property
    def borrows_variability(self) -> bool:
        """Whether the differences between patients come from another model."""
        return self.variability_from != self.name


@cache
def models() -> Mapping[str, Model]:
    """Every model by its name: the default first, the other rivals, then the comparisons of shape.

    Raises
    ------
    ValueError
        If a file is not what a model needs; it names the file.
    """
    told = _read_all()
    effect_site = _effect_site(_read("effect_site.toml"))
    found = [_model(name, told, effect_site) for name in told]
    found.sort(key=lambda one: (one.name != DEFAULT, not one.rival, one.name))
    return {one.name: one for one in found}


def model(name: str) -> Model:
    """The model of that name.

    Raises
    ------
    ValueError
        If there is none; it says which there are.
    """
    try:
        return models()[name]
    except KeyError:
        raise ValueError(f"There is no model {name!r}. Write one of {', '.join(models())}.") from None


def rivals() -> tuple[Model, ...]:
    """The models of racemic ketamine in adults: their curves make the band."""
    return tuple(one for one in models().values() if one.rival)


def _read_all() -> dict[str, dict[str, Any]]:
    """What each file of the folder says, by the name that is the file's and the model's."""
    folder = files(__package__) / "models"
    names = sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))
    return {name: _read(f"models/{name}.toml") for name in names}


def _read(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"pharmacology/{name}: {error}") from None


def _effect_site(told: Mapping[str, Any]) -> EffectSite:
    return EffectSite(
        name=told["name"],
        half_life_min=told["half_life_min"],
        lowest_half_life_min=told["lowest_half_life_min"],
        highest_half_life_min=told["highest_half_life_min"],
        address=told["address"],
        said_aloud=tuple(told["said_aloud"]),
    )


def _model(name: str, every: Mapping[str, Mapping[str, Any]], effect_site: EffectSite) -> Model:
    try:
        return _of_its_parts(name, every, effect_site)
    except KeyError as error:
        raise ValueError(f"pharmacology/models/{name}.toml: {error} is missing, or there is none.") from None


def _of_its_parts(name: str, every: Mapping[str, Mapping[str, Any]], effect_site: EffectSite) -> Model:
    told = every[name]
    variability_from = told["variability"].get("borrowed_from", name)
    variability = every[variability_from]["variability"]
    if told["effect_site"]["borrowed_from"] != effect_site.name:
        raise ValueError(f"{name}: its effect site names a source that there is none of.")
    return Model(
        name=name,
        **{key: told[key] for key in ("title", "drug", "rival", "population", "sampling_site", "address")},
        parameters=_parameters(name, told["parameters"]),
        log_variances={key: value for key, value in variability.items() if key in PARAMETERS},
        log_covariances={
            (first, second): value
            for key, value in variability.items()
            for first, joined, second in [key.partition("_with_")]
            if joined
        },
        variability_from=variability_from,
        effect_site=effect_site,
        domain=_domain(told["domain"]),
        read_as=told["read_as"],
        said_aloud=tuple(told["said_aloud"]),
        doi=told.get("doi", ""),
    )


def _domain(told: Mapping[str, Any]) -> Domain:
    weights = told.get("weight_kg")
    return Domain(told["age"], told["weight"], told["dose"], None if weights is None else (weights[0], weights[1]))


_PER_MINUTE = {"L": 1.0, "L/min": 1.0, "L/h": 1 / MINUTES_PER_HOUR}


def _parameters(name: str, told: Mapping[str, Mapping[str, Any]]) -> dict[str, Parameter]:
    """Volumes and clearances, as the file gives them or from its volume a kilogram and rate constants."""
    if set(told) == set(PARAMETERS):
        try:
            return {
                key: Parameter(told[key]["value"] * _PER_MINUTE[told[key]["unit"]], told[key]["weight_power"])
                for key in PARAMETERS
            }
        except KeyError as error:
            raise ValueError(f"{name}: a parameter lacks {error} or has that as its unit.") from None
    needed = {"v1": "L/kg", **dict.fromkeys(("k10", "k12", "k13", "k21", "k31"), "1/min")}
    if {key: one["unit"] for key, one in told.items()} != needed:
        raise ValueError(f"{name}: needs {', '.join(PARAMETERS)}, or {needed}.")
    v1, k10, k12, k13, k21, k31 = (told[key]["value"] for key in needed)
    v1 *= REFERENCE_WEIGHT_KG
    values = {"v1": v1, "v2": k12 * v1 / k21, "v3": k13 * v1 / k31, "cl": k10 * v1, "q2": k12 * v1, "q3": k13 * v1}
    return {key: Parameter(values[key], 1.0) for key in PARAMETERS}
