"""The Model page: how often the forecast was right, where it does not know, who the average patient is."""

import json
from collections.abc import Callable
from importlib.resources import files

import pytest
from django.test import Client
from django.utils import timezone

from sextant.clinic.models import AuditEntry, Patient, User
from sextant.clinic.services import population, recommendations
from sextant.response import shipped_population
from sextant.response.held_out import Judged
from sextant.response.population_file import MadeFrom, named, text_of

Screen = Callable[[User], Client]
FIGURES = json.loads(files("sextant.response").joinpath("calibration.json").read_text(encoding="utf-8"))


def a_better_population(name: str) -> str:
    """The file of a population that foretold held-out patients better."""
    made_from = MadeFrom(
        n_patients=150,
        n_scores=4000,
        inputs_sha256="0" * 64,
        effective_draws=260.0,
        k_hat=0.3,
        largest_k_hat=0.6,
        held_out=Judged(150, 1.0, 0.1),
        parent=shipped_population().version,
    )
    return text_of(named(shipped_population(), name, 150), made_from)


@pytest.mark.parametrize("who", ["prescriber", "nurse", "counsellor", "director"])
def test_everybody_who_reads_charts_may_read_it_and_is_written_down(who: str, request, db: None, at_screen: Screen):
    reader = request.getfixturevalue(who)

    page = at_screen(reader).get("/model/")

    assert page.status_code == 200
    assert AuditEntry.objects.filter(actor=reader, action="page.read").count() == 1


@pytest.mark.parametrize("who", ["administrator", "outsider"])
def test_whoever_reads_no_charts_reads_nothing(who: str, request, db: None, at_screen: Screen):
    page = at_screen(request.getfixturevalue(who)).get("/model/")

    assert page.status_code == 403
    assert "clear benefit" not in page.text


def test_its_figures_are_those_of_the_calibration_that_ships(nurse: User, at_screen: Screen):
    page = at_screen(nurse).get("/model/").text

    for moment in FIGURES["averaged"]:
        held = [f"{100 * band['share']:.0f}" for band in moment["quantities"]["new"]["coverage"]]
        assert "".join(f'<td class="n">{share} %</td>' for share in held) in page
    for one in FIGURES["stress"]:
        assert one["words"][1:] in page
    assert "As promised only where" in page


def test_it_says_that_nobody_has_tested_it_in_addiction(nurse: User, at_screen: Screen):
    assert "In people with addiction nobody has tested it" in at_screen(nurse).get("/model/").text


def test_another_population_in_force_is_said_beside_the_figures(director: User, at_screen: Screen):
    population.adopt(director, a_better_population("Our clinic 2027"), timezone.now())

    page = at_screen(director).get("/model/").text

    assert "Nothing below is of the population in force here" in page
    assert "As promised" not in page
    assert page.index("Our clinic 2027") < page.index(shipped_population().version)
    assert page.count("in force</span>") == 1


def test_people_of_whom_nothing_is_forecast_are_counted_and_not_named(
    prescriber: User, patient: Patient, at_screen: Screen
):
    recommendations.current(patient, timezone.now())

    page = at_screen(prescriber).get("/model/").text

    assert "No target chosen yet <small>1 person" in page
    assert patient.name not in page


def test_what_was_said_and_what_happened_are_chances_and_no_bare_percentages(nurse: User, at_screen: Screen):
    page = at_screen(nurse).get("/model/").text

    table = page.split("We said, in 100")[1].split("</table>")[0]
    assert "%" not in table
