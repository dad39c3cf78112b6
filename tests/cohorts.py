"""Simulated cohorts: people drawn from one setting of the population, as a clinic would have written them down."""

from collections.abc import Sequence

import numpy as np

from sextant.response import CourseData, Population, design_assumptions
from sextant.response.population import FITTED
from sextant.virtual import courses_of, draw_people

DOSES = tuple((3.5 * n, 0.5) for n in range(6))
DAYS = np.array([-7.0, -1.0, 1.0, 4.5, 8.0, 12.0, 16.0, 21.0, 30.0, 45.0, 70.0])


def truth(**moved: float) -> np.ndarray:
    """A setting, in SDs of the design assumptions from their mean; what is not named lies at the mean."""
    return np.array([moved.get(name, 0.0) for name in FITTED])


def simulated(
    n: int, seed: int, shift: np.ndarray | None = None, *, instruments: Sequence[str] = ("craving", "phq9")
) -> list[CourseData]:
    """n patients with six infusions in three weeks, scored eleven times; one score in ten was not taken."""
    rng = np.random.default_rng(seed)
    settings = design_assumptions().at(np.tile(truth() if shift is None else shift, (n, 1)))
    people = draw_people(settings, instruments, rng)
    points = people.scores(DAYS, DOSES, 0.6, rng)
    points[rng.random(points.shape) < 0.1] = np.nan
    return courses_of(people, points, DAYS, DOSES, 0.6)


def course_csv(courses: Sequence[CourseData], first: int = 1) -> str:
    """The COURSE.csv of these patients, numbered from `first`."""
    lines = ["patient,day,what,value"]
    for number, course in enumerate(courses, start=first):
        lines += [f"P{number},{one.day:g},{one.instrument},{one.points:g}" for one in course.scores]
        lines += [f"P{number},{one.day:g},infusion,{one.mg_per_kg:g}" for one in course.infusions]
        lines += [f"P{number},{day:g},attendance,{share:g}" for day, share in course.attendance]
    return "\n".join(lines) + "\n"


def narrow(shift: np.ndarray, sds: float = 0.05, version: str = "narrow") -> Population:
    """A population that is known well: the design assumptions moved by a shift, each SD so many of what it was."""
    shipped = design_assumptions()
    return Population(
        version=version,
        sources=shipped.sources,
        mean=shipped.mean + np.sqrt(np.diag(shipped.covariance)) * shift,
        covariance=shipped.covariance * sds**2,
        fixed=shipped.fixed,
        waning=shipped.waning,
    )
