"""WEEKS.csv: one row a patient and week in, one forecast row for every week that was due out."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sextant.units.csv_file import CsvFileError, NoCsvRowError, column_names, header_problem, numbered_rows
from sextant.units.words import count_words
from sextant.use.population import Covariate
from sextant.use.weeks import FURTHEST_WEEK, PatientWeeks, Week, WeeksError

REQUIRED_COLUMNS = ("patient", "week", "result")
OPTIONAL_COLUMNS = ("self_report", "arm")
FORECAST_COLUMNS = ("patient", "week", "p_use", "p_use_low", "p_use_high", "p_use_or_missing")
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_MOST_DIGITS = 12
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_NO_COVARIATES: Mapping[str, float] = {}


class WeeksCsvError(CsvFileError):
    """A file of weeks that cannot be read. `problems` names every line; the message shows the first of them."""


@dataclass(slots=True)
class _Gathered:
    first_line: int
    weeks: list[Week] = field(default_factory=list)
    line_of: dict[int, int] = field(default_factory=dict)
    arms: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WeeksFile:
    """The patients of a file in the order in which they first appear.

    `first_line` is the line on which each appears. `changed_arm` are those whose arm is told or changes later on: what
    was told last up to their first due week counts, since a week is foretold from what was known before it. `unread`
    are the columns of other names than those that are read.
    """

    patients: dict[str, PatientWeeks]
    first_line: dict[str, int]
    changed_arm: tuple[str, ...]
    unread: tuple[str, ...]


def read_weeks(text: str, covariates: Mapping[str, Covariate] | None = None) -> WeeksFile:
    """The weeks of each patient. Every line is checked before any answer; nothing is half-read.

    A column of another name is left unread; capitals in a name do not matter.

    Parameters
    ----------
    text : of the file
    covariates : further columns that may stand in it, by their name

    Raises
    ------
    WeeksCsvError
        If a column is missing or stands twice, or any line cannot be right; it names them all.

    Examples
    --------
    >>> file = read_weeks("patient,week,result\\nA,1,-\\nA,2,o\\n")
    >>> file.patients["A"].last
    2
    """
    covariates = covariates or {}
    known = columns_read(covariates)
    rows = numbered_rows(text)
    gathered: dict[str, _Gathered] = {}
    problems: list[str] = []
    try:
        header = column_names(next(rows, (1, []))[1], known)
        if wrong := header_problem(header, REQUIRED_COLUMNS, (*OPTIONAL_COLUMNS, *covariates), others=True):
            raise WeeksCsvError([wrong])
        place = {name: at for at, name in enumerate(header) if name in known}
        extra = [(name, one, place[name]) for name, one in covariates.items() if name in place]
        for line, cells in rows:
            try:
                _read_line(cells, header, place, extra, line, gathered)
            except WeeksError as error:
                problems.append(f"Line {line}: {error}")
    except NoCsvRowError as error:
        problems += error.problems
    if problems:
        raise WeeksCsvError(problems)
    if not gathered:
        raise WeeksCsvError(["The file has columns but no rows. Write one row a patient and week, such as A,1,-."])
    patients, changed = {}, []
    for name, one in gathered.items():
        # A row of a week in which none was due is as no row, so the first week is the first that was due.
        due = min((week.number for week in one.weeks if week.due), default=0)
        arm = next((one.arms[week] for week in sorted(one.arms, reverse=True) if week <= due), None)
        patients[name] = PatientWeeks(tuple(one.weeks), arm)
        if any(later != arm for week, later in one.arms.items() if week > due):
            changed.append(name)
    first_line = {name: one.first_line for name, one in gathered.items()}
    unread = tuple(name for name in header if name and name not in known)
    return WeeksFile(patients, first_line, tuple(changed), unread)


def columns_read(covariates: Collection[str] = ()) -> tuple[str, ...]:
    """The columns that are read, in the order in which they are named to people."""
    return (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS, *covariates)


def _read_line(
    cells: list[str],
    header: Sequence[str],
    place: Mapping[str, int],
    extra: Sequence[tuple[str, Covariate, int]],
    line: int,
    gathered: dict[str, _Gathered],
) -> None:
    if len(cells) != len(header):
        raise WeeksError(f"The line has {count_words(len(cells), 'cell')}. Write {len(header)}: {','.join(header)}.")
    patient = cells[place["patient"]].strip()
    if not patient:
        raise WeeksError("The patient is missing. Write who the week is of.")
    if not patient.isprintable():
        raise WeeksError("The patient's name holds a sign that cannot be seen. Write letters and digits.")
    week, result = cells[place["week"]].strip(), cells[place["result"]].strip()
    if not week and not result:
        raise WeeksError("The patient has no week here. Write the week and its result, or remove the line.")
    if not _WHOLE.fullmatch(week):
        seen = "not a whole number" if week else "missing"
        raise WeeksError(f"The week is {seen}. Write it as 3; 0 and less are before the start.")
    # So many digits are no week, and Python turns no longer ones into numbers; a date written for a week has eight.
    number = int(week) if len(week) <= _MOST_DIGITS else FURTHEST_WEEK + 1
    if not result:
        raise WeeksError("The result is missing. Write + - * o or _ (none due).")
    told = cells[place["self_report"]].strip() if "self_report" in place else ""
    known = (
        {name: _number(cells[at].strip(), name, one) for name, one, at in extra if cells[at].strip()}
        if extra
        else _NO_COVARIATES
    )
    one = gathered.setdefault(patient, _Gathered(line))
    earlier = one.line_of.setdefault(number, line)
    if earlier != line:
        raise WeeksError(f"Week {number} of this patient is already on line {earlier}. Remove one.")
    one.weeks.append(Week(number, result, told or "_", known))
    arm = cells[place["arm"]].strip() if "arm" in place else ""
    if arm:
        one.arms[number] = arm


def _number(text: str, column: str, covariate: Covariate) -> float:
    if not _NUMBER.fullmatch(text):
        example = "2" if covariate.whole_number else "12 or 3.5"
        raise WeeksError(f"The value of {column} is not a number. Write it as {example}, or leave it empty.")
    value = float(text)
    if slip := covariate.slip(column, value):
        raise WeeksError(f"{slip.removesuffix('.')}, or leave it empty.")
    return value
