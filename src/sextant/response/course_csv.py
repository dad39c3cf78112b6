"""COURSE.csv: tidy rows of many patients in, one forecast row a patient and day out."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from sextant.response.course_data import CourseData, CourseDataError, Dose, ScoreAt
from sextant.response.engine import Engine
from sextant.response.forecast import trajectory
from sextant.response.hyper_parameters import MODELLED
from sextant.response.population import Population
from sextant.response.report import LEVELS

COURSE_COLUMNS = ("patient", "day", "what", "value")
_INFUSIONS = ("infusion", "planned_infusion")
_LEVEL_NAMES = tuple(f"q{f'{level:.3f}'[2:].rstrip('0').ljust(2, '0')}" for level in LEVELS)
FORECAST_COLUMNS = (
    *("patient", "day", "target", "kind", "mean", "sd"),
    *_LEVEL_NAMES,
    *("benefit_mean", "benefit_q10", "benefit_q90"),
    *(f"pred_{name}" for name in _LEVEL_NAMES),
)
_PROBLEMS_SHOWN = 10

Row = dict[str, str | float]


class CourseCsvError(ValueError):
    """A course file that cannot be read. `problems` names every line; the message shows the first of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = len(problems) - _PROBLEMS_SHOWN
        shown = " ".join(problems[:_PROBLEMS_SHOWN])
        super().__init__(f"{shown} And {more} more." if more > 0 else shown)


@dataclass(slots=True)
class _Gathered:
    scores: list[ScoreAt] = field(default_factory=list)
    infusions: list[Dose] = field(default_factory=list)
    planned: list[Dose] = field(default_factory=list)
    attendance: list[tuple[float, float]] = field(default_factory=list)
    line_of_infusion: dict[float, int] = field(default_factory=dict)

    def add(self, day: float, what: str, value: float, line: int) -> None:
        if what == "attendance":
            if not 0 <= value <= 1:
                raise CourseDataError(f"Attendance of {value:g} is not a share. Write 0 to 1.")
            self.attendance.append((day, value))
        elif what in _INFUSIONS:
            dose = Dose(day, value)
            if day in self.line_of_infusion:
                raise CourseDataError(
                    f"An infusion of this patient on day {day:g} is already on line {self.line_of_infusion[day]}. "
                    "Remove one, or write their times as fractions of a day."
                )
            self.line_of_infusion[day] = line
            (self.infusions if what == "infusion" else self.planned).append(dose)
        else:
            self.scores.append(ScoreAt(day, what, value))

    def course(self) -> CourseData:
        return CourseData(
            scores=tuple(self.scores),
            infusions=tuple(self.infusions),
            planned=tuple(self.planned),
            attendance=tuple(self.attendance),
        )


def read_courses(text: str) -> dict[str, CourseData]:
    """The course of each patient in a COURSE.csv, in the order in which patients first appear.

    Every line is checked before any answer. Attendance counts from its day on; before the first it is 0.5, an
    assumption.

    Raises
    ------
    CourseCsvError
        If the columns are not patient, day, what and value, or any line cannot be right; it names them all.

    Examples
    --------
    >>> courses = read_courses("patient,day,what,value\\nA,-1,craving,70\\nA,0,infusion,0.5\\n")
    >>> courses["A"].infusions
    (Dose(day=0.0, mg_per_kg=0.5),)
    """
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    gathered: dict[str, _Gathered] = {}
    problems: list[str] = []
    try:
        header = [name.strip() for name in next(rows, [])]
        if sorted(header) != sorted(COURSE_COLUMNS):
            raise CourseCsvError(
                [f"Line 1: the columns are {','.join(header) or 'missing'}. Write {','.join(COURSE_COLUMNS)}."]
            )
        for cells in filter(None, rows):
            try:
                _read_line(dict(zip(header, cells, strict=False)), len(cells), rows.line_num, gathered)
            except CourseDataError as error:
                problems.append(f"Line {rows.line_num}: {error}")
    except csv.Error as error:
        problems.append(f"Line {rows.line_num}: this is not a row of a CSV file ({error}).")
    if problems:
        raise CourseCsvError(problems)
    if not gathered:
        raise CourseCsvError(["The file has columns but no rows. Write one row a fact, such as A,-1,craving,70."])
    return {patient: one.course() for patient, one in gathered.items()}


def forecast_rows(
    patient: str,
    course: CourseData,
    target: str,
    days: Sequence[float],
    population: Population,
    by: Engine | None = None,
) -> list[Row]:
    """One row a day with exactly `FORECAST_COLUMNS`: the target's score, its benefit and a newly observed score.

    Raises
    ------
    CourseDataError
        If the model has nothing to say of this course; `refusal` gives the sentence.
    """
    path = trajectory(course, target, days, population=population, by=by)
    rows: list[Row] = []
    for at, day in enumerate(path.days):
        figures = (
            *(path.mean[at], path.sd[at]),
            *path.quantiles[at],
            *(path.benefit_mean[at], path.benefit_q10[at], path.benefit_q90[at]),
            *path.predicted[at],
        )
        named: tuple[str | float, ...] = (patient, float(day), target, path.kind)
        values = (*named, *(float(figure) for figure in figures))
        rows.append(dict(zip(FORECAST_COLUMNS, values, strict=True)))
    return rows


def _read_line(row: dict[str, str], n_cells: int, line: int, gathered: dict[str, _Gathered]) -> None:
    if n_cells != len(COURSE_COLUMNS):
        raise CourseDataError(f"There are {n_cells} cells. Write four: {','.join(COURSE_COLUMNS)}.")
    patient, what = row["patient"].strip(), row["what"].strip()
    if not patient:
        raise CourseDataError("The patient is missing. Write who the fact is about.")
    if what not in (*MODELLED, *_INFUSIONS, "attendance"):
        raise CourseDataError(
            f"{what!r} is not a fact that the model reads. Write one of {', '.join(MODELLED)}, "
            f"{', '.join(_INFUSIONS)}, attendance."
        )
    day, value = _number(row["day"], "day"), _number(row["value"], "value")
    gathered.setdefault(patient, _Gathered()).add(day, what, value, line)


def _number(text: str, column: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise CourseDataError(f"The {column} is {text.strip()!r}, not a number. Write it as 12 or 3.5.")
    return number
