"""What a clinic gains by fitting the forecast of use to its own weeks: each trial of CTN-0094 in turn is the clinic.

    .venv/bin/python benchmarks/refit_use.py [--tables DIR] [--draws N]

The two other trials are fitted as the shipped values are; some people of the third, drawn by chance, are what the
clinic has on record. Judged is the rest of its people beyond the first 200 of the draw: weeks 2 to 24, arm not told,
week 0 as on record. First the log losses beside those of the start: its values without any weeks of the clinic (its
calendars replaced by their mean), a refit by the SD between programmes, and a fit from scratch. Then what `sextant
refit-use` says of such a clinic, and of one whose people are like those of the start. About eight minutes.
DIR holds the tables of CTN-0094 (default: ../shared/data/ctn0094).
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from sextant.use import PatientWeeks, Plan, Population, forecast
from sextant.use.coding import arm_numbers
from sextant.use.cross_validation import Judged, fitted_population, judged, without_arm
from sextant.use.judge import folds
from sextant.use.own_programme import BETWEEN_PROGRAMMES_SD, fitted_to_clinic, own_plan
from sextant.use.refit import refit, select
from sextant.use.trial_plans import TRIAL_PLANS
from use import N_STATES, ROOT, patients_of, plain, tables_of

SDS = (0.1, 0.2, 0.4, 0.8)
SIZES = (25, 50, 100, 200)
JUDGED_AFTER = 200
NO_WEEKS_READ = 1e-3  # an SD that holds the values where they were
CLINIC = "clinic"


def main() -> None:
    """Print the tables."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--tables", type=Path, default=ROOT.parent / "shared" / "data" / "ctn0094" / "tables")
    given.add_argument("--draws", type=int, default=5)
    asked_for = given.parse_args()
    everyone = patients_of(tables_of(asked_for.tables))
    starts = {
        plan.name: fitted_population(
            [one for one in everyone if one.arm not in plan.arms],
            tuple(other for other in TRIAL_PLANS if other is not plan),
            N_STATES,
            like=plain(),
        )
        for plan in TRIAL_PLANS
    }
    people = {plan.name: without_arm([one for one in everyone if one.arm in plan.arms]) for plan in TRIAL_PLANS}
    gains: dict[tuple[str, int], dict[str, np.ndarray]] = {}
    for trial, start in starts.items():
        for n in SIZES:
            gains[trial, n] = compared(people[trial], start, n, asked_for.draws)
            show(trial, n, gains[trial, n])
    say_which_sd(gains)
    for trial, start in starts.items():
        for n in SIZES[1:]:
            verdicts(trial, people[trial], start, n, asked_for.draws)
    fold = folds(arm_numbers(everyone, [arm for plan in TRIAL_PLANS for arm in plan.arms]))
    kept_out = fold < 2
    start = fitted_population([everyone[k] for k in np.flatnonzero(~kept_out)], TRIAL_PLANS, N_STATES, like=plain())
    alike = without_arm([everyone[k] for k in np.flatnonzero(kept_out)])
    for n in SIZES[1:]:
        verdicts("like the start", alike, start, n, asked_for.draws)


def drawn(people: Sequence[PatientWeeks], n: int, draw: int) -> tuple[list[PatientWeeks], list[PatientWeeks]]:
    """Those whom the clinic has on record, and those on whom it is judged."""
    order = np.random.default_rng(1000 * n + draw).permutation(len(people))
    return [people[k] for k in order[:n]], [people[k] for k in order[JUDGED_AFTER:]]


def figures(people: Sequence[PatientWeeks], population: Population) -> np.ndarray:
    """Of weeks with a test and of due weeks: log losses, slopes, mean gaps over tenths; then the log losses of weeks 2
    to 4."""
    found: Judged = judged(people, forecast(people, population))
    both = (found.tested, found.due)
    return np.array(
        [
            *(one.log_loss for one in both),
            *(one.slope for one in both),
            *(one.decile_error for one in both),
            *(found.tested_by_stretch[0], found.due_by_stretch[0]),
        ]
    )


def compared(people: Sequence[PatientWeeks], start: Population, n: int, draws: int) -> dict[str, np.ndarray]:
    """The figures of each way, shape (draws, figures)."""
    found: dict[str, list[np.ndarray]] = {}
    plan, one_stage = own_plan(CLINIC, [CLINIC]), Plan(CLINIC, (CLINIC,))
    for draw in range(draws):
        some, judged_on = drawn(people, n, draw)
        clinic = [replace(one, arm=CLINIC) for one in some]
        ways = {
            "start": start,
            "no weeks read": fitted_to_clinic(clinic, plan, start, NO_WEEKS_READ),
            **{f"SD {sd:g}": fitted_to_clinic(clinic, plan, start, sd) for sd in SDS},
            "chosen SD, one stage": fitted_to_clinic(clinic, one_stage, start),
            "from scratch": fitted_population(clinic, (one_stage,), N_STATES, like=start),
        }
        for way, population in ways.items():
            found.setdefault(way, []).append(figures(judged_on, population))
    return {way: np.array(rows) for way, rows in found.items()}


def show(trial: str, n: int, found: dict[str, np.ndarray]) -> None:
    """Means over the draws, and the draw with the least gain."""
    for way, rows in found.items():
        mean, apart = rows.mean(axis=0), rows - found["start"]
        early = f"{apart[:, 6].mean():+.4f} / {apart[:, 7].mean():+.4f}"
        print(
            f"{trial} {n:>4}  {way:<21} log loss {mean[0]:.4f} / {mean[1]:.4f}  "
            f"beside the start {apart[:, 0].mean():+.4f} / {apart[:, 1].mean():+.4f} "
            f"(worst {apart[:, 0].max():+.4f} / {apart[:, 1].max():+.4f})  slope {mean[2]:.2f} / {mean[3]:.2f}  "
            f"decile error {mean[4]:.3f} / {mean[5]:.3f}  weeks 2-4 {early}",
            flush=True,
        )


def say_which_sd(gains: dict[tuple[str, int], dict[str, np.ndarray]]) -> None:
    """The SD that the two other trials would have chosen, and what it costs the third beside its own best."""
    for n in SIZES:
        loss = {
            trial: np.array([rows[f"SD {sd:g}"][:, :2].sum(axis=1).mean() for sd in SDS])
            for (trial, size), rows in gains.items()
            if size == n
        }
        for trial, own in loss.items():
            others = sum(other for name, other in loss.items() if name != trial)
            chosen = int(np.argmin(others))
            print(
                f"{n:>4} people: the trials beside {trial} choose SD {SDS[chosen]:g}; beside the best for {trial} "
                f"({SDS[int(np.argmin(own))]:g}) that costs {own[chosen] - own.min():.4f} over both readings, "
                f"{BETWEEN_PROGRAMMES_SD:g} {own[SDS.index(BETWEEN_PROGRAMMES_SD)] - own.min():.4f}"
            )


def verdicts(name: str, people: Sequence[PatientWeeks], start: Population, n: int, draws: int) -> None:
    """What the command says, and what the new population does to people whom neither it nor its judging saw."""
    told_better, apart, doubts = [], [], []
    for draw in range(draws):
        some, judged_on = drawn(people, n, draw)
        new, held_out = refit(select(some).used, start, name=CLINIC)
        told_better.append(held_out.better)
        apart.append(figures(judged_on, new)[:2] - figures(judged_on, start)[:2])
        doubts.append(new.parameter_sd)
    each = ", ".join(f"{tested:+.4f} / {due:+.4f}" for tested, due in apart)
    print(
        f"{name} {n:>4}: better by its own word in {sum(told_better)} of {draws}; log loss of others beside the start "
        f"{each}; doubt {min(doubts):.2f} to {max(doubts):.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
