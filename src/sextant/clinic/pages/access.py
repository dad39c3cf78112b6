"""Opening a patient's page: who may, whose it is, and a kind page for whoever may not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from sextant.clinic.models import Patient, Recommendation, User
from sextant.clinic.pages.strip import Strip, strip_of
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import audit, recommendations
from sextant.clinic.services.refusal import NotAllowed
from sextant.record import PatientRecord

View = Callable[..., HttpResponse]


def for_staff(view: View) -> View:
    """A page for people with a role; whoever may not open it reads why, and what to do."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        if not staff(request).role:
            return render(request, "clinic/no_role.html", status=403)
        try:
            return view(request, *args, **given)
        except NotAllowed as refused:
            return render(request, "403.html", {"reason": str(refused)}, status=403)

    return opened


def staff(request: HttpRequest) -> User:
    """The person at this screen; every page but the sign-in asks for one."""
    return cast(User, request.user)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A patient's page at one moment: the record, the next step and the strip."""

    patient: Patient
    record: PatientRecord
    recommendation: Recommendation
    now: datetime
    strip: Strip

    @property
    def answer(self) -> dict[str, Any]:
        """The stored answer behind the next step."""
        answer: dict[str, Any] = self.recommendation.answer
        return answer


def open_patient(request: HttpRequest, patient_id: UUID, page: str) -> Opened:
    """Open a page of one patient and note in the audit chain who did."""
    patient = get_object_or_404(Patient, pk=patient_id)
    audit.saw(staff(request), patient, page)
    now = timezone.localtime()
    recommendation = recommendations.current(patient, now)
    record = record_of(patient)
    return Opened(
        patient=patient,
        record=record,
        recommendation=recommendation,
        now=now,
        strip=strip_of(record, recommendation.answer["gates"], now),
    )


def is_for_another(request: HttpRequest, patient_id: UUID) -> bool:
    """Whether a form that was sent here was opened for another patient."""
    return request.POST.get("patient") != str(patient_id)


def refuse_mix_up(request: HttpRequest) -> HttpResponse:
    """Two windows, two patients: neither chart changes."""
    return render(request, "clinic/mix_up.html", status=409)
