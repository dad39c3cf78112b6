"""The band: where the concentration may lie, over the rival models and over the differences between people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sextant.pharmacology.concentration import concentrations
from sextant.pharmacology.model import FloatArray, Model, rivals
from sextant.pharmacology.patients import Patients, average_patient, drawn_patients
from sextant.pharmacology.regimen import Regimen

DRAWS = 200
OUTER = (0.025, 0.975)
"""Of each rival alone. The band then holds at least nine in ten whichever of them is true, with room for what so few
draws cannot tell."""

_SEED = 20_26


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """Lowest and highest, ng/mL, at each time; shape (times,)."""

    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The average patient of one model, ng/mL at each time; shape (times,)."""

    model: Model
    plasma_ng_per_ml: FloatArray
    effect_site_ng_per_ml: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Plasma and effect site as bands, and the curve of each model's average patient.

    The models that are no rivals, of S-ketamine, are curves alone: they compare shapes and do not widen the band.
    """

    times_min: FloatArray
    plasma: Between
    effect_site: Between
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rivals:
    """People of one weight, `DRAWS` of each rival model, and the average patient of every model."""

    models: tuple[Model, ...]
    drawn: Patients
    n_rivals: int
    average: Patients

    @classmethod
    def of(cls, weight_kg: float, models: Sequence[Model], between: Sequence[Model] | None = None) -> "Rivals":
        """At a weight in kg; `models` have a curve each, and the band lies over `between`, the rivals if none is
        named.

        Raises
        ------
        ValueError
            If there is no model for the curves, or none for the band.
        """
        over = rivals() if between is None else tuple(between)
        if not models or not over:
            raise ValueError(
                "There is no model to work with. Name at least one for the curves and one for the band, such as "
                "rivals()."
            )
        drawn = Patients.together([drawn_patients(one, weight_kg, DRAWS, _SEED) for one in over])
        average = Patients.together([average_patient(one, weight_kg) for one in models])
        return cls(tuple(models), drawn, len(over), average)

    def band(self, regimen: Regimen, times_min: FloatArray) -> Band:
        """Where plasma and effect site may lie at each time; times as for `concentrations`."""
        return self.band_of(self.everybody(regimen, times_min), times_min)

    def everybody(self, regimen: Regimen, times_min: FloatArray) -> FloatArray:
        """Plasma and effect site at each time of those drawn, then of each model's average patient, ng/mL.

        Of shape (2, times, people). What two regimens bring adds up: the compartments are linear.
        """
        curves = concentrations(Patients.together([self.drawn, self.average]), regimen, times_min)
        return np.stack([curves.plasma_ng_per_ml.T, curves.effect_site_ng_per_ml.T])

    def band_of(self, both: FloatArray, times_min: FloatArray) -> Band:
        """The band of what `everybody` has at these times."""
        low, high = self.outer(both[..., : len(self.drawn)])
        return Band(
            np.asarray(times_min, float),
            Between(low[0], high[0]),
            Between(low[1], high[1]),
            tuple(Curve(one, *both[..., len(self.drawn) + k]) for k, one in enumerate(self.models)),
        )

    def outer(self, drawn: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Lowest and highest over the rivals of what is nearly the lowest and highest of each; people come last."""
        by_rival = np.sort(drawn.reshape(*drawn.shape[:-1], self.n_rivals, DRAWS), axis=-1)
        low, high = (_between_ranks(by_rival, part * (DRAWS - 1)) for part in OUTER)
        return low.min(axis=-1), high.max(axis=-1)


def _between_ranks(in_order: FloatArray, rank: float) -> FloatArray:
    """The value at a rank, on a straight line between the two beside it."""
    whole = int(rank)
    return np.asarray(in_order[..., whole] + (rank - whole) * (in_order[..., whole + 1] - in_order[..., whole]))
