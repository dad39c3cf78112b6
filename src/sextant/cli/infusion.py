"""`sextant infusion`: what is in the plasma and at the effect site, minute by minute, by one model or by all."""

import argparse
import math
import sys
from decimal import Decimal, InvalidOperation

import numpy as np
from numpy.typing import NDArray

from sextant.cli.files import read_text
from sextant.cli.refused import Refused
from sextant.pharmacology import (
    Model,
    RegimenError,
    average_patient,
    concentrations,
    model,
    models,
    read_regimen,
    warnings,
)
from sextant.pharmacology.regimen_json import LATEST_MIN

COLUMNS = ("time_min", "model", "plasma_ng_per_ml", "effect_site_ng_per_ml")
MOST_TIMES = 1_000_000

FloatArray = NDArray[np.float64]


def infusion(options: argparse.Namespace) -> int:
    """Print one row a model and time, of the average patient of this weight."""
    times = _times(options.times)
    chosen = _chosen(options.model)
    try:
        told = read_regimen(read_text(options.regimen))
    except RegimenError as error:
        raise Refused(f"{options.regimen}: {error}") from None
    for sentence in (*warnings(tuple(models().values()), told.weight_kg, told.regimen), *_what_to_know(chosen)):
        print(f"sextant: {sentence}", file=sys.stderr)
    print(",".join(COLUMNS))
    for one in chosen:
        found = concentrations(average_patient(one, told.weight_kg), told.regimen, times)
        rows = zip(
            times.tolist(), found.plasma_ng_per_ml[0].tolist(), found.effect_site_ng_per_ml[0].tolist(), strict=True
        )
        sys.stdout.writelines(f"{time:.15g},{one.name},{plasma:.10g},{effect:.10g}\n" for time, plasma, effect in rows)
    return 0


def _chosen(name: str) -> list[Model]:
    if name == "all":
        return list(models().values())
    try:
        return [model(name)]
    except ValueError as error:
        raise Refused(f"--model: {error} Or write all.") from None


def _what_to_know(chosen: list[Model]) -> list[str]:
    """What was not seen of the models, and that the curves are not of one kind, where they are not."""
    sites = {one.sampling_site for one in chosen}
    unseen = [one.name for one in chosen if one.domain.dose == "not seen"]
    said = [f"{', '.join(unseen)}: built on doses that were not seen."] if unseen else []
    if len(sites) > 1:
        told = "; ".join(f"{one.name}: {one.sampling_site}" for one in chosen)
        said.append(
            f"the models do not tell of the same blood ({told}). While an infusion runs, venous is lower than "
            "arterial: do not hold one against the other as if they were one."
        )
    shapes = [one.name for one in chosen if not one.rival]
    if shapes:
        said.append(
            f"{', '.join(shapes)}: of S-ketamine, worked out as if the whole dose were S. For a comparison of shape, "
            "not for a level."
        )
    return said


def _times(told: str) -> FloatArray:
    try:
        # As decimals, so that a last that falls on a step of 0.1 is one of the times.
        first, last, step = (Decimal(one) for one in told.split(":"))
        if not all(math.isfinite(one) for one in (first, last, step)):
            raise ValueError
    except (InvalidOperation, ValueError, OverflowError):
        raise Refused(f"--times {told!r} is not first:last:step. Write minutes, such as --times 0:240:1.") from None
    if first < 0 or last < first or step <= 0:
        raise Refused(
            f"--times {told}: minutes count from the start of the infusion, the last is not before the first, and the "
            "step is above 0. Write for example --times 0:240:1."
        )
    if last > LATEST_MIN:
        raise Refused(
            f"--times {told}: Sextant takes minutes up to {LATEST_MIN:,.0f}, near two years. Write an earlier last."
        )
    if last - first >= step * MOST_TIMES:
        raise Refused(f"--times {told} asks for more than {MOST_TIMES:,} times. Take a longer step.")
    steps = int((last - first) // step)
    times = np.round(float(first) + float(step) * np.arange(steps + 1), 9)
    if np.any(np.diff(times) <= 0):
        raise Refused(f"--times {told}: the step is too short to tell the times apart. Take a longer one.")
    return times
