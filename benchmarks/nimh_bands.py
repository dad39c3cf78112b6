"""How often a forecast band held a real rating: MADRS ten days after one ketamine infusion, from baseline and day 2.

    .venv/bin/python benchmarks/nimh_bands.py DATA_FOLDER

DATA_FOLDER holds participants.csv and ratings.csv of OpenNeuro ds005917 (CC0) with the columns period, infusion and
days_after. The files give no dates. So: day 0 is the ketamine infusion, the baseline stands at day -1, the ratings at
their nominal days 2 and 10. The dose is not in the files either: 0.5 mg/kg, an assumption. In those who had placebo
first, the one baseline of the trial comes before both infusions and is still the only rating used from before
ketamine; their ratings after placebo are left out. Nothing was fitted to these people.
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

from sextant.response import LEVELS, MODEL_VERSION, CourseData, Dose, ScoreAt, shipped_population, trajectory

ASSUMED_MG_PER_KG = 0.5
BASELINE_DAY, EARLY_DAY, LATE_DAY = -1.0, 2.0, 10.0
BANDS = {50: (0.25, 0.75), 80: (0.1, 0.9), 95: (0.025, 0.975)}


@dataclass(frozen=True)
class Scored:
    """One person's forecast for day 10 and the rating that came, None where there was none."""

    person: str
    placebo_first: bool
    rated_late: float | None
    predicted: dict[float, float]

    def within(self, band: int) -> bool:
        low, high = BANDS[band]
        return self.rated_late is not None and self.predicted[low] <= self.rated_late <= self.predicted[high]


def score_everyone(folder: Path) -> list[Scored]:
    """A day-10 forecast for each person with depression, a baseline and a day-2 rating after ketamine."""
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
    return [
        Scored(person, placebo_first[person], ratings.get("10"), _predict(ratings["baseline"], ratings["2"]))
        for person, ratings in sorted(people.items())
        if {"baseline", "2"} <= ratings.keys()
    ]


def _predict(baseline: float, early: float) -> dict[float, float]:
    course = CourseData(
        scores=(ScoreAt(BASELINE_DAY, "madrs", baseline), ScoreAt(EARLY_DAY, "madrs", early)),
        infusions=(Dose(0.0, ASSUMED_MG_PER_KG),),
    )
    path = trajectory(course, "madrs", [LATE_DAY], population=shipped_population())
    return dict(zip(LEVELS, map(float, path.predicted[0]), strict=True))


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
    print(f"{MODEL_VERSION}; prior: {shipped_population().version}; dose {ASSUMED_MG_PER_KG} mg/kg assumed")
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
    print(f"All: {figure(everyone)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
