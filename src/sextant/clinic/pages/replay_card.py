"""One infusion as it was typed: what is there now, the next hour by what may be done, and when it has fallen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.safestring import SafeString

from sextant.clinic.charts import FutureChart, Site, Stretch, future_svg
from sextant.clinic.charts.scale import round_top
from sextant.clinic.pages.exposure_card import stretches
from sextant.clinic.pages.exposure_words import between_words, minutes_words, rate_down, sites_words
from sextant.clinic.pages.typed_rates import TypedRates
from sextant.pharmacology import (
    AHEAD_MIN,
    Band,
    Fall,
    LiveInfusion,
    Next,
    Regimen,
    Replay,
    Segment,
    models,
    rivals,
    warnings,
)

_TOLD_MIN = (15.0, 30.0, 60.0)
_SAME_RATE, _OTHER_UNIT, _SAME_MG = 1.01, 10, 0.005  # a rate read off a pump is rounded; milligrams are shown to 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """One thing that may be done next: its name, its drawing, and what it comes to."""

    name: str
    svg: SafeString
    cells: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One stretch as it was typed, with its rate in both units, as numbers."""

    when: str
    mg_per_min: str
    ml_per_h: str
    mg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayCard:
    """All that the answer shows; `ran` only where a strength was typed, in mg/mL."""

    now: str
    plasma: str
    site: str
    given: str
    of: str
    please_look: tuple[str, ...]
    ran: list[Ran]
    strength: str
    falls: tuple[tuple[str, str], ...]
    sites: str
    futures: list[Future]
    cautions: list[str]


def replay_card(
    regimen: Regimen,
    weight_kg: float,
    now_min: float,
    *,
    told: Regimen | None,
    meant: bool,
    rates: TypedRates,
    slow_to_mg_per_min: float | None,
    level_ng_per_ml: float | None,
) -> ReplayCard:
    """The answer to what was typed.

    Parameters
    ----------
    regimen, weight_kg, now_min : what was typed, and of whom
    told : the infusion as it is ordered or on record, None where it is not known
    meant : whether `told` is ordered and not given yet
    rates : the unit that was typed in, and the strength where it is known
    slow_to_mg_per_min, level_ng_per_ml : None leaves that out

    Raises
    ------
    RegimenError
        As `LiveInfusion.replay`.
    """
    ordered_mg = None if told is None else told.total_mg
    found = LiveInfusion(weight_kg).replay(
        regimen,
        now_min,
        ordered_mg=ordered_mg,
        slow_to_mg_per_min=slow_to_mg_per_min,
        level_ng_per_ml=level_ng_per_ml,
    )
    left = None if ordered_mg is None else ordered_mg - found.given_mg
    return ReplayCard(
        now=f"minute {now_min:g}",
        plasma=_at(found.so_far, -1, plasma=True),
        site=_at(found.so_far, -1, plasma=False),
        given=f"{found.given_mg:.2f}",
        of="" if ordered_mg is None else f"of {ordered_mg:.2f} mg",
        please_look=() if told is None else _unlike(found.given, told, "ordered" if meant else "on record", rates),
        ran=[] if rates.strength is None else [_ran(one, rates) for one in found.given.segments],
        strength="" if rates.strength is None else f"{rates.strength}",
        falls=() if found.fall is None else _falls(found.fall),
        sites=sites_words(rivals()),
        futures=_futures(found, regimen.rate_at(now_min), rates, left, slow_to_mg_per_min, level_ng_per_ml),
        cautions=warnings(tuple(models().values()), weight_kg, found.given),
    )


def _ran(one: Segment, rates: TypedRates) -> Ran:
    return Ran(
        when=f"{one.start_min:g} to {one.end_min:g}",
        mg_per_min=f"{rate_down(one.rate_mg_per_min):g}",
        ml_per_h=f"{rate_down(rates.ml_per_h(one.rate_mg_per_min) or 0.0):g}",
        mg=f"{one.mg:.2f}",
    )


def _unlike(given: Regimen, told: Regimen, where: str, rates: TypedRates) -> tuple[str, ...]:
    """Where more or faster went in than is ordered or on record, or in another unit as it seems; empty where not."""
    words = []
    most = max(one.rate_mg_per_min for one in told.segments)
    fastest = max(given.segments, key=lambda one: one.rate_mg_per_min, default=None)
    if fastest is not None and fastest.rate_mg_per_min > most * _SAME_RATE:
        words.append(
            f"From minute {fastest.start_min:g} on that is {rates.words(fastest.rate_mg_per_min)}, faster than the "
            f"{rates.words(most)} {where}."
        )
        if fastest.rate_mg_per_min > most * _OTHER_UNIT:
            words.append(
                f"Check the decimal point, and that {rates.strength} mg/mL is what is in the syringe."
                if rates.in_ml_per_h
                else "The same rate in mg/h is 60 times as large a number."
            )
    words += _in_the_other_unit(given, most, where, rates)
    over = given.total_mg - told.total_mg
    if over > _SAME_MG:
        words.append(f"By these minutes and rates that is {over:.2f} mg more than {where}.")
    return tuple(words)


def _in_the_other_unit(given: Regimen, most: float, where: str, rates: TypedRates) -> list[str]:
    """Where a number was typed that is the rate of the order in the unit that was not chosen."""
    most_ml_per_h = rates.ml_per_h(most)
    if most_ml_per_h is None:
        return []
    here, other = (most_ml_per_h, most) if rates.in_ml_per_h else (most, most_ml_per_h)
    if _alike(here, other):
        return []
    for one in given.segments:
        typed = rates.ml_per_h(one.rate_mg_per_min) if rates.in_ml_per_h else one.rate_mg_per_min
        if typed and _alike(typed, other):
            return [
                f"{rate_down(typed):g} is the rate {where} in {rates.other_unit}. In {rates.unit} from "
                f"{rates.strength} mg/mL it is {rate_down(here):g}."
            ]
    return []


def _alike(one: float, other: float) -> bool:
    return max(one, other) <= min(one, other) * _SAME_RATE


def _futures(
    found: Replay,
    rate: float,
    typed: TypedRates,
    left_mg: float | None,
    slow_to: float | None,
    level: float | None,
) -> list[Future]:
    now_min = float(found.so_far.times_min[-1])
    rates = {Next.GO_ON: rate, Next.PAUSE: 0.0, Next.SLOW: slow_to or 0.0}
    names = {
        Next.GO_ON: f"Go on at {typed.words(rate)}",
        Next.PAUSE: "Pause" if rate else "Stay paused",
        Next.SLOW: f"Slow to {typed.words(rates[Next.SLOW])}",
    }
    # While nothing runs, going on is to stay paused.
    shown = {what: band for what, band in found.ahead.items() if rate or what is Next.PAUSE}
    top = round_top(max(float(band.plasma.high.max()) for band in (found.so_far, *shown.values())))
    return [
        Future(
            name=names[what],
            svg=_drawn(what, names[what], found, band, _rates(found.given, now_min, rates[what], left_mg), top, level),
            cells=[(f"{after:.0f} min", *_cells(band, after)) for after in _TOLD_MIN],
        )
        for what, band in shown.items()
    ]


def _rates(given: Regimen, now_min: float, rate: float, left_mg: float | None) -> list[Stretch]:
    past = stretches(given, meant=False)
    lasts = AHEAD_MIN if left_mg is None or not rate else min(AHEAD_MIN, max(left_mg, 0.0) / rate)
    if not rate or lasts <= 0:
        return past
    return [*past, Stretch(start_min=now_min, end_min=now_min + lasts, mg_per_min=rate, meant=True)]


def _drawn(
    what: Next, name: str, found: Replay, band: Band, rates: Sequence[Stretch], top: float, level: float | None
) -> SafeString:
    past = found.so_far
    ended = ", ".join(
        f"{when} {plasma} ng/mL" for when, plasma, _ in ((f"in {m:.0f} min", *_cells(band, m)) for m in _TOLD_MIN)
    )

    def whole(before: np.ndarray, after: np.ndarray) -> list[float]:  # type: ignore[type-arg]
        return [*before.tolist(), *after[1:].tolist()]

    return future_svg(
        FutureChart(
            key=f"next-{what.name.lower().replace('_', '-')}",
            finding=f"{name}: {_cells(band, AHEAD_MIN)[0]} ng/mL in the blood in an hour",
            figures=f"In the blood {ended}.",
            times_min=whole(past.times_min, band.times_min),
            plasma=Site(low=whole(past.plasma.low, band.plasma.low), high=whole(past.plasma.high, band.plasma.high)),
            effect_site=Site(
                low=whole(past.effect_site.low, band.effect_site.low),
                high=whole(past.effect_site.high, band.effect_site.high),
            ),
            rates=rates,
            now_min=float(past.times_min[-1]),
            top=top,
            level=level,
        )
    )


def _cells(band: Band, after_min: float) -> tuple[str, str]:
    at = int(np.searchsorted(band.times_min, band.times_min[0] + after_min - 1e-9))
    return _at(band, at, plasma=True), _at(band, at, plasma=False)


def _at(band: Band, at: int, *, plasma: bool) -> str:
    of = band.plasma if plasma else band.effect_site
    return between_words(of.low[at], of.high[at])


def _falls(fall: Fall) -> tuple[tuple[str, str], ...]:
    level = f"down to {fall.level_ng_per_ml:g} ng/mL, if nothing more is given"
    return (
        (f"Blood {level}", _fall_words(fall.soonest_min, fall.latest_min)),
        (f"Effect site {level}", _fall_words(fall.site_soonest_min, fall.site_latest_min)),
    )


def _fall_words(soonest_min: float | None, latest_min: float | None) -> str:
    """How long it takes, from the soonest to the latest.

    >>> _fall_words(2.6, 28.1), _fall_words(0.0, 0.0), _fall_words(None, None)
    ('3 min to 28 min', 'already below it', 'not within two days')
    """
    if latest_min is not None and latest_min <= 0:
        return "already below it"
    if soonest_min is None:
        return "not within two days"
    soonest = "now" if soonest_min <= 0 else minutes_words(soonest_min)
    latest = "not within two days" if latest_min is None else minutes_words(latest_min)
    return f"{soonest} to {latest}"
