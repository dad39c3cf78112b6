"""Adding a patient from a FHIR bundle, and what of it was used or set aside and why."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from sextant.clinic.pages.access import for_staff, open_patient, staff
from sextant.clinic.pages.forms import BundleForm
from sextant.clinic.services import access
from sextant.clinic.services.patients import ImportOutcome, import_bundle
from sextant.clinic.services.refusal import NotAllowed, Refused


@for_staff
def upload(request: HttpRequest) -> HttpResponse:
    """The upload; a bundle that is refused leaves nothing behind."""
    access.require(staff(request), access.MAY_IMPORT, "import a patient")
    form = BundleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data, key = form.cleaned_data["bundle"].read(), form.cleaned_data["key"]
        try:
            outcome = import_bundle(staff(request), data, now=timezone.now(), key=key)
        except NotAllowed:
            raise
        except Refused as refused:
            form.add_error("bundle", str(refused))
        else:
            request.session[f"import:{outcome.patient.pk}"] = _told(outcome)
            return redirect("import", outcome.patient.pk)
    return render(request, "clinic/upload.html", {"here": "patient-add", "form": form})


@for_staff
def imported(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What the upload used and set aside, for as long as the person who sent it is signed in."""
    told = request.session.get(f"import:{patient_id}")
    if told is None:
        return redirect("chart", patient_id)
    opened = open_patient(request, patient_id, "import")
    return render(request, "clinic/import.html", {"here": "import", "strip": opened.strip, **told})


def _told(outcome: ImportOutcome) -> dict[str, object]:
    """The outcome as the session can hold it."""
    return {
        "used": sorted(outcome.used.items()),
        "n_used": sum(outcome.used.values()),
        "n_aside": sum(one.entries for one in outcome.set_aside),
        "aside": [{"what": one.what, "why": one.why} for one in outcome.set_aside],
    }
