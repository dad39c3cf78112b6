"""Screening: may this person start, and if not, what would open each gate? And the signatures that pass one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from sextant.clinic.models import User
from sextant.clinic.pages.access import Opened, for_staff, is_for_another, open_patient, refuse_mix_up, staff
from sextant.clinic.pages.chart import gates_of
from sextant.clinic.pages.forms.fact_form import PatientForm
from sextant.clinic.pages.forms.fields import WordsField
from sextant.clinic.pages.gate_list import GateRow, answered_together
from sextant.clinic.services import access, gates
from sextant.clinic.services.overrides import sign_override
from sextant.clinic.services.refusal import NotAllowed, Refused
from sextant.course import gates_json
from sextant.protocol import Finding, Stage, Strength, barring, may_be_passed, passed, signatures
from sextant.record import PatientRecord
from sextant.units.words import count_words

_STAGES = {
    Stage.SCREENING: ("Before every step", "These are asked before each step of the course, not only the first."),
    Stage.ARRIVAL: ("On the day of the infusion", "These are asked at the door, and hold for that day alone."),
    Stage.MAINTENANCE: (
        "After many infusions",
        "These are asked as well, once as many infusions were given as a series has, in a new series too.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who signed that a gate is passed, and how many signatures are still missing."""

    by: list[str]
    missing: str
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningGate:
    """A gate with its signatures; `may_sign` says whether the person at the screen may add one."""

    row: GateRow
    saw: str
    signed: Signed | None
    may_sign: bool
    form: "SignatureForm | None"


class SignatureForm(PatientForm):
    """One person's signature that one gate is passed; `saw` is what the gate said when it was read."""

    code = forms.CharField(widget=forms.HiddenInput)
    saw = forms.CharField(widget=forms.HiddenInput)
    reason = WordsField(
        rows=2,
        label="Why it is passed, in your own words",
        empty="Write why the gate is passed, in a sentence. It stands on the chart with your name.",
    )


@for_staff
def screening(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """All gates of one patient as they stand now, by when they are asked."""
    if request.method == "POST" and is_for_another(request, patient_id):
        return refuse_mix_up(request)
    opened = open_patient(request, patient_id, "screening")
    form = None
    if request.method == "POST":
        form = SignatureForm(request.POST, record=opened.record, now=opened.now)
        if form.is_valid() and _sign(request, opened, form):
            messages.success(request, "The signature is on the chart. It lapses at the end of the day.")
            return redirect("screening", patient_id)
    known, findings = gates.gates_to_show(opened.recommendation, opened.record, opened.now)
    page = {
        "here": "screening",
        "strip": opened.strip,
        "form": form,
        "may_give": access.may_enter(staff(request), "Infusion"),
        **_verdict(findings, known, opened),
        "stages": _stages(request, opened, known, findings, form),
    }
    return render(request, "clinic/screening.html", page)


def _sign(request: HttpRequest, opened: Opened, form: SignatureForm) -> bool:
    """Whether the signature was kept; if not, the form says why."""
    said = form.cleaned_data
    try:
        sign_override(
            staff(request),
            opened.patient,
            code=said["code"],
            saw=said["saw"],
            reason=said["reason"],
            key=said["key"],
        )
    except NotAllowed:
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def _verdict(findings: tuple[Finding, ...], known: PatientRecord, opened: Opened) -> dict[str, Any]:
    """May the next step be planned, and may an infusion begin now: two answers, each in a sentence."""
    now = timezone.localtime(opened.now)
    planning = barring((one for one in findings if one.stage is not Stage.ARRIVAL), known, now)
    door = barring((one for one in findings if one.stage is Stage.ARRIVAL), known, now)
    return {
        # Once an infusion is ordered the question of the day is whether it may begin; before that, what comes next.
        "ordered": known.order is not None,
        "may_plan": not planning,
        "plan_words": "All gates stand open or were passed: the next step can be planned."
        if not planning
        else f"Not yet: {_counted(planning)}.",
        "may_start": not planning and not door,
        "start_words": "An infusion may begin now."
        if not planning and not door
        else f"No infusion can begin now: {_counted((*planning, *door))}.",
    }


def _counted(shut: Iterable[Finding]) -> str:
    verdicts = [one.verdict.value for one in shut]
    closed, asks = verdicts.count("closed"), verdicts.count("ask")
    parts = [f"{count_words(closed, 'gate')} closed"] if closed else []
    parts += [f"{count_words(asks, 'gate')} to answer" if not closed else f"{asks} to answer"] if asks else []
    return " and ".join(parts)


def _stages(
    request: HttpRequest,
    opened: Opened,
    known: PatientRecord,
    findings: tuple[Finding, ...],
    sent: SignatureForm | None,
) -> list[dict[str, Any]]:
    stages = []
    by_code = {one.code: one for one in findings}
    # With an order the gates of the day come first: they are what the nurse came for.
    first = Stage.ARRIVAL if known.order is not None else Stage.SCREENING
    for stage, (title, hint) in sorted(_STAGES.items(), key=lambda one: one[0] is not first):
        asked = [one for one in findings if one.stage is stage]
        if not asked:
            continue
        rows = [
            _gate(row, by_code[row.code], staff(request), opened, known, sent)
            for row in gates_of(request, opened, gates_json(tuple(asked)), back="screening")
        ]
        wanting = [row for row in rows if row.row.state.word != "Open"]
        together = answered_together([one.row for one in wanting], str(opened.patient.pk), back="screening")
        held = {row.code for one in together for row in one.rows}
        stages.append(
            {
                "name": stage.value,
                "title": title,
                "hint": hint,
                "together": together,
                "wanting": [row for row in wanting if row.row.code not in held],
                "open": [row for row in rows if row.row.state.word == "Open"],
            }
        )
    return stages


def _gate(
    row: GateRow, finding: Finding, user: User, opened: Opened, known: PatientRecord, sent: SignatureForm | None
) -> ScreeningGate:
    may_sign = may_be_passed(finding) and access.may_enter(user, "Override")
    signed = _signed(finding, known, opened)
    if may_sign and any(one.signed_by == str(user.pk) for one in signatures(finding, known, opened.now)):
        may_sign = False
    if signed is not None and signed.passed:
        may_sign = False
    form = None
    if may_sign:
        form = SignatureForm(
            record=opened.record,
            now=opened.now,
            initial={"code": finding.code, "saw": finding.saw, "key": uuid4()},
            auto_id=f"id_{finding.code}_%s",
        )
        if sent is not None and sent.data.get("code") == finding.code:
            form = sent
    return ScreeningGate(row=row, saw=finding.saw, signed=signed, may_sign=may_sign, form=form)


def _signed(finding: Finding, known: PatientRecord, opened: Opened) -> Signed | None:
    held = signatures(finding, known, opened.now)
    if not held:
        return None
    free = passed(finding, known, opened.now)
    missing = ""
    if not free:
        missing = "A second person signs too." if finding.strength is Strength.HARD else "The prescriber signs too."
    by = [f"{one.source.removeprefix('entered by ')}, {one.role}: “{one.reason}”" for one in held]
    return Signed(by=by, missing=missing, passed=free)
