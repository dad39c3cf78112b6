"""The chart: where does this patient stand, and what is the next step?"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sextant.clinic.models import User
from sextant.clinic.pages.access import Opened, for_staff, open_patient, staff
from sextant.clinic.pages.advice_card import AdviceCard, Decided, advice_card
from sextant.clinic.pages.background import background_of
from sextant.clinic.pages.chart_data import average_odds
from sextant.clinic.pages.coming_card import coming_card
from sextant.clinic.pages.course_line import course_line, place_words
from sextant.clinic.pages.forms import FACT_FORMS
from sextant.clinic.pages.gate_list import (
    CRISIS_WRITTEN,
    GateRow,
    add_address,
    answered_together,
    gate_rows,
    gates_title,
)
from sextant.clinic.pages.infusion_table import infusion_rows
from sextant.clinic.pages.lapse_words import way_back_is_open
from sextant.clinic.pages.standing import barring, hold_words, standing_of
from sextant.clinic.pages.trajectory_card import trajectory_card
from sextant.clinic.pages.words import moment_words
from sextant.clinic.services import access, policy, views
from sextant.course import series_of
from sextant.protocol.judged_use import reports_to_judge
from sextant.record import NewSeries, PatientRecord, UseJudged


@for_staff
def chart(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The chart of one patient."""
    opened = open_patient(request, patient_id, "chart")
    gates = gates_of(request, opened)
    together = answered_together(gates, str(patient_id))
    held = {row.code for one in together for row in one.rows}
    withheld = withheld_from(request, opened)
    trajectory = trajectory_card(
        opened.record,
        opened.answer,
        policy.current_limits(opened.now),
        opened.now,
        cache_key=str(opened.recommendation.pk),
        withheld=withheld,
    )
    page = {
        "here": "chart",
        "strip": opened.strip,
        "course": course_line(opened.record, opened.answer, opened.now),
        "place": place_words(opened.answer.get("course"), opened.now),
        "way_back": way_back_is_open(opened.answer, opened.record),
        "card": card_of(opened),
        "withheld": withheld,
        "may_decide": access.may_enter(staff(request), "Decision"),
        "trajectory": trajectory,
        "measures": trajectory.measures,
        "gates_title": gates_title(opened.answer["gates"]),
        "barred": bool(barring(opened.answer["gates"])),
        "crisis_url": _crisis_url(staff(request), patient_id),
        "crisis_words": CRISIS_WRITTEN,
        "together": together,
        "wanting": [gate for gate in gates if gate.state.word != "Open" and gate.code not in held],
        "standing_open": [gate for gate in gates if gate.state.word == "Open"],
        "coming": coming_card(opened.answer, opened.now.date()),
        "background": background_of(opened.record, opened.now),
        "infusions": infusion_rows(opened.record, opened.now),
        "adds": _adds(staff(request), opened.record),
        "import_url": _import_url(request, patient_id),
    }
    return render(request, "clinic/chart.html", page)


def gates_of(
    request: HttpRequest, opened: Opened, gates: list[dict[str, Any]] | None = None, back: str = ""
) -> list[GateRow]:
    """The gates of a patient's page, with a way to what this person may write down; by default the stored ones."""
    return gate_rows(
        opened.answer["gates"] if gates is None else gates,
        opened.record,
        may_write=lambda what, question: _may_write(staff(request), what, question),
        back=back,
    )


def _may_write(user: User, what: str, question: str) -> bool:
    kind = "Decision" if what == "review" else FACT_FORMS[what].makes.__name__
    return access.may_enter(user, kind) and (not question or access.may_answer(user, question))


def withheld_from(request: HttpRequest, opened: Opened) -> str:
    """Why the forecast is not shown yet to the person at this screen; empty where it is."""
    awaits = views.awaits_view(staff(request), opened.recommendation, opened.record, opened.now)
    return "It is shown once you have written down your own view." if awaits else ""


def card_of(opened: Opened) -> AdviceCard:
    """The next-step card of a patient's page."""
    today = opened.now.date()
    limits = policy.current_limits(opened.now)
    return advice_card(
        opened.answer,
        as_of=moment_words(opened.recommendation.made_at.astimezone(opened.now.tzinfo), today),
        decided=_decided(opened),
        average=average_odds(opened.record, limits, opened.now, cache_key=str(opened.recommendation.pk)),
    )


def _decided(opened: Opened) -> Decided | None:
    """The newest decision since the last infusion, in words, and what holds it."""
    today = opened.now.date()
    standing = standing_of(series_of(opened.record).decision, len(opened.record.series), opened.answer, today)
    if standing is None:
        return None
    decision = standing.decision
    who = decision.source.removeprefix("entered by ")
    said = f"{standing.what}, by {who}, {moment_words(decision.taken_at, today)}: “{decision.reasons}”"
    held = decision.infusion is not None and not standing.goes
    return Decided(state=standing.state, words=said, held=hold_words(opened.answer, decision, today) if held else "")


def _adds(user: User, record: PatientRecord) -> list[dict[str, str]]:
    """What this person may write down; a new series only after an old one, a judgement only where one is waited for."""
    wanted = {NewSeries: bool(record.series), UseJudged: bool(reports_to_judge(record))}
    return [
        {"url": reverse("add", args=[record.patient.patient_id, what]), "words": form.words}
        for what, form in FACT_FORMS.items()
        if access.may_enter(user, form.makes.__name__) and wanted.get(form.makes, True)
    ]


def _crisis_url(user: User, patient_id: UUID) -> str:
    """Where it is written down that the crisis path was walked."""
    return add_address(str(patient_id), "answers", "crisis_path") if access.may_answer(user, "crisis_path") else ""


def _import_url(request: HttpRequest, patient_id: UUID) -> str:
    return reverse("import", args=[patient_id]) if f"import:{patient_id}" in request.session else ""
