"""Old and new value of every fitted number, on the scale and in the words that a clinic reads."""

from dataclasses import dataclass

import numpy as np

from sextant.instruments import instrument
from sextant.response.hyper_parameters import MODELLED
from sextant.response.population import FITTED, Population, even_shifts
from sextant.response.report import Band, FloatArray

_DRAWS = 2048
_POINTS = MODELLED["craving"].scale_points  # one unit of benefit, in craving points

# Unit and words of each fitted number; benefit is told in points of craving.
_WORDS: dict[str, tuple[str, str]] = {
    "mu_a": ("craving points", "quick benefit of one infusion of 0.5 mg/kg in people who respond"),
    "sd_a": ("craving points", "how much quick benefit differs between them (SD)"),
    "mu_c": ("craving points", "slow benefit of one infusion of 0.5 mg/kg in people who respond"),
    "sd_c": ("craving points", "how much slow benefit differs between them (SD)"),
    "mu_ln_tau_s": ("days", "how long slow benefit lasts before it has waned to about a third"),
    "sd_ln_tau_s": ("times as long", "how much that differs between them (one SD)"),
    "lasting_share": ("%", "part of slow benefit that lasts several times longer"),
    "pi0": ("%", "people in whom ketamine changes nothing"),
    "pi_worse": ("%", "people who get worse in the programme, whatever the cause"),
    "tau_f_days": ("days", "how long quick benefit lasts before it has waned to about a third"),
    "tau_on_days": ("days", "how long slow benefit takes to build up to about two thirds"),
    "sd_ou": ("craving points", "how far good and bad days lie from the person's course (SD)"),
    "tau_ou_days": ("days", "how long a good or bad spell lasts before a third of it is left"),
    "sd_e": ("craving points", "noise of one score (SD)"),
    "mu_h": ("craving points", "improvement from the programme itself, at full attendance"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One fitted number before and after, as median and 80 % interval in `unit`."""

    name: str
    words: str
    unit: str
    old: Band
    new: Band


def compared(old: Population, new: Population) -> tuple[Compared, ...]:
    """Every fitted number of the one population beside that of the other."""
    before, after = (one.at(even_shifts(_DRAWS)) for one in (old, new))
    return tuple(Compared(name, *_words(name), _band(name, before[name]), _band(name, after[name])) for name in FITTED)


def _words(name: str) -> tuple[str, str]:
    if name in _WORDS:
        unit, words = _WORDS[name]
        return words, unit
    measured = instrument(name.removeprefix("lambda_"))
    unit = "days in 7" if measured.key == "use_days" else "points"
    return f"{measured.name}: fall with {_POINTS:g} points less craving", unit


def _band(name: str, values: FloatArray) -> Band:
    low, median, high = np.quantile(_shown(name, values), (0.1, 0.5, 0.9))
    return Band(float(median), float(low), float(high))


def _shown(name: str, values: FloatArray) -> FloatArray:
    if name in ("mu_ln_tau_s", "sd_ln_tau_s"):
        return np.exp(values)
    if name.startswith("lambda_"):
        modelled = MODELLED[name.removeprefix("lambda_")]
        usual = np.array(modelled.prior_mean_points)
        return modelled.shown(usual) - modelled.shown(usual - values * modelled.scale_points)
    unit = _WORDS[name][0]
    return values * {"craving points": _POINTS, "%": 100.0}.get(unit, 1.0)
