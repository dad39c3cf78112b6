"""The forecast of use: what it costs, how it foretells people that it never saw, and the shipped values fitted again.

    .venv/bin/python benchmarks/use.py [--tables DIR] [--visits FILE] [--cross-validate] [--covariates] [--fit]

Without an option: the cost of 100,000 patient-weeks and of one update by either engine, and of a fit to the 1,870
patients.
--cross-validate: five folds over patients, stratified by arm, with the arm told and not told; also the concordance of
the risk of relapse, and how the populations of the folds foretell tests of other substances; then the same folds with
what the patients told of alcohol. --covariates: the priors of the covariates, worked out again from the trials on file
and from the visits of SUDMEX_TMS, and what they rest on; writes them into src/sextant/use/populations and leaves the
other values. --fit: as --cross-validate, then all patients; writes the whole files with the doubt of their values.
DIR holds the tables of CTN-0094 (default: ../shared/data/ctn0094), FILE is `visits.csv` of SUDMEX_TMS (default:
../shared/data/sudmex_tms).
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
    TriedOn,
    engine,
    forecast,
    read_population,
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
    try_on,
    without_arm,
)
from sextant.use.ctn0094 import (
    SUBSTANCES,
    TABLES,
    read_told_of,
    read_trial_patients,
    read_urines_of,
    with_disorder,
)
from sextant.use.fit import CLOSE
from sextant.use.history import IntArray
from sextant.use.judge import concordance
from sextant.use.relapse import LANDMARK_WEEK, at_risk, relapse_risk
from sextant.use.shipped import ALCOHOL_TOLD, OPIOID_URINES
from sextant.use.sudmex_tms import craving_effect, read_steps
from sextant.use.trial_plans import TRIAL_PLANS

ROOT = Path(__file__).parents[1]
N_STATES = 7
POPULATIONS = ROOT / "src" / "sextant" / "use" / "populations"
Tables = dict[str, str]
Tried = dict[str, TriedOn]


def tables_of(folder: Path) -> Tables:
    """The tables by their names."""
    return {name: gzip.decompress((folder / f"{name}.csv.gz").read_bytes()).decode() for name in TABLES}


def patients_of(tables: Tables) -> list[PatientWeeks]:
    """The randomised patients of the shared part, with their urines of opioids."""
    return list(read_trial_patients(tables["weekly"], tables["randomization"]).values())


def plain(what: str = "opioid urines") -> Population:
    """What is not fitted."""
    return Population(
        version=f"CTN-0094, three trials: {what}",
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


def cross_validate(tables: Tables) -> tuple[Population, Population]:
    """Print the figures; returns what is not fitted of both populations, with the doubt of their values and how they
    foretell what they were tried on."""
    urines = read_trial_patients(tables["weekly"], tables["randomization"])
    who, patients = list(urines), list(urines.values())
    fold, populations = _folds(patients)
    _show_folds(patients, fold, populations)
    tried = {"opioids": try_on(patients, fold, populations, looked_for="opioids", fitted=True)}
    for name, substance in SUBSTANCES.items():
        if substance.urine is not None:
            tried[name] = try_on(
                *_with_disorder(read_urines_of(substance, tables), name, tables, who, fold),
                populations,
                looked_for=substance.looked_for,
            )
    show_tried(tried)
    of_urines = replace(plain(), parameter_sd=_doubt(patients, populations), tried_on=tried)

    told = read_told_of(SUBSTANCES["alcohol"], tables)
    patients = [told[one] for one in who]
    fold, populations = _folds(patients)
    _show_folds(patients, fold, populations)
    tried = {
        "alcohol": try_on(
            *_with_disorder(told, "alcohol", tables, who, fold),
            populations,
            looked_for="alcohol",
            told=True,
            fitted=True,
        )
    }
    show_tried(tried)
    return of_urines, replace(plain("alcohol as told"), parameter_sd=_doubt(patients, populations), tried_on=tried)


def _with_disorder(
    weeks: dict[str, PatientWeeks], name: str, tables: Tables, who: list[str], fold: IntArray
) -> tuple[list[PatientWeeks], IntArray]:
    """Those who have the use disorder of a substance, with their folds."""
    having = with_disorder(SUBSTANCES[name], tables["psychiatric"])
    rows = [k for k, one in enumerate(who) if one in having]
    return [weeks[who[k]] for k in rows], fold[rows]


def show_tried(tried: Tried) -> None:
    """How each substance was foretold in the people who have its use disorder."""
    for name, one in tried.items():
        print(
            f"{name:<12}{'told' if one.told else 'urine':<7}log loss {one.log_loss:.4f} (own weeks "
            f"{one.log_loss_own_weeks:.4f}, average {one.log_loss_average:.4f})  slope {one.slope:.3f}  decile error "
            f"{one.decile_error:.4f}  said {one.said:.3f} seen {one.seen:.3f}, four weeks ahead {one.said_later:.3f} "
            f"{one.seen_later:.3f}  further SD {one.further_sd:.3f}  {one.n_patients} people, {one.n_weeks} weeks"
        )


def _folds(patients: list[PatientWeeks]) -> tuple[IntArray, list[Population]]:
    start = time.perf_counter()
    found = cross_validated(patients, TRIAL_PLANS, N_STATES, like=plain())
    print(f"five fits: {time.perf_counter() - start:.0f} s", flush=True)
    return found


def _show_folds(patients: list[PatientWeeks], fold: IntArray, populations: list[Population]) -> None:
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


def _doubt(patients: list[PatientWeeks], populations: list[Population]) -> float:
    doubt = jackknife_sd(patients, populations)
    print(f"doubt of the fitted values: {doubt:.3f} on a forecast's log odds")
    return doubt


def fit_and_write(tables: Tables, visits: str) -> None:
    """Both populations, each fitted to all patients, into the files of the package."""
    priors = covariate_priors(library().trials, visits)
    patients = (
        read_trial_patients(tables["weekly"], tables["randomization"]),
        read_told_of(SUBSTANCES["alcohol"], tables),
    )
    for name, weeks, like in zip((OPIOID_URINES, ALCOHOL_TOLD), patients, cross_validate(tables), strict=True):
        all_of_them = list(weeks.values())
        found = fitted_population(
            all_of_them, TRIAL_PLANS, N_STATES, like=replace(like, covariates=priors), until=CLOSE
        )
        write(name, found)
        show("in sample", judged(all_of_them, forecast(all_of_them, found)))


def write(name: str, population: Population) -> None:
    """Into its file of the package."""
    (POPULATIONS / f"{name}.json").write_text(text_of(population), encoding="utf-8")


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
    priors = covariate_priors(trials, visits)
    for name in (OPIOID_URINES, ALCOHOL_TOLD):
        stands = read_population((POPULATIONS / f"{name}.json").read_text(encoding="utf-8"))
        write(name, replace(stands, covariates=priors))


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
    tables = tables_of(asked_for.tables)
    if asked_for.fit:
        # Read first: a file that is not there should not be found out after the fits.
        fit_and_write(tables, asked_for.visits.read_text(encoding="utf-8"))
    elif asked_for.cross_validate:
        cross_validate(tables)
    else:
        measure(patients_of(tables))


if __name__ == "__main__":
    main()
