"""Writing down one thing: a score, a use report, an infusion given, an answer. The chart changes at once."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sextant.clinic.pages.access import for_staff, is_for_another, open_patient, refuse_mix_up, staff
from sextant.clinic.pages.forms import FACT_FORMS
from sextant.clinic.services import access
from sextant.clinic.services.facts import add_facts
from sextant.clinic.services.refusal import NotAllowed, Refused


@for_staff
def add(request: HttpRequest, patient_id: UUID, what: str) -> HttpResponse:
    """The form for one kind of fact; after saving, the chart with the next step that follows from it."""
    if what not in FACT_FORMS:
        raise Http404
    form_class = FACT_FORMS[what]
    access.require_entry(staff(request), form_class.makes.__name__)
    if request.method == "POST" and is_for_another(request, patient_id):
        return refuse_mix_up(request)
    opened = open_patient(request, patient_id, f"add {what}")
    form = form_class(request.POST or None, record=opened.record, now=opened.now)
    if request.method == "POST" and form.is_valid():
        try:
            add_facts(staff(request), opened.patient, form.facts())
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{form.words} is on the chart. What follows from it stands below.")
            return redirect("chart", patient_id)
    page = {"here": "add", "strip": opened.strip, "form": form}
    return render(request, "clinic/add.html", page)
