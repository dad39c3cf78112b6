"""Use and sobriety of one patient, and the way back after a lapse."""

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client

from builders import NOW, TODAY, counselling, fact_id, infusion, order, target, use_report
from sextant.clinic.models import AuditEntry, Fact, Patient, User
from sextant.clinic.pages.coming_card import coming_card, hard_week
from sextant.clinic.services import facts
from sextant.clinic.services.refusal import Refused
from sextant.record import UseEvidence, UseJudged

pytestmark = pytest.mark.django_db
Screen = Callable[[User], Client]


@pytest.fixture
def lapsed(ready_patient: Patient, give: Callable[..., None]) -> Patient:
    """One who told of use two days after the first infusion."""
    give(ready_patient, infusion(3), use_report(True, from_days=1, to_days=1, days=0))
    return ready_patient


def use_form(patient: Patient, key: UUID, **typed: str) -> dict[str, object]:
    """What the form for use sends: of yesterday, told by the person this morning, where nothing else is typed."""
    usual = {
        "covers_from": "2026-11-22",
        "covers_to": "2026-11-22",
        "evidence": "self-report",
        "taken_at": "2026-11-23T08:00",
    }
    return {"patient": patient.pk, "key": key, **usual, **typed}


def page_of(screen: Client, patient: Patient) -> str:
    return screen.get(f"/patients/{patient.pk}/use/").text


def test_without_an_answer_the_page_teaches_and_says_not_known(patient: Patient, nurse: User, at_screen: Screen):
    page = page_of(at_screen(nurse), patient)

    assert "Days sober: not known" in page
    assert "Nobody has asked about use yet" in page
    assert "It starts with the first answer" in page
    assert "add/use/?back=use" in page


def test_days_since_anybody_spoke_of_use_are_not_said_as_days_sober(
    patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    used = use_report(True, from_days=30, to_days=24, last_used_days=24)
    give(patient, target(), used, use_report(False, from_days=23, to_days=3))

    page = page_of(at_screen(nurse), patient)

    assert "Sober for 21 days when last known" in page
    assert "3 days not known" in page


def test_days_that_nobody_knows_in_between_leave_an_interval(
    patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    used = use_report(True, from_days=30, to_days=24, last_used_days=24)
    give(patient, target(), used, use_report(False, from_days=20))

    assert "Sober for 21 to 24 days<" in page_of(at_screen(nurse), patient)


def test_each_substance_and_behaviour_has_a_calendar_of_its_own(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, use_report(False, from_days=20, problem="gambling"))

    page = page_of(at_screen(nurse), ready_patient)

    assert page.index(">Alcohol</h2>") < page.index(">Gambling</h2>")
    assert "Of 71 days: 21 without and 50 not known." in page


def test_two_substances_that_are_treated_have_a_calendar_and_an_answer_each(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, target(problem="Alcohol and cocaine use disorder", days=1))
    screen = at_screen(nurse)

    page, form = page_of(screen, ready_patient), screen.get(f"/patients/{ready_patient.pk}/add/use/").text

    assert page.index(">Alcohol</h2>") < page.index(">Cocaine</h2>")
    assert "Days sober: not known" in page
    assert 'name="problem" value="alcohol"' in form
    assert 'name="problem" value="cocaine"' in form


def test_a_test_against_what_was_told_is_shown_beside_it(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, use_report(True, from_days=1, to_days=1, evidence=UseEvidence.URINE))

    page = page_of(at_screen(nurse), ready_patient)

    assert "22 Nov: urine says used, self-report says not." in page


def test_of_three_voices_each_is_named_with_its_verb(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(
        ready_patient,
        use_report(True, from_days=1, to_days=1, evidence=UseEvidence.URINE),
        use_report(False, from_days=1, to_days=1, evidence=UseEvidence.COLLATERAL),
    )

    page = page_of(at_screen(nurse), ready_patient)

    assert "22 Nov: urine says used, somebody close and self-report say not." in page
    assert "collateral" not in page


def test_where_a_target_is_chosen_and_nobody_has_asked_the_page_teaches_too(
    patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(patient, target())

    page = page_of(at_screen(nurse), patient)

    assert "Nobody has asked about use yet" in page
    assert (
        "Counted are days without alcohol, and without use of anything else but tobacco. Nobody has asked yet." in page
    )
    assert "See or take back" not in page


def test_of_a_behaviour_it_is_said_what_used_means(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, use_report(False, from_days=20, problem="gambling"))

    page = page_of(at_screen(nurse), ready_patient)

    assert page.count("‘used’ means that it took place.") == 1


def test_after_use_today_the_page_says_when_and_not_that_the_person_is_sober(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, use_report(True, from_days=0))

    page = page_of(at_screen(nurse), ready_patient)

    assert "<h1>Last use: today</h1>" in page
    assert "Known from self-report up to 23 Nov." in page


def test_after_a_lapse_the_chart_leads_to_the_way_back_until_it_is_walked(
    lapsed: Patient, counsellor: User, at_screen: Screen
):
    chart = at_screen(counsellor).get(f"/patients/{lapsed.pk}/").text

    assert f'<a href="/patients/{lapsed.pk}/use/">The way back, step by step</a>' in chart


@pytest.fixture
def talked(ready_patient: Patient, give: Callable[..., None]) -> Patient:
    """Used 25 days ago, after the first infusion; the talk has been, and no use is told since."""
    give(
        ready_patient,
        target(days=40),
        infusion(28),
        use_report(True, from_days=27, to_days=25, last_used_days=25),
        counselling(days=2),
        use_report(False, from_days=24, days=0),
    )
    return ready_patient


def test_the_way_back_stays_in_view_until_a_prescriber_decided_on_a_later_day(
    talked: Patient, prescriber: User, give: Callable[..., None], at_screen: Screen
):
    screen = at_screen(prescriber)
    before, chart_before = page_of(screen, talked), screen.get(f"/patients/{talked.pk}/").text
    give(talked, order(2))
    after, chart_after = page_of(screen, talked), screen.get(f"/patients/{talked.pk}/").text

    assert "On the way back" in before
    assert "The talk has been." in before
    assert "The way back, step by step" in chart_before
    assert "On the way back" not in after
    assert "The way back, step by step" not in chart_after


def test_with_the_talk_behind_and_every_gate_open_the_prescriber_decides_and_the_counsellor_does_not(
    talked: Patient, prescriber: User, counsellor: User, give: Callable[..., None], at_screen: Screen
):
    prescribers, counsellors = page_of(at_screen(prescriber), talked), page_of(at_screen(counsellor), talked)

    assert "All gates before a step stand open." in prescribers
    assert f'href="/patients/{talked.pk}/review/">Read and decide</a>' in prescribers
    assert "Read and decide" not in counsellors


def test_without_a_lapse_the_chart_knows_no_way_back(ready_patient: Patient, counsellor: User, at_screen: Screen):
    assert "The way back" not in at_screen(counsellor).get(f"/patients/{ready_patient.pk}/").text


def test_what_is_taken_back_leads_to_what_follows_from_it(
    ready_patient: Patient, counsellor: User, give: Callable[..., None], at_screen: Screen
):
    wrong = use_report(True, from_days=0, problem="gambling")
    give(ready_patient, wrong)
    row = Fact.objects.get(kind="UseReport", payload__problem="gambling")
    form = {"patient": ready_patient.pk, "key": UUID(int=11), "reason": "Written for somebody else."}

    answer = at_screen(counsellor).post(f"/patients/{ready_patient.pk}/facts/{row.pk}/take-back/", form)

    assert answer.url == f"/patients/{ready_patient.pk}/use/"


def test_that_nobody_knows_and_a_count_of_days_contradict_each_other_and_nothing_typed_is_lost(
    ready_patient: Patient, counsellor: User, at_screen: Screen
):
    form = use_form(
        ready_patient,
        UUID(int=12),
        problem="alcohol",
        used="unknown",
        covers_from="2026-11-20",
        days_used="2",
        evidence="collateral",
    )

    page = at_screen(counsellor).post(f"/patients/{ready_patient.pk}/add/use/", form)

    assert "The report says that use is not known, and counts 2 days with use." in page.text
    assert "If there was use, say so; else leave the count empty." in page.text
    assert re.search(r'name="days_used" value="2"', page.text)
    assert re.search(r'value="collateral"[^>]*checked', page.text)
    assert not Fact.objects.filter(key=UUID(int=12)).exists()


@pytest.mark.parametrize(
    ("used", "evidence", "says"),
    [
        ("yes", "urine", "Use of opioids on 22 Nov (urine) is written down."),
        ("unknown", "collateral", "That use of opioids on 22 Nov is not known (somebody close) is written down."),
    ],
)
def test_what_was_written_is_said_with_its_name_and_how_it_is_known(
    ready_patient: Patient, nurse: User, at_screen: Screen, used: str, evidence: str, says: str
):
    form = use_form(
        ready_patient, UUID(int=15), problem="something else", other="opioids", used=used, evidence=evidence
    )

    page = at_screen(nurse).post(f"/patients/{ready_patient.pk}/add/use/", form, follow=True)

    assert says in page.text


@pytest.mark.parametrize(("what", "left_out"), [("use", "evidence"), ("support", "attended")])
def test_who_says_so_and_that_a_talk_took_place_are_chosen_and_never_stand_there_already(
    ready_patient: Patient, counsellor: User, at_screen: Screen, what: str, left_out: str
):
    address = f"/patients/{ready_patient.pk}/add/{what}/?back=use"
    typed = {"problem": "alcohol", "used": "no", "kind": "counselling", "attended": "yes"}
    form = {name: value for name, value in use_form(ready_patient, UUID(int=16), **typed).items() if name != left_out}
    screen = at_screen(counsellor)

    opened, refused = screen.get(address).text, screen.post(address, form).text

    assert not re.search(rf'name="{left_out}"[^>]*checked', opened)
    assert "Nothing has been saved yet, and nothing you typed is lost." in refused
    assert not Fact.objects.filter(key=UUID(int=16)).exists()


def test_of_one_day_no_count_is_asked(ready_patient: Patient, nurse: User, at_screen: Screen):
    form = use_form(ready_patient, UUID(int=17), problem="alcohol", used="yes", days_used="2")

    page = at_screen(nurse).post(f"/patients/{ready_patient.pk}/add/use/", form).text

    assert "2 days with use cannot lie in a report of use over 1 day. Leave it empty, or check the days." in page


def test_after_a_lapse_the_page_is_kind_and_says_what_comes_next(lapsed: Patient, nurse: User, at_screen: Screen):
    page = page_of(at_screen(nurse), lapsed)

    assert "Paused, and the way back is open" in page
    assert "A talk, without blame." in page
    assert "Use was written down on 23 Nov; we owe a talk" in page
    assert "Use since the last visit" in page
    for hard in ("relapsed", "failed", "failure", "dirty", "clean", "denied", "abuse", "non-compliant", "addict "):
        assert hard not in page.casefold()


def test_the_talk_waits_for_the_counsellor_on_today_until_it_took_place(
    lapsed: Patient, counsellor: User, give: Callable[..., None], at_screen: Screen
):
    before = at_screen(counsellor).get("/").text
    give(lapsed, counselling(days=0))
    after = at_screen(counsellor).get("/").text

    assert "After use: we owe a talk" in before
    assert f'href="/patients/{lapsed.pk}/use/"' in before
    assert "After use: we owe a talk" not in after


def test_what_else_was_used_is_written_down_in_ones_own_words(ready_patient: Patient, nurse: User, at_screen: Screen):
    form = use_form(ready_patient, UUID(int=7), problem="something else", other="cannabis", used="yes")
    screen = at_screen(nurse)
    unnamed = screen.post(f"/patients/{ready_patient.pk}/add/use/", form | {"other": ""})
    kept = screen.post(f"/patients/{ready_patient.pk}/add/use/?back=use", form)

    assert "Name it, in a word or two." in unnamed.text
    assert kept.url == f"/patients/{ready_patient.pk}/use/"
    assert Fact.objects.get(key=UUID(int=7)).payload["problem"] == "cannabis"


def test_a_prescriber_judges_a_name_that_nobody_knows_and_takes_the_judgement_back(
    ready_patient: Patient, prescriber: User, at_screen: Screen, give: Callable[..., None]
):
    give(ready_patient, use_report(True, from_days=0, days=0.1, problem="coffee"))
    screen, chart = at_screen(prescriber), f"/patients/{ready_patient.pk}/"
    way, form = f"{chart}add/use-judged/", {"patient": ready_patient.pk, "key": UUID(int=11)}
    before = screen.get(f"{chart}screening/").text
    form["seen"] = re.search(r'name="seen" value="([^"]*)"', screen.get(way).text)[1]

    screen.post(way, form | {"problem": "coffee", "reason": "It is a drink.", "taken_at": "2026-11-23T09:00"})
    judged = screen.get(f"{chart}screening/").text
    counted = page_of(screen, ready_patient)
    kept = Fact.objects.get(key=UUID(int=11))
    taken_back = {"patient": ready_patient.pk, "key": UUID(int=12), "reason": "It was cold brew."}
    screen.post(f"{chart}facts/{kept.pk}/take-back/", taken_back)
    after = screen.get(f"{chart}screening/").text

    assert f'href="{way}?back=screening"' in before
    assert "as a prescriber judged on 23 Nov 2026 (entered by Test prescriber): It is a drink." in judged
    assert "without use of anything else but tobacco and “coffee” as judged" in counted
    assert f'href="{way}?back=screening"' in after
    written = AuditEntry.objects.filter(object_ref__contains=str(kept.pk), action="fact.added")
    assert written.exists()
    assert AuditEntry.objects.filter(action="fact.withdrawn").exists()


def test_a_report_that_was_entered_while_the_page_stood_open_is_not_judged_with_the_others(
    ready_patient: Patient, prescriber: User, at_screen: Screen, give: Callable[..., None]
):
    give(ready_patient, use_report(True, from_days=0, days=0.2, problem="coffee"))
    screen, chart = at_screen(prescriber), f"/patients/{ready_patient.pk}/"
    way, form = f"{chart}add/use-judged/", {"patient": ready_patient.pk, "key": UUID(int=14)}
    page = screen.get(way).text
    form["seen"] = re.search(r'name="seen" value="([^"]*)"', page)[1]
    give(ready_patient, use_report(True, from_days=0, days=0.3, problem="coffee"))

    screen.post(way, form | {"problem": "coffee", "reason": "It is a drink.", "taken_at": "2026-11-23T09:00"})

    assert "coffee: 1 report, up to 23 Nov 2026" in page
    assert len(Fact.objects.get(key=UUID(int=14)).payload["reports"]) == 1
    assert f'href="{way}?back=screening"' in screen.get(f"{chart}screening/").text


def test_a_nurse_is_led_to_the_report_and_may_not_judge(
    ready_patient: Patient, nurse: User, at_screen: Screen, give: Callable[..., None]
):
    give(ready_patient, use_report(True, from_days=0, days=0.1, problem="coffee"))
    screen, chart = at_screen(nurse), f"/patients/{ready_patient.pk}/"

    page = screen.get(f"{chart}screening/").text

    assert f'href="{chart}add/use/?back=screening"' in page
    assert "add/use-judged/" not in page
    assert screen.get(f"{chart}add/use-judged/").status_code == 403


@pytest.mark.parametrize(
    ("name", "says"), [("cocaine", "JUDGED-002"), ("alcohol", "JUDGED-002"), ("tea", "JUDGED-003")]
)
def test_what_is_known_treated_or_was_not_told_is_not_judged(
    ready_patient: Patient, prescriber: User, give: Callable[..., None], name: str, says: str
):
    give(ready_patient, use_report(True, from_days=0, problem="cocaine"))
    judged = UseJudged(fact_id=fact_id(), taken_at=NOW, problem=name, reason="It is a drink.", reports=("x",))

    with pytest.raises(Refused) as refused:
        facts.add_fact(prescriber, ready_patient, judged, key=UUID(int=13), now=NOW)

    assert refused.value.code == says


def test_who_opened_the_page_stands_in_the_audit_chain(ready_patient: Patient, nurse: User, at_screen: Screen):
    page_of(at_screen(nurse), ready_patient)

    assert AuditEntry.objects.order_by("-seq").first().detail["page"] == "use"


@pytest.mark.parametrize("name", ["ANY", "something else", "\u200b", "12"])
def test_what_is_no_name_is_not_taken_for_one(ready_patient: Patient, nurse: User, at_screen: Screen, name: str):
    form = use_form(ready_patient, UUID(int=8), problem="something else", other=name, used="no")

    page = at_screen(nurse).post(f"/patients/{ready_patient.pk}/add/use/", form)

    assert page.status_code == 200
    assert not Fact.objects.filter(key=UUID(int=8)).exists()


def test_nothing_of_what_was_written_down_stays_in_a_cookie(ready_patient: Patient, nurse: User, at_screen: Screen):
    form = use_form(ready_patient, UUID(int=9), problem="alcohol", used="no")
    screen = at_screen(nurse)

    screen.post(f"/patients/{ready_patient.pk}/add/use/", form)

    assert Fact.objects.filter(key=UUID(int=9)).exists()
    assert "messages" not in screen.cookies


def test_a_day_shared_by_two_reports_is_no_disagreement(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    """The form offers the last day of the report before as the first of the next."""
    give(
        ready_patient,
        use_report(True, from_days=20, to_days=10, last_used_days=10, problem="gambling"),
        use_report(False, from_days=10, days=0, problem="gambling"),
    )

    assert "do not agree" not in page_of(at_screen(nurse), ready_patient)


@pytest.fixture
def opioids(patient: Patient, give: Callable[..., None]) -> Callable[[bool], Patient]:
    """Treated for opioids, four weekly urines behind, all with use or all without."""

    def known(used: bool) -> Patient:
        tests = [
            use_report(used, from_days=days, to_days=days, problem="opioids", evidence=UseEvidence.URINE)
            for days in (28, 21, 14, 7)
        ]
        give(patient, replace(target(days=28), problem="opioids"), *tests)
        return patient

    return known


@pytest.mark.parametrize("used", [True, False])
def test_the_weeks_ahead_that_are_likely_to_be_hard_are_marked_early(
    opioids: Callable[[bool], Patient], counsellor: User, at_screen: Screen, used: bool
):
    screen, known = at_screen(counsellor), opioids(used)
    page, chart = page_of(screen, known), screen.get(f"/patients/{known.pk}/").text

    assert "It rests on 4 tested weeks of this patient" in page
    assert ("Likely hard: plan support early" in page) == used
    assert ("likely to be hard" in chart) == used
    assert "This week: a test shows use of opioids in" in chart


def test_of_a_substance_whose_tests_taught_it_nothing_it_says_how_well_it_did(
    patient: Patient, give: Callable[..., None], nurse: User, at_screen: Screen
):
    test = use_report(False, from_days=14, to_days=14, problem="cocaine", evidence=UseEvidence.URINE)
    give(patient, replace(target(days=28), problem="cocaine"), test)

    page = page_of(at_screen(nurse), patient)

    assert "It rests on 1 tested week of this patient" in page
    assert "The week before is not known: after such a gap use was seen more often than is said." in page
    assert "It learned from their opioid tests, and from none for cocaine. Tried on 397 of them with that use" in page
    assert re.search(r"it expected 3\d with use a week ahead, and 38 had it; four weeks ahead 3\d, and 3\d\.", page)


def test_of_alcohol_the_weeks_ahead_say_how_likely_use_is_told_of(
    patient: Patient, give: Callable[..., None], nurse: User, at_screen: Screen
):
    told = [use_report(False, from_days=days, to_days=days - 6) for days in (28, 21, 14)]
    give(patient, target(days=28), *told)

    page = page_of(at_screen(nurse), patient)

    assert "This week: use of alcohol is told of in fewer than 1 in 10" in page
    assert "It rests on 3 weeks that this patient told of and, for what they do not say, on what 1,870 people" in page
    assert "A test shows use" not in page
    assert "The week before is not known.<" in page
    assert "than is said" not in page


def test_an_older_answer_that_does_not_say_how_well_it_did_shows_no_weeks_ahead_until_it_is_worked_out_again():
    week = {"from": "2026-11-23", "p_use": 0.7, "low80": 0.5, "high80": 0.9, "hard": True}
    older = {"use_ahead": {"weeks": [week], "rests_on": {"tested_weeks": 4, "n_patients": 1870}, "refused": None}}

    assert coming_card(older, TODAY) is None
    assert hard_week(older) is None
    assert coming_card({}, TODAY) is None


def test_of_what_the_model_was_not_tried_on_it_says_that_it_does_not_know(
    patient: Patient, give: Callable[..., None], nurse: User, at_screen: Screen
):
    give(patient, replace(target(days=28), problem="gambling"))

    page = page_of(at_screen(nurse), patient)

    assert "The weeks ahead: not known" in page
    assert "Of gambling it does not know." in page


def test_a_way_of_use_that_does_not_say_of_what_is_asked_about(ready_patient: Patient, nurse: User, at_screen: Screen):
    form = use_form(ready_patient, UUID(int=10), problem="something else", other="Smoking", used="yes")

    page = at_screen(nurse).post(f"/patients/{ready_patient.pk}/add/use/", form)

    assert "may mean more than one thing. Write what it was: tobacco, cannabis or crack." in page.text
    assert not Fact.objects.filter(key=UUID(int=10)).exists()


def test_cigarettes_stay_as_written_and_leave_the_days_sober_of_alcohol_alone(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, use_report(True, from_days=0, problem="Cigarettes"))

    page = page_of(at_screen(nurse), ready_patient)

    assert ">Cigarettes</h2>" in page
    assert "without use of anything else but tobacco" in page
    assert "Paused" not in page


def test_beer_stands_in_the_calendar_of_alcohol_and_in_one_of_its_own(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, use_report(True, from_days=1, to_days=1, problem="beer"))

    page = page_of(at_screen(nurse), ready_patient)

    assert page.count("<p>Of 71 days: 1 with use") == 2


def test_one_substance_under_two_names_has_one_calendar(
    patient: Patient, give: Callable[..., None], nurse: User, at_screen: Screen
):
    give(patient, target(problem="Alcohol use disorder"), use_report(False, from_days=20, problem="alcohol"))

    page = page_of(at_screen(nurse), patient)

    assert "Sober for at least 21 days" in page
    assert page.count("Calendar of") == 1
    assert ">Alcohol use disorder</h2>" in page


def test_what_was_written_by_mistake_is_one_step_away(ready_patient: Patient, nurse: User, at_screen: Screen):
    screen = at_screen(nurse)

    page = page_of(screen, ready_patient)
    entries = screen.get(f"/patients/{ready_patient.pk}/facts/?kind=UseReport").text

    assert f"/patients/{ready_patient.pk}/facts/?kind=UseReport" in page
    assert "Take back" in entries


def test_the_marks_are_explained_once_however_many_calendars_there_are(
    ready_patient: Patient, give: Callable[..., None], nurse: User, at_screen: Screen
):
    give(ready_patient, use_report(False, from_days=20, problem="gambling"))

    assert page_of(at_screen(nurse), ready_patient).count("What the marks mean") == 1


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [("?back=use", "Back to use"), ("", "Back to the chart"), ("?back=elsewhere", "Back to the chart")],
)
def test_who_came_from_use_goes_back_to_use_without_writing(
    ready_patient: Patient, nurse: User, at_screen: Screen, address: str, leads_to: str
):
    assert leads_to in at_screen(nurse).get(f"/patients/{ready_patient.pk}/add/use/{address}").text


def test_days_with_use_that_were_counted_and_not_named_are_said(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    counted = replace(use_report(True, from_days=9, to_days=3, problem="gambling"), days_used=2)
    give(ready_patient, counted)

    page = page_of(at_screen(nurse), ready_patient)

    assert "7 in a span with use on 2 unnamed days" in page


def test_of_a_span_with_more_said_of_it_elsewhere_no_count_is_given(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    """A urine of one of its days may be one of the two that were counted, or a third."""
    counted = replace(use_report(True, from_days=9, to_days=3, problem="gambling"), days_used=2)
    give(ready_patient, counted, use_report(True, from_days=5, to_days=5, problem="gambling"))

    page = page_of(at_screen(nurse), ready_patient)

    assert "1 with use, 6 in spans with use on days not named" in page


def test_where_one_of_two_spans_was_counted_the_count_is_the_least(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    counted = replace(use_report(True, from_days=9, to_days=3, problem="gambling"), days_used=2)
    give(ready_patient, counted, use_report(True, from_days=30, to_days=20, problem="gambling"))

    page = page_of(at_screen(nurse), ready_patient)

    assert "18 in spans with use on at least 2 unnamed days" in page


def test_the_talk_is_begun_from_the_way_back_and_the_form_says_what_ends_it(
    lapsed: Patient, counsellor: User, at_screen: Screen
):
    screen = at_screen(counsellor)

    from_use = screen.get(f"/patients/{lapsed.pk}/add/support/?back=use").text
    from_chart = screen.get(f"/patients/{lapsed.pk}/add/support/").text

    chosen = re.compile(r'value="counselling"[^>]*checked')
    assert chosen.search(from_use)
    assert "The talk that we owe after use is counselling, one to one, that took place." in from_use
    assert "The talk that we owe" not in from_chart
    assert not chosen.search(from_chart)
