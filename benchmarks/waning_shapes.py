"""How does slow benefit wane? Shapes beside each other on published durability, real late ratings, and virtual truths.

    .venv/bin/python benchmarks/waning_shapes.py --evidence FILE --nimh FOLDER --late PEOPLE

Each part is optional and prints its own table.

--evidence   series_response.csv: how long published series of infusions lasted. Every shape is fitted to all of them.
--nimh       ds005917: MADRS on day 10 after one infusion from baseline and day 2, with the shipped population under
             each shape. Nothing is fitted.
--late       so many virtual people under each of six truths, which are none of the shapes' own doing but two. The
             population is fitted under each shape to scores up to day 42; scores on days 60 to 180 are then forecast.
"""

import argparse
import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from nimh_bands import LATE_DAY, course_of, read_people
from scipy.optimize import minimize
from scipy.special import expit, logit, ndtr, ndtri
from scipy.stats import qmc

from sextant.response import DEFAULT, CourseData, Population, design_assumptions, engine
from sextant.response.individual import individual
from sextant.response.population import ASSUMED_SD
from sextant.response.posterior import posterior
from sextant.response.refit import Cohort, maximum
from sextant.response.report import FloatArray
from sextant.response.settings import Settings
from sextant.response.waning import ONE_SPEED, TWO_SPEED, Waning, power_law
from sextant.virtual.calibration.scores import Mixtures, crps, log_score
from sextant.virtual.people import People, Remaining, courses_of, draw_people


@dataclass(frozen=True)
class Shape:
    """A candidate: how it wanes, and how much more slowly its lasting part does (its share is fitted)."""

    name: str
    waning: Waning
    ratio: float = 1.0

    @property
    def population(self) -> Population:
        """The shipped population under this shape."""
        return replace(
            design_assumptions(),
            waning=self.waning,
            fixed=replace(DEFAULT, lasting_ratio=self.ratio),
            version=self.name,
        )


COMPILED = engine("compiled")

SHAPES = (
    Shape("one exponential", ONE_SPEED),
    *(Shape(f"two exponentials, ratio {ratio}", TWO_SPEED, ratio) for ratio in (4, 6, 10)),
    *(Shape(f"power law, exponent {exponent:g}", power_law(exponent)) for exponent in (0.5, 1, 2, 3)),
)

# --- published durability --------------------------------------------------------------------------------------------

SIX = tuple((day, 0.5) for day in (0.0, 2.0, 4.0, 7.0, 9.0, 11.0))
FOUR = tuple((day, 0.5) for day in (0.0, 3.5, 7.0, 10.5))
AFTER_LAST = np.array(
    [1, 2, 3, 5, 7, 9, 11, 14, 18, 22, 25, 28, 32, 36, 43, 50, 57, 64, 71, 78, 90, 110, 140, 180, 240, 300, 365.0]
)
MADRS = ("madrs",)
RESPONSE, REMISSION = 0.5, 0.7  # fall from baseline; remission is 10 of 33 points or less
BLUR = 0.05  # of a fall: so that the misfit has a slope
MOST_PEOPLE = 100  # that any one study counts as: their differences are not chance alone


@dataclass(frozen=True)
class Durability:
    """What a series reported: of those who had fallen by `entered` on day `from_day` after the last infusion, which
    shares lost response by each of `until` days after that and which kept it; `rows` are its rows in the file."""

    rows: tuple[str, ...]
    people: float
    doses: tuple[tuple[float, float], ...]
    entered: float
    from_day: float
    until: tuple[float, ...]
    shares: Callable[[tuple[float, ...]], tuple[float, ...]]


SERIES = (
    Durability(("murrough2013#03",), 17, SIX, RESPONSE, 1, (18,), lambda _: (0.5, 0.5)),
    Durability(
        ("mcinnes2022#07", "mcinnes2022#08"), 288, SIX, RESPONSE, 22, (28, 56), lambda v: (1 - v[0], v[0] - v[1], v[1])
    ),
    Durability(("slow_serial_100min#02",), 5, FOUR, REMISSION, 1, (28,), lambda v: (1 - v[0], v[0])),
    Durability(
        ("ekstrand2022_ketect#03", "ekstrand2022_ketect#04"),
        42,
        SIX,
        REMISSION,
        1,
        (57, 364),
        lambda v: (v[0] / 2, v[0] / 2, 1 - v[0]),
    ),
)
RESPONDED = (("murrough2013#01", 24, 1.0), ("mcinnes2022#01", 537, 22.0))  # row, people, days after the last infusion


def values(evidence: Path) -> dict[str, float]:
    """The figures of the file by row."""
    with evidence.open(encoding="utf-8", newline="") as rows:
        return {row["row_id"]: float(row["value"]) for row in csv.DictReader(rows) if row["value"]}


class Published:
    """The published figures, and what a shape says of them at given sizes of benefit.

    Sizes: mu_a, log mu_c, log days of tau_s, log of its SD, logit of the lasting share; the rest is as shipped, without
    a programme's trend. People are the same in every evaluation and spread evenly.
    """

    def __init__(self, evidence: Path) -> None:
        told = values(evidence)
        self.series = [(one, np.array(one.shares(tuple(told[row] for row in one.rows)))) for one in SERIES]
        self.responded = [(told[row], people, day) for row, people, day in RESPONDED]
        self.normal = ndtri(qmc.Sobol(4, rng=1).random(512))
        self.chance = qmc.Sobol(1, rng=2).random(512)[:, 0]

    def fall(self, shape: Shape, sizes: FloatArray, doses: tuple[tuple[float, float], ...]) -> FloatArray:
        """Share of the baseline that is gone on each of `AFTER_LAST`, (n_people, n_days)."""
        mu_a, mu_c, mu_l, sd_l, share = sizes[0], np.exp(sizes[1]), sizes[2], np.exp(sizes[3]), expit(sizes[4])
        hyper = replace(DEFAULT, lasting_share=float(share), lasting_ratio=shape.ratio)
        n, z = len(self.normal), self.normal
        people = People(
            instruments=MADRS,
            settings=Settings.of([hyper] * n, shape.waning),
            responds=self.chance >= DEFAULT.pi0,
            worsens=np.zeros(n, bool),
            fast=mu_a + DEFAULT.sd_a * z[:, 0],
            slow=mu_c * (1 + DEFAULT.sd_c / DEFAULT.mu_c * z[:, 1]),
            trend=np.zeros(n),
            tau_s_days=np.exp(mu_l + sd_l * z[:, 2]),
            baselines=3.3 + 0.5 * z[:, 3:],
        )
        level = people.level(max(day for day, _ in doses) + AFTER_LAST, doses, 0.0)[:, :, 0]
        return 1 - level / people.baselines

    def figures(self, shape: Shape, sizes: FloatArray) -> tuple[list[float], list[FloatArray]]:
        """Share of people who responded, for each such figure, and shares of each series' responders."""
        falls = {doses: self.fall(shape, sizes, doses) for doses in (SIX, FOUR)}
        responded = [_above(falls[SIX][:, _at(day)], RESPONSE).mean() for _, _, day in self.responded]
        lost = []
        for one, _ in self.series:
            fall, first = falls[one.doses], _at(one.from_day)
            entered = _above(fall[:, first], one.entered)
            kept = [1.0]
            for days in one.until:
                lowest = fall[:, first : _at(one.from_day + days) + 1].min(axis=1)
                kept.append(np.minimum(entered, _above(lowest, RESPONSE)).sum() / max(entered.sum(), 1e-9))
            lost.append(np.append(-np.diff(kept), kept[-1]))
        return responded, lost

    def misfit(self, shape: Shape, sizes: FloatArray) -> float:
        """Half the deviance: 0 where every figure is met."""
        responded, lost = self.figures(shape, sizes)
        total = 0.0
        for found, (share, people, _) in zip(responded, self.responded, strict=True):
            total += _half_deviance(np.array([share, 1 - share]), np.array([found, 1 - found]), people)
        for found_shares, (one, shares) in zip(lost, self.series, strict=True):
            total += _half_deviance(shares, found_shares, one.people)
        return total


def _at(days: float) -> int:
    """Column of the first of `AFTER_LAST` at or after a day."""
    return min(int(np.searchsorted(AFTER_LAST, days)), len(AFTER_LAST) - 1)


def _above(fall: FloatArray, least: float) -> FloatArray:
    return ndtr((fall - least) / BLUR)


def _half_deviance(told: FloatArray, found: FloatArray, people: float) -> float:
    found = np.clip(found, 1e-4, 1.0)
    there = told > 0
    return float(min(people, MOST_PEOPLE) * (told[there] * np.log(told[there] / found[there])).sum())


SHIPPED = np.array(
    [
        DEFAULT.mu_a,
        np.log(DEFAULT.mu_c),
        DEFAULT.mu_ln_tau_s,
        np.log(DEFAULT.sd_ln_tau_s),
        logit(DEFAULT.lasting_share),
    ]
)
SIZES = ("mu_a", "mu_c", "mu_ln_tau_s", "sd_ln_tau_s", "lasting_share")
STARTS = tuple(
    np.array([mu_a, np.log(mu_c), np.log(tau_s), np.log(sd), logit(0.2)])
    for mu_a, mu_c, tau_s, sd in ((0.6, 0.25, 45, 0.5), (1.5, 0.8, 20, 1.5), (2.5, 0.8, 90, 1.5), (0.8, 0.5, 120, 0.7))
)


def unlikely(sizes: FloatArray) -> float:
    """What the population's own prior holds against these sizes: half the squared distance in its SDs."""
    off = sizes - SHIPPED
    off[1] = np.exp(sizes[1]) - DEFAULT.mu_c  # the prior is over mu_c itself
    return 0.5 * float(((off / [ASSUMED_SD[name][1] for name in SIZES]) ** 2).sum())


def best_sizes(published: Published, shape: Shape, held: float) -> FloatArray:
    """The sizes of least misfit, the prior counting `held` times, from the best of several starts."""
    free = 5 if shape.waning is TWO_SPEED else 4

    def lost(at: FloatArray) -> float:
        sizes = np.append(at, SHIPPED[free:])
        return published.misfit(shape, sizes) + held * unlikely(sizes)

    found = [minimize(lost, start[:free], method="L-BFGS-B", options={"eps": 1e-4}) for start in STARTS]
    return np.append(min(found, key=lambda one: one.fun).x, SHIPPED[free:])


def show_durability(evidence: Path) -> None:
    """Every shape as shipped, at its best under the population's prior, and at its best where anything goes."""
    published = Published(evidence)
    told = (share for share, _, _ in published.responded)
    words = " ".join(
        f"{100 * one:4.0f}" for one in (*told, *np.concatenate([shares for _, shares in published.series]))
    )
    print(
        "\nPublished durability: half-deviance (0 is a perfect fit), what the prior holds against it, and percentages"
    )
    print(f"{'published':<40} {'':>7} {'':>6} {words}")
    for title, held in (("as shipped", None), ("held by the prior", 1.0), ("free", 1e-3)):
        for shape in SHAPES:
            sizes = SHIPPED.copy() if held is None else best_sizes(published, shape, held)
            responded, lost = published.figures(shape, sizes)
            words = " ".join(f"{100 * one:4.0f}" for one in (*responded, *np.concatenate(lost)))
            at = (f"{sizes[0]:.2f}", f"{np.exp(sizes[1]):.2f}", f"{np.exp(sizes[2]):.0f} d", f"{np.exp(sizes[3]):.2f}")
            at = (*at, f"{expit(sizes[4]):.2f}") if shape.waning is TWO_SPEED else at
            name = f"{shape.name}, {title}"
            print(
                f"{name:<40} {published.misfit(shape, sizes):7.2f} {unlikely(sizes):6.2f} {words}   {', '.join(at)}",
                flush=True,
            )


# --- real ratings on day 10 ------------------------------------------------------------------------------------------


def show_nimh(folder: Path) -> None:
    """Day 10 from baseline and day 2, the shipped population under each shape; nothing is fitted."""
    people, _ = read_people(folder)
    rated = [one for one in people.values() if {"baseline", "2", "10"} <= one.keys()]
    came = np.array([one["10"] for one in rated])
    print(
        f"\nNIMH: MADRS of {len(rated)} people on day 10; mean log score (higher is better), mean CRPS (lower), points"
    )
    for shape in SHAPES:
        rows = []
        for one in rated:
            course = course_of(one)
            settings = individual(course, shape.population, by=COMPILED).settings
            after = posterior(course, settings, target="madrs", by=COMPILED)
            rows.append(after.new_score(np.array([LATE_DAY]), "madrs", course.infusions).pooled(10.0))
        foretold = Mixtures(
            np.array([row.weights for row in rows]),
            np.concatenate([row.means for row in rows]),
            np.concatenate([row.sds for row in rows]),
        )
        print(
            f"{shape.name:<30} {log_score(foretold, came).mean():7.3f} {crps(foretold, came).mean():6.3f}", flush=True
        )


# --- late scores of virtual people -----------------------------------------------------------------------------------

EARLY = np.array([-14, -7, -1, 0, 1, 3, 4, 7, 8, 10, 11, 14, 15, 17, 18, 21, 24, 28, 35, 42.0])
LATE = np.array([60.0, 90.0, 120.0, 180.0])
SERIES_OF_SIX = tuple((day, 0.5) for day in (0.0, 3.0, 7.0, 10.0, 14.0, 17.0))
MEASURED = ("craving", "phq9")
ATTENDANCE = 0.8
# Slow benefit half as large again as assumed, so that there is something to wane.
TRUE = replace(DEFAULT, mu_c=0.375, lasting_share=0.0)


def lost_at_once(rng: np.random.Generator, n: int) -> Remaining:
    """Slow benefit of an infusion stays whole and is lost in a moment, after a time of each person's own."""
    time = rng.exponential(1.0, n)[:, None]
    return lambda days, tau_s_days, _: (days < time * tau_s_days).astype(float)


def truths(rng: np.random.Generator, n: int) -> dict[str, Remaining]:
    """How slow benefit truly wanes, from days since an infusion and tau_s."""
    return {
        "one exponential": lambda days, tau, _: np.exp(-days / tau),
        "two, 30 % eight times slower": lambda days, tau, _: (
            0.7 * np.exp(-days / tau) + 0.3 * np.exp(-days / (8 * tau))
        ),
        "power law, exponent 1": lambda days, tau, _: 1 / (1 + days / tau),
        "power law, exponent 2": lambda days, tau, _: (1 + days / (2 * tau)) ** -2,
        "stretched exponential": lambda days, tau, _: np.exp(-np.sqrt(days / tau)),
        "lost in a moment": lost_at_once(rng, n),
    }


@dataclass(frozen=True)
class Late:
    """How well late scores were foretold, each (n_days,).

    `inside80` is the share inside the 80 % band, `too_high` how much too high the mean was.
    """

    crps: FloatArray
    log_score: FloatArray
    inside80: FloatArray
    too_high: FloatArray


def foretell(shape: Shape, courses: list[CourseData], came: FloatArray) -> Late:
    """The population fitted to these courses under a shape; each person's late craving foretold from their own."""
    prior = shape.population
    cohort = Cohort.of(courses, prior, by=COMPILED)
    top = maximum(lambda at: cohort.contribution(prior, at), np.zeros(len(prior.mean)), done=0.01)
    settings = prior.at(top.shift[None, :])
    rows = []
    for course in courses:
        after = posterior(course, settings, target="craving", by=COMPILED)
        rows.append(after.new_score(LATE, "craving", course.infusions).pooled(25.0))
    found = []
    for day in range(len(LATE)):
        foretold = Mixtures(
            np.array([row.weights for row in rows]),
            np.array([row.means[day] for row in rows]),
            np.array([row.sds[day] for row in rows]),
        )
        truth = came[:, day]
        inside = np.abs(foretold.below(truth) - 0.5) <= 0.4
        found.append(
            (
                crps(foretold, truth).mean(),
                log_score(foretold, truth).mean(),
                inside.mean(),
                (foretold.mean() - truth).mean(),
            )
        )
    return Late(*np.array(found).T)


def show_late(n: int) -> None:
    """Early scores in, late scores out, each truth under each shape."""
    print(
        f"\nLate scores, {n} virtual people a truth: CRPS in points on days {', '.join(f'{day:.0f}' for day in LATE)}"
    )
    print(f"{'':<62} {'mean':>6} {'log score':>9} {'in 80 %':>7} {'too high on the last day':>24}")
    all_found: dict[str, list[Late]] = {shape.name: [] for shape in SHAPES}
    for number, name in enumerate(truths(np.random.default_rng(0), 1)):
        rng = np.random.default_rng(100 + number)
        people = draw_people(Settings.of([TRUE] * n), MEASURED, rng, remaining=truths(rng, n)[name])
        points = people.scores(EARLY, SERIES_OF_SIX, ATTENDANCE, rng)
        courses = courses_of(people, points, EARLY, SERIES_OF_SIX, ATTENDANCE)
        # Late scores as they are before they are rounded and cut to the scale: only the shape is judged.
        spread = np.hypot(TRUE.sd_ou, TRUE.sd_e) * rng.standard_normal((n, len(LATE)))
        came = 25.0 * (people.level(LATE, SERIES_OF_SIX, ATTENDANCE)[:, :, 0] + spread)
        for shape in SHAPES:
            found = foretell(shape, courses, came)
            all_found[shape.name].append(found)
            each = " ".join(f"{one:5.2f}" for one in found.crps)
            print(
                f"{name:<29} {shape.name:<31} {each} {found.crps.mean():6.3f} {found.log_score.mean():9.3f} "
                f"{100 * found.inside80.mean():6.0f}% {found.too_high[-1]:12.1f}",
                flush=True,
            )
    print(
        "\nOver the truths: mean CRPS, worst excess of CRPS over the best shape of a truth, worst bias on the last day"
    )
    crps_of = np.array([[one.crps.mean() for one in found] for found in all_found.values()])
    bias_of = np.array([[one.too_high[-1] for one in found] for found in all_found.values()])
    for shape, mean, worst, bias in zip(
        SHAPES, crps_of.mean(axis=1), (crps_of - crps_of.min(axis=0)).max(axis=1), bias_of, strict=True
    ):
        print(f"{shape.name:<31} {mean:6.3f} {worst:6.3f} {bias[np.abs(bias).argmax()]:6.1f}")


def main() -> None:
    """Print the tables asked for."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--evidence", type=Path, metavar="FILE")
    given.add_argument("--nimh", type=Path, metavar="FOLDER")
    given.add_argument("--late", type=int, metavar="PEOPLE")
    asked = given.parse_args()
    if asked.evidence:
        show_durability(asked.evidence)
    if asked.nimh:
        show_nimh(asked.nimh)
    if asked.late:
        show_late(asked.late)


if __name__ == "__main__":
    main()
