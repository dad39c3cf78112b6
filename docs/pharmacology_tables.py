"""Write the tables of docs/pharmacology.md from the models: `make pharmacology-tables`."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from page_tables import head, line, write
from sextant.pharmacology import (
    Band,
    Concentrations,
    Model,
    Regimen,
    Rivals,
    Segment,
    concentrations,
    drawn_patients,
    models,
    observations,
    rivals,
)

PAGE = Path(__file__).parent / "pharmacology.md"
TARGET = "pharmacology-tables"
WEIGHT_KG = 70.0
TRIAL = Regimen((Segment(0, 40, 0.5 * WEIGHT_KG / 40),))
SHOWN_MIN = (20.0, 40.0, 42.0, 50.0, 80.0, 110.0, 230.0)
FRESH, FRESH_SEED = 4096, 99
UNITS = {"v1": "L", "v2": "L", "v3": "L", "cl": "L/min", "q2": "L/min", "q3": "L/min"}


def main() -> None:
    """Bring the page up to date."""
    write(PAGE, tables(), TARGET)


def tables() -> dict[str, list[str]]:
    """Lines of each table, by the name that marks its place."""
    return {
        "models": [*_models()],
        "parameters": [*_parameters()],
        "not known": [*_not_known()],
        "curves": [*_curves()],
        "coverage": [*_coverage()],
        "observations": [*_observations()],
    }


def _models() -> Iterable[str]:
    yield from head("model", "of", "part", "on whom", "samples", "built on people of", "read in")
    for one in models().values():
        yield line(
            f"`{one.name}` ({one.title})",
            one.drug,
            "rival" if one.rival else "comparison of shape",
            one.population,
            one.sampling_site,
            f"age: {one.domain.age}; weight: {one.domain.weight}; dose: {one.domain.dose}",
            f"{one.read_as}: {_linked(one.address)}" + (f"; doi {one.doi}" if one.doi else ""),
        )


def _parameters() -> Iterable[str]:
    """At 70 kg; behind each the power of weight/70 that it grows with."""
    yield from head("model", *(f"{name}, {unit}" for name, unit in UNITS.items()), "log variances between people")
    for one in models().values():
        cells = (f"{one.parameters[name].value:.4g}, {one.parameters[name].weight_power:g}" for name in UNITS)
        yield line(f"`{one.name}`", *cells, _variances(one))


def _variances(one: Model) -> str:
    told = [f"{name} {value:g}" for name, value in one.log_variances.items()]
    told += [f"covariance of {first} and {second} {value:g}" for (first, second), value in one.log_covariances.items()]
    return "; ".join(told) + (f"; **borrowed from `{one.variability_from}`**" if one.borrows_variability else "")


def _not_known() -> Iterable[str]:
    for one in models().values():
        yield f"- **{one.title}.** {' '.join(one.said_aloud)}"
    site = next(iter(models().values())).effect_site
    yield (
        f"- **Effect site of every model**, borrowed from {_linked(site.address, 'Olofsen 2012')}: half-life "
        f"{site.half_life_min:g} minutes. {' '.join(site.said_aloud)}"
    )


def _curves() -> Iterable[str]:
    """The average patients and the band: plasma, and the effect site behind it in brackets."""
    band = _band()
    yield from head("ng/mL, plasma (effect site)", *(f"{time:g} min" for time in SHOWN_MIN))
    where = np.searchsorted(band.times_min, SHOWN_MIN)
    for curve in band.curves:
        yield line(
            f"`{curve.model.name}`, {curve.model.sampling_site}",
            *(f"{curve.plasma_ng_per_ml[k]:.0f} ({curve.effect_site_ng_per_ml[k]:.0f})" for k in where),
        )
    plasma, effect = band.plasma, band.effect_site
    yield line(
        "**band**",
        *(f"{plasma.low[k]:.0f} to {plasma.high[k]:.0f} ({effect.low[k]:.0f} to {effect.high[k]:.0f})" for k in where),
    )


def _coverage() -> Iterable[str]:
    """How many of fresh people of each model the band holds, at its worst minute and over all of them."""
    yield from head(
        "if the truth is", "plasma, worst minute", "mean minute", "effect site, worst minute", "mean minute"
    )
    band = _band()
    for one in models().values():
        fresh = concentrations(drawn_patients(one, WEIGHT_KG, FRESH, FRESH_SEED), TRIAL, band.times_min)
        cells = [f"{100 * held:.0f} %" for within in _within(fresh, band) for held in (within.min(), within.mean())]
        yield line(f"`{one.name}`" + ("" if one.rival else ", no rival"), *cells)


def _within(fresh: Concentrations, band: Band) -> Iterable[np.ndarray]:
    """Part of the people within, at each minute but the first, when there is nothing yet."""
    for curve, between in (
        (fresh.plasma_ng_per_ml, band.plasma),
        (fresh.effect_site_ng_per_ml, band.effect_site),
    ):
        yield np.mean((curve >= between.low) & (curve <= between.high), axis=0)[1:]


def _band() -> Band:
    """Of the regimen of the trials, minute by minute."""
    return Rivals.of(WEIGHT_KG, tuple(models().values()), rivals()).band(TRIAL, np.arange(241.0))


def _observations() -> Iterable[str]:
    yield from head("measured by", "ng/mL", "what", "on whom", "samples", "use with care", "read in")
    for one in observations():
        alike = one.lowest_ng_per_ml == one.highest_ng_per_ml
        yield line(
            one.study,
            f"{one.lowest_ng_per_ml:g}" + ("" if alike else f" to {one.highest_ng_per_ml:g}"),
            one.what + ("" if one.at_min is None else f", at about {one.at_min:g} min"),
            one.population,
            one.sampling_site,
            one.use_with_care,
            _linked(one.address, one.quoted_in),
        )


def _linked(address: str, words: str = "") -> str:
    return f"[{words or 'code'}](<{address}>)" if address.startswith("https://") and " " not in address else address


if __name__ == "__main__":
    main()
