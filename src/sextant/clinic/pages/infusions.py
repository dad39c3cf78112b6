"""What is in the blood: one infusion as ordered or given, as it really ran, its dose sheet and the rise of pressure.

What is typed here is looked at and not kept. It comes in the body of a POST, so that no address and no log holds it.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from sextant.clinic.pages.access import Opened, for_staff, is_for_another, open_patient, refuse_mix_up, staff
from sextant.clinic.pages.at_hand import AtHand, at_hand
from sextant.clinic.pages.dose_card import dose_card, missing_words
from sextant.clinic.pages.exposure_card import NOT_BENEFIT, ExposureCard, exposure_card
from sextant.clinic.pages.exposure_words import rate_down
from sextant.clinic.pages.forms.replay import ReplayForm, VialForm
from sextant.clinic.pages.pressure_card import pressure_card
from sextant.clinic.pages.replay_card import ReplayCard, replay_card
from sextant.clinic.services import access
from sextant.pharmacology import RegimenError
from sextant.record import Weight

_BAD_REQUEST = 400


@for_staff
def infusions(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The page; with what was typed, the answer to it."""
    typed = request.POST if request.method == "POST" else None
    if typed is not None and is_for_another(request, patient_id):
        return refuse_mix_up(request)
    opened = open_patient(request, patient_id, "infusions")
    of = at_hand(opened.record, opened.now)
    vial = VialForm(typed)
    replayed = typed is not None and _asks_for_replay(typed)
    weight = _weight(opened, of)
    strength = vial.cleaned_data.get("strength") if vial.is_bound and vial.is_valid() else None
    form = None if weight is None else _replay_form(typed, weight, of, strength)
    answer = None if typed is None else _answer(form, weight, of)
    if typed is not None and weight is not None and answer is None and not replayed:
        form = _as_it_stands(typed, weight)
    page = {
        "here": "infusions",
        "strip": opened.strip,
        "of": of,
        "exposure": _exposure(of),
        "missing": missing_words(of) if of is not None and of.given.missing else "",
        "not_benefit": NOT_BENEFIT,
        "dose": dose_card(of, strength, opened.now.date()),
        "vial": vial,
        "form": form,
        "answer": answer,
        "led_to_answer": answer is not None and replayed,
        "pressure": pressure_card(opened.record, opened.now),
        "may_weigh": access.may_enter(staff(request), "Weight"),
        "patient": str(patient_id),
    }
    refused = (form is not None and replayed and bool(form.errors)) or bool(vial.errors)
    return render(request, "clinic/infusions.html", page, status=_BAD_REQUEST if refused else 200)


def _asks_for_replay(typed: QueryDict) -> bool:
    """Which of the two buttons was pressed; by the key Enter, what was typed tells."""
    if typed.get("show") == "typed":
        return bool(typed.get("now_min", "").strip()) or not typed.get("strength", "").strip()
    return typed.get("show") != "vial"


def _exposure(of: AtHand | None) -> ExposureCard | None:
    if of is None or of.given.regimen is None or of.given.weight is None:
        return None
    return exposure_card(of.given.regimen, of.given.weight.weight_kg, meant=of.meant, ran_min=of.ran_min)


def _weight(opened: Opened, of: AtHand | None) -> Weight | None:
    """The weight that the milligrams are of; without an infusion the newest one."""
    return opened.record.latest(Weight) if of is None else of.given.weight


def _replay_form(typed: Any, weight: Weight, of: AtHand | None, strength: Decimal | None) -> ReplayForm:
    """What was typed; before that, the infusion at hand as it was meant."""
    if typed is not None:
        return ReplayForm(typed, weight_kg=weight.weight_kg, strength=strength)
    return ReplayForm(weight_kg=weight.weight_kg, initial=_as_meant(of))


def _as_it_stands(typed: QueryDict, weight: Weight) -> ReplayForm:
    """Where the other button was pressed and there is no replay to keep: what stands in the boxes is not judged."""
    form = ReplayForm(weight_kg=weight.weight_kg)
    form.initial = {name: typed[name] for name in form.fields if name in typed}
    return form


def _as_meant(of: AtHand | None) -> dict[str, str]:
    regimen = None if of is None else of.given.regimen
    if of is None or regimen is None:
        return {}
    # Rounded down, so that what is replayed as it was meant comes to no more than it was.
    meant = {"rate_0": f"{rate_down(regimen.segments[0].rate_mg_per_min):g}"}
    if of.over:
        meant |= {"minute_1": f"{regimen.ends_min:g}", "rate_1": "0"}
    return meant


def _answer(form: ReplayForm | None, weight: Weight | None, of: AtHand | None) -> ReplayCard | None:
    if form is None or weight is None or not form.is_valid():
        return None
    told = form.cleaned_data
    try:
        return replay_card(
            form.regimen,
            weight.weight_kg,
            told["now_min"],
            told=None if of is None else of.given.regimen,
            meant=of is not None and of.meant,
            rates=form.rates,
            slow_to_mg_per_min=form.slow_to_mg_per_min,
            level_ng_per_ml=told["level"],
        )
    except RegimenError as error:
        words = str(error)
        form.add_error("level" if "level" in words else None, words)
        return None
