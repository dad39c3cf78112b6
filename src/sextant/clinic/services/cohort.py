"""The clinic's own patients as a COURSE.csv, from which nobody can be told by name, number or date."""

import csv
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import TYPE_CHECKING

from django.utils import timezone

from sextant.clinic.models import Patient, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import access, audit
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.transaction import write
from sextant.record import Target

if TYPE_CHECKING:
    from sextant.response import CourseData

_DIGITS = 4  # of a day: nine seconds, so that a score keeps its place before or after an infusion


@dataclass(frozen=True, slots=True)
class Taken:
    """A cohort as the text of a COURSE.csv, and how many patients are in it and were left out for each reason."""

    text: str
    n_patients: int
    left_out: dict[str, int]


def take_cohort(actor: User, now: datetime, *, started_from: date | None = None) -> Taken:
    """All patients with a target and infusions: scores, infusions and attendance, and nothing else.

    Patients are numbered anew at random each time, days count from each one's first infusion. That a cohort was taken
    is audited, with how many patients it holds.

    Parameters
    ----------
    started_from : leave out who had the first infusion before that day: those whom the population in force has seen

    Raises
    ------
    NotAllowed
        If the person is not the director.
    Refused
        If no patient is left.
    """
    from sextant.response import COURSE_COLUMNS, from_record

    access.require(actor, access.MAY_TAKE_COHORT, "take the clinic's cohort")
    left_out: dict[str, int] = {}
    courses: list[CourseData] = []
    moment = timezone.localtime(now)
    for patient in Patient.objects.order_by("pk"):
        record = record_of(patient)
        known, _ = record.as_of(moment)
        course = from_record(record, moment)
        why = ""
        if not known.all(Target):
            why = "no target"
        elif not known.infusions:
            why = "no infusion"
        elif course.not_modelled:
            why = "an infusion elsewhere, by another route or of unknown dose"
        elif started_from is not None and timezone.localdate(known.infusions[0].taken_at) < started_from:
            why = f"first infusion before {started_from.isoformat()}"
        if why:
            left_out[why] = left_out.get(why, 0) + 1
        else:
            courses.append(course)
    if not courses:
        why = "; ".join(f"{n} with {reason}" for reason, n in left_out.items()) or "the clinic has no patients"
        raise Refused(f"There is nobody to write of: {why}. Nothing was written.", code="COHORT-001")
    secrets.SystemRandom().shuffle(courses)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COURSE_COLUMNS)
    for number, course in enumerate(courses, start=1):
        writer.writerows([number, day, what, f"{value:g}"] for day, what, value in _rows(course))
    with write():
        audit.record_entry(actor, "cohort.taken", patients=len(courses))
    return Taken(text.getvalue(), len(courses), left_out)


def _rows(course: "CourseData") -> list[tuple[float, str, float]]:
    rows = [(score.day, score.instrument, score.points) for score in course.scores]
    rows += [(dose.day, "infusion", dose.mg_per_kg) for dose in course.infusions]
    # Of two shares from one moment on, the model takes the last; the file holds one.
    rows += [(day, "attendance", share) for day, share in dict(course.attendance).items()]
    told: dict[tuple[float, str], float] = {}
    for day, what, value in rows:
        at = round(day, _DIGITS)
        while (at, what) in told:  # a second reading at one moment stands as soon after it as the file can say
            at = round(at + 10**-_DIGITS, _DIGITS)
        told[at, what] = value
    return sorted((day, what, value) for (day, what), value in told.items())
