"""`sextant endpoints COURSE.csv --return-of-symptoms SCORE`: how long patients stay well, by the rule of the clinic."""

import argparse
import sys
from typing import Any

from sextant.cli.endpoint_output import COLUMNS, CONFIDENCE, Curve, print_csv, print_curve, print_json
from sextant.cli.files import read_text
from sextant.cli.refused import Refused
from sextant.instruments import InstrumentError, instrument
from sextant.outcomes import ReturnOfSymptoms, TimeToEvent
from sextant.response import MODELLED, CourseCsvError, CourseData, read_courses

SCHEMA = "return-of-symptoms/1"
SURVIVAL_SCHEMA = "return-of-symptoms-survival/1"


def return_of_symptoms(options: argparse.Namespace) -> int:
    """Print one row a patient, or one row a time of the curve over all of them."""
    rule = _rule(options)
    found = {
        patient: rule.of(_scores(course, rule.score), course.first_infusion_day)
        for patient, course in _courses(options, rule).items()
    }
    known = [one for one in found.values() if one is not None]
    if not known:
        raise Refused(
            f"{options.words}: no patient has a {rule.score} of {rule.well_at:g} or less in treatment, so none was "
            "well and could fall back."
        )
    if left_out := len(found) - len(known):
        print(
            f"sextant: without a time, as no {rule.score} in treatment is {rule.well_at:g} or less: {left_out} of "
            f"{len(found)} patients.",
            file=sys.stderr,
        )
    if options.survival is not None:
        curve = Curve(
            schema=SURVIVAL_SCHEMA,
            endpoint=_definition(rule),
            known=known,
            left_out=left_out,
            confidence=options.confidence or CONFIDENCE,
        )
        print_curve(curve, as_json=options.json)
    elif options.json:
        rows = [
            dict(zip(("patient", "time", "event"), (who, *_printed(one)), strict=True)) for who, one in found.items()
        ]
        print_json({"schema": SCHEMA, "endpoint": _definition(rule), "rows": rows})
    else:
        print_csv(
            COLUMNS, ((who, rule.name, None, *_printed(one), rule.rule, rule.missing_is) for who, one in found.items())
        )
    return 0


def _rule(options: argparse.Namespace) -> ReturnOfSymptoms:
    """The rule that the options give, each of them checked before the file is opened."""
    score = options.return_of_symptoms
    if options.endpoint or options.list:
        raise Refused("--return-of-symptoms goes with neither --endpoint nor --list: it reads scores and no weeks.")
    if options.survival not in (None, ReturnOfSymptoms.name):
        raise Refused(f"--return-of-symptoms has one curve. Write --survival {ReturnOfSymptoms.name}.")
    if score not in MODELLED:
        raise Refused(f"--return-of-symptoms {score} is no score of a COURSE.csv. Known: {', '.join(MODELLED)}.")
    if options.well_at is None or options.back_at is None:
        raise Refused(
            f"What is well and what is back the clinic says; no source gives it. Write --well-at and --back-at in "
            f"points of {score}."
        )
    try:
        for points in (options.well_at, options.back_at):
            instrument(score).check(points)
        return ReturnOfSymptoms(well_at=options.well_at, back_at=options.back_at, score=score)
    except InstrumentError as error:
        raise Refused(str(error)) from None
    except ValueError:
        raise Refused(
            f"Symptoms are not back at {options.back_at:g} when {options.well_at:g} is well. Give --back-at above "
            "--well-at."
        ) from None


def _courses(options: argparse.Namespace, rule: ReturnOfSymptoms) -> dict[str, CourseData]:
    if options.words is None:
        raise Refused(f"Name a file: sextant endpoints COURSE.csv --return-of-symptoms {rule.score}.")
    try:
        return read_courses(read_text(options.words))
    except CourseCsvError as error:
        raise Refused(f"{options.words}: {error}") from None


def _scores(course: CourseData, score: str) -> list[tuple[float, float]]:
    return [(one.day, one.points) for one in course.scores if one.instrument == score]


def _printed(found: TimeToEvent | None) -> tuple[float | None, int | None]:
    return (None, None) if found is None else (found.time, int(found.event))


def _definition(rule: ReturnOfSymptoms) -> dict[str, Any]:
    return {
        "endpoint": rule.name,
        "score": rule.score,
        "well_at": rule.well_at,
        "back_at": rule.back_at,
        "rule": rule.rule,
        "missing_is": rule.missing_is,
    }
