"""COURSE.csv: tidy rows of many patients in, one forecast row a patient and day out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sextant.response.course_data import CourseData, CourseDataError, Dose, ScoreAt
from sextant.response.engine import Engine
from sextant.response.forecast import trajectory
from sextant.response.hyper_parameters import MODELLED
from sextant.response.population import Population
from sextant.response.report import LEVELS
from sextant.units.csv_file import CsvFileError, NoCsvRowError, column_names, header_problem, numbered_rows
from sextant.units.words import count_words

COURSE_COLUMNS = ("patient", "day", "what", "value")
_INFUSIONS = ("infusion", "planned_infusion")
_LEVEL_NAMES = tuple(f"q{f'{level:.3f}'[2:].rstrip('0').ljust(2, '0')}" for level in LEVELS)
FORECAST_COLUMNS = (
    *("patient", "day", "target", "kind", "mean", "sd"),
    *_LEVEL_NAMES,
    *("benefit_mean", "benefit_q10", "benefit_q90"),
    *(f"pred_{name}" for name in _LEVEL_NAMES),
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_FURTHEST_DAY = 36_525.0  # a hundred years: a date of a spreadsheet or a count of seconds lies beyond it

Row = dict[str, str | float]


class CourseCsvError(CsvFileError):
    """A course file that cannot be read. `problems` names every line; the message shows the first of them."""


@dataclass(slots=True)
class _Gathered:
    scores: list[ScoreAt] = field(default_factory=list)
    infusions: list[Dose] = field(default_factory=list)
    planned: list[Dose] = field(default_factory=list)
    attendance: list[tuple[float, float]] = field(default_factory=list)
    line_of: dict[tuple[str, float], int] = field(default_factory=dict)

    def add(self, day: float, what: str, value: float, line: int) -> None:
        if what == "attendance":
            if not 0 <= value <= 1:
                raise CourseDataError(f"Attendance of {value:g} is not a share. Write 0 to 1.")
            self._once("attendance", day, line, "Remove one: only one share can hold from a day on.")
            self.attendance.append((day, value))
        elif what in _INFUSIONS:
            dose = Dose(day, value)
            self._once("an infusion", day, line, "Remove one, or write their times as fractions of a day.")
            (self.infusions if what == "infusion" else self.planned).append(dose)
        else:
            score = ScoreAt(day, what, value)
            self._once(f"a {what} score", day, line, "Remove one, or write their times as fractions of a day.")
            self.scores.append(score)

    def _once(self, what: str, day: float, line: int, then: str) -> None:
        earlier = self.line_of.setdefault((what, day), line)
        if earlier != line:
            raise CourseDataError(
                f"{what.capitalize()} of this patient on day {day:g} is already on line {earlier}. {then}"
            )

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
    rows = numbered_rows(text)
    gathered: dict[str, _Gathered] = {}
    problems: list[str] = []
    try:
        header = column_names(next(rows, (1, []))[1], COURSE_COLUMNS)
        if wrong := header_problem(header, COURSE_COLUMNS):
            raise CourseCsvError([wrong])
        for line, cells in rows:
            try:
                _read_line(dict(zip(header, cells, strict=False)), len(cells), line, gathered)
            except CourseDataError as error:
                problems.append(f"Line {line}: {error}")
    except NoCsvRowError as error:
        problems += error.problems
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
        raise CourseDataError(f"The line has {count_words(n_cells, 'cell')}. Write four: {','.join(COURSE_COLUMNS)}.")
    patient, what = row["patient"].strip(), row["what"].strip()
    if not patient:
        raise CourseDataError("The patient is missing. Write who the fact is about.")
    if not patient.isprintable():
        raise CourseDataError("The patient's name holds a sign that cannot be seen. Write letters and digits.")
    if what not in (*MODELLED, *_INFUSIONS, "attendance"):
        # What stands there is not repeated: columns that changed places would show names.
        raise CourseDataError(
            f"The column 'what' holds no fact that the model reads. Write one of {', '.join(MODELLED)}, "
            f"{', '.join(_INFUSIONS)}, attendance."
        )
    day, value = read_day(row["day"]), _number(row["value"], "value")
    gathered.setdefault(patient, _Gathered()).add(day, what, value, line)


def read_day(text: str) -> float:
    """A day, as a plain decimal number of days from day 0.

    Raises
    ------
    CourseDataError
        If it is no number, or lies more than a hundred years from day 0.
    """
    day = _number(text, "day")
    if abs(day) > _FURTHEST_DAY:
        raise CourseDataError(
            f"Day {day:g} is over a hundred years from day 0. Days count from the start of the programme; write 12 or "
            "3.5, no date."
        )
    return day


def _number(text: str, column: str) -> float:
    # Python reads more than a spreadsheet means, such as 1_000 and digits of other scripts; 1e999 is infinite to it.
    number = float(text) if _NUMBER.fullmatch(text.strip()) else float("nan")
    if not abs(number) < float("inf"):
        raise CourseDataError(
            f"The {column} is {'not a number' if text.strip() else 'missing'}. Write it as 12 or 3.5."
        )
    return number
