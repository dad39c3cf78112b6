"""How should days of use in a week be read? Four readings on the weeks of real people, and the cuts that ship.

    .venv/bin/python benchmarks/use_days.py DATA_FOLDER [--cuts]

DATA_FOLDER is `ctn0094` with its `tables` (source CTN0094). Scored are the days with an opioid in each of the 24 weeks
after randomisation in which a urine was given, from timeline follow-back, in people with three such weeks or more.
Each reading has the model's own parts for a person without ketamine (baseline, the programme's trend, variation from
week to week that fades, noise) and fits their sizes to one half of the people; scored is the other half: mean log of
the probability that the reading gave, from that person's earlier weeks, to the count that came.
"""

import argparse
import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from sextant.response.reading import sites
from sextant.response.report import BoolArray, FloatArray
from sextant.response.timeline import trend

OPIOIDS = {"Heroin", "Opioid", "Methadone", "Buprenorphine"}
N_WEEKS, LEAST_WEEKS, MOST_DAYS = 24, 3, 7
SCALE = 2.0  # days to a unit, as in `MODELLED`
EVEN_CUTS = (np.arange(MOST_DAYS) + 0.5) / SCALE
TREND = trend(7.0 * np.arange(1, N_WEEKS + 1), (), 30.0)
LN_2PI = float(np.log(2 * np.pi))


def rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with gzip.open(folder / "tables" / f"{table}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def read_counts(folder: Path) -> FloatArray:
    """Days of use, one row a person and one column a week; NaN where no urine was given or nothing was recorded."""
    randomised = {
        row["who"]: int(float(row["when"]))
        for row in rows(folder, "randomization")
        if row["which"] == "1" and row["when"] not in ("", "NA")
    }
    used = defaultdict(set)
    for row in rows(folder, "tlfb"):
        if row["what"] in OPIOIDS and row["who"] in randomised:
            used[row["who"]].add(int(float(row["when"])) - randomised[row["who"]])
    counts = {who: np.full(N_WEEKS, np.nan) for who in randomised}
    for row in rows(folder, "weekly"):
        who, week = row["who"], int(row["week"])
        known = row["uds"] in set("+-*") and row["tlfb"] in set("+-*")
        if who in counts and 1 <= week <= N_WEEKS and known:
            counts[who][week - 1] = sum(7 * (week - 1) < day <= 7 * week for day in used[who])
    table = np.array(list(counts.values()))
    return table[(~np.isnan(table)).sum(axis=1) >= LEAST_WEEKS]


@dataclass(frozen=True)
class Reading:
    """Which counts are read as lying between two cuts rather than as numbers, and whether the cuts are fitted."""

    name: str
    as_step: Callable[[FloatArray], BoolArray]
    fits_cuts: bool = False

    def start(self) -> FloatArray:
        """Means of baseline and trend; logs of their SDs, of SD and days of variation, of the SD of noise, and of the
        steps between cuts."""
        steps = [0.4] * (MOST_DAYS - 1) if self.fits_cuts else []
        return np.array([0.0, 0.5, *np.log([1.0, 0.5, 0.7, 14.0, 0.5, *steps])])

    def cuts(self, sizes: FloatArray) -> FloatArray:
        return np.concatenate([[0.0], np.cumsum(np.exp(sizes[7:]))]) if self.fits_cuts else EVEN_CUTS


READINGS = (
    Reading("a number", lambda count: np.zeros(count.shape, bool)),
    Reading("0 and 7 as limits, else a number", lambda count: (count == 0) | (count == MOST_DAYS)),
    Reading("even steps", lambda count: np.ones(count.shape, bool)),
    Reading("steps with fitted cuts", lambda count: np.ones(count.shape, bool), fits_cuts=True),
)


def log_scores(sizes: FloatArray, reading: Reading, counts: FloatArray) -> FloatArray:
    """Log probability of each count given the person's earlier ones, shape of `counts`; 0 where there is none."""
    base, trend_mean = sizes[:2]
    base_sd, trend_sd, swing_sd, memory_days, noise_sd = np.exp(sizes[2:7])
    cuts = np.concatenate([[-np.inf], reading.cuts(sizes), [np.inf]])
    n = len(counts)
    mean = np.tile([base, trend_mean, 0.0], (n, 1))
    covariance = np.tile(np.diag([base_sd, trend_sd, swing_sd]) ** 2, (n, 1, 1))
    kept = np.exp(-7.0 / memory_days)
    carry, fresh = np.diag([1.0, 1.0, kept]), np.diag([0.0, 0.0, swing_sd**2 * (1 - kept**2)])
    scores = np.zeros(counts.shape)
    for week in range(N_WEEKS):
        if week:
            mean, covariance = mean @ carry, carry @ covariance @ carry + fresh
        there = ~np.isnan(counts[:, week])
        count = np.where(there, counts[:, week], 0).astype(int)
        design = np.array([1.0, -TREND[week], 1.0])
        pull = covariance @ design
        expected, variance = mean @ design, pull @ design
        number, noise = count / SCALE, np.full(n, noise_sd**2)
        site, spread, correction = sites(number, cuts[count], cuts[count + 1], noise, expected, variance, False)
        whole = variance + spread
        log_mass = correction - 0.5 * (LN_2PI + np.log(whole) + (site - expected) ** 2 / whole)
        scores[:, week] = np.where(there, np.maximum(log_mass, -50.0), 0.0)
        step = reading.as_step(count)
        site, spread = np.where(step, site, number), np.where(step, spread, noise)
        gain = np.where(there[:, None], pull / (variance + spread)[:, None], 0.0)
        mean = mean + gain * (site - expected)[:, None]
        covariance = covariance - gain[:, :, None] * pull[:, None, :]
    return scores


def fitted(reading: Reading, counts: FloatArray) -> FloatArray:
    """The sizes at which these counts are most likely."""
    return minimize(lambda at: -log_scores(at, reading, counts).sum(), reading.start(), method="L-BFGS-B").x


def shipped(cuts: FloatArray) -> FloatArray:
    """The cuts moved and stretched so that the first stays at half a day and the last at six and a half."""
    return 0.5 + (MOST_DAYS - 1) * (cuts - cuts[0]) / (cuts[-1] - cuts[0])


def crossed(reading: Reading, counts: FloatArray) -> FloatArray:
    """Log scores of each half of the people under the sizes fitted to the other half."""
    half = np.random.default_rng(0).permutation(len(counts)) % 2
    scores = np.zeros(counts.shape)
    for out in (0, 1):
        scores[half == out] = log_scores(fitted(reading, counts[half != out]), reading, counts[half == out])
    return scores


def main(arguments: list[str]) -> int:
    """Print the table and the cuts, or the cuts alone."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("folder", type=Path, metavar="DATA_FOLDER", help="the folder that holds tables/tlfb.csv.gz")
    given.add_argument("--cuts", action="store_true", help="only fit and print the cuts that ship")
    asked = given.parse_args(arguments)
    if not (asked.folder / "tables" / "tlfb.csv.gz").is_file():
        given.error(f"there is no tables/tlfb.csv.gz in {asked.folder}")
    counts = read_counts(asked.folder)
    there = ~np.isnan(counts)
    share = np.bincount(counts[there].astype(int), minlength=MOST_DAYS + 1) / there.sum()
    print(f"{len(counts):,} people, {there.sum():,} weeks")
    print("Share of weeks with 0 to 7 days: " + ", ".join(f"{one:.3f}" for one in share))
    if not asked.cuts:
        print(f"\n{'reading':<34} mean log score a week   above the first (standard error over people)")
        print(f"{'(shares of all weeks, no reading)':<34} {share @ np.log(share):.3f}")
        first = None
        for reading in READINGS:
            scores = crossed(reading, counts)
            first = scores if first is None else first
            gain = (scores - first).sum(axis=1)
            error = np.sqrt(len(counts)) * gain.std() / there.sum()
            print(f"{reading.name:<34} {scores[there].mean():.3f}   {gain.sum() / there.sum():21.3f} ({error:.3f})")
    cuts = shipped(READINGS[-1].cuts(fitted(READINGS[-1], counts)))
    print("Cuts: " + ", ".join(f"{cut:.2f}" for cut in cuts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
