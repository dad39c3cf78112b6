"""The rows of the NIMH study in the library are what its open ratings say."""

import csv
from pathlib import Path

import numpy as np
import pytest

from sextant.evidence.library import SeriesRow, library

ROWS = {row.row_id: row for row in library().series if row.study_id == "nimh_ds005917"}
Ratings = dict[str, dict[tuple[str, str], float]]


@pytest.fixture(scope="module")
def falls(shared: Path) -> Ratings:
    """Fall of the MADRS from the baseline, by person, and by infusion and day after it."""
    path = shared / "data" / "nimh_ketamine" / "ratings.csv"
    if not path.is_file():
        pytest.skip("no ratings of OpenNeuro ds005917 beside the project on this machine")
    with path.open(encoding="utf-8", newline="") as file:
        rated = [row for row in csv.DictReader(file) if row["group"] != "HC" and row["madrs"]]
    before = {row["participant_id"]: float(row["madrs"]) for row in rated if row["period"] == "baseline"}
    found: Ratings = {}
    for row in rated:
        person = row["participant_id"]
        if row["period"] != "baseline" and person in before:
            found.setdefault(person, {})[row["infusion"], row["days_after"]] = before[person] - float(row["madrs"])
    return found


@pytest.mark.parametrize(
    ("row", "infusion", "day"),
    [
        ("nimh_ds005917#01", "ketamine", "2"),
        ("nimh_ds005917#03", "placebo", "2"),
        ("nimh_ds005917#04", "placebo", "10"),
    ],
)
def test_each_mean_change(falls: Ratings, row: str, infusion: str, day: str):
    changes = [-one[infusion, day] for one in falls.values() if (infusion, day) in one]

    assert_says(ROWS[row], changes)


def test_what_is_lost_from_day_2_to_day_10_in_those_with_both_ratings(falls: Ratings):
    days = [("ketamine", "2"), ("ketamine", "10")]
    lost = [one[days[0]] - one[days[1]] for one in falls.values() if set(days) <= set(one)]

    assert_says(ROWS["nimh_ds005917#02"], lost)


def assert_says(row: SeriesRow, figures: list[float]) -> None:
    assert row.n == len(figures)
    assert row.value == pytest.approx(np.mean(figures), abs=0.005)
    assert row.sd == pytest.approx(np.std(figures, ddof=1), abs=0.005)
