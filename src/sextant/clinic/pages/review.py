"""The review: the prescriber reads the advice, its reasons and doubts, and decides in own words."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from sextant.clinic.models import Recommendation
from sextant.clinic.pages.access import Opened, for_staff, is_for_another, open_patient, refuse_mix_up, staff
from sextant.clinic.pages.chart import card_of, gates_of, withheld_from
from sextant.clinic.pages.forms import DecisionForm, OwnViewForm
from sextant.clinic.pages.gate_list import gates_title
from sextant.clinic.pages.trajectory_card import trajectory_card
from sextant.clinic.services import access, policy
from sextant.clinic.services.decisions import Choice, record_decision
from sextant.clinic.services.refusal import NotAllowed, Refused
from sextant.clinic.services.views import record_view
from sextant.course import StepCode


@for_staff
def review(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The decision form beside the advice that it is about."""
    access.require_entry(staff(request), "Decision")
    if request.method == "POST" and is_for_another(request, patient_id):
        return refuse_mix_up(request)
    opened = open_patient(request, patient_id, "review")
    if withheld_from(request, opened):
        return _own_view(request, opened)
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


def _own_view(request: HttpRequest, opened: Opened) -> HttpResponse:
    """First the prescriber's own view; then the same page shows the forecast."""
    form = OwnViewForm(request.POST or None, record=opened.record, now=opened.now)
    if request.method == "POST" and form.is_valid():
        try:
            record_view(
                staff(request),
                opened.patient,
                odds_in_ten=int(form.cleaned_data["odds_in_ten"]),
                step=StepCode(form.cleaned_data["step"]),
                key=form.cleaned_data["key"],
            )
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Your view is on record. The forecast stands below.")
            return redirect("review", opened.patient.pk)
    trajectory = trajectory_card(
        opened.record,
        opened.answer,
        policy.current_limits(opened.now),
        opened.now,
        cache_key=str(opened.recommendation.pk),
        withheld=withheld_from(request, opened),
    )
    page = {"here": "review", "strip": opened.strip, "form": form, "trajectory": trajectory}
    return render(request, "clinic/own_view.html", page)


def _record(request: HttpRequest, opened: Opened, form: DecisionForm) -> None:
    decided = form.cleaned_data
    read = get_object_or_404(Recommendation, pk=decided["recommendation"], patient=opened.patient)
    advised = (StepCode(read.step["code"]), read.step["infusion"])
    chosen = advised
    if decided["choice"] != "accept":
        step = StepCode.WAIT if decided["choice"] == "postpone" else StepCode(decided["step"])
        following = len(opened.record.series) + 1
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
        dose_mg_per_kg=decided["dose_mg_per_kg"],
        duration_min=decided["duration_min"],
        key=decided["key"],
    )
