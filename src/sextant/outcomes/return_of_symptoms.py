"""When did symptoms come back after a patient was well? By two scores that the clinic sets."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from sextant.outcomes.endpoint import TimeToEvent

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class ReturnOfSymptoms:
    """A rule on one score of which higher is worse, in its own points.

    Well is a score of `well_at` or less, back one of `back_at` or more. No source gives figures that hold for every
    score and clinic, so there is no default. `score` is its name, for the rule's sentence.

    Raises
    ------
    ValueError
        If `back_at` is not above `well_at`, or either is no number.

    Examples
    --------
    >>> rule = ReturnOfSymptoms(well_at=30, back_at=50)
    >>> rule.of([(-3, 25), (0, 72), (14, 28), (21, 40), (42, 55)], first_infusion_day=0)
    TimeToEvent(time=28, event=True)
    """

    well_at: float
    back_at: float
    score: str = "score"
    name = "time_to_return_of_symptoms"
    missing_is = "left out; what came back between two scores is seen at the later one"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.well_at) and math.isfinite(self.back_at) and self.well_at < self.back_at):
            raise ValueError(
                f"Symptoms are not back at {self.back_at:g} when {self.well_at:g} is well. Give back_at above well_at."
            )

    @property
    def rule(self) -> str:
        """What is counted, in one sentence."""
        return (
            f"Days from the first {self.score} of {self.well_at:g} or less after the first infusion (where there is "
            f"none, from day 0 on) to the first later one of {self.back_at:g} or more; without one, to the last "
            f"{self.score}."
        )

    def of(self, scores: Iterable[tuple[float, float]], first_infusion_day: float | None = None) -> TimeToEvent | None:
        """Days from well to back of one patient, to a millionth; None if never well in treatment.

        Parameters
        ----------
        scores : (day, score) in any order
        first_infusion_day : of the course; a score of that very time is still from before it. None where there was no
            infusion: then treatment begins with day 0. A good score from before treatment starts no clock.

        Raises
        ------
        ValueError
            If a day or score is no number, or a day has two scores.
        """
        course = sorted(scores)
        if not all(math.isfinite(day) and math.isfinite(score) for day, score in course):
            raise ValueError("A day or a score is no number. Leave a missing score out.")
        if any(day == later for (day, _), (later, _) in pairwise(course)):
            raise ValueError("A day has two scores. Give one, or the days as fractions.")
        start = next(
            (
                day
                for day, score in course
                if score <= self.well_at and (day >= 0 if first_infusion_day is None else day > first_infusion_day)
            ),
            None,
        )
        if start is None:
            return None
        for day, score in course:
            if day > start and score >= self.back_at:
                return TimeToEvent(_days(start, day), True)
        return TimeToEvent(_days(start, course[-1][0]), False)


def _days(start: float, end: float) -> float:
    # 32.3 - 4.3 and 32.2 - 4.2 differ in the last digit; both are 28 days, and one time of a curve.
    return round(end - start, _DIGITS)
