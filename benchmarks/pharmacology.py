"""Concentrations of many patients: how fast, in how much memory, how exact, and the live replay of one infusion.

    .venv/bin/python benchmarks/pharmacology.py [--patients N] [--repeats N]

100,000 virtual patients (half of each rival model) x six infusions x 500 times x plasma and effect site, by either
engine: curves, handed on in chunks, and peak and time above without curves. Each in a process of its own, so that its
peak memory is its own. Then the growth with the number of patients, and one replay: so far and the next hour under 'go
on', 'pause' and 'slow', alone and with when it will have fallen to a level, over the rivals and over all four models
with 200 draws each. Best of the repeats:
whatever else the machine does makes a run slower, never faster; the seconds of one core hardly know of it.
"""

import argparse
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from time import perf_counter, process_time

import numpy as np

TARGETS = {"numpy": 90_000, "compiled": 350_000}
MRGSOLVE_PER_S = 880
MOST_MB = 1000
REPLAY_TARGET_MS = 20
DAYS = (0, 3, 7, 10, 14, 17)
TIMES = 500
LEVELS = (100.0, 100.0)
WORK = ("curves", "summaries")
SEED = 1


def main() -> None:
    """Print the tables."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--patients", type=int, default=100_000)
    given.add_argument("--repeats", type=int, default=7)
    given.add_argument("--alone", nargs=2, metavar=("ENGINE", "WORK"), help=argparse.SUPPRESS)
    asked = given.parse_args()
    if asked.alone:
        alone(*asked.alone, asked.patients, asked.repeats)
        return
    engines = ["numpy", *(["compiled"] if find_spec("numba") else [])]
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}; best of {asked.repeats}")
    for name in engines:
        for work in WORK:
            run(name, work, asked.patients, asked.repeats)
    print("twice the patients:")
    for name in engines:
        for n in (asked.patients // 2, asked.patients * 2):
            run(name, "curves", n, asked.repeats)
    replay()


def run(name: str, work: str, n: int, repeats: int) -> None:
    """One row, by a process of its own."""
    subprocess.run(
        [sys.executable, __file__, "--alone", name, work, "--patients", str(n), "--repeats", str(repeats)], check=True
    )


def alone(name: str, work: str, n: int, repeats: int) -> None:
    """Patients a second and peak memory of one engine and one kind of work."""
    from sextant.pharmacology import (
        Patients,
        Regimen,
        Segment,
        concentrations_in_chunks,
        drawn_patients,
        engine,
        exposure,
        repeated,
        rivals,
    )

    weights = np.random.default_rng(SEED).uniform(50, 110, n)
    parts = zip(rivals(), np.array_split(weights, len(rivals())), strict=True)
    patients = Patients.together([drawn_patients(one, some, len(some), SEED) for one, some in parts])
    six = repeated(Regimen((Segment(0, 40, 0.5 / 40),)), [1440.0 * day for day in DAYS])
    times = np.concatenate([1440.0 * day + 3.0 * np.arange(-(-TIMES // len(DAYS))) for day in DAYS])[:TIMES]
    by = engine(name)

    def curves() -> None:
        highest = 0.0
        for _, found in concentrations_in_chunks(patients, six, times, per_kg=True, by=by):
            highest = max(highest, float(found.plasma_ng_per_ml[0, 13]))
        assert highest > 0

    def summaries() -> None:
        exposure(patients, six, times, LEVELS, per_kg=True, by=by)

    seconds, cpu_s = best({"curves": curves, "summaries": summaries}[work], repeats)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    target = f"target {TARGETS[name]:,}, " if work == "curves" else ""
    print(
        f"{name:<9}{work:<10}{n:>8,} patients: {seconds:6.3f} s, {n / seconds:>9,.0f} patients/s ({target}"
        f"{n / seconds / MRGSOLVE_PER_S:,.0f} times mrgsolve's {MRGSOLVE_PER_S}), {n / cpu_s:,.0f} a second of a core; "
        f"{memory:.0f} MB (most {MOST_MB})",
        flush=True,
    )


def replay() -> None:
    """Milliseconds of one page of a running infusion."""
    from sextant.pharmacology import LiveInfusion, Regimen, Segment, models, rivals

    given = Regimen((Segment(0, 11.5, 0.875), Segment(19, 40, 0.4375)))
    for what, between in (("the rivals", rivals()), ("all four models", tuple(models().values()))):
        live = LiveInfusion(70.0, between)
        ahead, _ = best(lambda: live.replay(given, 25.0, ordered_mg=35.0, slow_to_mg_per_min=0.2), 50)  # noqa: B023
        both, _ = best(
            lambda: live.replay(given, 25.0, ordered_mg=35.0, slow_to_mg_per_min=0.2, level_ng_per_ml=50.0),  # noqa: B023
            50,
        )
        fall, _ = best(lambda: live.fall(given, 25.0, 50.0), 50)  # noqa: B023
        print(
            f"replay, 200 draws of each of {what}: {1e3 * ahead:.1f} ms (target {REPLAY_TARGET_MS}); with when it will "
            f"have fallen, as on the clinic's page: {1e3 * both:.1f} ms; that alone: {1e3 * fall:.1f} ms"
        )
    print(f"to draw the people of one weight: {1e3 * best(lambda: LiveInfusion(70.0), 20)[0]:.1f} ms, once")


def best(work: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Seconds by the clock and of all cores together, each of its best run, after one that is not counted."""
    work()
    spent = []
    for _ in range(repeats):
        begun, begun_cpu = perf_counter(), process_time()
        work()
        spent.append((perf_counter() - begun, process_time() - begun_cpu))
    return min(clock for clock, _ in spent), min(cpu for _, cpu in spent)


if __name__ == "__main__":
    main()
