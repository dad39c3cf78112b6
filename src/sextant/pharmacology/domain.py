"""Where the models were built, and what is said beside a figure that lies outside of all of them."""

from collections.abc import Iterator, Sequence

from sextant.pharmacology.model import Model
from sextant.pharmacology.regimen import Regimen

HIGHEST_READ_MG_PER_KG = 1.41
"""Highest dose of one infusion in the studies of addiction on file (D077); into a muscle more was given."""


def warnings(models: Sequence[Model], weight_kg: float, regimen: Regimen) -> list[str]:
    """What to say beside the figures, each a sentence; empty where nothing is known against them.

    Parameters
    ----------
    models : all that there are: one that was built on people like this is enough
    weight_kg : of the person, kg
    regimen : in mg
    """
    return [*_of_the_weight(models, weight_kg), *_of_the_dose(regimen, weight_kg)]


def _of_the_weight(models: Sequence[Model], weight_kg: float) -> Iterator[str]:
    if any(one.domain.holds_weight(weight_kg) for one in models):
        return
    seen = "; ".join(f"{one.title}: {one.domain.weight}" for one in models)
    yield (
        f"{weight_kg:g} kg is outside the weights on which any model is known to have been built ({seen}). The "
        "figures reach there by a rule of body size alone."
    )


def _of_the_dose(regimen: Regimen, weight_kg: float) -> Iterator[str]:
    mg_per_kg = regimen.most_within_a_day_mg / weight_kg
    if mg_per_kg > HIGHEST_READ_MG_PER_KG * (1 + 1e-9):
        yield (
            f"{mg_per_kg:.3g} mg/kg within a day is above the highest dose of an infusion in the studies of addiction "
            f"on file ({HIGHEST_READ_MG_PER_KG:g} mg/kg, D077). Nothing says that the models hold there."
        )
