"""Today: who needs what now, and what of it waits for me?"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import uuid4

from django.test import Client

from builders import NOW, answer, score, target, use_report
from sextant.clinic.models import AuditEntry, Patient, User
from sextant.clinic.services import decisions, patients, recommendations
from sextant.clinic.services.decisions import Choice
from sextant.course import StepCode
from sextant.record import Sex, UseEvidence

Screen = Callable[[User], Client]


def test_an_empty_clinic_says_what_will_stand_here_and_how_to_begin(prescriber: User, at_screen: Screen):
    page = at_screen(prescriber).get("/")

    assert "No patient yet" in page.text
    assert 'href="/patients/add/"' in page.text


def test_a_patient_whose_gates_stand_open_waits_for_the_prescriber(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    page = at_screen(prescriber).get("/")

    assert "A prescriber reads and decides" in page.text
    assert f'href="/patients/{ready_patient.pk}/review/"' in page.text


def test_what_waits_for_the_prescriber_is_folded_away_for_the_nurse(
    ready_patient: Patient, nurse: User, at_screen: Screen
):
    page = at_screen(nurse).get("/")

    assert '<details class="card fold">' in page.text
    assert "/review/" not in page.text


def test_thoughts_of_suicide_stand_above_everything_as_act_now(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, answer("suicidality", "plan", days=0))

    page = at_screen(nurse).get("/")

    assert "Crisis path first" in page.text
    assert page.text.index("Act now") < page.text.index("Made-up Patient")


def test_a_crisis_is_folded_away_for_nobody_who_reads_charts(
    ready_patient: Patient, director: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, answer("suicidality", "plan", days=0))

    page = at_screen(director).get("/").text

    assert 'aria-labelledby="h-crisis"' in page
    assert "<details" not in page


def test_a_decided_infusion_waits_for_the_nurse(
    ready_patient: Patient, prescriber: User, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, score("craving", 70, days=1))
    read = recommendations.current(ready_patient, NOW)
    decisions.record_decision(
        prescriber,
        ready_patient,
        read,
        choice=Choice.AS_ADVISED,
        step=StepCode.OFFER_INFUSION,
        infusion=1,
        reasons="Ready.",
        planned_on=NOW.date(),
        dose_mg_per_kg=0.5,
        duration_min=40,
        key=read.pk,
        now=NOW,
    )

    page = at_screen(nurse).get("/")

    assert "Ordered: the gates of the day, then the infusion" in page.text
    assert f'href="/patients/{ready_patient.pk}/screening/"' in page.text


def test_a_decided_infusion_is_on_hold_while_a_gate_is_closed(
    ready_patient: Patient, prescriber: User, nurse: User, give: Callable[..., None], at_screen: Screen
):
    read = recommendations.current(ready_patient, NOW)
    decisions.record_decision(
        prescriber,
        ready_patient,
        read,
        choice=Choice.AS_ADVISED,
        step=StepCode.OFFER_INFUSION,
        infusion=1,
        reasons="Ready.",
        planned_on=NOW.date(),
        dose_mg_per_kg=0.5,
        duration_min=40,
        key=read.pk,
        now=NOW,
    )
    give(ready_patient, answer("psychosis", "current", days=0))

    page = at_screen(nurse).get("/").text
    chart = at_screen(nurse).get(f"/patients/{ready_patient.pk}/").text

    assert "Ordered: the gates of the day" not in page
    assert "On hold: infusion 1 was decided for 23 Nov" in page
    assert '<span class="tag later">On hold</span>' in chart
    assert '<span class="tag go">Decided</span>' not in chart


def test_a_search_shows_those_with_the_name_and_nobody_else(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    found = at_screen(prescriber).get("/?q=made-UP")
    missed = at_screen(prescriber).get("/?q=somebody")

    assert "1 of 1 patients" in found.text
    assert "Made-up Patient" not in missed.text


def test_whoever_has_no_role_sees_a_kind_page_and_no_patient(ready_patient: Patient, outsider: User, at_screen: Screen):
    page = at_screen(outsider).get("/")

    assert page.status_code == 403
    assert "have no role yet" in page.text
    assert "Made-up Patient" not in page.text


def test_nobody_reads_anything_before_signing_in(ready_patient: Patient):
    for address in ("/", f"/patients/{ready_patient.pk}/", "/policy/", "/patients/add/"):
        page = Client().get(address)

        assert page.status_code == 302
        assert page.headers["Location"].startswith("/sign-in/")


def test_who_looked_is_on_record(ready_patient: Patient, nurse: User, at_screen: Screen):
    at_screen(nurse).get("/")

    last = AuditEntry.objects.order_by("-seq").first()
    assert last is not None
    assert (last.actor, last.action, last.detail) == (nurse, "page.read", {"page": "today"})


def with_urines(give: Callable[..., None], patient: Patient, used: bool, *, days: int = 28) -> None:
    """Treated for opioids since so many days, with a urine in each week."""
    give(
        patient,
        replace(target(days=days), problem="opioids"),
        *(
            use_report(used, from_days=ago, to_days=ago, problem="opioids", evidence=UseEvidence.URINE)
            for ago in range(days, 6, -7)
        ),
    )


def test_a_hard_week_that_is_likely_waits_for_the_counsellor_with_its_chance_and_its_doubt(
    patient: Patient, counsellor: User, give: Callable[..., None], at_screen: Screen
):
    with_urines(give, patient, used=True)

    page = at_screen(counsellor).get("/").text

    assert "A hard week is likely: support early" in page
    assert re.search(r"This week, from 23 Nov: a test shows use of opioids in about [6-9] in 10, from \d to", page)
    assert f'href="/patients/{patient.pk}/use/"' in page
    assert "more than 5 would show use in a test of the coming week" in page
    for word in ("drop out", "missing", "miss ", "fail", "non-compliant"):
        assert word not in page.casefold()


def test_where_no_hard_week_is_likely_or_nobody_knows_there_is_no_such_group(
    patient: Patient, counsellor: User, give: Callable[..., None], at_screen: Screen
):
    unknown = at_screen(counsellor).get("/").text
    with_urines(give, patient, used=False)
    unlikely = at_screen(counsellor).get("/").text

    assert "A hard week is likely" not in unknown
    assert "A hard week is likely" not in unlikely


def test_for_whom_it_does_not_wait_the_hard_week_is_folded_away(
    patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    with_urines(give, patient, used=True)

    page = at_screen(nurse).get("/").text

    assert "<summary><h2>A hard week is likely: support early" in page


def test_the_soonest_hard_week_stands_first(
    patient: Patient, prescriber: User, counsellor: User, give: Callable[..., None], at_screen: Screen
):
    later = patients.create_patient(
        prescriber, name="A Later One", birth_date=date(1981, 3, 4), sex=Sex.MALE, key=uuid4(), now=NOW
    )
    with_urines(give, later, used=True, days=28)
    with_urines(give, patient, used=True, days=30)

    page = at_screen(counsellor).get("/").text
    group = page[page.index("A hard week is likely") :]

    assert group.index("from 21 Nov") < group.index("from 23 Nov")
    assert group.index("Made-up Patient") < group.index("A Later One")
