"""The policy pages: what is in force beside what others print, the director's form, and every version."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from builders import NOW
from sextant.clinic.models import AuditEntry, PolicyVersion, User
from sextant.clinic.services import policy
from sextant.protocol import default_limits

Screen = Callable[[User], Client]


def words_of(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def part_of(page: str, start: str, end: str) -> str:
    return page[page.index(start) : page.index(end, page.index(start))]


def row_of(page: str, name: str) -> str:
    """The row of one limit in force."""
    return words_of(part_of(page, f'<tr role="row" id="{name}">', "</tr>"))


def filled(opened: PolicyVersion | None, **more: str) -> dict[str, str]:
    return {"opened": str(opened.pk) if opened else "", "value": "21", "keys": "S077", "reason": "", **more}


@pytest.mark.parametrize("who", ["prescriber", "nurse", "counsellor", "director"])
@pytest.mark.parametrize("address", ["/policy/", "/policy/versions/"])
def test_everybody_who_reads_charts_may_read_it_and_is_written_down(
    who: str, address: str, request, clinic_policy: PolicyVersion, at_screen: Screen
):
    reader = request.getfixturevalue(who)

    page = at_screen(reader).get(address)

    assert page.status_code == 200
    assert AuditEntry.objects.filter(actor=reader, action="page.read").count() == 1


@pytest.mark.parametrize("who", ["administrator", "outsider"])
@pytest.mark.parametrize("address", ["/policy/", "/policy/versions/", "/policy/days_sober/"])
def test_whoever_reads_no_charts_reads_nothing(
    who: str, address: str, request, clinic_policy: PolicyVersion, at_screen: Screen
):
    page = at_screen(request.getfixturevalue(who)).get(address)

    assert page.status_code == 403
    assert "Days sober" not in page.text


@pytest.mark.parametrize("who", ["prescriber", "nurse", "counsellor"])
def test_nobody_but_the_director_is_led_to_the_form_or_let_through_it(
    who: str, request, clinic_policy: PolicyVersion, at_screen: Screen
):
    screen = at_screen(request.getfixturevalue(who))

    read, opened, sent = (
        screen.get("/policy/"),
        screen.get("/policy/days_sober/"),
        screen.post("/policy/days_sober/", filled(clinic_policy)),
    )

    assert "/policy/days_sober/" not in read.text
    assert opened.status_code == sent.status_code == 403
    assert "may not set the clinic&#x27;s limits" in sent.text
    assert policy.version_at(NOW) == clinic_policy


def test_what_nobody_has_set_stands_first_with_what_waits_for_it(nurse: User, at_screen: Screen):
    page = at_screen(nurse).get("/policy/").text

    n_unset = sum(limit.value is None for limit in default_limits().by_name.values())
    assert f"{n_unset} limits wait for the medical director" in page
    assert page.index("wait for the medical director") < page.index("Limits in force")
    days_sober = words_of(part_of(page, 'id="days_sober"', "</li>"))
    assert "Until it is set, this gate asks as soon as it needs it: Days sober." in days_sober
    weight = words_of(part_of(page, 'id="weight_valid_days"', "</li>"))
    assert "Until it is set, only what is of the same day counts for: Dose." in weight


def test_days_sober_shows_addiction_and_other_settings_apart(nurse: User, at_screen: Screen):
    page = at_screen(nurse).get("/policy/").text

    days_sober = words_of(part_of(page, 'id="days_sober"', 'id="alt_upper_normal_u_per_l"'))
    assert "In addiction 0 to 5 days (7 figures); in other settings 0.5 to 365 days (12 figures)." in days_sober
    addiction, others = days_sober.split("In other settings")
    assert "VA Connecticut" in addiction
    assert "Psyon" not in addiction
    assert "Psyon" in others
    assert "VA Connecticut" not in others


def test_limits_stand_under_what_they_are_for(nurse: User, clinic_policy: PolicyVersion, at_screen: Screen):
    page = at_screen(nurse).get("/policy/").text

    day = part_of(page, '<h3 id="day">', "</section>")
    infusion = part_of(page, '<h3 id="infusion">', "</section>")
    shelf_lives = part_of(page, '<h3 id="shelf-life">', "</section>")
    assert "Breath alcohol" in day
    assert "A pregnancy test on the day" in day
    assert "Systolic pressure during the infusion" in infusion
    assert "Days for which a weight counts" in shelf_lives


def test_a_limit_in_force_says_who_set_it_when_and_why(nurse: User, clinic_policy: PolicyVersion, at_screen: Screen):
    page = at_screen(nurse).get("/policy/").text

    assert "14 days" in row_of(page, "days_sober")
    assert "Test director 2 Nov 2026 “made up for the demo”" in row_of(page, "days_sober")
    assert "Ships with Sextant" in row_of(page, "screening_systolic_mmhg")
    assert "Built in" in row_of(page, "infusions_before_judging")


def test_a_limit_in_force_says_how_strict_it_is(nurse: User, clinic_policy: PolicyVersion, at_screen: Screen):
    page = at_screen(nurse).get("/policy/").text

    row = row_of(page, "days_sober")
    assert "Of 19 figures read (0 to 365 days), 13 let more people pass, 0 the same, 6 fewer." in row
    assert "Of 7 figures from addiction (0 to 5 days), 7 let more people pass, 0 the same, 0 fewer." in row
    assert "365 days" in row
    assert "In force here 14 days; others print 0 (4 times), 0.5, 1 (5 times)" in row


def test_a_clinics_own_reason_does_not_hide_what_was_read(nurse: User, clinic_policy: PolicyVersion, at_screen: Screen):
    row = row_of(at_screen(nurse).get("/policy/").text, "vitals_interval_min")

    assert "5 where the law calls it sedation" in row
    assert "Arizona" in row


def test_the_form_stands_beside_all_that_was_read(director: User, clinic_policy: PolicyVersion, at_screen: Screen):
    page = words_of(at_screen(director).get("/policy/days_sober/").text)

    assert "In force now 14 days" in page
    assert "none was tested against another" in page
    assert "In addiction 0 to 5 days (7 figures); in other settings 0.5 to 365 days (12 figures)." in page
    assert "S053" in page


def test_a_bound_that_is_built_in_stands_beside_the_box(director: User, at_screen: Screen):
    screen = at_screen(director)

    assert "At most 180 mmHg. These bounds are built in." in screen.get("/policy/screening_systolic_mmhg/").text
    assert "From 3 to 6 infusions." in screen.get("/policy/infusions_in_series/").text
    assert "At least 24 hours." in screen.get("/policy/no_driving_h/").text


def test_what_the_director_saves_is_in_force_and_is_said(
    director: User, clinic_policy: PolicyVersion, at_screen: Screen
):
    page = at_screen(director).post("/policy/days_sober/", filled(clinic_policy), follow=True)

    assert page.redirect_chain == [("/policy/", 302)]
    assert "Days sober before the first infusion: 21 days, in force from now on." in page.text
    assert "21 days" in row_of(page.text, "days_sober")
    assert "After VA Connecticut" in row_of(page.text, "days_sober")


def test_a_switch_is_turned_in_the_same_way(director: User, clinic_policy: PolicyVersion, at_screen: Screen):
    answer = filled(clinic_policy, value="off", keys="", reason="Our state asks for none.")

    page = at_screen(director).post("/policy/prescription_monitoring/", answer, follow=True)

    assert "this is off from now on." in page.text
    assert not policy.current_limits(NOW).on("prescription_monitoring")


def test_the_first_limit_of_a_clinic_can_be_set(director: User, at_screen: Screen):
    at_screen(director).post("/policy/days_sober/", filled(None, value="7,5"))

    assert policy.current_limits(NOW)["days_sober"].value == 7.5


def test_from_one_limit_to_the_next_that_is_not_set(director: User, at_screen: Screen):
    screen = at_screen(director)

    page = screen.post("/policy/days_sober/", filled(None, then="next"), follow=True)

    assert page.redirect_chain == [("/policy/alt_upper_normal_u_per_l/", 302)]
    assert "21 days, in force from now on." in page.text


def test_where_all_are_set_there_is_no_next(director: User, at_screen: Screen):
    screen, limits = at_screen(director), default_limits()
    for name in [name for name, limit in limits.by_name.items() if limit.value is None]:
        newest = policy.version_at(NOW)
        policy.set_limit(director, name, 2, "clinic: made up", NOW, opened=newest and newest.pk)

    page = screen.get("/policy/days_sober/").text

    assert "the next one not set" not in page
    assert "wait for the medical director" not in screen.get("/policy/").text


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("screening_systolic_mmhg", {"value": "181"}, "This limit of 181 is out of bounds: at most 180 mmHg."),
        ("infusions_in_series", {"value": "4.5"}, "This limit of 4.5 is no whole number of infusions."),
        ("days_sober", {"value": "-1"}, "This limit needs a number of 0 or more"),
        ("days_sober", {"value": "two weeks"}, "“two weeks” is not a number."),
        ("days_sober", {"value": ""}, "Write the value. An empty box sets nothing."),
        ("days_sober", {"keys": "S999"}, "This limit names source 'S999', which is not on file."),
        ("days_sober", {"keys": "S077, S999"}, "This limit names source 'S999', which is not on file."),
        ("days_sober", {"keys": ""}, "Write where the value comes from"),
        ("days_sober", {"reason": "Our own view."}, "Give one of the two"),
        ("days_sober", {"keys": "clinic: our own view"}, "Write the clinic’s own reason in the box below"),
        ("prescription_monitoring", {"value": ""}, "Choose one."),
        ("prescription_monitoring", {"value": "perhaps"}, "That is not one of the answers."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_box_and_nothing_typed_is_lost(
    director: User, clinic_policy: PolicyVersion, at_screen: Screen, name: str, answer: dict[str, str], says: str
):
    typed = filled(clinic_policy, **answer)

    page = at_screen(director).post(f"/policy/{name}/", typed)

    beside = [unescape(one) for one in re.findall(r'class="problem" id="[^"]*">([^<]*)<', page.text)]
    assert any(says in one for one in beside)
    boxes = {"keys", "reason"} if name == "prescription_monitoring" else {"value", "keys", "reason"}
    assert all(typed[box] in unescape(page.text) for box in boxes)
    assert policy.version_at(NOW) == clinic_policy


def test_keys_may_be_written_small_and_with_spaces(director: User, clinic_policy: PolicyVersion, at_screen: Screen):
    at_screen(director).post("/policy/days_sober/", filled(clinic_policy, keys=" s077  S053;s078, "))

    assert policy.current_limits(NOW)["days_sober"].sources == ("S077", "S053", "S078")


def test_a_policy_that_changed_meanwhile_is_shown_and_can_then_be_saved(
    director: User, clinic_policy: PolicyVersion, at_screen: Screen
):
    screen = at_screen(director)
    other = policy.set_limit(director, "days_sober", 28, "clinic: another window", NOW, opened=clinic_policy.pk)

    page = screen.post("/policy/days_sober/", filled(clinic_policy))

    assert "after this page was opened" in page.text
    assert "In force now 28 days" in words_of(page.text)
    assert f'name="opened" value="{other.pk}"' in page.text
    assert policy.version_at(NOW) == other
    screen.post("/policy/days_sober/", filled(other))
    assert policy.current_limits(NOW)["days_sober"].value == 21


@pytest.mark.parametrize("opened", ["", "0", "-1", "many", "²", "9" * 30])
def test_a_form_that_was_tampered_with_changes_nothing(
    director: User, clinic_policy: PolicyVersion, at_screen: Screen, opened: str
):
    page = at_screen(director).post("/policy/days_sober/", {**filled(clinic_policy), "opened": opened})

    assert "after this page was opened" in page.text
    assert policy.version_at(NOW) == clinic_policy


@pytest.mark.parametrize("name", ["days_of_luck", "version"])
def test_a_limit_that_does_not_exist_has_no_page(director: User, at_screen: Screen, name: str):
    assert at_screen(director).get(f"/policy/{name}/").status_code == 404


@pytest.mark.parametrize("name", [*default_limits().by_name, *default_limits().switches])
def test_every_limit_and_switch_has_a_form_that_says_what_it_is(director: User, at_screen: Screen, name: str):
    page = at_screen(director).get(f"/policy/{name}/").text

    assert default_limits().entry(name).title in unescape(page)


def test_what_is_typed_as_a_reason_cannot_become_part_of_a_page(
    director: User, clinic_policy: PolicyVersion, at_screen: Screen
):
    screen = at_screen(director)
    screen.post("/policy/days_sober/", filled(clinic_policy, keys="", reason="<script>alert(1)</script>"))

    for address in ("/policy/", "/policy/versions/", "/policy/days_sober/"):
        assert "<script" not in screen.get(address).text


def test_all_versions_are_kept_newest_first_with_what_each_changed(
    director: User, nurse: User, clinic_policy: PolicyVersion, at_screen: Screen
):
    at_screen(director).post("/policy/days_sober/", filled(clinic_policy))
    newest = policy.version_at(NOW)
    assert newest is not None

    page = at_screen(nurse).get("/policy/versions/").text

    first, second = (
        words_of(part_of(page, f'id="v-{newest.pk}"', "</section>")),
        words_of(part_of(page, f'id="v-{clinic_policy.pk}"', "</section>")),
    )
    assert page.index(f'id="v-{newest.pk}"') < page.index(f'id="v-{clinic_policy.pk}"')
    assert "In force put in force by Test director" in first
    assert "From 14 days To 21 days S077 VA Connecticut" in first
    assert "value = 21" in first
    assert "In force put" not in second
    assert "From not set To 14 days made up for the demo" in second
    assert "value = 14" in second


def test_older_versions_are_a_page_further(director: User, at_screen: Screen):
    for value in range(1, 24):
        newest = policy.version_at(NOW)
        policy.set_limit(director, "days_sober", value, "S077", NOW, opened=newest and newest.pk)
    screen = at_screen(director)

    newer, older = screen.get("/policy/versions/").text, screen.get("/policy/versions/?page=2").text

    assert newer.count("<section") == 20
    assert older.count("<section") == 3
    assert "From 3 days To 4 days" in words_of(newer)
    assert "From 2 days To 3 days" in words_of(older)
    assert "From not set To 1 day " in words_of(older)
    assert "In force" not in words_of(older)


def test_before_the_first_version_the_page_says_what_will_stand_there(nurse: User, at_screen: Screen):
    assert "No policy of this clinic yet" in at_screen(nurse).get("/policy/versions/").text


def test_a_version_that_cannot_be_read_any_more_is_shown_as_it_was_written(
    director: User, nurse: User, clinic_policy: PolicyVersion, at_screen: Screen
):
    lost = PolicyVersion.objects.create(text="[limit.days_of_luck]\n", at=NOW.replace(year=2025), by=director)

    page = at_screen(nurse).get("/policy/versions/").text

    assert "Cannot be read" in part_of(page, f'id="v-{lost.pk}"', "</section>")
    assert "[limit.days_of_luck]" in page
