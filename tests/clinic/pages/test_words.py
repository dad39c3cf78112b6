"""What the pages say, from plain facts."""

from datetime import timedelta

from builders import NOW, TODAY, infusion, person, record, score, use_report
from sextant.clinic.pages.advice_card import basis_words
from sextant.clinic.pages.chart_data import finding_words, use_runs
from sextant.clinic.pages.course_line import course_line
from sextant.clinic.pages.gate_list import limit_words
from sextant.record import DayUse, use_calendar

WAIT = {"step": {"code": "wait"}, "gates": []}


def states(stops) -> str:
    return " ".join(f"{stop.mark or stop.kind}:{stop.state}" for stop in stops)


def test_only_what_is_done_is_solid_on_the_course_line():
    stops = course_line(record(infusion(days=9), infusion(days=3)), WAIT, NOW)

    assert states(stops).startswith("S:done 1:done review:open 2:done review:now 3:open")
    assert {stop.state for stop in stops[5:]} == {"open"}


def test_the_line_has_a_place_for_six_infusions_and_no_more():
    many = [infusion(days=18 - 2 * n) for n in range(7)]

    stops = course_line(record(*many), WAIT, NOW)

    assert sum(stop.kind == "infusion" for stop in stops) == 6
    assert stops[-1].lines == ("Maintenance", "1 given", "17 Nov")


def test_one_score_is_said_beside_where_it_began_and_never_as_an_effect():
    seen = record(score("craving", 70, days=10), infusion(days=5), score("craving", 40, days=2))

    assert finding_words(seen, NOW) == "Last craving score 40; before infusion 1 70"


def test_scores_that_differed_before_infusion_1_are_said_with_both_ends():
    before = [score("craving", points, days=days) for points, days in ((34, 12), (73, 9), (50, 7))]
    seen = record(*before, infusion(days=5), score("craving", 28, days=2))

    assert finding_words(seen, NOW) == "Last craving score 28; before infusion 1 between 34 and 73"


def test_silence_since_the_last_infusion_is_said():
    seen = record(score("craving", 70, days=10), infusion(days=5))

    assert finding_words(seen, NOW) == "Craving was 70 before infusion 1; nothing is known since infusion 1"


def test_a_day_that_no_report_covers_is_unknown_and_never_sober():
    first = TODAY - timedelta(days=9)
    reports = [use_report(True, from_days=9, to_days=6, last_used_days=7), use_report(False, from_days=3)]

    runs = use_runs(use_calendar(reports, first, TODAY))

    assert [(run.first_day, run.last_day, run.use) for run in runs] == [
        (0, 1, DayUse.SOME),
        (2, 2, DayUse.USED),
        (3, 3, DayUse.NOT),
        (4, 5, DayUse.UNKNOWN),
        (6, 9, DayUse.NOT),
    ]


def test_where_two_reports_differ_use_counts():
    reports = [use_report(False, from_days=2), use_report(True, from_days=1, to_days=1)]

    runs = use_runs(use_calendar(reports, TODAY - timedelta(days=2), TODAY))

    assert [run.use for run in runs] == [DayUse.NOT, DayUse.USED, DayUse.NOT]


def test_a_limit_without_a_value_says_that_no_source_gives_one():
    words = limit_words({"title": "Days sober", "value": None, "unit": "days", "source": None, "set_by": None})

    assert words == "Limit “Days sober”: not set by the clinic, and no published source gives one."


def test_a_patient_without_a_target_has_no_finding():
    assert finding_words(record(only=True, patient=person()), NOW) == "No target chosen yet"


def test_shares_of_evidence_are_no_chances_and_stand_in_per_cent():
    forecast = {
        "refused": "",
        "kind": "own",
        "n_own_scores": 3,
        "prior_share": 0.37,
        "p_worse": {"mean": 0.1},
        "p_clear_now": None,
    }

    assert basis_words(forecast) == "Built from 3 own scores (63 %) and the average patient (37 %)."
