"""How often the model's forecasts are right, in virtual patients and in the NIMH patients: all figures and their page.

    .venv/bin/python benchmarks/calibrate.py [--quick] [--into FOLDER] [--nimh FOLDER]

Writes src/sextant/response/calibration.json (packaged; read by the page /model/), docs/calibration.md and its plots.
The same seed gives the same figures, on however many cores. NIMH patients are scored where their folder is at hand
(see nimh_bands.py) and kept from the last run where it is not.
"""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import calibration_page
import nimh_bands
import numpy as np
from pages import figures_text, rounded

from sextant.response import fastest, shipped_population
from sextant.response.reading import AS_NUMBERS
from sextant.response.settings import Settings
from sextant.virtual import draw_people
from sextant.virtual.calibration import (
    MOMENTS,
    Outcome,
    averaged,
    draw_cohort,
    draw_exact_cohort,
    scenarios,
    stress_summary,
    summary,
    under_known_setting,
)
from sextant.virtual.calibration.cohort import LATE, MEASURED
from sextant.virtual.calibration.summary import made_with

SEED = 20_261_125
PROJECT = Path(__file__).parents[1]
FIGURES = Path("src/sextant/response/calibration.json")
# Patients at each moment, in parts of so many; `quick` is for trying the command, not for figures.
FULL = {"engine": (20_000, 2_000), "known": (20_000, 2_000), "averaged": (5_000, 125), "stress": (1_000, 50)}
QUICK = {"engine": (400, 200), "known": (400, 200), "averaged": (24, 12), "stress": (12, 12)}


@dataclass(frozen=True)
class Part:
    """Some patients of one kind of question, at one moment or in one scenario."""

    kind: str
    number: int
    part: int
    n: int


def parts(sizes: dict[str, tuple[int, int]]) -> Iterator[Part]:
    """All the work, the slowest kinds first."""
    for kind in ("averaged", "stress", "engine", "known"):
        n, size = sizes[kind]
        for number in range(len(scenarios() if kind == "stress" else MOMENTS)):
            for part in range(math.ceil(n / size)):
                yield Part(kind, number, part, min(size, n - part * size))


def work(part: Part) -> tuple[Part, Outcome]:
    """Draw the patients of one part, forecast, and hold the forecasts against what came true."""
    # With plain numbers and with whole points the people are the same; so are they in all scenarios, as far as can be.
    seed = {"engine": 1, "known": 1, "averaged": 2, "stress": 3}[part.kind]
    rng = np.random.default_rng([SEED, seed, 0 if part.kind == "stress" else part.number, part.part])
    population, by = shipped_population(), fastest()
    if part.kind == "stress":
        cohort = scenarios()[part.number].draw(population, part.n, LATE, rng)
        return part, averaged(cohort, population, by, with_crps=True)
    moment = MOMENTS[part.number]
    if part.kind == "averaged":
        people = draw_people(population.draws(part.n, rng), MEASURED, rng)
        return part, averaged(draw_cohort(people, moment, rng), population, by)
    settings = Settings.of([population.average()]).take(np.zeros(part.n, np.int64))
    people = draw_people(settings, MEASURED, rng)
    if part.kind == "engine":
        return part, under_known_setting(draw_exact_cohort(people, moment, rng), settings, by, AS_NUMBERS)
    return part, under_known_setting(draw_cohort(people, moment, rng), settings, by)


def all_outcomes(sizes: dict[str, tuple[int, int]]) -> dict[tuple[str, int], Outcome]:
    """All parts on all cores, joined by question and moment, in the order of their parts."""
    todo = list(parts(sizes))
    done: dict[Part, Outcome] = {}
    start = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), initializer=_one_thread) as pool:
        for future in as_completed([pool.submit(work, part) for part in todo]):
            part, done[part] = future.result()
            _show(len(done), len(todo), time.monotonic() - start)
    print(file=sys.stderr)
    joined: dict[tuple[str, int], list[Outcome]] = {}
    for part in todo:
        joined.setdefault((part.kind, part.number), []).append(done[part])
    return {key: Outcome.joined(outcomes) for key, outcomes in joined.items()}


def _one_thread() -> None:
    """Each core has a process, so that threads inside would only get in each other's way."""
    if fastest().name == "compiled":
        import numba

        numba.set_num_threads(1)


def _show(done: int, of: int, seconds: float) -> None:
    left = seconds * (of - done) / done
    end = "" if sys.stderr.isatty() else "\n"
    if end == "" or done % 25 == 0 or done == of:
        print(
            f"\r{done} of {of} parts, {seconds / 60:.1f} min, about {left / 60:.1f} min left ", end=end, file=sys.stderr
        )


def figures(sizes: dict[str, tuple[int, int]], nimh: dict[str, Any] | None) -> dict[str, Any]:
    """All figures, rounded so that the last digits of a processor do not show."""
    outcomes = all_outcomes(sizes)
    told: dict[str, Any] = {
        "made_with": made_with(shipped_population()) | {"seed": SEED},
        "moments": [
            {
                "key": moment.key,
                "name": moment.name,
                "visits": len(moment.visits),
                "known_until_day": moment.known_until,
                "asked_day": moment.asked_day,
                "clear_day": moment.clear_day,
            }
            for moment in MOMENTS
        ],
    }
    for kind in ("engine", "known", "averaged"):
        told[kind] = [summary(outcomes[kind, number]) for number in range(len(MOMENTS))]
    told["stress"] = [
        {"key": one.key, "words": one.words} | stress_summary(outcomes["stress", number])
        for number, one in enumerate(scenarios())
    ]
    return rounded(told) | {"nimh": rounded(nimh, 9)}


def main(arguments: list[str]) -> int:
    """Work everything out and write it."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--quick", action="store_true", help="few patients, to try the command; no figures to be kept")
    asked.add_argument("--into", type=Path, default=PROJECT, help="folder to write into; the project's own by default")
    asked.add_argument("--nimh", type=Path, help="folder with ratings.csv of OpenNeuro ds005917")
    asked.add_argument("--page", action="store_true", help="write the page again from the figures that are there")
    options = asked.parse_args(arguments)
    target = options.into / FIGURES
    last = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else {}
    if options.page:
        calibration_page.write(last, options.into)
        return 0
    if options.nimh and (options.nimh / "ratings.csv").is_file():
        nimh = nimh_bands.compared(nimh_bands.score_everyone(options.nimh))
    else:
        nimh = last.get("nimh")
        print("No NIMH folder: their figures stay as they were." if nimh else "No NIMH folder.", file=sys.stderr)
    told = figures(QUICK if options.quick else FULL, nimh)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(figures_text(told), encoding="utf-8")
    calibration_page.write(told, options.into)
    print(f"Written: {target}, docs/calibration.md and its plots under {options.into}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
