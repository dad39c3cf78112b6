"""The Evidence page: the short answer, the pools, what was left out, what is not known, and every study."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from sextant.clinic.models import User
from sextant.clinic.pages.evidence import NOT_KNOWN
from sextant.clinic.pages.evidence_studies import KINDS, SUBSTANCES, grades, groups_of, registered, studies
from sextant.clinic.pages.evidence_words import name_of
from sextant.evidence.library import Kind, library
from sextant.evidence.sobriety import NOT_ESTABLISHED
from sextant.response import About
from sextant.response.prior.kept import kept_prior

Screen = Callable[[User], Client]


@pytest.fixture
def read(nurse: User, at_screen: Screen) -> Callable[..., str]:
    """What a nurse reads under an address of the page."""

    def text(address: str = "", status: int = 200) -> str:
        page = at_screen(nurse).get(f"/evidence/{address}")
        assert page.status_code == status
        return unescape(page.text)

    return text


def card(page: str, name: str) -> str:
    """The card of one question."""
    return page.split(f'<h2 id="h-{name}">')[1].split("</section>")[0]


@pytest.mark.parametrize("who", ["prescriber", "nurse", "counsellor", "director", "administrator"])
def test_everybody_on_the_staff_may_read_it(who: str, request, db: None, at_screen: Screen):
    page = at_screen(request.getfixturevalue(who)).get("/evidence/")

    assert page.status_code == 200
    assert 'aria-current="page">Evidence</a>' in page.text


def test_an_outsider_reads_nothing(outsider: User, at_screen: Screen):
    page = at_screen(outsider).get("/evidence/")

    assert page.status_code == 403
    assert "abstinence" not in page.text


def test_it_begins_with_benefit_not_established_and_how_wide_the_doubt_is(read):
    banner = read().split('class="banner ask"')[1].split('aria-label="Which studies')[0]

    assert NOT_ESTABLISHED in banner
    assert "2 controlled trials (151 people, alcohol and cocaine)" in banner
    assert "2.9 times those of the control arms; 0.49 to 17 times fits as well" in banner
    assert "In a new place the odds could be 0.17 to 49 times" in banner
    assert "harm, no effect and benefit" in banner


def test_the_trial_without_a_difference_is_said_at_once_and_stands_in_the_plot(read):
    page = read()

    assert "Yoon 2025 (alcohol with major depression, 58 people) saw no difference between its groups" in page
    assert "Saw no difference" in card(page, "abstinence")
    assert "The key NULL trial" in card(page, "abstinence")


def test_a_trial_that_found_a_difference_is_not_among_those_that_saw_none(read):
    assert "Krupitsky 2007 (" not in read().split("<section")[0]


def test_two_studies_get_no_hartung_knapp_interval_and_no_interval_for_a_new_place(read):
    shown = card(read(), "abstinence")

    assert "Both together" in shown
    assert "diamond unsure" in shown
    assert "two studies cannot say" in shown
    assert "Wald interval" in shown


def test_press_and_non_randomised_studies_come_in_by_a_link_and_the_short_answer_stays(read):
    page = read("?with=sensitivity")

    shown = card(page, "abstinence")

    assert "All 4 together" in shown
    assert "0.91 to 14" in shown
    assert "In a new place 0.26 to 46" in shown
    assert "Without Dakwar 2019: " in shown
    assert "Krupitsky 1997 alone has 34 % of the weight" in page
    assert "2 controlled trials (151 people" in page


@pytest.mark.parametrize(
    ("name", "estimate", "interval"),
    [
        ("abstinence", "2.9", "0.49 to 17"),
        ("abstinence-six-months", "5.8", "0.18 to 190"),
        ("relapse", "1.2", "0.48 to 3.3"),
        ("relapse-hazard", "2.1", "1.1 to 4.2"),
        ("percent-days-abstinent", "+10.1", "+1.2 to +19.0"),
        ("repeating", "3.5", "1.1 to 11"),
    ],
)
def test_each_question_shows_its_figures_in_the_table_and_to_those_who_cannot_see(read, name, estimate, interval):
    shown = card(read(), name)

    assert f"<strong>{estimate}</strong><br><small>{interval}" in shown
    assert re.search(rf"<desc[^>]*>[^<]*{re.escape(estimate)}, 95 % {re.escape(interval)}", shown)


def test_one_trial_is_not_pooled_and_settles_nothing(read):
    shown = card(read(), "relapse-hazard")

    assert "Not settled. The one trial on file says yes." in shown
    assert "diamond" not in shown


def test_one_trial_that_says_yes_is_shown_with_what_it_left_open(read):
    page = read()

    open_too = (
        "The same trial left open: ‘Do people stay free of relapse more often after ketamine than after a control?’"
    )
    assert open_too in card(page, "percent-days-abstinent")
    assert "The same trial left open" not in card(page, "repeating")


def test_studies_without_a_known_author_or_year_can_be_told_apart():
    names = [name_of(one["study"]) for one in kept_prior()["influence"]]

    assert len(set(names)) == len(names)
    assert all("Author not read" not in one or "(" in one for one in names)
    assert name_of("nimh_ds005917") == "Evans, year not read (nimh_ds005917)"


def test_of_craving_nothing_can_be_pooled_and_the_page_says_so(read):
    shown = card(read(), "craving")

    assert "Nothing on file can be pooled" in shown
    assert "<svg" not in shown


def test_every_row_that_was_left_out_has_its_reason_in_plain_words(read):
    shown = card(read(), "abstinence")

    assert "<strong>Yoon 2025:</strong> only the direction was readable, no counts." in shown
    assert "<strong>Krupitsky 2007:</strong> compares three sessions with one" in shown
    assert "--with-sensitivity" not in read()
    assert not re.search(r"\b(dakwar|grabski|yoon|krupitsky)[0-9]{4}", read().replace("nida", ""))


def test_the_grades_count_every_row_of_the_library(read):
    everything = sum(len(library().rows(kind)) for kind in Kind)

    page = read()

    assert sum(grade.rows for grade in grades()) == everything
    assert f"Rows of {everything}" in page
    for grade in grades():
        assert f'class="nowrap">{grade.name.capitalize()}</th>' in page


def test_what_is_not_known_is_still_not_known():
    trials = library().trials

    assert not any("methamphetamine" in row.substance for row in trials)
    assert {row.study_id for row in trials if "behavioural" in row.substance} == {"grant2020_gambling_case"}
    assert not any((row.n_infusions or "").startswith("6") for row in trials)
    assert any("methamphetamine" in row.substance for row in library().ongoing)
    assert len(NOT_KNOWN) == len(set(NOT_KNOWN))


def test_every_trial_is_listed_with_a_link_to_where_it_was_read(read):
    page = read()

    for row in library().trials:
        assert f'<a href="{row.source_address.split()[0]}" rel="noopener noreferrer">' in page
    assert 'target="' not in page


@pytest.mark.parametrize("kind", [kind.value for kind in KINDS])
def test_every_table_can_be_shown_and_every_study_falls_under_something(read, kind: str):
    shown = studies(Kind(kind))

    assert f"{len(shown)} of {len(shown)}" in read(f"?kind={kind}")
    assert {one for study in shown for one in groups_of(study.treated)} <= set(SUBSTANCES)


def test_the_list_keeps_to_a_substance(read):
    listed = read("?substance=cocaine").split('<h2 id="studies">')[1].split("</section>")[0]

    assert "Dakwar 2019" in listed
    assert "Yoon 2025" not in listed


def test_nothing_found_says_what_that_means_and_where_to_look(read):
    page = read("?substance=methamphetamine")

    assert "Nothing about methamphetamine among the 17 studies in addiction" in page
    assert "2 studies are registered" in page
    assert f"Show all {len(studies(Kind.TRIALS))}" in page


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("?substance=tea", "‘tea’ is no choice for ‘substance’"),
        ("?kind=<b>", "‘<b>’ is no choice for ‘kind’"),
        ("?with=everything", "‘everything’ is no choice for ‘with’"),
        ("?kind=" + "a" * 5000, "is no choice for ‘kind’"),
        ("?substance=%00", "is no choice for ‘substance’"),
    ],
)
def test_a_choice_that_is_none_is_answered_with_a_sentence_and_the_page(read, address: str, seen: str):
    page = read(address, status=400)

    assert seen in page
    assert "It can be: " in page
    assert NOT_ESTABLISHED in page
    assert "a" * 100 not in page


def test_words_of_the_address_cannot_become_part_of_the_page(nurse: User, at_screen: Screen):
    assert "<script>x" not in at_screen(nurse).get("/evidence/?kind=<script>x").text


def test_registered_studies_are_listed_with_what_is_planned(read):
    page = read()

    for one in library().ongoing:
        assert one.source_address in page
    assert len(registered()) == len(library().ongoing)


def test_harms_stand_apart_by_what_they_count_and_shared_people_are_said(read):
    shown = card(read(), "harms")

    patients, rest = shown.split("Of infusions")
    infusions, worst = rest.split("Mean change at the worst time")
    assert "Vertigo or dizziness 69 %" in patients
    assert "severe hypertension: 23 of 2,342" in infusions.lower()
    assert "Systolic rise 12.61 mmHg (95 % 10.4 to 14.82)" in worst
    assert "Vankawala 2021 contains Riva-Posse 2018" in worst


def test_every_report_of_harm_is_shown(read):
    shown = card(read(), "harms")

    for row in library().adverse_events:
        assert row.source_address in shown


def test_it_says_what_became_of_each_study_in_the_forecast(read):
    page = read()

    prior = card(page, "prior")
    kept = kept_prior()
    for one in kept["influence"]:
        assert f'<th scope="row">{name_of(one["study"])}</th>' in prior
    assert f"{sum(one['within'] for one in kept['figures'])} of {len(kept['figures'])} lie in the band" in prior
    too_hopeful = [one for one in kept["figures"] if one["words"].startswith("difference from control")]
    for one in too_hopeful:
        said = f"Too hopeful beside a control: {name_of(one['study'])}"
        assert (said in prior) == (one["published"] < one["low80"])
    assumed = next(one["assumed"] for one in kept["weights"] if one["about"] == About.CLEAR)
    assert f'<th scope="row">Assumed</th><td class="n">{100 * assumed:.0f} %</td>' in prior
