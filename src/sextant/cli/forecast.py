"""`sextant forecast`: benefit forecast for tidy rows."""

import argparse
import csv
import json
import sys
from math import isfinite, nan

from sextant.cli.files import read_text
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
    Plan,
    Row,
    forecast_rows,
    read_courses,
    shipped_population,
)
from sextant.response import forecast as forecast_course

SCHEMA = "forecast/1"


def forecast(options: argparse.Namespace) -> int:
    """Print one row a patient and day, or with --json the rows and the figures of next-step's forecast."""
    if options.target not in MODELLED:
        raise Refused(f"--target {options.target} is not a score that the model knows. Known: {', '.join(MODELLED)}.")
    try:
        courses = read_courses(read_text(options.course))
        days = {patient: _days(options.at, course) for patient, course in courses.items()}
        rows = [
            row
            for patient, course in courses.items()
            for row in forecast_rows(patient, course, options.target, days[patient], shipped_population())
        ]
    except (CourseCsvError, CourseDataError) as error:
        raise Refused(f"{options.course}: {error}") from None
    if options.json:
        print(json.dumps(_whole(options.target, courses, days, rows), indent=2))
        return 0
    writer = csv.DictWriter(sys.stdout, FORECAST_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return 0


def _days(at: str | None, course: CourseData) -> list[float]:
    if at is None:
        return [course.last_day]
    try:
        days = [float(day) for day in at.split(",")]
    except ValueError:
        days = [nan]
    if not all(map(isfinite, days)):
        raise Refused(f"--at {at} is not a list of days. Write it as --at 7,28,60.")
    return days


def _whole(target: str, courses: dict[str, CourseData], days: dict[str, list[float]], rows: list[Row]) -> object:
    plan = Plan(days_between=ASSUMED_DAYS_BETWEEN, mg_per_kg=ASSUMED_DOSE_MG_PER_KG)
    return {
        "schema": SCHEMA,
        "target": target,
        "rows": rows,
        "forecasts": [
            {
                "patient": patient,
                "day": day,
                **forecast_json(
                    forecast_course(course.with_plan(plan, day), target, now_day=day, population=shipped_population())
                ),
            }
            for patient, course in courses.items()
            for day in days[patient]
        ],
        "model": {"version": MODEL_VERSION, "prior": shipped_population().version},
    }
