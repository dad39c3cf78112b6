"""What is in the blood: as ordered, as it really ran, in millilitres, and how far pressure may rise."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client

from builders import infusion, order, pressure
from sextant.clinic.models import AuditEntry, Fact, Patient, User
from sextant.record import Weight

pytestmark = pytest.mark.django_db
Screen = Callable[[User], Client]

RAN = {
    "rate_0": "0.875",
    "minute_1": "15",
    "rate_1": "0",
    "minute_2": "25",
    "rate_2": "0,4",
    "now_min": "30",
    "slow_to": "0.2",
    "level": "70",
}
"""Paused at minute 15, resumed more slowly at 25, now minute 30."""


@pytest.fixture
def ordered(ready_patient: Patient, give: Callable[..., None]) -> Patient:
    """70 kg, weighed yesterday; 0.5 mg/kg over 40 minutes is ordered."""
    give(ready_patient, order())
    return ready_patient


def address(patient: Patient) -> str:
    return f"/patients/{patient.pk}/infusions/"


def read(screen: Client, patient: Patient) -> str:
    page = screen.get(address(patient))
    assert page.status_code == 200
    return unescape(page.text)


def sent(screen: Client, patient: Patient, typed: dict[str, str], show: str = "replay") -> Any:
    return screen.post(address(patient), {"patient": str(patient.pk), "show": show, **typed})


def test_without_an_infusion_the_page_teaches(patient: Patient, nurse: User, at_screen: Screen):
    page = read(at_screen(nurse), patient)

    assert "No infusion is ordered, and none was given" in page
    assert "It starts with a prescriber’s order of one infusion" in page
    assert "once a weight is on record" in page
    assert f"/patients/{patient.pk}/add/weight/" in page


def test_an_order_is_shown_as_a_band_over_rival_models_with_their_sampling_sites(
    ordered: Patient, nurse: User, at_screen: Screen
):
    page = read(at_screen(nurse), ordered)

    assert re.search(r"At its highest \d+ to \d+ ng/mL, at minute 40", page)
    assert "Ordered: infusion 1, for 23 Nov" in page
    assert "Kamp 2020, arterial" in page
    assert "Otto 2021 (S-ketamine, shape only), venous" in page
    assert "a sample from a vein does not compare with an arterial curve" in page
    assert '<th scope="row">Together</th><td></td><td class="n">35.00 mg</td>' in page


def test_what_others_measured_is_drawn_over_the_same_dose_alone(
    ordered: Patient, nurse: User, give: Any, at_screen: Screen
):
    screen = at_screen(nurse)
    same = read(screen, ordered)
    give(ordered, order(days=0.05, dose_mg_per_kg=0.8))
    other = read(screen, ordered)

    assert "Zarate 2006, measured, vessel not stated</text>" in same
    assert "185 ng/mL, peak; vessel not stated. Quoted in Zanos 2018, Table 1." in same
    assert "Krystal 1994, during dissociation, vessel not stated</text>" in same
    assert "Zarate" not in other
    assert "Published measurements are of 0.5 mg/kg over 40 min, and are not drawn over anything else." in other


def test_exposure_is_not_called_benefit(ordered: Patient, nurse: User, at_screen: Screen):
    page = read(at_screen(nurse), ordered)

    assert "It says nothing of benefit" in page
    assert "not measured" in page


def test_after_the_infusion_the_last_one_is_shown(ready_patient: Patient, nurse: User, give: Any, at_screen: Screen):
    give(ready_patient, infusion(0.1))

    page = read(at_screen(nurse), ready_patient)

    assert "The last infusion, 23 Nov, 06:36" in page
    assert 'name="minute_1" value="40"' in page


def test_what_is_not_on_record_is_said_and_not_guessed(
    ready_patient: Patient, nurse: User, give: Any, at_screen: Screen
):
    give(ready_patient, replace(infusion(0.1), duration_min=None, dose_mg_per_kg=None))

    page = read(at_screen(nurse), ready_patient)

    assert "the dose and the minutes are not on record" in page
    assert "At its highest" not in page


def test_an_old_weight_is_said_beside_the_milligrams(ordered: Patient, nurse: User, at_screen: Screen):
    page = read(at_screen(nurse), ordered)

    assert "0.5 mg/kg × 70 kg, over 40 min" in page
    assert "Not of the day" in page
    assert "Weighed 22 Nov, 1 day before the infusion." in page


def test_millilitres_wait_for_the_strength_of_the_vial(ordered: Patient, nurse: User, at_screen: Screen):
    screen = at_screen(nurse)

    before = read(screen, ordered)
    after = sent(screen, ordered, {"strength": "10"}, "vial")

    assert "need the strength of the vial" in before
    assert 'name="strength" value=' not in before
    assert after.status_code == 200
    assert "3.50</strong> mL" in after.text
    assert "5.2</strong> mL/h" in after.text
    assert "Dakwar 2019, cocaine" in after.text


@pytest.mark.parametrize("typed", ["0", "-5", "5000", "fifty", "<script>"])
def test_a_strength_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    ordered: Patient, nurse: User, at_screen: Screen, typed: str
):
    page = sent(at_screen(nurse), ordered, {**RAN, "strength": typed}, "vial")

    assert page.status_code == 400
    assert "Write the number that stands before mg/mL" in page.text
    assert typed in unescape(page.text)
    assert "<script>" not in page.text
    assert 'name="minute_2" value="25"' in page.text


def test_a_replay_says_what_is_there_now_and_in_the_next_hour(ordered: Patient, nurse: User, at_screen: Screen):
    page = sent(at_screen(nurse), ordered, RAN)

    assert page.status_code == 200
    assert "Now, minute 30" in page.text
    assert "15.12</strong> mg" in page.text  # 0.875 x 15 + 0.4 x 5
    assert "of 35.00 mg" in page.text
    for future in ("Go on at 0.4 mg/min", "Pause", "Slow to 0.2 mg/min"):
        assert f"<h4>{future}</h4>" in page.text
    assert "Blood down to 70 ng/mL, if nothing more is given" in page.text
    assert "Effect site down to 70 ng/mL, if nothing more is given" in page.text
    assert "Domino 1984: artery or vein not told" in page.text.split('id="replay"')[1]


def test_while_it_is_paused_there_is_nothing_to_slow(ordered: Patient, nurse: User, at_screen: Screen):
    page = sent(at_screen(nurse), ordered, {"rate_0": "0.875", "minute_1": "15", "rate_1": "0", "now_min": "20"})

    assert page.status_code == 200
    assert "<h4>Stay paused</h4>" in page.text
    assert "Go on at" not in page.text


def test_more_than_was_ordered_is_said(ordered: Patient, nurse: User, at_screen: Screen):
    page = sent(at_screen(nurse), ordered, {"rate_0": "0.875", "now_min": "44"})

    assert "3.50 mg more than ordered" in page.text
    assert "faster than the" not in page.text


def test_a_rate_in_milligrams_an_hour_is_met_before_more_than_ordered_is_in(
    ordered: Patient, nurse: User, at_screen: Screen
):
    page = sent(at_screen(nurse), ordered, {"rate_0": "52.5", "now_min": "0.4"})

    assert "21.00</strong> mg" in page.text
    assert "From minute 0 on that is 52.5 mg/min, faster than the 0.875 mg/min ordered." in page.text
    assert "The same rate in mg/h is 60 times as large a number." in page.text
    assert "more than ordered" not in page.text


def test_beside_an_infusion_that_was_given_nothing_is_called_ordered(
    ready_patient: Patient, nurse: User, give: Any, at_screen: Screen
):
    give(ready_patient, infusion(0.1))

    page = sent(at_screen(nurse), ready_patient, {"rate_0": "0.875", "now_min": "44"})

    assert "3.50 mg more than on record" in page.text
    assert "more than ordered" not in page.text


def test_what_is_shown_as_the_rate_of_the_order_is_no_more_than_ordered(
    ordered: Patient, nurse: User, give: Any, at_screen: Screen
):
    give(ordered, Weight(fact_id="odd", taken_at=order(days=0.05).taken_at, weight_kg=93.4))
    screen = at_screen(nurse)

    page = sent(screen, ordered, {"rate_0": "1.1675", "now_min": "40"})

    assert "1.1675 mg/min" in read(screen, ordered)
    assert "1.168" not in re.sub("<svg.*?</svg>", "", read(screen, ordered), flags=re.DOTALL)
    assert "more than ordered" not in page.text


IN_ML_PER_H = {
    "rates_in": "ml_per_h",
    "strength": "10",
    "rate_0": "5.25",
    "minute_1": "15",
    "rate_1": "0",
    "minute_2": "25",
    "rate_2": "2,4",
    "now_min": "30",
    "slow_to": "1.2",
    "level": "70",
}
"""The same as RAN, read off a pump that holds 10 mg/mL."""


def without_names_of_units(answer: str) -> str:
    """What is there now and in the next hour, without the words for rates."""
    shown = answer.split('id="replay"')[1].split("<form")[0]
    return "".join(
        re.findall(r'<dl class="figures now">.*?</dl>|<tr><th scope="row">(?:15|30|60) min.*?</tr>', shown, re.S)
    )


def test_rates_off_a_pump_in_millilitres_an_hour_give_the_same_answer(ordered: Patient, nurse: User, at_screen: Screen):
    screen = at_screen(nurse)

    by_pump = sent(screen, ordered, IN_ML_PER_H)
    by_mg = sent(screen, ordered, RAN)

    assert by_pump.status_code == 200
    assert "15.12</strong> mg" in by_pump.text
    assert without_names_of_units(by_pump.text) == without_names_of_units(by_mg.text) != ""
    for future in ("Go on at 2.4 mL/h (0.4 mg/min)", "Pause", "Slow to 1.2 mL/h (0.2 mg/min)"):
        assert f"<h4>{future}</h4>" in by_pump.text
    assert (
        '<th scope="row">0 to 15</th><td class="n">0.875</td><td class="n">5.25</td><td class="n">13.12</td>'
        in by_pump.text
    )
    for name in ("rate_0", "rate_2", "slow_to", "strength"):
        assert f'name="{name}" value="{IN_ML_PER_H[name]}"' in by_pump.text
    assert re.search(r'value="ml_per_h"[^>]*checked', by_pump.text)


def test_with_a_strength_rates_in_milligrams_are_answered_in_both_units_too(
    ordered: Patient, nurse: User, at_screen: Screen
):
    page = sent(at_screen(nurse), ordered, RAN | {"strength": "10"})

    assert "<h4>Go on at 0.4 mg/min (2.4 mL/h)</h4>" in page.text
    assert "mL/h)" not in sent(at_screen(nurse), ordered, RAN).text


@pytest.mark.parametrize("strength", ["", "5000"])
def test_millilitres_of_no_strength_are_refused_and_nothing_typed_is_lost(
    ordered: Patient, nurse: User, at_screen: Screen, strength: str
):
    page = sent(at_screen(nurse), ordered, IN_ML_PER_H | {"strength": strength})

    assert page.status_code == 400
    assert "mL/h needs the strength of what is in the syringe" in page.text
    assert "Now, minute" not in page.text
    for name, value in (IN_ML_PER_H | {"strength": strength}).items():
        if value and name != "rates_in":
            assert f'name="{name}" value="{value}"' in page.text
    assert re.search(r'value="ml_per_h"[^>]*checked', page.text)


def test_ten_times_too_fast_is_met_in_either_unit(ordered: Patient, nurse: User, at_screen: Screen):
    screen = at_screen(nurse)

    by_pump = sent(screen, ordered, {"rates_in": "ml_per_h", "strength": "1", "rate_0": "600", "now_min": "0.4"})
    by_mg = sent(screen, ordered, {"strength": "10", "rate_0": "10", "now_min": "0.4"})

    assert (
        "From minute 0 on that is 600 mL/h (10 mg/min), faster than the 52.5 mL/h (0.875 mg/min) ordered."
        in by_pump.text
    )
    assert "Check the decimal point, and that 1 mg/mL is what is in the syringe." in by_pump.text
    assert (
        "From minute 0 on that is 10 mg/min (60 mL/h), faster than the 0.875 mg/min (5.25 mL/h) ordered." in by_mg.text
    )
    assert "The same rate in mg/h is 60 times as large a number." in by_mg.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"rates_in": "ml_per_h", "rate_0": "0.875"},
            "0.875 is the rate ordered in mg/min. In mL/h from 10 mg/mL it is 5.25.",
        ),
        ({"rate_0": "5.25"}, "5.25 is the rate ordered in mL/h. In mg/min from 10 mg/mL it is 0.875."),
        ({"rate_0": "5.2"}, "5.2 is the rate ordered in mL/h."),
    ],
)
def test_the_number_of_the_order_in_the_other_unit_is_noticed(
    ordered: Patient, nurse: User, at_screen: Screen, typed: dict[str, str], said: str
):
    page = sent(at_screen(nurse), ordered, {"strength": "10", "now_min": "2", **typed})

    assert said in page.text


@pytest.mark.parametrize("typed", [{"rate_0": "0.875"}, {"rate_0": "5.25", "rates_in": "ml_per_h"}])
def test_as_ordered_in_either_unit_nothing_is_asked(
    ordered: Patient, nurse: User, at_screen: Screen, typed: dict[str, str]
):
    page = sent(at_screen(nurse), ordered, {"strength": "10", "now_min": "40", **typed})

    assert "35.00</strong> mg" in page.text
    assert "Please look</span>" not in page.text.split('id="replay"')[1]


def test_without_a_dose_sheet_the_strength_is_asked_beside_the_rates(
    ready_patient: Patient, nurse: User, at_screen: Screen
):
    screen = at_screen(nurse)

    page = sent(screen, ready_patient, {"rates_in": "ml_per_h", "strength": "10", "rate_0": "5.25", "now_min": "20"})

    assert page.text.count('name="strength"') == read(screen, ready_patient).count('name="strength"') == 1
    assert "<h4>Go on at 5.25 mL/h (0.875 mg/min)</h4>" in page.text


def test_millilitres_worked_out_after_a_replay_keep_its_answer(ordered: Patient, nurse: User, at_screen: Screen):
    page = sent(at_screen(nurse), ordered, RAN | {"strength": "10"}, "vial")

    assert page.status_code == 200
    assert "Now, minute 30" in page.text
    assert "3.50</strong> mL" in page.text
    assert re.search(r'<h2 id="h-dose" tabindex="-1" autofocus', page.text)
    assert page.text.count("autofocus") == 1


def test_beside_millilitres_a_replay_that_is_not_asked_for_is_not_judged(
    ordered: Patient, nurse: User, at_screen: Screen
):
    page = sent(at_screen(nurse), ordered, RAN | {"strength": "10", "minute_2": "soon"}, "vial")

    assert page.status_code == 200
    assert "Now, minute" not in page.text
    assert "3.50</strong> mL" in page.text
    assert "Please look again" not in page.text
    assert 'name="minute_2" value="soon"' in page.text


def test_a_resume_while_it_is_paused_is_explained(ordered: Patient, nurse: User, at_screen: Screen):
    paused = {"rate_0": "0.875", "minute_1": "15", "rate_1": "0", "now_min": "20"}
    screen = at_screen(nurse)

    refused = sent(screen, ordered, paused | {"slow_to": "0.4"})
    resumed = sent(screen, ordered, paused | {"minute_2": "20", "rate_2": "0.4"})

    assert refused.status_code == 400
    assert "Nothing runs at minute 20, so nothing can be slowed." in refused.text
    assert "write it as a change at minute 20" in refused.text
    assert "<h4>Go on at 0.4 mg/min</h4>" in resumed.text


def test_while_an_infusion_on_record_still_runs_its_end_is_not_filled_in(
    ready_patient: Patient, nurse: User, give: Any, at_screen: Screen
):
    give(ready_patient, infusion(20 / 1440))

    page = read(at_screen(nurse), ready_patient)

    assert 'name="rate_0" value="0.875"' in page
    assert 'name="minute_1" value=' not in page


def test_an_infusion_recorded_at_its_start_is_not_shown_as_wholly_given(
    ready_patient: Patient, nurse: User, give: Any, at_screen: Screen
):
    give(ready_patient, infusion(20 / 1440))
    screen = at_screen(nurse)

    page = read(screen, ready_patient)

    assert "The infusion that runs by the record, 23 Nov, 08:40, minute 20 of 40" in page
    assert "Still running</span>" in page
    assert "17.50 mg of 35.00 mg given" in page
    assert "outlined where it is not given yet" in page
    assert "As given" not in page
    mechanisms = screen.get(f"/patients/{ready_patient.pk}/mechanisms/").text
    assert "17.50 of 35.00 so far" in mechanisms
    assert "still runs by the record" in mechanisms


@pytest.mark.parametrize(
    ("typed", "answered", "millilitres"),
    [
        ({"now_min": "20", "strength": ""}, True, False),
        ({"now_min": "", "strength": "10"}, False, True),
        ({"now_min": "20", "strength": "10"}, True, True),
    ],
)
def test_the_key_enter_works_out_what_was_typed(
    ordered: Patient, nurse: User, at_screen: Screen, typed: dict[str, str], answered: bool, millilitres: bool
):
    page = sent(at_screen(nurse), ordered, {"rate_0": "0.875", **typed}, "typed")

    assert page.status_code == 200
    assert ("Now, minute 20" in page.text) == answered
    assert ("3.50</strong> mL" in page.text) == millilitres


def test_a_step_of_the_pump_that_is_too_coarse_is_said(ordered: Patient, nurse: User, at_screen: Screen):
    screen = at_screen(nurse)

    strong = sent(screen, ordered, {"strength": "50"}, "vial").text
    weak = sent(screen, ordered, {"strength": "1"}, "vial").text

    assert "At that rate the volume runs for 42.0 min; 40 min are ordered." in strong
    assert "1.0 mL/h give 0.8333 mg/min, not 0.875 mg/min: slower than ordered." in strong
    assert "slower than" not in weak
    assert "Once it is thinned with saline the pump rate is another" in strong


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"now_min": ""}, "Write the present minute."),
        ({"now_min": "soon"}, "“soon” is not a number"),
        ({"now_min": "-1"}, "outside what is replayed"),
        ({"now_min": "1e9"}, "outside what is replayed"),
        ({"rate_0": ""}, "Write the rate at the start"),
        ({"rate_0": "-0.5"}, "A rate is 0 or more"),
        ({"rate_0": "87500"}, "outside what Sextant takes as possible for this weight"),
        ({"rate_0": "20"}, "Together that is"),
        ({"minute_2": "15"}, "is not after minute 15"),
        ({"minute_2": "45"}, "is after now (minute 30)"),
        ({"rate_2": ""}, "This change lacks a part"),
        ({"minute_2": ""}, "This change lacks a part"),
        ({"slow_to": "0.4"}, "is not slower"),
        ({"level": "0"}, "Write one above 0"),
        ({"rates_in": "drops"}, "That is not one of the answers."),
        (
            {"rates_in": "ml_per_h", "strength": "200", "rate_0": "87500"},
            "87500 mL/h of 200 mg/mL, 2.917e+05 mg/min, is outside what Sextant takes as possible",
        ),
        (
            {"rates_in": "ml_per_h", "strength": "10", "slow_to": "0.4"},
            "0.4 mL/h of 10 mg/mL, 0.06667 mg/min, is not slower than the 0.4 mL/h (0.0666 mg/min) in force.",
        ),
        ({"rates_in": "ml_per_h", "strength": "10", "rate_0": "-5"}, "-5 mL/h cannot be."),
        ({"rates_in": "ml_per_h", "strength": "10", "rate_0": ""}, "Write the rate at the start, in mL/h."),
        (
            {"rates_in": "ml_per_h", "strength": "50", "rate_0": "50"},
            "that each rate is in mL per hour, and that 50 mg/mL is what is in the syringe",
        ),
    ],
)
def test_a_slip_is_refused_with_what_to_write_and_nothing_typed_is_lost(
    ordered: Patient, nurse: User, at_screen: Screen, typed: dict[str, str], said: str
):
    page = sent(at_screen(nurse), ordered, RAN | typed)

    assert page.status_code == 400
    assert said in unescape(page.text)
    assert "Now, minute" not in page.text
    for name, value in (RAN | typed).items():
        if value and name != "rates_in":
            assert f'name="{name}" value="{value}"' in page.text


def test_what_is_typed_into_the_replay_is_kept_nowhere(
    ordered: Patient, nurse: User, at_screen: Screen, caplog: pytest.LogCaptureFixture
):
    screen = at_screen(nurse)
    facts = Fact.objects.count()
    caplog.set_level(logging.DEBUG)

    sent(screen, ordered, {**RAN, "strength": "12.34"})

    assert Fact.objects.count() == facts
    last = AuditEntry.objects.order_by("-seq").first()
    assert last is not None
    assert last.detail == {"page": "infusions"}
    assert "0.875" not in caplog.text
    assert "12.34" not in caplog.text
    assert "0.875" not in str(dict(screen.session.items()))


def test_an_address_tells_nothing_and_is_not_read(ordered: Patient, nurse: User, at_screen: Screen):
    page = at_screen(nurse).get(address(ordered), {**RAN, "strength": "10"}).text

    assert "Now, minute" not in page
    assert "3.50</strong> mL" not in page


def test_a_form_that_was_opened_for_another_patient_is_refused(ordered: Patient, nurse: User, at_screen: Screen):
    page = at_screen(nurse).post(address(ordered), {**RAN, "patient": "00000000-0000-0000-0000-000000000001"})

    assert page.status_code == 409


def test_the_form_is_refused_without_its_token(ordered: Patient, nurse: User):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(nurse, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert sent(strict, ordered, RAN).status_code == 403


def test_those_who_read_charts_open_it_and_others_do_not(
    ordered: Patient,
    prescriber: User,
    nurse: User,
    counsellor: User,
    director: User,
    administrator: User,
    outsider: User,
    at_screen: Screen,
):
    seen = {
        one.username: [at_screen(one).get(address(ordered)).status_code, sent(at_screen(one), ordered, RAN).status_code]
        for one in (prescriber, nurse, counsellor, director, administrator, outsider)
    }

    assert seen == {
        "prescriber": [200, 200],
        "nurse": [200, 200],
        "counsellor": [200, 200],
        "director": [200, 200],
        "administrator": [403, 403],
        "outsider": [403, 403],
    }


def test_who_opened_the_page_stands_in_the_audit_chain(ordered: Patient, nurse: User, at_screen: Screen):
    read(at_screen(nurse), ordered)

    last = AuditEntry.objects.order_by("-seq").first()
    assert last is not None
    assert last.detail["page"] == "infusions"


def test_the_expected_rise_of_pressure_stands_beside_it_and_says_what_it_rests_on(
    ordered: Patient, nurse: User, give: Any, at_screen: Screen
):
    before = read(at_screen(nurse), ordered)
    give(
        ordered,
        infusion(3),
        pressure(120, 80, days=3.01),
        pressure(150, 95, days=3 - 38 / 1440),
    )
    after = read(at_screen(nurse), ordered)

    assert "Systolic may rise by 13 mmHg, 8 in 10 from −6 to 31" in before
    assert "It rests on published rises alone" in before
    assert "Its middle is built from 1 own infusion (70 %) and the published rise (30 %)." in after
    assert "no gate reads it" in after


def test_a_weight_outside_of_every_model_is_said_beside_the_figures(
    ordered: Patient, nurse: User, give: Any, at_screen: Screen
):
    give(ordered, Weight(fact_id="heavy", taken_at=order(days=0.05).taken_at, weight_kg=170))

    page = read(at_screen(nurse), ordered)

    assert "170 kg is outside the weights on which any model is known to have been built" in page


def test_the_chart_leads_here(ordered: Patient, nurse: User, at_screen: Screen):
    chart = at_screen(nurse).get(f"/patients/{ordered.pk}/").text

    assert chart.count(f'href="{address(ordered)}"') == 2  # from the weight in the strip, and from the infusions
