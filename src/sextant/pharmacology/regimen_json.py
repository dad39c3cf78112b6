"""REGIMEN.json: a person's weight, and what is given when. Slips are refused with what was seen and what to write."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sextant.pharmacology.regimen import Bolus, Regimen, RegimenError, Segment
from sextant.units.bounds import (
    HIGHEST_MG_PER_KG,
    HIGHEST_WEIGHT_KG,
    LONGEST_INFUSION_MIN,
    LOWEST_WEIGHT_KG,
    SHORTEST_INFUSION_MIN,
)

EXAMPLE = (
    '{"weight_kg": 70, "segments": [{"start_min": 0, "duration_min": 40, "rate_mg_per_min": 0.875}], '
    '"boluses": [{"at_min": 0, "mg": 7.7}]}'
)

LATEST_MIN = 1_000_000.0
"""Near two years after the first infusion: beyond it a date or seconds were meant."""

_SUCH_AS = {"weight_kg": 70, "start_min": 0, "at_min": 0, "rate_mg_per_min": 0.875, "dose_mg_per_kg": 0.5, "mg": 7.7}
_KEYS = {"weight_kg": True, "segments": False, "boluses": False}
_SEGMENT_KEYS = {"start_min": True, "duration_min": True, "rate_mg_per_min": False, "dose_mg_per_kg": False}
_BOLUS_KEYS = {"at_min": True, "mg": True}


@dataclass(frozen=True, slots=True)
class RegimenFile:
    """A person's weight in kg, and what is given."""

    weight_kg: float
    regimen: Regimen


def read_regimen(text: str) -> RegimenFile:
    """The regimen of a file.

    Raises
    ------
    RegimenError
        If the text is not JSON, a key or a number is not what is meant, or a figure looks like a slip.
    """
    try:
        told = json.loads(text, parse_constant=_no_number, parse_int=float, object_pairs_hook=_each_key_once)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise RegimenError(f"This is not JSON{where}. Write for example {EXAMPLE}") from None
    keys = _object(told, "The regimen", _KEYS)
    weight_kg = _number(keys, "weight_kg", "The regimen")
    _check_weight(weight_kg)
    segments = [
        _segment(_object(one, f"Segment {number}", _SEGMENT_KEYS), f"Segment {number}", weight_kg)
        for number, one in enumerate(_list(keys, "segments"), start=1)
    ]
    boluses = [
        Bolus(_number(one, "at_min", name), _number(one, "mg", name))
        for number, each in enumerate(_list(keys, "boluses"), start=1)
        for name in [f"Bolus {number}"]
        for one in [_object(each, name, _BOLUS_KEYS)]
    ]
    if not segments and not boluses:
        raise RegimenError(f"Nothing is given: there is neither a segment nor a bolus. Write for example {EXAMPLE}")
    regimen = Regimen(tuple(segments), tuple(boluses))
    _check_minutes(regimen)
    _check_dose(regimen, weight_kg)
    return RegimenFile(weight_kg, regimen)


def _segment(told: Mapping[str, Any], name: str, weight_kg: float) -> Segment:
    given = [key for key in ("rate_mg_per_min", "dose_mg_per_kg") if key in told]
    if len(given) != 1:
        seen = "both rate_mg_per_min and dose_mg_per_kg" if given else "neither rate_mg_per_min nor dose_mg_per_kg"
        raise RegimenError(f"{name} has {seen}. Write one of them.")
    start, duration, amount = (_number(told, key, name) for key in ("start_min", "duration_min", given[0]))
    if amount < 0:
        raise RegimenError(f"{name}: {given[0]} is {amount:g}. Write 0 or more; 0 is a pause.")
    if given[0] == "rate_mg_per_min":
        return Segment(start, duration, amount)
    if 0 < duration < SHORTEST_INFUSION_MIN:
        raise RegimenError(_hours_for_minutes(f"{name}: duration_min is {duration:g}", duration))
    # A duration of 0 or less is refused as such by the regimen.
    return Segment(start, duration, amount * weight_kg / duration if duration > 0 else 0.0)


def _check_weight(weight_kg: float) -> None:
    if not LOWEST_WEIGHT_KG <= weight_kg <= HIGHEST_WEIGHT_KG:
        raise RegimenError(
            f"weight_kg is {weight_kg:g}, and Sextant takes {LOWEST_WEIGHT_KG:g} to {HIGHEST_WEIGHT_KG:g} as possible. "
            "Write body weight in kilograms, such as 70."
        )


def _check_minutes(regimen: Regimen) -> None:
    for number, one in enumerate(regimen.segments, start=1):
        _check_latest(f"Segment {number}, in order of time: start_min", one.start_min)
        if one.duration_min > LONGEST_INFUSION_MIN:
            raise RegimenError(
                f"Segment {number}, in order of time: duration_min is {one.duration_min:g}, and Sextant takes up to "
                f"{LONGEST_INFUSION_MIN:g} as possible. If seconds were meant, {one.duration_min:g} s is "
                f"{one.duration_min / 60:.3g} min: write minutes."
            )
    for number, bolus in enumerate(regimen.boluses, start=1):
        _check_latest(f"Bolus {number}, in order of time: at_min", bolus.at_min)
    # A pump is stopped early, so one short stretch says nothing; where none is longer, hours were meant.
    longest = max((one.duration_min for one in regimen.segments), default=SHORTEST_INFUSION_MIN)
    if longest < SHORTEST_INFUSION_MIN:
        raise RegimenError(_hours_for_minutes(f"The longest segment lasts {longest:g} min", longest))


def _check_latest(name: str, minute: float) -> None:
    if minute > LATEST_MIN:
        raise RegimenError(
            f"{name} is {minute:.12g}, and Sextant takes up to {LATEST_MIN:,.0f} as possible, which is near two years. "
            "Write minutes from the start of the first infusion, not seconds and not a date."
        )


def _hours_for_minutes(seen: str, minutes: float) -> str:
    return (
        f"{seen}, and the shortest infusion that Sextant takes as possible is {SHORTEST_INFUSION_MIN:g} min. If hours "
        f"were meant, {minutes:g} h is {minutes * 60:.3g} min: write minutes. What is given at once is a bolus."
    )


def _check_dose(regimen: Regimen, weight_kg: float) -> None:
    most = regimen.most_within_a_day_mg
    if most > HIGHEST_MG_PER_KG * weight_kg * (1 + 1e-9):
        raise RegimenError(
            f"{most / weight_kg:.6g} mg/kg ({most:.6g} mg) is given within a day, and Sextant takes up to "
            f"{HIGHEST_MG_PER_KG:g} mg/kg as possible. Check the decimal point (0.5 mg/kg is 35 mg for 70 kg), "
            "and that a dose is in mg/kg and a rate in mg a minute."
        )


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key in found if sum(key == other for other, _ in pairs) > 1)
        raise RegimenError(f"The key {twice[:40]!r} stands twice in one object. Write it once.")
    return found


def _object(told: object, name: str, keys: Mapping[str, bool]) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise RegimenError(f"{name} is not an object with {', '.join(keys)}. Write for example {EXAMPLE}")
    unknown = sorted(set(told) - set(keys))
    if unknown:
        raise RegimenError(f"{name} has {unknown[0][:40]!r}, which nobody reads. Keys are: {', '.join(keys)}.")
    lacks = [key for key, needed in keys.items() if needed and key not in told]
    if lacks:
        raise RegimenError(f"{name} lacks {lacks[0]}. Write it as a number, such as in {EXAMPLE}")
    return told


def _list(told: Mapping[str, Any], key: str) -> list[object]:
    found = told.get(key, [])
    if not isinstance(found, list):
        raise RegimenError(f"{key} is not a list. Write [ and ] around what it holds, even around one.")
    return found


def _number(told: Mapping[str, Any], key: str, name: str) -> float:
    value = told[key]
    if not isinstance(value, float) or not math.isfinite(value):
        seen = json.dumps(value, ensure_ascii=False)
        seen = "too large a number" if isinstance(value, float) else seen if len(seen) <= 40 else f"{seen[:40]}..."
        raise RegimenError(f"{name}: {key} is {seen}. Write a number without quotes, such as {_SUCH_AS.get(key, 40)}.")
    return value


def _no_number(word: str) -> float:
    raise RegimenError(f"{word} is no number of JSON. Write a number, such as 40.")
