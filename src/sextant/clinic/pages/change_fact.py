"""Taking a fact back, and ending a condition: what stood there is kept, struck out, with the reason."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from sextant import record
from sextant.clinic.models import Fact
from sextant.clinic.pages.access import for_staff, is_for_another, open_patient, refuse_mix_up, staff
from sextant.clinic.pages.fact_words import fact_words
from sextant.clinic.pages.forms.change import ChangeForm, OverForm, TakeBackForm
from sextant.clinic.services import access
from sextant.clinic.services.facts import add_fact, withdraw_fact
from sextant.clinic.services.refusal import NotAllowed, Refused

F = TypeVar("F", bound=ChangeForm)


@for_staff
def take_back(request: HttpRequest, patient_id: UUID, fact_id: UUID) -> HttpResponse:
    """Take back what was entered in error, with a reason."""
    row = get_object_or_404(Fact, pk=fact_id, patient=patient_id, withdrawn=False)

    def save(form: TakeBackForm) -> None:
        withdraw_fact(staff(request), row, key=form.cleaned_data["key"], reason=form.cleaned_data["reason"])

    return _change(request, row, TakeBackForm, save)


@for_staff
def over(request: HttpRequest, patient_id: UUID, fact_id: UUID) -> HttpResponse:
    """End a condition: a correction that says since when it is over."""
    row = get_object_or_404(Fact, pk=fact_id, patient=patient_id, kind=record.Condition.__name__, withdrawn=False)

    def save(form: OverForm) -> None:
        key, reason = form.cleaned_data["key"], form.cleaned_data["reason"]
        add_fact(staff(request), row.patient, form.ended(), key=key, replaces=row, reason=reason)

    return _change(request, row, OverForm, save)


def _change(request: HttpRequest, row: Fact, form_class: type[F], save: Callable[[F], None]) -> HttpResponse:
    access.require_entry(staff(request), row.kind)
    if request.method == "POST" and is_for_another(request, row.patient_id):
        return refuse_mix_up(request)
    opened = open_patient(request, row.patient_id, form_class.page)
    form = form_class(request.POST or None, fact=row.as_record, record=opened.record, now=opened.now)
    if not form.fits():
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            save(form)
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, form.saved)
            # What follows of use stands on its own page, from which its entries are found.
            return redirect("use" if row.kind == record.UseReport.__name__ else "chart", row.patient_id)
    elif hasattr(row, "replaced_by"):
        messages.warning(request, "That was corrected already. This is what holds now.")
        return redirect("facts", row.patient_id)
    page = {"here": "change", "strip": opened.strip, "form": form, "row": row, "words": fact_words(form.fact)}
    return render(request, "clinic/change.html", page)
