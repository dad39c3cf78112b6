"""Patients of a model: the average one, and others drawn from what is known of the differences between people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sextant.pharmacology.model import PARAMETERS, FloatArray, Model


@dataclass(frozen=True, slots=True, eq=False)
class Patients:
    """Volumes (L), clearances (L/min), ke0 (1/min) and weight (kg) of some patients; each of shape (patients,)."""

    v1: FloatArray
    v2: FloatArray
    v3: FloatArray
    cl: FloatArray
    q2: FloatArray
    q3: FloatArray
    ke0: FloatArray
    weight_kg: FloatArray

    def __len__(self) -> int:
        return len(self.v1)

    def __getitem__(self, which: slice | NDArray[np.intp] | NDArray[np.bool_]) -> "Patients":
        return Patients(*(getattr(self, name)[which] for name in self.__slots__))

    @classmethod
    def together(cls, some: Sequence["Patients"]) -> "Patients":
        """Those of several models in one row, for they are worked out alike."""
        return cls(*(np.concatenate([getattr(one, name) for one in some]) for name in cls.__slots__))


def average_patient(model: Model, weight_kg: float) -> Patients:
    """The one patient whom the model describes at this weight, in kg.

    Raises
    ------
    ValueError
        If the weight is not above 0.
    """
    _check_weights(weight_kg)
    values = {name: np.array([model.parameters[name].at(weight_kg)]) for name in PARAMETERS}
    return Patients(**values, ke0=np.array([model.effect_site.ke0_per_min]), weight_kg=np.array([weight_kg]))


def drawn_patients(model: Model, weight_kg: float | FloatArray, n: int, seed: int) -> Patients:
    """Other people of this weight, as far as the model or the one that it borrows from knows how people differ.

    The draws fill their space evenly (scrambled Sobol), so that some hundred say what thousands at random would. What
    varies: the parameters with a variance, log-normal; and the half-life of the effect site, evenly over the range of
    the endpoints.

    Parameters
    ----------
    weight_kg : body weight, kg; one, or one for each of the `n`
    n : how many
    seed : of the scrambling

    Raises
    ------
    ValueError
        If a weight is not above 0, or `n` is less than 0.
    """
    _check_weights(weight_kg)
    if n < 0:
        raise ValueError(f"{n} people cannot be drawn. Write 0 or more.")
    # Most of a second to load, and only draws need them: `sextant infusion` should not wait.
    from scipy.special import ndtri
    from scipy.stats import qmc

    varied = [name for name in PARAMETERS if name in model.log_variances]
    size = 2 ** int(np.ceil(np.log2(max(n, 2))))
    even = qmc.Sobol(len(varied) + 1, rng=seed).random(size)[:n]
    even = np.clip(even, 1e-9, 1 - 1e-9)
    steps = ndtri(even[:, :-1]) @ np.linalg.cholesky(_covariance(model, varied)).T
    factors = dict(zip(varied, np.exp(steps).T, strict=True))
    weights = np.full(n, weight_kg)
    values = {name: model.parameters[name].at(weights) * factors.get(name, np.ones(n)) for name in PARAMETERS}
    site = model.effect_site
    half_life = site.lowest_half_life_min + even[:, -1] * (site.highest_half_life_min - site.lowest_half_life_min)
    return Patients(**values, ke0=np.log(2) / half_life, weight_kg=weights)


def _covariance(model: Model, varied: Sequence[str]) -> FloatArray:
    found = np.diag([model.log_variances[name] for name in varied])
    for (one, other), value in model.log_covariances.items():
        i, j = varied.index(one), varied.index(other)
        found[i, j] = found[j, i] = value
    return found


def _check_weights(weight_kg: float | FloatArray) -> None:
    if not np.all(np.isfinite(weight_kg) & (np.asarray(weight_kg) > 0)):
        raise ValueError("A weight is not above 0. Write body weight in kilograms, such as 70.")
