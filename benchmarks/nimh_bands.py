"""How good forecasts of real ratings are: MADRS ten days after one ketamine infusion, from baseline and day 2.

    .venv/bin/python benchmarks/nimh_bands.py DATA_FOLDER

DATA_FOLDER holds participants.csv and ratings.csv of OpenNeuro ds005917 (CC0) with the columns period, infusion and
days_after. The files give no dates. So: day 0 is the ketamine infusion, the baseline stands at day -1, the ratings at
their nominal days 2 and 10. The dose is not in the files either: 0.5 mg/kg, an assumption. In those who had placebo
first, the one baseline of the trial comes before both infusions and is still the only rating used from before
ketamine; their ratings after placebo are left out. The means of these people are among the figures that the prior is
made of: here it is made anew without them.

Two simple forecasts stand beside Sextant's, each a normal distribution whose numbers come from the other people alone
(leave one out): the own rating of day 2 carried forward, as wrong as that was in the others; and the mean and spread of
the others' day 10.
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sextant.evidence.library import library
from sextant.response import (
    LEVELS,
    MODEL_VERSION,
    CourseData,
    Dose,
    Population,
    ScoreAt,
    design_assumptions,
    trajectory,
)
from sextant.response.forecast import settled
from sextant.response.hyper_parameters import MODELLED
from sextant.response.prior import fit, inputs_sha256, population_of, readings_of
from sextant.virtual.calibration import Mixtures, crps, log_score, pit

THEIR_STUDY = "nimh_ds005917"
ASSUMED_MG_PER_KG = 0.5
BASELINE_DAY, EARLY_DAY, LATE_DAY = -1.0, 2.0, 10.0
BANDS = {50: (0.25, 0.75), 80: (0.1, 0.9), 95: (0.025, 0.975)}


@dataclass(frozen=True)
class Scored:
    """One person's forecast for day 10 and the rating that came, None where there was none."""

    person: str
    placebo_first: bool
    rated_early: float
    rated_late: float | None
    predicted: dict[float, float]
    forecast: Mixtures

    def within(self, band: int) -> bool:
        low, high = BANDS[band]
        return self.rated_late is not None and self.predicted[low] <= self.rated_late <= self.predicted[high]


def read_people(folder: Path) -> tuple[dict[str, dict[str, float]], dict[str, bool]]:
    """Ratings of each person with depression ('baseline', and after ketamine by day), and who had placebo first."""
    people: dict[str, dict[str, float]] = {}
    placebo_first: dict[str, bool] = {}
    with (folder / "ratings.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["group"] == "HC" or not row["madrs"]:
                continue
            ratings = people.setdefault(row["participant_id"], {})
            if row["period"] == "baseline":
                ratings["baseline"] = float(row["madrs"])
            elif row["infusion"] == "ketamine":
                ratings[row["days_after"]] = float(row["madrs"])
                placebo_first[row["participant_id"]] = row["period"] == "2"
    return people, placebo_first


def course_of(ratings: dict[str, float]) -> CourseData:
    """What is known of a person on day 2."""
    return CourseData(
        scores=(
            ScoreAt(BASELINE_DAY, "madrs", ratings["baseline"]),
            ScoreAt(EARLY_DAY, "madrs", ratings["2"]),
        ),
        infusions=(Dose(0.0, ASSUMED_MG_PER_KG),),
    )


def score_everyone(folder: Path, before: Population | None = None) -> list[Scored]:
    """A day-10 forecast for each person with depression, a baseline and a day-2 rating after ketamine.

    before : what was thought before any study; None for the design assumptions
    """
    people, placebo_first = read_people(folder)
    population = prior_without(THEIR_STUDY, before or design_assumptions())
    return [
        Scored(
            person, placebo_first[person], ratings["2"], ratings.get("10"), *_predict(course_of(ratings), population)
        )
        for person, ratings in sorted(people.items())
        if {"baseline", "2"} <= ratings.keys()
    ]


def prior_without(study: str, start: Population) -> Population:
    """The prior from published studies, made without one of them."""
    readings = [one for one in readings_of(library())[0] if one.study != study]
    return population_of(fit(readings, start), start, inputs_sha256(readings, library().series, start))


def _predict(course: CourseData, population: Population) -> tuple[dict[float, float], Mixtures]:
    """Quantiles of a new score on day 10, and its whole distribution in points."""
    path = trajectory(course, "madrs", [LATE_DAY], population=population)
    after = settled(course, "madrs", population)
    whole = after.new_score(np.array([LATE_DAY]), "madrs", course.infusions).pooled(MODELLED["madrs"].scale_points)
    quantiles = dict(zip(LEVELS, map(float, path.predicted[0]), strict=True))
    return quantiles, Mixtures(whole.weights[None, :], whole.means, whole.sds)


def compared(everyone: list[Scored]) -> dict[str, Any]:
    """Log score and CRPS of each forecast on the people with a day-10 rating, and how many of them its bands held.

    Differences are Sextant's less the other's, with their standard error over people; only aggregates are kept.
    """
    scorable = [one for one in everyone if one.rated_late is not None]
    late = np.array([one.rated_late for one in scorable], dtype=float)
    early = np.array([one.rated_early for one in scorable])
    forecasts = {
        "Sextant": [one.forecast for one in scorable],
        "last value carried forward": _carried_forward(early, late),
        "mean of the others": _mean_of_others(late),
    }
    logs = {name: _each(log_score, told, late) for name, told in forecasts.items()}
    errors = {name: _each(crps, told, late) for name, told in forecasts.items()}
    return {
        "n": len(late),
        "forecasts": [
            {
                "name": name,
                "log_score": float(logs[name].mean()),
                "crps": float(errors[name].mean()),
                "held": {str(band): _held(told, late, band) for band in BANDS},
            }
            for name, told in forecasts.items()
        ],
        "differences": [
            {
                "name": name,
                "log_score": _mean_and_error(logs["Sextant"] - logs[name]),
                "crps": _mean_and_error(errors["Sextant"] - errors[name]),
            }
            for name in forecasts
            if name != "Sextant"
        ],
    }


def _normal(mean: float, sd: float) -> Mixtures:
    return Mixtures(np.ones((1, 1)), np.array([[mean]]), np.array([[sd]]))


def _carried_forward(early: np.ndarray, late: np.ndarray) -> list[Mixtures]:
    wrong = np.square(late - early)
    return [_normal(value, np.sqrt(np.delete(wrong, n).mean())) for n, value in enumerate(early)]


def _mean_of_others(late: np.ndarray) -> list[Mixtures]:
    others = [np.delete(late, n) for n in range(len(late))]
    return [_normal(some.mean(), some.std(ddof=1)) for some in others]


def _each(score: Any, forecasts: list[Mixtures], late: np.ndarray) -> np.ndarray:
    return np.array([score(told, late[[n]])[0] for n, told in enumerate(forecasts)])


def _held(forecasts: list[Mixtures], late: np.ndarray, band: int) -> int:
    place = np.array([pit(told, late[[n]], late[[n]], np.zeros(1))[0] for n, told in enumerate(forecasts)])
    return int((np.abs(place - 0.5) <= band / 200).sum())


def _mean_and_error(differences: np.ndarray) -> list[float]:
    return [float(differences.mean()), float(differences.std(ddof=1) / np.sqrt(len(differences)))]


def table(told: dict[str, Any]) -> list[str]:
    """The comparison as the documentation shows it, a line a row."""
    n = told["n"]
    rows = ["| forecast | log score | CRPS, points | 50 % band held | 80 % | 95 % |", "|---|---|---|---|---|---|"]
    for one in told["forecasts"]:
        held = " | ".join(f"{count} of {n}" for count in one["held"].values())
        rows.append(f"| {one['name']} | {one['log_score']:.2f} | {one['crps']:.2f} | {held} |")
    rows += ["", "| Sextant less | log score (standard error) | CRPS, points (standard error) |", "|---|---|---|"]
    for one in told["differences"]:
        (log, log_error), (error, error_error) = one["log_score"], one["crps"]
        rows.append(f"| {one['name']} | {log:+.2f} ({log_error:.2f}) | {error:+.2f} ({error_error:.2f}) |")
    return rows


def figure(everyone: list[Scored]) -> str:
    """The figure as the documentation states it."""
    scorable = [one for one in everyone if one.rated_late is not None]
    counts = {band: sum(one.within(band) for one in scorable) for band in BANDS}
    words = [f"{counts[band]} of {len(scorable)} inside the {band} % band" for band in BANDS]
    return f"{', '.join(words[:-1])} and {words[-1]}"


def main(arguments: list[str]) -> int:
    """Print each person's forecast, who is not scorable, and the figure."""
    if len(arguments) != 1 or not (Path(arguments[0]) / "ratings.csv").is_file():
        print("Name the folder that holds ratings.csv: nimh_bands.py DATA_FOLDER", file=sys.stderr)
        return 2
    everyone = score_everyone(Path(arguments[0]))
    print(f"{MODEL_VERSION}; prior from evidence without {THEIR_STUDY}; {ASSUMED_MG_PER_KG} mg/kg assumed")
    print("person      first     q025   q10   q25   q50   q75   q90  q975  rated")
    for one in everyone:
        quantiles = " ".join(f"{one.predicted[level]:5.1f}" for level in LEVELS)
        rated = "not scorable: no day-10 rating" if one.rated_late is None else f"{one.rated_late:5.0f}"
        print(f"{one.person}  {'placebo ' if one.placebo_first else 'ketamine'} {quantiles} {rated}")
    missing = [one.person for one in everyone if one.rated_late is None]
    print(f"{len(everyone)} with a baseline and a day-2 rating; not scorable ({len(missing)}): {', '.join(missing)}")
    for name, group in (
        ("ketamine first", [one for one in everyone if not one.placebo_first]),
        ("placebo first", [one for one in everyone if one.placebo_first]),
    ):
        print(f"{name}: {figure(group)}")
    print("\n".join(["", *table(compared(everyone)), ""]))
    print(f"All: {figure(everyone)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
