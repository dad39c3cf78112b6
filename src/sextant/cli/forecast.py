"""`sextant forecast`: benefit forecast for tidy rows."""

import argparse
import csv
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import Any

from sextant.cli.files import read_text
from sextant.cli.population import population_of
from sextant.cli.progress import Progress
from sextant.cli.refused import Refused
from sextant.course.answer import forecast_json
from sextant.course.series import ASSUMED_DAYS_BETWEEN, ASSUMED_DOSE_MG_PER_KG
from sextant.response import (
    FORECAST_COLUMNS,
    MODEL_VERSION,
    MODELLED,
    CourseCsvError,
    CourseData,
    CourseDataError,
    Engine,
    Plan,
    Population,
    Row,
    fastest,
    forecast_rows,
    read_courses,
    read_day,
    refusal,
)
from sextant.response import forecast as forecast_course

SCHEMA = "forecast/1"
MANY_PATIENTS = 20
"""Patients (or that many visits, of however few) from which on the compiled engine is used where it is there: it takes
a second to load."""

_MANY_VISITS = 500
_LONG = 100  # patients from which on the command says how far it has come
_SAID = 10  # times
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is printed of one patient, numbered in order of first appearance; `refused` says why there are no rows."""

    number: int
    rows: list[Row]
    forecasts: list[dict[str, Any]]
    refused: str | None


def forecast(options: argparse.Namespace) -> int:
    """Print one row a patient and day, or with --json the rows and the figures of next-step's forecast."""
    if options.target not in MODELLED:
        raise Refused(f"--target {options.target} is not a score that the model knows. Known: {', '.join(MODELLED)}.")
    population, days = population_of(options.population), _days(options.at)
    try:
        courses = read_courses(read_text(options.course))
    except CourseCsvError as error:
        raise Refused(f"{options.course}: {error}") from None
    answers = _answers(courses, options.target, days, population, figures=options.json)
    if all(answer.refused for answer in answers):
        raise Refused(f"{options.course}: {' '.join(_why(answer) for answer in answers[:_SHOWN])}")
    for answer in answers:
        if answer.refused:
            print(f"sextant: {_why(answer)}", file=sys.stderr)
    if options.json:
        print(json.dumps(_whole(options.target, answers, population), indent=2))
        return 0
    writer = csv.DictWriter(sys.stdout, FORECAST_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for answer in answers for row in answer.rows)
    return 0


def _days(at: str | None) -> list[float] | None:
    try:
        return None if at is None else [read_day(day) for day in at.split(",")]
    except CourseDataError as error:
        raise Refused(f"--at {at} is not a list of days: {error} Write it as --at 7,28,60.") from None


def _answers(
    courses: dict[str, CourseData], target: str, at: list[float] | None, population: Population, *, figures: bool
) -> list[_Answer]:
    """All patients in the file's order. Rows and figures of one patient are worked out together: both need the settings
    of the population that this patient's scores leave possible, which are most of the work."""
    visits = sum(len({score.day for score in course.scores}) for course in courses.values())
    by = fastest() if len(courses) >= MANY_PATIENTS or visits >= _MANY_VISITS else None

    def answer(one: tuple[int, tuple[str, CourseData]]) -> _Answer:
        number, named = one
        patient, course = named
        days = [course.last_day] if at is None else at
        refused = refusal(course, target)
        rows = [] if refused else forecast_rows(patient, course, target, days, population, by)
        return _Answer(number, rows, _figures(named, target, days, population, by) if figures else [], refused)

    said = max(1, len(courses) // _SAID)
    answers: list[_Answer] = []
    with ThreadPoolExecutor(cpu_count()) as pool, Progress() as progress:
        for n, one in enumerate(pool.map(answer, enumerate(courses.items(), start=1)), start=1):
            answers.append(one)
            if len(courses) >= _LONG and n % said == 0:
                progress.say(f"{n} of {len(courses)} patients")
    return answers


def _figures(
    named: tuple[str, CourseData], target: str, days: list[float], population: Population, by: Engine | None
) -> list[dict[str, Any]]:
    patient, course = named
    plan = Plan(days_between=ASSUMED_DAYS_BETWEEN, mg_per_kg=ASSUMED_DOSE_MG_PER_KG)
    found = []
    for day in days:
        one = forecast_course(course.with_plan(plan, day), target, now_day=day, population=population, by=by)
        found.append({"patient": patient, "day": day, **forecast_json(one)})
    return found


def _why(answer: _Answer) -> str:
    # By number and not by name: what follows may tell of the person.
    return f"Patient {answer.number} of the file has no forecast: {answer.refused}"


def _whole(target: str, answers: list[_Answer], population: Population) -> object:
    return {
        "schema": SCHEMA,
        "target": target,
        "rows": [row for answer in answers for row in answer.rows],
        "forecasts": [one for answer in answers for one in answer.forecasts],
        "model": {"version": MODEL_VERSION, "prior": population.version},
    }
