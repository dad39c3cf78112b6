"""The pages in a real browser: what people see and press, at every width, by day and by night."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sextant.clinic.pages.forms import FACT_FORMS

pytestmark = pytest.mark.browser

PAGES = (
    "today",
    "chart",
    "facts",
    "review",
    "screening",
    "calendar",
    "score",
    "use",
    "infusion",
    "infusions",
    "mechanisms",
    "answers",
    "day",
    "measurements",
    "add",
    "policy",
    "model",
    "evidence",
    "evidence-with",
    "password",
)

SMALL_TARGETS = """() => [...document.querySelectorAll(
    'a.btn, button, select, summary, nav a, .options label, textarea,' +
    'input:not([type=hidden]):not([type=radio]):not([type=checkbox])')]
  .filter(e => !e.classList.contains('skip') && e.getClientRects().length)
  .filter(e => e.getBoundingClientRect().height < 43.5)
  .map(e => e.outerHTML.slice(0, 100))"""
SMALL_TEXT = """() => [...document.querySelectorAll('main *, .strip *')]
  .filter(e => e.getClientRects().length && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .filter(e => !e.closest('.hide'))
  .filter(e => {
    const svg = e.closest('svg');
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    return parseFloat(getComputedStyle(e).fontSize) * scale < 13.4;
  })
  .map(e => e.outerHTML.slice(0, 100))"""


def a_chart(page: Page, clinic: str, group: str) -> str:
    """The address of the first chart in a group of Today."""
    page.goto(clinic)
    section = page.locator(f"section:has(#h-{group}), details:has(h2)").first
    address = section.locator("a[href^='/patients/']").first.get_attribute("href")
    assert address is not None
    found = re.match(r"/patients/[0-9a-f-]+/", address)
    assert found is not None
    return found.group()


@pytest.fixture(scope="module")
def to_decide(sit_down_once, clinic: str) -> str:
    """The address of one chart to decide on, found once for the tests that look at its pages and change nothing."""
    return a_chart(sit_down_once("prescriber").page, clinic, "decide")


def address_of(chart: str, name: str) -> str:
    forms = {what: f"{chart}add/{what}/" for what in ("score", "use", "infusion", "answers", "measurements")}
    return {
        "today": "/",
        "chart": chart,
        "facts": f"{chart}facts/",
        "review": f"{chart}review/",
        "screening": f"{chart}screening/",
        "calendar": f"{chart}use/",
        "infusions": f"{chart}infusions/",
        "mechanisms": f"{chart}mechanisms/",
        "day": f"{chart}add/today/",
        "add": "/patients/add/",
        "policy": "/policy/",
        "model": "/model/",
        "evidence": "/evidence/",
        "evidence-with": "/evidence/?with=sensitivity&substance=methamphetamine",
        "password": "/password/",
        **forms,
    }[name]


def check(person) -> None:
    """No accessibility violation, no word on the console, no sideways scroll, nothing too small to tap or read."""
    found = Axe().run(person.page)
    assert found.violations_count == 0, found.generate_report()
    assert person.complaints == []
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert person.page.evaluate(SMALL_TARGETS) == []
    assert person.page.evaluate(SMALL_TEXT) == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1024, True), (360, False)])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_silent_and_holds_its_width(sit_down, to_decide: str, name: str, width: int, dark: bool):
    prescriber = sit_down("prescriber", width=width, dark=dark)

    prescriber.open(address_of(to_decide, name))

    check(prescriber)


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (360, False)])
def test_the_sign_in_is_accessible_and_silent(sit_down, width: int, dark: bool):
    stranger = sit_down(width=width, dark=dark)

    page = stranger.open("/sign-in/")

    assert Axe().run(page).violations_count == 0
    assert stranger.complaints == []
    expect(page.get_by_text("demo-nurse-sign-in")).to_be_visible()


def test_an_error_is_accessible_and_led_to(sit_down, clinic):
    nurse = sit_down("nurse")
    page = nurse.open(a_chart(nurse.page, clinic, "ask") + "add/blood-pressure/")

    page.fill("#id_systolic_mmhg", "12")
    page.fill("#id_diastolic_mmhg", "8")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#id_systolic_mmhg")).to_have_value("12")
    assert Axe().run(page).violations_count == 0
    assert nurse.complaints == []


def test_a_score_is_written_down_and_the_chart_changes_at_once_without_javascript(sit_down, clinic):
    counsellor = sit_down("counsellor", script=False)
    page = counsellor.page
    page.goto(clinic + a_chart(page, clinic, "decide"))
    before = page.locator(".trajectory circle.dot").count()

    page.get_by_role("link", name="Score", exact=True).click()
    page.fill("#id_points", "5")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("status")).to_contain_text("score 5 is written down")
    assert page.locator(".trajectory circle.dot").count() == before + 1


def test_the_prescriber_reads_decides_and_finds_the_own_words_on_the_chart(sit_down, clinic):
    prescriber = sit_down("prescriber")
    page = prescriber.open(a_chart(prescriber.page, clinic, "decide"))

    page.get_by_role("link", name="Read and decide").click()
    page.get_by_label("Do something else").check()
    page.get_by_label("What instead").select_option("pause")
    page.get_by_label("Why, in your own words").fill("A hard week; we talk first.")
    page.get_by_role("button", name="Record the decision").click()

    expect(page.get_by_role("status")).to_contain_text("The decision is on the chart")
    expect(page.locator(".answer")).to_contain_text("A hard week; we talk first.")
    assert prescriber.complaints == []


def test_two_windows_two_patients_neither_chart_changes(sit_down, clinic):
    nurse = sit_down("nurse")
    page = nurse.open("/")
    rows = page.locator("a[href^='/patients/']").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    charts = list(dict.fromkeys(found.group() for row in rows if (found := re.match(r"/patients/[0-9a-f-]{36}/", row))))
    first, second = charts[:2]
    nurse.open(f"{first}add/weight/")

    # The session moves to another chart; the form that is still open is sent there.
    page.evaluate("address => document.querySelector('main form').action = address", f"{second}add/weight/")
    page.fill("#id_weight_kg", "70")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("This form belongs to another patient")


def test_the_name_of_the_patient_never_scrolls_away(sit_down, clinic):
    nurse = sit_down("nurse", width=1024)
    page = nurse.open(a_chart(nurse.page, clinic, "ask"))

    page.mouse.wheel(0, 3000)

    expect(page.locator(".strip .who")).to_be_in_viewport()


def test_every_stop_of_the_keyboard_has_a_ring(sit_down, clinic):
    nurse = sit_down("nurse")
    page = nurse.open(a_chart(nurse.page, clinic, "ask"))

    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2


def test_paper_shows_the_chart_without_buttons(sit_down, clinic):
    prescriber = sit_down("prescriber")
    page = prescriber.open(a_chart(prescriber.page, clinic, "decide"))

    page.emulate_media(media="print")

    expect(page.locator("nav")).to_be_hidden()
    expect(page.get_by_role("link", name="Read and decide")).to_be_hidden()
    expect(page.locator(".trajectory svg")).to_be_visible()


def test_an_outsider_sees_a_kind_page_and_nobody(sit_down):
    outsider = sit_down("outsider")

    page = outsider.open("/")

    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in, and have no role yet")
    assert page.get_by_text("Demo patient").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_the_audit_trail_is_accessible_and_silent(sit_down, width: int):
    administrator = sit_down("administrator", width=width)

    administrator.open("/audit/?verify=1")

    check(administrator)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("group", ["crisis", "infuse", "ask", "closed"])
def test_charts_of_every_kind_are_accessible_and_silent(sit_down, clinic, group: str, width: int):
    prescriber = sit_down("prescriber", width=width)

    prescriber.open(a_chart(prescriber.page, clinic, group))

    check(prescriber)


def test_on_a_phone_the_trajectory_opens_with_today_and_the_use_before_it_in_view(sit_down, clinic):
    prescriber = sit_down("prescriber", width=390)
    page = prescriber.open(a_chart(prescriber.page, clinic, "decide"))
    drawing = page.locator(".wide.trajectory").bounding_box()
    today = page.locator(".trajectory text", has_text="Today,").bounding_box()
    assert drawing is not None
    assert today is not None

    assert drawing["x"] <= today["x"]
    assert today["x"] + today["width"] <= drawing["x"] + drawing["width"]
    # From then on it scrolls freely, to both of its ends.
    page.wait_for_timeout(400)
    ends = "drawn => [0, 9999].map(to => { drawn.scrollLeft = to; return drawn.scrollLeft; })"
    assert page.locator(".wide.trajectory").evaluate(ends) == [0, round(784 - drawing["width"])]


@pytest.mark.parametrize("what", sorted(FACT_FORMS))
def test_every_form_is_accessible_and_silent(sit_down, to_decide: str, what: str):
    prescriber = sit_down("prescriber", width=820)

    prescriber.open(f"{to_decide}add/{what}/")

    check(prescriber)


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_what_was_saved_stands_clear_of_the_course_line(sit_down, clinic, width: int):
    prescriber = sit_down("prescriber", width=width)
    chart = a_chart(prescriber.page, clinic, "decide")
    page = prescriber.open(f"{chart}add/support/")
    page.locator("main input[value=group]").check(force=True)
    page.locator("main input[name=attended][value=yes]").check(force=True)

    page.locator("main form button").first.click()

    saved = page.locator(".banner.status").bounding_box()
    course = page.locator(".course").bounding_box()
    assert saved is not None
    assert course is not None
    assert saved["y"] + saved["height"] + 4 <= course["y"]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1024, True), (820, False), (360, True)])
@pytest.mark.parametrize(
    "address", ["/policy/", "/policy/days_sober/", "/policy/maintenance_per_year/", "/policy/versions/"]
)
def test_the_policy_is_accessible_and_silent_with_all_of_it_unfolded(sit_down, address: str, width: int, dark: bool):
    director = sit_down("director", width=width, dark=dark)
    page = director.open(address)

    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    check(director)


def test_a_limit_is_set_without_javascript_and_what_cannot_be_taken_is_led_to(sit_down):
    director = sit_down("director", script=False)
    page = director.open("/policy/vitals_interval_min/")
    page.get_by_label("The value in this clinic").fill("20")
    page.get_by_label("Or the clinic’s own reason").fill("Our nurse stays in the room.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("at most 15 minutes")

    page.get_by_label("The value in this clinic").fill("5")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("status")).to_contain_text("5 minutes, in force from now on")
    expect(page.locator("#vitals_interval_min")).to_contain_text("Our nurse stays in the room.")


def test_a_closed_gate_is_signed_by_two_people_without_javascript(sit_down, clinic):
    nurse, prescriber = sit_down("nurse", script=False), sit_down("prescriber", script=False)
    director = sit_down("director", script=False)
    chart = a_chart(prescriber.page, clinic, "decide")
    nurse.open(f"{chart}add/answers/?first=ketamine_misuse#id_ketamine_misuse")
    nurse.page.locator("#id_ketamine_misuse").get_by_label("Yes").check()
    nurse.page.get_by_role("button", name="Save").click()

    for signer in (prescriber, director):
        page = signer.open(f"{chart}screening/")
        page.get_by_text("Sign that it is passed today: Ketamine taken outside of treatment").click()
        page.get_by_label("Why it is passed, in your own words").fill("Once, twenty years ago.")
        page.get_by_role("button", name="Sign", exact=True).click()

    page = prescriber.open(f"{chart}screening/")
    expect(page.get_by_text("Passed", exact=True)).to_be_visible()
    expect(page.get_by_text("A second person signs too.")).to_have_count(0)
    assert "Once, twenty years ago." in page.content()


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (360, False)])
def test_the_counsellor_finds_a_hard_week_early_and_goes_to_the_weeks_ahead(sit_down, clinic, width: int, dark: bool):
    counsellor = sit_down("counsellor", width=width, dark=dark)
    page = counsellor.open("/")
    group = page.locator("section:has(#h-hard-week)")

    expect(group).to_contain_text("a test shows use of opioids in")
    check(counsellor)
    group.get_by_role("link", name="The weeks ahead").first.click()

    expect(page.get_by_text("Likely hard: plan support early").first).to_be_visible()
    check(counsellor)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_talk_after_use_is_written_down_on_an_accessible_form(sit_down, clinic, width: int):
    counsellor = sit_down("counsellor", width=width)
    page = counsellor.open("/")
    page.locator("section:has(#h-lapse)").get_by_role("link", name="The way back").first.click()

    page.get_by_role("link", name="Write down the talk").click()

    expect(page.get_by_label("Counselling, one to one")).to_be_checked()
    check(counsellor)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1024, True), (820, False), (360, True)])
@pytest.mark.parametrize("page", ["infusions", "mechanisms"])
def test_what_is_in_the_blood_is_accessible_and_silent_with_all_of_it_unfolded(
    sit_down, clinic, page: str, width: int, dark: bool
):
    nurse = sit_down("nurse", width=width, dark=dark)
    opened = nurse.open(f"{a_chart(nurse.page, clinic, 'infuse')}{page}/")

    opened.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    check(nurse)


@pytest.mark.parametrize("width", [1280, 1024, 360])
def test_an_infusion_is_replayed_and_the_answer_is_led_to(sit_down, clinic, width: int):
    nurse = sit_down("nurse", width=width)
    page = nurse.open(f"{a_chart(nurse.page, clinic, 'infuse')}infusions/")
    for name, typed in {"minute_1": "15", "rate_1": "0", "minute_2": "20", "rate_2": "0.3", "now_min": "25"}.items():
        page.fill(f"[name={name}]", typed)
    page.fill("[name=slow_to]", "0.2")
    page.fill("[name=level]", "70")
    page.fill("[name=strength]", "10")

    page.get_by_role("button", name="Replay", exact=True).click()

    expect(page.get_by_role("heading", name="Now, minute 25")).to_be_focused()
    expect(page.locator("svg.future")).to_have_count(3)
    expect(page.locator("[name=strength]")).to_have_value("10")
    assert page.url.endswith("/infusions/")
    check(nurse)


@pytest.mark.parametrize("width", [1280, 360])
def test_rates_are_read_off_the_pump_once_the_strength_is_told(sit_down, clinic, width: int):
    nurse = sit_down("nurse", width=width)
    page = nurse.open(f"{a_chart(nurse.page, clinic, 'infuse')}infusions/")
    page.get_by_label("mL/h", exact=True).check()
    page.fill("[name=rate_0]", "5")
    page.fill("[name=now_min]", "20")

    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("mL/h needs the strength of what is in the syringe")
    expect(page.get_by_label("mL/h", exact=True)).to_be_checked()
    nurse.complaints.clear()  # the browser's own word on the refusal
    page.fill("[name=strength]", "6")
    page.get_by_role("button", name="Replay", exact=True).click()

    expect(page.get_by_role("heading", name="Go on at 5 mL/h (0.5 mg/min)")).to_be_visible()
    expect(page.get_by_role("row", name="0 to 20 0.5 5 10.00")).to_be_visible()
    check(nurse)


def test_the_key_enter_in_the_replay_replays_and_beside_the_vial_works_out_millilitres(sit_down, clinic):
    nurse = sit_down("nurse", script=False)
    page = nurse.open(f"{a_chart(nurse.page, clinic, 'infuse')}infusions/")

    page.fill("[name=strength]", "10")
    page.press("[name=strength]", "Enter")
    expect(page.get_by_text("Pump rate", exact=True)).to_be_visible()
    page.fill("[name=now_min]", "20")
    page.press("[name=now_min]", "Enter")

    expect(page.get_by_role("heading", name="Now, minute 20")).to_be_visible()
    expect(page.get_by_text("Pump rate", exact=True)).to_be_visible()


def test_without_javascript_a_slip_in_the_replay_is_led_to_and_nothing_typed_is_lost(sit_down, clinic):
    nurse = sit_down("nurse", script=False)
    page = nurse.open(f"{a_chart(nurse.page, clinic, 'infuse')}infusions/")
    page.fill("[name=now_min]", "half past")
    page.fill("[name=strength]", "5000")

    page.get_by_role("button", name="Replay", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("5000 mg/mL is outside")
    expect(page.get_by_role("alert")).to_contain_text("is not a number")
    expect(page.locator("[name=now_min]")).to_have_value("half past")


def test_on_a_phone_the_weeks_ahead_are_read_whole(sit_down, clinic):
    counsellor = sit_down("counsellor", width=390)
    page = counsellor.open("/")
    page.locator("section:has(#h-hard-week)").get_by_role("link", name="The weeks ahead").first.click()

    hard = page.get_by_text("Likely hard: plan support early").first.bounding_box()
    card = page.locator("section:has(#h-coming)").bounding_box()

    assert hard is not None
    assert card is not None
    assert hard["x"] + hard["width"] <= card["x"] + card["width"]
    expect(page.locator("section:has(#h-coming)")).to_contain_text("Likely range")


def test_use_that_nobody_has_asked_about_is_asked_for_by_keyboard_alone_and_stays_as_typed(sit_down, clinic):
    """A name of sixty letters without a gap holds every page that names it; a slip loses nothing."""
    name = "Methylenedioxypyrovalerone" * 2 + "abcdefgh"
    counsellor = sit_down("counsellor", width=390)
    page = counsellor.open("/")
    page.fill("#q", "Demo patient 1")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Demo patient 1", exact=True).click()
    page.locator(".strip").get_by_role("link", name="not known").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody has asked about use yet")).to_be_visible()
    check(counsellor)
    page.get_by_role("link", name="Write down use, or none").focus()
    page.keyboard.press("Enter")

    page.get_by_label("Something else").focus()
    page.keyboard.press("Space")
    page.get_by_label("Which other substance or behaviour").focus()
    page.keyboard.type(name)
    page.get_by_label("Not known").focus()
    page.keyboard.press("Space")
    page.get_by_label("Days with use").focus()
    page.keyboard.type("1")
    page.fill("#id_covers_from", "2026-01-02")
    page.fill("#id_covers_to", "2026-01-03")
    page.get_by_label("Somebody close says so").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(
        "The report says that use is not known, and counts 1 day with use."
    )
    expect(page.get_by_label("Which other substance or behaviour")).to_have_value(name)
    counsellor.complaints.clear()  # the browser's own word on the refusal
    page.get_by_label("Used", exact=True).check()
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=name)).to_be_visible()
    check(counsellor)
    for address in (page.url, page.url.replace("/use/", "/"), page.url.replace("/use/", "/add/use/")):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
