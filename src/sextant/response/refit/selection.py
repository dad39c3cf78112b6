"""Which patients of a cohort a fit can learn response from, and why the others are left out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sextant.response.course_data import CourseData
from sextant.response.forecast import MOST_SCORES, STUDIED_MG_PER_KG
from sextant.response.refit.cohort import digest

_LOW, _HIGH = STUDIED_MG_PER_KG
_KEPT_OUT = 5  # one in so many patients

NO_INFUSION = "no infusion"
NO_BASELINE = "no score at or before the first infusion"
NOT_SCORED_AGAIN = "nothing that was scored before the first infusion was scored again after it"
DOSE_NOT_STUDIED = f"a dose outside the {_LOW:g} to {_HIGH:g} mg/kg of the studies on file"
TWICE = "the very facts of another patient, who counts once"
TOO_MANY_SCORES = f"more than {MOST_SCORES} scores"


@dataclass(frozen=True, slots=True)
class Selection:
    """The patients used, and how many were left out for each reason."""

    used: tuple[CourseData, ...]
    left_out: dict[str, int]

    @property
    def n_scores(self) -> int:
        """How many scores the patients used have."""
        return sum(len(course.scores) for course in self.used)


def select(courses: Iterable[CourseData]) -> Selection:
    """The patients of whom the fit can learn how scores answer infusions; each other is counted under one reason.

    Response is a change of one score across the first infusion. Who has none of it to show would only tell of
    baselines, which are not fitted, and of the scatter of scores. Planned infusions play no part.
    """
    used: dict[str, CourseData] = {}
    left_out: Counter[str] = Counter()
    for course in courses:
        mark = digest(course)
        why = _why_not(course) or (TWICE if mark in used else "")
        if why:
            left_out[why] += 1
        else:
            used[mark] = course
    reasons = (NO_INFUSION, NO_BASELINE, NOT_SCORED_AGAIN, DOSE_NOT_STUDIED, TOO_MANY_SCORES, TWICE)
    return Selection(tuple(used.values()), {reason: left_out[reason] for reason in reasons if left_out[reason]})


def kept_out(course: CourseData) -> bool:
    """Whether a patient is one of the fifth that a clinic keeps out of the sums that it shares.

    It hangs on the patient's own facts up to the first infusion alone, so it is the same in every round and later
    scores do not change it; the clinic judges the shared population on them.
    """
    first = course.first_infusion_day
    before = tuple(score for score in course.scores if first is None or score.day <= first)
    begun = replace(course, scores=before, infusions=course.infusions[:1], attendance=())
    return int(digest(begun)[:8], 16) % _KEPT_OUT == 0


def _why_not(course: CourseData) -> str:
    first = course.first_infusion_day
    if first is None:
        return NO_INFUSION
    before = {score.instrument for score in course.scores if score.day <= first}
    if not before:
        return NO_BASELINE
    if not before & {score.instrument for score in course.scores if score.day > first}:
        return NOT_SCORED_AGAIN
    if any(not _LOW <= dose.mg_per_kg <= _HIGH for dose in course.infusions):
        return DOSE_NOT_STUDIED
    return TOO_MANY_SCORES if len(course.scores) > MOST_SCORES else ""
