"""Writing down one thing: a score, a use report, an infusion given, an answer. The chart changes at once."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sextant.clinic.pages.access import Opened, for_staff, is_for_another, open_patient, refuse_mix_up, staff
from sextant.clinic.pages.forms import FACT_FORMS, FactForm, InfusionForm
from sextant.clinic.services import access, plausible
from sextant.clinic.services.facts import add_facts
from sextant.clinic.services.refusal import NotAllowed, Refused

_WAYS_BACK = frozenset({"screening", "use"})


@for_staff
def add(request: HttpRequest, patient_id: UUID, what: str) -> HttpResponse:
    """The form for one kind of fact; after saving, the page with what follows from it."""
    if what not in FACT_FORMS:
        raise Http404
    form_class = FACT_FORMS[what]
    access.require_entry(staff(request), form_class.makes.__name__)
    if request.method == "POST" and is_for_another(request, patient_id):
        return refuse_mix_up(request)
    opened = open_patient(request, patient_id, f"add {what}")
    came_from = request.GET.get("back", "")
    back = came_from if came_from in _WAYS_BACK else ""
    form = form_class(
        request.POST or None,
        record=opened.record,
        now=opened.now,
        first=request.GET.get("first", ""),
        back=back,
        answers=lambda question: access.may_answer(staff(request), question),
    )
    page = {"here": "add", "strip": opened.strip, "form": form, "back": back}
    if request.method == "POST" and form.is_valid():
        heard = request.POST.get("read_back", "")
        try:
            if isinstance(form, InfusionForm) and heard != "yes":
                return _read_back(request, opened, form, page, change=heard == "change")
            add_facts(staff(request), opened.patient, form.facts())
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{form.said()} What follows from it stands below.")
            return redirect(back or form.leads_to, patient_id)
    return render(request, "clinic/add.html", page)


def _read_back(
    request: HttpRequest, opened: Opened, form: FactForm, page: dict[str, object], *, change: bool
) -> HttpResponse:
    """What was typed, said back before it is kept; or the form once more, to change it."""
    if change:
        return render(request, "clinic/add.html", page)
    # What cannot be true at all is refused before it is read back.
    plausible.check(form.fact(), opened.record.facts, opened.now)
    return render(request, "clinic/read_back.html", page)
