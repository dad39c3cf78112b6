"""The review: the prescriber reads the advice, its reasons and doubts, and decides in own words."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from sextant.clinic.models import Recommendation
from sextant.clinic.pages.access import Opened, for_staff, is_for_another, open_patient, refuse_mix_up, staff
from sextant.clinic.pages.chart import card_of, gates_of
from sextant.clinic.pages.forms import DecisionForm
from sextant.clinic.pages.gate_list import gates_title
from sextant.clinic.services import access
from sextant.clinic.services.decisions import Choice, record_decision
from sextant.clinic.services.refusal import NotAllowed, Refused
from sextant.course import StepCode


@for_staff
def review(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The decision form beside the advice that it is about."""
    access.require_entry(staff(request), "Decision")
    if request.method == "POST" and is_for_another(request, patient_id):
        return refuse_mix_up(request)
    opened = open_patient(request, patient_id, "review")
    shown = {"recommendation": opened.recommendation.pk}
    form = DecisionForm(request.POST or None, record=opened.record, now=opened.now, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            _record(request, opened, form)
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
            if refused.code == "DECISION-002":
                # What was typed stays; the next sending is about the advice that is shown now.
                form.data = {**form.data.dict(), "recommendation": str(opened.recommendation.pk)}
        else:
            messages.success(request, "The decision is on the chart.")
            return redirect("chart", patient_id)
    page = {
        "here": "review",
        "strip": opened.strip,
        "form": form,
        "card": card_of(opened),
        "gates_title": gates_title(opened.answer["gates"]),
        "wanting": [gate for gate in gates_of(request, opened) if gate.state.word != "Open"],
    }
    return render(request, "clinic/review.html", page)


def _record(request: HttpRequest, opened: Opened, form: DecisionForm) -> None:
    decided = form.cleaned_data
    read = get_object_or_404(Recommendation, pk=decided["recommendation"], patient=opened.patient)
    advised = (StepCode(read.step["code"]), read.step["infusion"])
    chosen = advised
    if decided["choice"] != "accept":
        step = StepCode.WAIT if decided["choice"] == "postpone" else StepCode(decided["step"])
        following = len(opened.record.infusions) + 1
        chosen = (step, following if step is StepCode.OFFER_INFUSION else None)
    record_decision(
        staff(request),
        opened.patient,
        read,
        choice=Choice.AS_ADVISED if chosen == advised else Choice.OTHERWISE,
        step=chosen[0],
        infusion=chosen[1],
        reasons=decided["reasons"],
        planned_on=decided["planned_on"],
        key=decided["key"],
    )
