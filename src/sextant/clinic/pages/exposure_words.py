"""How levels in the blood, minutes and models are written for people."""

from collections.abc import Sequence
from math import floor

import numpy as np

from sextant.pharmacology import Between, Model
from sextant.pharmacology.model import FloatArray

SITES = {"arterial": "arterial", "venous": "venous", "not seen": "artery or vein not told"}
"""Where a model's samples came from, in words."""

VESSELS = {"not stated": "vessel not stated"}
"""Where a measured sample came from, where the word alone would not say of what."""

_RATE_STEPS, _LAST_BITS = 10_000, 1e-6


def level_words(ng_per_ml: float) -> str:
    """A level with no more digits than it is worth.

    >>> [level_words(one) for one in (287.9, 41.26, 9.44, 0.0)]
    ['290', '41', '9', '0']
    """
    return f"{round(ng_per_ml, -1):.0f}" if ng_per_ml >= 100 else f"{ng_per_ml:.0f}"


def between_words(low: float, high: float) -> str:
    """The lowest and the highest; one figure where they are written alike.

    >>> between_words(201.0, 287.9), between_words(0.0, 0.0)
    ('200 to 290', '0')
    """
    lowest, highest = level_words(low), level_words(high)
    return lowest if lowest == highest else f"{lowest} to {highest}"


def rate_words(mg_per_min: float) -> str:
    """A rate to 0.0001 mg/min, rounded down so that one who types or sets it gives no more.

    >>> rate_words(1.1675), rate_words(0.82375), rate_words(0.875)
    ('1.1675 mg/min', '0.8237 mg/min', '0.875 mg/min')
    """
    return f"{rate_down(mg_per_min):g} mg/min"


def rate_down(mg_per_min: float) -> float:
    """A rate in mg/min, rounded down to 0.0001; what is a step but for the last bits of a float stays that step."""
    return floor(_RATE_STEPS * mg_per_min + _LAST_BITS) / _RATE_STEPS


def peak_words(times_min: FloatArray, of: Between) -> str:
    """Where the highest of the band is, and what the band is there.

    >>> peak_words(np.array([0.0, 40, 80]), Between(np.array([0.0, 201, 40]), np.array([0.0, 288, 80])))
    '200 to 290 ng/mL, at minute 40'
    """
    levels, minute = peak_of(times_min, of)
    return f"{levels} ng/mL, at minute {minute}"


def peak_of(times_min: FloatArray, of: Between) -> tuple[str, str]:
    """The band where it is highest, in ng/mL, and the minute."""
    at = int(np.argmax(of.high))
    return between_words(of.low[at], of.high[at]), f"{times_min[at]:.0f}"


def minutes_words(minutes: float) -> str:
    """Minutes, as hours too where they are many.

    >>> minutes_words(0.4), minutes_words(28.1), minutes_words(150)
    ('less than a minute', '28 min', '2 h 30 min')
    """
    whole = round(minutes)
    if whole < 1:
        return "less than a minute"
    return f"{whole} min" if whole < 120 else f"{whole // 60} h {whole % 60:02d} min"


def model_words(model: Model) -> str:
    """A model's curve: who, and from where its samples came; of a comparison that only the shape counts."""
    site = SITES.get(model.sampling_site, model.sampling_site)
    return f"{model.title}, {site}" if model.rival else f"{model.title} (S-ketamine, shape only), {site}"


def sites_words(models: Sequence[Model]) -> str:
    """That the models do not tell of the same blood; empty where they do."""
    if len({one.sampling_site for one in models}) < 2:
        return ""
    told = "; ".join(f"{one.title}: {SITES.get(one.sampling_site, one.sampling_site)}" for one in models)
    return (
        f"The models do not tell of the same blood ({told}). While an infusion runs, blood from an arm vein holds less "
        "than blood from an artery: a sample from a vein does not compare with an arterial curve."
    )
