"""What is in the blood over one infusion, as a card: the finding, two charts, the same as a table, and the cautions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from django.utils.safestring import SafeString

from sextant.clinic.charts import ExposureChart, MeasuredLevel, NamedCurve, Stretch, exposure_svg
from sextant.clinic.pages.evidence_words import Address, address_of
from sextant.clinic.pages.exposure_words import (
    VESSELS,
    between_words,
    level_words,
    model_words,
    peak_words,
    rate_words,
    sites_words,
)
from sextant.pharmacology import Band, Between, Model, Regimen, Rivals, models, warnings
from sextant.pharmacology.model import FloatArray
from sextant.pharmacology.observations import Observation, observations
from sextant.units.words import list_words
from sextant.visit.dose_sheet import SAME_DOSE_WITHIN_MG_PER_KG

NOT_BENEFIT = (
    "Exposure is for safety and comfort. It says nothing of benefit: in what was read, levels in the blood did not go "
    "with mood."
)

_SHORTEST_SHOWN_MIN, _SHOWN_OF_INFUSION, _ROUND_MIN = 180.0, 2.2, 30.0
_STEP_MIN = 2.0
_SAME_MINUTE, _LAST_BITS = 0.5, 1e-9  # trials print whole minutes; sums of minutes differ in the last digits
_AFTER_CHANGE_MIN = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)  # where the curves bend most


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One stretch of constant rate, in words."""

    when: str
    rate: str
    mg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One model: what it is, what nobody knows of it, and where it was read; `href` only where that is on the web."""

    title: str
    told: str
    said_aloud: tuple[str, ...]
    address: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A published measurement that is drawn over the curves, with why to read it with care."""

    words: str
    care: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureCard:
    """All that the card shows."""

    finding: str
    plasma_svg: SafeString
    site_finding: str
    site_svg: SafeString
    columns: tuple[str, ...]
    rows: list[tuple[str, list[str]]]
    parts: list[Part]
    parts_are_of: str
    total: str
    running: str
    cautions: list[str]
    abouts: list[About]
    site_said_aloud: tuple[str, ...]
    seen: list[Seen]
    not_drawn: str


def exposure_card(regimen: Regimen, weight_kg: float, *, meant: bool, ran_min: float | None = None) -> ExposureCard:
    """The card of one infusion of a person of this weight.

    Parameters
    ----------
    meant : whether it is ordered and not given
    ran_min : how many minutes it has run where it was recorded at its start and is not over; None where all of it was
        given, or none
    """
    every = tuple(models().values())
    times = shown_times(regimen)
    band = Rivals.of(weight_kg, every).band(regimen, times)
    rates = stretches(regimen, meant=meant, after_min=ran_min)
    measured = measured_like(regimen, weight_kg)
    highest = "at its highest" if ran_min is None else "if it goes on as recorded, at its highest"
    finding = f"{highest[0].upper()}{highest[1:]} {peak_words(times, band.plasma)}"
    site_finding = f"At the effect site: {highest} {peak_words(times, band.effect_site)}"
    return ExposureCard(
        finding=finding,
        plasma_svg=_drawn(
            "plasma", "In the blood, ng/mL", finding, band, band.plasma, rates, ran_min, [_level(o) for o in measured]
        ),
        site_finding=site_finding,
        site_svg=_drawn("site", "At the effect site, ng/mL", site_finding, band, band.effect_site, rates, ran_min),
        columns=tuple(model_words(one.model) for one in band.curves),
        rows=_rows(band, regimen),
        parts=_parts(rates, ran_min),
        parts_are_of=_parts_are_of(meant=meant, ran_min=ran_min),
        total=f"{regimen.total_mg:.2f} mg",
        running="" if ran_min is None else _running(regimen, ran_min),
        cautions=[*warnings(every, weight_kg, regimen), sites_words(every)],
        abouts=[_about(one) for one in every],
        site_said_aloud=every[0].effect_site.said_aloud,
        seen=[_seen(one) for one in measured],
        not_drawn="" if measured else _not_drawn(),
    )


def measured_like(regimen: Regimen, weight_kg: float) -> tuple[Observation, ...]:
    """What others measured after the same dose per kilogram in the same minutes; over another dose it would mislead.

    The dose agrees within half of the last digit that trials print, and so do the minutes: a dose is turned into
    milligrams by a weight and back, and minutes may come from two times of day.
    """
    if not _at_one_rate(regimen):
        return ()
    return tuple(
        one
        for one in observations()
        if abs(regimen.total_mg / weight_kg - one.dose_mg_per_kg) <= float(SAME_DOSE_WITHIN_MG_PER_KG) + _LAST_BITS
        and abs(regimen.ends_min - one.over_min) <= _SAME_MINUTE
    )


def _at_one_rate(regimen: Regimen) -> bool:
    """Whether one rate runs from minute 0 to the end, in one stretch or in several that meet."""
    rates = [one.rate_mg_per_min for one in regimen.segments]
    if regimen.boluses or not rates:
        return False
    ran = sum(one.duration_min for one in regimen.segments)
    return max(rates) - min(rates) <= _LAST_BITS * max(rates) and regimen.ends_min - ran <= _LAST_BITS


def shown_times(regimen: Regimen) -> FloatArray:
    """From the start until long enough after the end to see it fall, with the moment of each change."""
    last = max(_SHORTEST_SHOWN_MIN, _SHOWN_OF_INFUSION * regimen.ends_min)
    last = _ROUND_MIN * np.ceil(last / _ROUND_MIN)
    changes = {minute for one in regimen.segments for minute in (one.start_min, one.end_min)}
    bends = [minute + after for minute in changes for after in _AFTER_CHANGE_MIN]
    return np.unique(np.concatenate([np.arange(0.0, last + 1, _STEP_MIN), bends]))


def stretches(regimen: Regimen, *, meant: bool, after_min: float | None = None) -> list[Stretch]:
    """The rates of a regimen as they are drawn; from `after_min` on they are meant and not given.

    One that is in force at that minute is given up to it and meant from there.
    """
    drawn = []
    for one in regimen.segments:
        within = after_min is not None and one.start_min < after_min < one.end_min
        turns = [one.start_min, *([after_min] if within and after_min is not None else []), one.end_min]
        drawn += [
            Stretch(
                start_min=start,
                end_min=end,
                mg_per_min=one.rate_mg_per_min,
                meant=meant or (after_min is not None and start >= after_min),
            )
            for start, end in pairwise(turns)
        ]
    return drawn


def _parts(rates: Sequence[Stretch], ran_min: float | None) -> list[Part]:
    """Each stretch in words; while it runs, with whether it is in."""
    told = {True: ", not given yet", False: ", given"}
    return [
        Part(
            when=f"minute {one.start_min:g} to {one.end_min:g}{'' if ran_min is None else told[one.meant]}",
            rate=rate_words(one.mg_per_min) if one.mg_per_min else "paused",
            mg=f"{(one.end_min - one.start_min) * one.mg_per_min:.2f} mg",
        )
        for one in rates
    ]


def _parts_are_of(*, meant: bool, ran_min: float | None) -> str:
    if meant:
        return "What is ordered, part by part"
    return "What went in, part by part" if ran_min is None else "What went in and what is on record to follow"


def _running(regimen: Regimen, ran_min: float) -> str:
    return (
        f"By the record it still runs: minute {ran_min:g} of {regimen.ends_min:g}, "
        f"{regimen.until(ran_min).total_mg:.2f} mg of {regimen.total_mg:.2f} mg given. What comes after, outlined, is "
        "what was recorded at its start and not what was given. Where it was paused, slowed or stopped, replay it."
    )


def _level(one: Observation) -> MeasuredLevel:
    what = f"{one.study}, measured" if one.what == "peak" else f"{one.study}, {one.what}"
    what += f", {VESSELS.get(one.sampling_site, one.sampling_site)}"
    return MeasuredLevel(words=what, low=one.lowest_ng_per_ml, high=one.highest_ng_per_ml, at_min=one.at_min)


def _seen(one: Observation) -> Seen:
    span = f"{one.lowest_ng_per_ml:g}"
    if one.highest_ng_per_ml > one.lowest_ng_per_ml:
        span = f"{span} to {one.highest_ng_per_ml:g}"
    vessel = VESSELS.get(one.sampling_site, one.sampling_site)
    return Seen(
        words=f"{one.study}, {one.population}: {span} ng/mL, {one.what}; {vessel}. Quoted in {one.quoted_in}.",
        care=one.use_with_care,
        address=address_of(one.address),
    )


def _not_drawn() -> str:
    doses = list_words(
        list(dict.fromkeys(f"{one.dose_mg_per_kg:g} mg/kg over {one.over_min:g} min" for one in observations()))
    )
    return f"Published measurements are of {doses}, and are not drawn over anything else."


def _drawn(
    key: str,
    title: str,
    finding: str,
    band: Band,
    of: Between,
    rates: Sequence[Stretch],
    now_min: float | None,
    observed: Sequence[MeasuredLevel] = (),
) -> SafeString:
    curves = [
        NamedCurve(
            words=model_words(one.model),
            ng_per_ml=(one.plasma_ng_per_ml if of is band.plasma else one.effect_site_ng_per_ml).tolist(),
            shape_only=not one.model.rival,
        )
        for one in band.curves
    ]
    highest = "; ".join(f"{one.words}: at its highest {level_words(max(one.ng_per_ml))}" for one in curves)
    return exposure_svg(
        ExposureChart(
            key=key,
            title=title,
            finding=finding,
            figures=f"{highest} ng/mL. The table below says each quarter of an hour.",
            times_min=band.times_min.tolist(),
            low=of.low.tolist(),
            high=of.high.tolist(),
            curves=curves,
            rates=rates,
            measured=observed,
            now_min=now_min,
        )
    )


def _rows(band: Band, regimen: Regimen) -> list[tuple[str, list[str]]]:
    step = 15.0 if band.times_min[-1] <= 240 else 30.0
    wanted = {*np.arange(step, band.times_min[-1] + 1, step).tolist(), *(one.end_min for one in regimen.segments)}
    rows = []
    for minute in sorted(wanted):
        at = int(np.searchsorted(band.times_min, minute - 1e-9))
        cells = [between_words(of.low[at], of.high[at]) for of in (band.plasma, band.effect_site)]
        cells += [level_words(one.plasma_ng_per_ml[at]) for one in band.curves]
        rows.append((f"{minute:g}", cells))
    return rows


def _about(model: Model) -> About:
    differences = (
        f"differences between people borrowed from {models()[model.variability_from].title}"
        if model.borrows_variability
        else "differences between people its own"
    )
    return About(
        title=model_words(model),
        told=f"{model.drug}, {model.population}; {differences}. Read as: {model.read_as}.",
        said_aloud=model.said_aloud,
        address=model.address,
        href=model.address.split(" ")[0] if model.address.startswith("https://") else "",
    )
