"""What is known of one patient's weeks: the test of each week that was due, and what was told at that visit."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

SYMBOLS = "_-+*o"
"""None due, negative, positive, mixed, due but none given, in the order of their codes 0 to 4. For self-report: nothing
told, no day of use, two days or more, exactly one day; `o` and `_` both mean that nothing was told."""

NONE_DUE, NEGATIVE, POSITIVE, MIXED, MISSING = range(5)
NOT_ON_RECORD = 5
"""Code of a week 0 that nobody wrote down. One in which no test was due is another thing: it tells of a programme."""
TOLD_NOTHING, TOLD_NO_DAY, TOLD_ONE_DAY, TOLD_MORE = range(4)
FURTHEST_WEEK = 1_040
"""Twenty years: a day or a date written for a week lies beyond it."""

TESTED = "-+*"
"""Symbols of a week with a test."""

_RESULT = dict(zip(SYMBOLS, range(5), strict=True))
_TOLD = {"_": TOLD_NOTHING, "o": TOLD_NOTHING, "-": TOLD_NO_DAY, "*": TOLD_ONE_DAY, "+": TOLD_MORE}


class WeeksError(ValueError):
    """A week that cannot be right; the message says what was seen and what to write."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of one patient.

    Parameters
    ----------
    number : from 1 on in the programme; 0 and less lie before its start
    result : of the week's test, one of `SYMBOLS`
    self_report : told at that visit, one of `SYMBOLS`; without a test it is not read, because it was told later
    covariates : what else is known at the end of the week, by the names of the population's covariates; without a test
        those that the patient tells are not read either

    Raises
    ------
    WeeksError
        If a symbol is unknown, the number is too far off, or a covariate is no finite number.
    """

    number: int
    result: str
    self_report: str = "_"
    covariates: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be a week."""
        if self.result not in _RESULT:
            raise WeeksError(f"The result is no symbol that is known. Write one of {' '.join(SYMBOLS)}.")
        if self.self_report not in _TOLD:
            raise WeeksError(f"The self-report is no symbol that is known. Write one of {' '.join(SYMBOLS)}.")
        if abs(self.number) > FURTHEST_WEEK:
            raise WeeksError(
                f"The week is over twenty years from the start. Write a number from -{FURTHEST_WEEK} to "
                f"{FURTHEST_WEEK}, no day and no date."
            )
        if not all(math.isfinite(value) for value in self.covariates.values()):
            raise WeeksError("A covariate is no finite number. Leave out what is not known.")

    @property
    def code(self) -> int:
        """The result as a number: its place in `SYMBOLS`."""
        return _RESULT[self.result]

    @property
    def told(self) -> int:
        """What was told: 0 nothing, 1 no day, 2 one day, 3 more; nothing where no test was given."""
        return _TOLD[self.self_report] if self.tested else TOLD_NOTHING

    @property
    def tested(self) -> bool:
        """Whether a test was given."""
        return self.result in TESTED

    @property
    def due(self) -> bool:
        """Whether a test was due in the programme."""
        return self.number >= 1 and self.code != NONE_DUE


@dataclass(frozen=True, slots=True)
class PatientWeeks:
    """The weeks of one patient, in order, with the arm (the planned programme) where it is known.

    Raises
    ------
    WeeksError
        If a week stands twice.
    """

    weeks: tuple[Week, ...]
    arm: str | None = None

    def __post_init__(self) -> None:
        """Put the weeks in order; a week twice is refused."""
        ordered = tuple(sorted(self.weeks, key=lambda week: week.number))
        twice = [one.number for one, other in pairwise(ordered) if one.number == other.number]
        if twice:
            raise WeeksError(f"Week {twice[0]} stands twice. Remove one.")
        object.__setattr__(self, "weeks", ordered)

    @property
    def last(self) -> int:
        """The last week of the programme on record, 0 where there is none."""
        return max(0, self.weeks[-1].number) if self.weeks else 0

    def until(self, last: int) -> "PatientWeeks":
        """The same patient as known at the end of a week."""
        return PatientWeeks(tuple(week for week in self.weeks if week.number <= last), self.arm)


def word(results: str, self_reports: str = "", *, first: int = 1, arm: str | None = None) -> PatientWeeks:
    """A patient from words of one symbol a week, such as `word("--+o-")`.

    Examples
    --------
    >>> word("-+o").weeks[1]
    Week(number=2, result='+', self_report='_', covariates={})
    """
    told: Sequence[str] = self_reports.ljust(len(results), "_")
    return PatientWeeks(
        tuple(Week(first + k, result, told[k]) for k, result in enumerate(results)),
        arm,
    )
