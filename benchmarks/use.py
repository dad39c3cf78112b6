"""The forecast of use: what it costs, how it foretells people that it never saw, and the shipped values fitted again.

    .venv/bin/python benchmarks/use.py [--tables DIR] [--visits FILE] [--cross-validate] [--covariates] [--fit]

Without an option: the cost of 100,000 patient-weeks and of one update by either engine, and of a fit to the 1,870
patients.
--cross-validate: five folds over patients, stratified by arm, with the arm told and not told; also the concordance of
the risk of relapse. --covariates: the priors of the covariates, worked out again from the trials on file and from the
visits of SUDMEX_TMS, and what they rest on; writes them into src/sextant/use/population.json and leaves its other
values. --fit: as --cross-validate, then all patients; writes the whole file with the doubt of its values.
DIR holds the tables `weekly.csv.gz` and `randomization.csv.gz` of CTN-0094 (default: ../shared/data/ctn0094), FILE is
`visits.csv` of SUDMEX_TMS (default: ../shared/data/sudmex_tms).
"""

import argparse
import gzip
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from sextant.evidence.library import library
from sextant.evidence.meta_analysis import pool
from sextant.use import (
    Engine,
    PatientFollower,
    PatientWeeks,
    Population,
    engine,
    forecast,
    shipped_population,
    text_of,
)
from sextant.use.covariate_priors import (
    ASSUMED_SD,
    covariate_priors,
    expected_elsewhere,
    infusion_mean,
    infusion_trials,
)
from sextant.use.cross_validation import (
    Judged,
    cross_validated,
    fitted_population,
    held_out_forecasts,
    jackknife_sd,
    judged,
    without_arm,
)
from sextant.use.ctn0094 import read_trial_patients
from sextant.use.judge import concordance
from sextant.use.relapse import LANDMARK_WEEK, at_risk, relapse_risk
from sextant.use.sudmex_tms import craving_effect, read_steps
from sextant.use.trial_plans import TRIAL_PLANS

ROOT = Path(__file__).parents[1]
N_STATES = 7
POPULATION_FILE = ROOT / "src" / "sextant" / "use" / "population.json"


def patients_of(tables: Path) -> list[PatientWeeks]:
    """The randomised patients of the shared part."""
    texts = [gzip.decompress((tables / f"{name}.csv.gz").read_bytes()).decode() for name in ("weekly", "randomization")]
    return list(read_trial_patients(*texts).values())


def plain() -> Population:
    """What is not fitted."""
    return Population(
        version="CTN-0094, three trials",
        sources=("CTN0094",),
        plans=TRIAL_PLANS,
        values={},
        arm_share=np.ones(1),
        baseline_share=np.ones((1, 5)),
        start_terms=np.zeros(1),
        parameter_sd=0.0,
        n_patients=0,
    )


def show(name: str, found: Judged) -> None:
    """Both readings, as in the issue's targets."""
    for reading, one, stretches in (
        ("tested weeks", found.tested, found.tested_by_stretch),
        ("due weeks, missing as use", found.due, found.due_by_stretch),
    ):
        by_stretch = " / ".join(f"{loss:.4f}" for loss in stretches)
        print(
            f"{name:<18}{reading:<27}log loss {one.log_loss:.4f}  slope {one.slope:.3f}  decile error "
            f"{one.decile_error:.4f} (largest {one.largest_decile_error:.4f})  weeks 2-4/5-12/13-24 {by_stretch}  "
            f"n {one.n}",
            flush=True,
        )


def cross_validate(patients: list[PatientWeeks]) -> float:
    """Print the figures; returns the doubt of the fitted values."""
    start = time.perf_counter()
    fold, populations = cross_validated(patients, TRIAL_PLANS, N_STATES, like=plain())
    print(f"five fits: {time.perf_counter() - start:.0f} s", flush=True)
    show("arm told", judged(patients, held_out_forecasts(patients, fold, populations)))
    unknown = without_arm(patients)
    show("arm not told", judged(unknown, held_out_forecasts(unknown, fold, populations)))
    for name, some in (("arm told", patients), ("arm not told", unknown)):
        risk, times, events = [], [], []
        for one, population in enumerate(populations):
            group = [some[k] for k in np.flatnonzero(fold == one)]
            rows, weeks, happened = at_risk(group)
            risk += relapse_risk([group[k] for k in rows], population)
            times += weeks
            events += happened
        c = concordance(np.array(risk), np.array(times, float), np.array(events))
        print(f"{name:<18}relapse after week {LANDMARK_WEEK}: {len(risk)} at risk, {sum(events)} relapse, C {c:.4f}")
    doubt = jackknife_sd(patients, populations)
    print(f"doubt of the fitted values: {doubt:.3f} on a forecast's log odds")
    return doubt


def fit_and_write(patients: list[PatientWeeks], doubt: float, visits: str) -> None:
    """All patients; the file of the package."""
    fitted = fitted_population(patients, TRIAL_PLANS, N_STATES, like=plain())
    found = replace(fitted, parameter_sd=doubt, covariates=covariate_priors(library().trials, visits))
    POPULATION_FILE.write_text(text_of(found), encoding="utf-8")
    show("in sample", judged(patients, forecast(patients, found)))


def priors_and_write(visits: str) -> None:
    """The priors of the covariates, with what they rest on; into the file of the package."""
    trials = library().trials
    for name, sensitivity in (("trials", False), ("with press and not randomised", True)):
        effects = infusion_trials(trials, with_sensitivity=sensitivity)
        mean, sd = expected_elsewhere(pool(effects))
        each = ", ".join(f"{one.study} {one.value:.2f}" for one in effects)
        prior = infusion_mean(trials, with_sensitivity=sensitivity)
        print(f"{name}: log odds ratios of abstinence {each}; elsewhere {mean:.2f} (SD {sd:.2f}); prior {prior:.3f}")
    steps = read_steps(visits)
    for name, some in (
        ("next urine", steps),
        ("urine of the same visit", [replace(one, craving=one.next_craving) for one in steps]),
    ):
        one = craving_effect(some, ASSUMED_SD["craving"])
        print(
            f"craving and the {name}: {one.mean:.4f} (SD {one.sd:.4f}) a point from {one.reference:.1f}, "
            f"{one.n_steps} steps of {one.n_people} people"
        )
    found = replace(shipped_population(), covariates=covariate_priors(trials, visits))
    POPULATION_FILE.write_text(text_of(found), encoding="utf-8")


def measure(patients: list[PatientWeeks]) -> None:
    """Cost, best of some repeats."""
    population = shipped_population()
    many = (patients * 3)[: int(np.ceil(100_000 / np.mean([one.last for one in patients])))]
    n = sum(one.last for one in many)
    for name in ("numpy", "compiled") if find_spec("numba") else ("numpy",):
        start = time.perf_counter()
        by = engine(name)
        forecast(patients[:1], population, by)
        print(f"{name}: {time.perf_counter() - start:.2f} s to load, with the first answer")
        for told, some in (("arm told", many), ("arm not told", without_arm(many))):
            best = min(timed(lambda: forecast(some, population, by)) for _ in range(5))  # noqa: B023
            print(f"{name}: {n} patient-weeks, {told}: {best:.2f} s (target 1 s), {1e6 * best / n:.2f} us each")
        for told, one in (("arm told", patients[0]), ("arm not told", without_arm(patients[:1])[0])):
            best = min(update_seconds(one, population, by) for _ in range(20))
            print(f"{name}: one patient alone, one update and forecast, {told}: {1e6 * best:.1f} us")
    start = time.perf_counter()
    fitted_population(patients, TRIAL_PLANS, N_STATES, like=plain())
    print(f"fit of the population to {len(patients)} patients: {time.perf_counter() - start:.1f} s (target 60 s)")


def update_seconds(patient: PatientWeeks, population: Population, by: Engine) -> float:
    """Of one week after another, mean."""
    follower = PatientFollower(patient.until(0), population, by)
    weeks = [one for one in patient.weeks if one.number >= 1]
    start = time.perf_counter()
    for week in weeks:
        follower.update(week)
    return (time.perf_counter() - start) / len(weeks)


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the tables."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--tables", type=Path, default=ROOT.parent / "shared" / "data" / "ctn0094" / "tables")
    given.add_argument("--visits", type=Path, default=ROOT.parent / "shared" / "data" / "sudmex_tms" / "visits.csv")
    given.add_argument("--cross-validate", action="store_true")
    given.add_argument("--covariates", action="store_true")
    given.add_argument("--fit", action="store_true")
    asked_for = given.parse_args()
    if asked_for.covariates:
        priors_and_write(asked_for.visits.read_text(encoding="utf-8"))
        return
    patients = patients_of(asked_for.tables)
    if asked_for.fit:
        # Read first: a file that is not there should not be found out after the fits.
        visits = asked_for.visits.read_text(encoding="utf-8")
        fit_and_write(patients, cross_validate(patients), visits)
    elif asked_for.cross_validate:
        cross_validate(patients)
    else:
        measure(patients)


if __name__ == "__main__":
    main()
