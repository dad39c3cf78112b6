"""A cohort as the fit reads it, and what one clinic returns of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from sextant.response.course_data import CourseData
from sextant.response.engine import Engine, Grid, default_grid, fastest
from sextant.response.hyper_parameters import MODELLED
from sextant.response.population import Population
from sextant.response.reading import ROBUST, Reading
from sextant.response.report import FloatArray, IntArray
from sextant.response.settings import Settings
from sextant.response.timeline import Timelines, pack

_STEP = 1e-4  # of a central difference, in SDs of the prior
_CASES_AT_ONCE = 400_000


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a cohort says at one setting of the population: sums over its patients, and nothing of any one of them.

    `gradient` (n_fitted,) and `products` (n_fitted, n_fitted) are with respect to shifts in SDs of the prior;
    `products` sums the outer products of the patients' own gradients. All four add up over cohorts, exactly.
    """

    n_patients: int
    log_evidence: float
    gradient: FloatArray
    products: FloatArray

    def __add__(self, other: "Contribution") -> "Contribution":
        return Contribution(
            self.n_patients + other.n_patients,
            self.log_evidence + other.log_evidence,
            self.gradient + other.gradient,
            self.products + other.products,
        )

    @property
    def curvature(self) -> FloatArray:
        """Outer products of the patients' gradients less their mean (BHHH): near the maximum, that of the evidence."""
        return self.products - np.outer(self.gradient, self.gradient) / self.n_patients


@dataclass(frozen=True, slots=True)
class Cohort:
    """Patients, packed once."""

    timelines: Timelines
    who: IntArray
    grid: Grid
    reading: Reading
    by: Engine

    @classmethod
    def of(
        cls,
        courses: Sequence[CourseData],
        population: Population,
        *,
        reading: Reading = ROBUST,
        by: Engine | None = None,
    ) -> "Cohort":
        """These patients; `population` gives what is the same for all settings (trend and dose curve)."""
        scored = {score.instrument for course in courses for score in course.scores}
        settings = Settings.of([population.fixed])
        timelines = pack(courses, [key for key in MODELLED if key in scored], reading, settings)
        most = int(np.diff(timelines.first_visit).max(initial=0))
        return cls(timelines, np.arange(len(courses)), default_grid(most), reading, by or fastest())

    def __len__(self) -> int:
        return len(self.who)

    def take(self, rows: IntArray) -> "Cohort":
        """These patients of the cohort."""
        return replace(self, who=self.who[rows])

    def log_evidence(self, population: Population, shifts: FloatArray) -> FloatArray:
        """Log evidence of each patient's scores under each shift of the population, (n_shifts, n_patients)."""
        n = len(self)
        found = np.empty((len(shifts), n))
        step = max(1, _CASES_AT_ONCE // max(1, n))
        for at in range(0, len(shifts), step):
            some = shifts[at : at + step]
            weighed = self.by.weigh(
                self.timelines,
                population.at(some),
                self.grid,
                self.reading,
                who=np.tile(self.who, len(some)),
                which=np.repeat(np.arange(len(some)), n),
            )
            found[at : at + step] = weighed.log_evidence_of_scores.reshape(len(some), n)
        return found

    def gradients(self, population: Population, shift: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Each patient's log evidence at one shift, (n_patients,), and its gradient there, (n_fitted, n_patients)."""
        steps = _STEP * np.eye(len(shift))
        around = self.log_evidence(population, np.vstack([shift + steps, shift - steps, shift[None, :]]))
        return around[-1], (around[: len(shift)] - around[len(shift) : -1]) / (2 * _STEP)

    def contribution(self, population: Population, shift: FloatArray) -> Contribution:
        """This cohort's part at one shift, shape (n_fitted,)."""
        evidence, gradients = self.gradients(population, shift)
        return Contribution(len(self), float(evidence.sum()), gradients.sum(axis=1), gradients @ gradients.T)


def digest(course: CourseData) -> str:
    """A mark of all that a fit reads of one patient, the same in whatever order it was written down."""
    scores = sorted((float(one.day), one.instrument, float(one.points)) for one in course.scores)
    doses = sorted((float(one.day), float(one.mg_per_kg)) for one in course.infusions)
    attended = [(float(day), float(share)) for day, share in course.attendance]
    return sha256(repr((scores, doses, attended)).encode()).hexdigest()


def in_order(courses: Sequence[CourseData]) -> list[CourseData]:
    """The same patients in an order that says nothing of the file's, so that no figure depends on the file's."""
    return sorted(courses, key=digest)
