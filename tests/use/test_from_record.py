"""A patient's record as weeks, and the weeks ahead."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, TODAY, days_ago, infusion, person, score, target, use_report
from sextant.record import Attendance, Fact, PatientRecord, UseEvidence
from sextant.use import Coming, coming, next_week, shipped_population, weeks_of, word

START = 28  # days since the target was chosen: today is the first day of week 5


def opioids(*more: Fact) -> PatientRecord:
    return PatientRecord.of(person(), [replace(target(days=START), problem="opioids"), *more])


def urine(used: bool, days: int):
    return use_report(used, from_days=days, to_days=days, problem="opioids", evidence=UseEvidence.URINE)


def told(used: bool, first: int, last: int, last_used: int | None = None):
    return use_report(used, from_days=first, to_days=last, last_used_days=last_used, problem="opioids", days=last)


def results(record: PatientRecord) -> str:
    return "".join(one.result for one in weeks_of(record, NOW)[1].weeks if one.number >= 1)


def self_reports(record: PatientRecord) -> str:
    return "".join(one.self_report for one in weeks_of(record, NOW)[1].weeks if one.number >= 1)


def test_each_test_counts_in_the_week_of_its_day_and_a_week_without_one_was_not_due():
    assert results(opioids(urine(True, 28), urine(False, 14), urine(False, 8))) == "+_-_"


def test_a_test_that_looks_back_into_the_week_before_counts_in_the_week_in_which_it_was_taken():
    looks_back = use_report(True, from_days=23, to_days=20, problem="opioids", evidence=UseEvidence.URINE)

    assert results(opioids(looks_back)) == "_+__"


def test_tests_of_one_week_that_differ_are_mixed():
    assert results(opioids(urine(True, 27), urine(False, 26))) == "*___"


def test_the_present_week_counts_once_it_has_a_test():
    assert results(opioids(urine(False, 28))) == "-___"
    assert results(opioids(urine(False, 28), urine(False, 0))) == "-___-"


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (told(False, 28, 22), "-"),
        (told(False, 28, 23), "_"),
        (told(True, 25, 25), "*"),
        (told(True, 28, 22), "*"),
        (told(True, 28, 22, last_used=25), "*"),
        (told(True, 28, 15), "_"),
        (replace(told(True, 28, 22), days_used=1), "*"),
        (replace(told(True, 28, 22), days_used=3), "+"),
        (replace(told(True, 28, 15), days_used=1), "_"),
        (replace(told(True, 28, 15), days_used=14), "+"),
    ],
    ids=[
        "no day of the week",
        "a day is not known",
        "one day",
        "days of the week, not named: one at least",
        "a last day of use, and no count: one at least",
        "days of two weeks, not named: nobody knows of which",
        "one day of the week, not named",
        "three days of the week, not named",
        "one day of two weeks, not named",
        "each day of two weeks",
    ],
)
def test_what_was_told_of_a_week(report: Fact, said: str):
    assert self_reports(opioids(report))[0] == said


def counted(first: int, last: int, days_used: int | None, last_used: int | None = None):
    return replace(told(True, first, last, last_used), days_used=days_used)


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        ([counted(28, 22, 3), counted(28, 15, None)], "+"),
        ([counted(24, 23, 1), counted(26, 15, None)], "*"),
        ([counted(28, 22, 1), told(True, 25, 25)], "*"),
        ([counted(28, 22, 1), counted(27, 22, 1)], "*"),
        ([counted(28, 27, 1), told(True, 25, 25)], "+"),
        ([counted(28, 15, 8)], "*"),
        ([counted(28, 15, 9)], "+"),
        ([counted(28, 15, 7)], "_"),
        ([counted(28, 22, 2), told(True, 25, 25)], "+"),
        ([counted(28, 25, 1), counted(25, 22, 1)], "*"),
        ([counted(28, 25, 1), counted(24, 22, 1)], "+"),
        ([counted(28, 25, 1, 25), told(True, 22, 22)], "+"),
        ([counted(28, 22, 2, 23), told(True, 26, 26)], "+"),
    ],
    ids=[
        "three days, and use of two weeks without a count",
        "one day, and use of two weeks without a count",
        "one day of the week, and the day by its date: it may be the same",
        "one day told of twice",
        "one day early in the week, and another by its date",
        "eight days of two weeks: one at least in each",
        "nine days of two weeks: two at least in each",
        "seven days of two weeks: all may lie in the other",
        "two days of the week, one of them named later",
        "two spans that share a day: it may be that day",
        "two spans that share none",
        "two days, each named",
        "two days, both of which were named",
    ],
)
def test_of_several_things_told_the_fewest_days_that_fit_them_all_count(reports: list[Fact], said: str):
    assert self_reports(opioids(*reports))[0] == said


def test_more_use_told_of_is_never_read_as_less():
    before, after = (self_reports(opioids(counted(7, 5, None), *more)) for more in ([], [counted(24, 1, 1)]))

    assert (before[-1], after[-1]) == ("*", "*")


def test_a_lapse_that_was_told_of_without_a_count_raises_the_chance():
    tests = [urine(False, 28), urine(False, 21), urine(False, 14), urine(False, 7)]
    lapse = told(True, 6, 2, last_used=4)

    before, after = (
        coming(opioids(*tests, urine(False, 1), *more), shipped_population(), NOW).weeks[0].p_use
        for more in ([], [lapse])
    )

    assert after > before


def opioid_tests(target_of: str, tested_for: str, used: bool) -> str:
    chosen = replace(target(days=START), problem=target_of)
    return results(PatientRecord.of(person(), [chosen, replace(urine(used, 27), problem=tested_for)]))


@pytest.mark.parametrize(
    ("target_of", "tested_for", "used", "result"),
    [
        ("opioids", "Opioid", False, "-"),
        ("Opioid use disorder", "opioids", False, "-"),
        ("opioids", "heroin", True, "+"),
        ("opioids", "heroin", False, "_"),
        ("heroin", "opioids", False, "-"),
        ("heroin", "opioids", True, "+"),
        ("heroin", "fentanyl", True, "+"),
        ("heroin", "fentanyl", False, "_"),
        ("opioids (heroin)", "opioids", False, "-"),
        ("opioids, heroin", "opioids", True, "+"),
        ("opioids in remission", "opioids", False, "-"),
        ("opioids in remission", "heroin", False, "_"),
    ],
)
def test_any_opioid_found_counts_and_none_found_only_where_it_says_so_of_all_that_is_treated(
    target_of: str, tested_for: str, used: bool, result: str
):
    assert opioid_tests(target_of, tested_for, used)[0] == result


def test_a_target_written_again_in_other_words_starts_no_new_count():
    earlier = replace(target(days=START + 7), problem="Opioid use disorder")

    assert weeks_of(opioids(earlier), NOW)[0] == TODAY - timedelta(days=START + 7)


@pytest.mark.parametrize("years", [20, 26])
def test_of_a_target_of_twenty_years_ago_it_is_said_that_no_weeks_are_counted(years: int):
    chosen = replace(target(days=365.25 * years), problem="opioids")

    found = coming(PatientRecord.of(person(), [chosen, urine(False, 7)]), shipped_population(), NOW)

    assert "twenty years ago" in found


def test_of_a_target_of_nineteen_years_ago_the_weeks_are_still_counted():
    chosen = replace(target(days=365.25 * 19), problem="opioids")

    found = coming(PatientRecord.of(person(), [chosen, urine(False, 7)]), shipped_population(), NOW)

    assert len(found.weeks) == 4


@pytest.mark.parametrize(
    "problem",
    ["alcohol", "alcohol; opioids", "opioids + cocaine", "alcohol and opioids", "opioids in remission, cocaine"],
)
def test_of_anything_but_opioids_alone_no_chance_is_given(problem: str):
    chosen = replace(target(days=START), problem=problem)

    assert "does not know" in coming(PatientRecord.of(person(), [chosen, urine(False, 27)]), shipped_population(), NOW)


def test_what_somebody_close_says_is_no_test_and_no_self_report():
    close = replace(urine(True, 27), evidence=UseEvidence.COLLATERAL)

    assert (results(opioids(close)), self_reports(opioids(close))) == ("____", "____")


def test_a_breath_test_and_a_test_of_anything_are_no_urine_of_what_is_treated():
    breath = replace(urine(False, 27), evidence=UseEvidence.BREATH)
    of_anything = [replace(urine(used, 27), problem="any") for used in (True, False)]

    for report in (breath, *of_anything):
        assert results(opioids(report)) == "____"


@pytest.mark.parametrize("used", [True, False])
def test_what_was_told_before_the_start_moves_no_week_ahead(used: bool):
    """In the trials a start without a urine tells of inpatients; here it tells of nothing."""
    population, tests = shipped_population(), [urine(True, 28), urine(True, 21)]
    before = [urine(used, 50), told(used, 40, 29)]

    assert coming(opioids(*tests, *before), population, NOW) == coming(opioids(*tests), population, NOW)


def test_weeks_are_counted_from_when_this_target_was_chosen():
    alcohol = replace(target(days=90), problem="alcohol")

    start, weeks = weeks_of(opioids(alcohol, urine(True, 60), urine(False, 28)), NOW)

    assert (start, weeks.weeks[0].result) == (TODAY - timedelta(days=START), "-")


def test_of_the_dead_nothing_is_foretold():
    known = opioids(urine(True, 28))
    dead = PatientRecord(replace(known.patient, deceased_at=NOW), known.facts)

    assert coming(dead, shipped_population(), NOW) == "The person has died."


def test_use_of_something_else_is_no_use_of_what_is_treated():
    assert results(opioids(replace(urine(True, 27), problem="cannabis"))) == "____"


@pytest.mark.parametrize("problem", ["alcohol", "gambling", "cocaine"])
def test_where_the_model_was_not_tested_it_does_not_know(problem: str):
    other = PatientRecord.of(person(), [replace(target(days=START), problem=problem)])

    assert "does not know" in coming(other, shipped_population(), NOW)


def test_without_a_target_nothing_is_said():
    assert "No target" in coming(PatientRecord.of(person(), []), shipped_population(), NOW)


def test_before_a_week_was_tested_nothing_is_said():
    assert "has a urine test" in coming(opioids(), shipped_population(), NOW)
    assert "has a urine test" in coming(opioids(urine(False, 40)), shipped_population(), NOW)
    assert isinstance(coming(opioids(urine(False, 28)), shipped_population(), NOW), Coming)


def test_the_first_week_ahead_is_the_present_one_until_it_has_a_test():
    population = shipped_population()

    assert coming(opioids(urine(False, 28)), population, NOW).first_day == TODAY
    assert coming(opioids(urine(False, 0)), population, NOW).first_day == TODAY + timedelta(weeks=1)


def test_tests_that_show_use_raise_the_weeks_ahead_above_negative_ones():
    population = shipped_population()
    using = coming(opioids(*(urine(True, days) for days in (28, 21, 14, 7))), population, NOW)
    sober = coming(opioids(*(urine(False, days) for days in (28, 21, 14, 7))), population, NOW)

    assert using.tested_weeks == sober.tested_weeks == 4
    for high, low in zip(using.weeks, sober.weeks, strict=True):
        assert low.p_use_high < high.p_use_low
        assert high.p_use_low <= high.p_use <= high.p_use_high


def test_a_week_0_that_nobody_wrote_down_says_nothing_of_the_programme():
    """Where one is written down without a test due, the trials' inpatients are meant: they came to week 1 sober."""
    population = shipped_population()
    silent = next_week(word("-"), population).p_use
    inpatient = next_week(word("_-", first=0), population).p_use

    assert inpatient < silent


def test_what_happens_later_does_not_change_the_week_ahead():
    before = opioids(urine(True, 28), urine(False, 14))
    later = PatientRecord.of(before.patient, [*before.facts, replace(urine(True, 0), taken_at=NOW + timedelta(days=2))])

    known, _ = later.as_of(NOW)

    assert coming(known, shipped_population(), NOW) == coming(before, shipped_population(), NOW)


def test_infusions_attendance_craving_and_mood_of_a_week_go_with_it():
    share = Attendance(fact_id="a", taken_at=days_ago(25), share=0.8)
    record = opioids(share, infusion(26), infusion(23), score("craving", 60, 24), score("phq9", 12, 15))

    first, second = (one.covariates for one in weeks_of(record, NOW)[1].weeks if one.number in {1, 2})

    assert first == {"infusions": 2.0, "attendance": 0.8, "craving": 60}
    assert second == {"infusions": 0.0, "attendance": 0.8, "mood": 12}


def test_an_infusion_and_a_craving_score_of_the_week_move_the_week_ahead_a_little():
    tests = [urine(used, days) for used, days in ((True, 28), (False, 21), (False, 14), (False, 7))]
    plain = coming(opioids(*tests), shipped_population(), NOW).weeks[0].p_use
    infused = coming(opioids(*tests, infusion(4)), shipped_population(), NOW).weeks[0].p_use
    craving = coming(opioids(*tests, score("craving", 95, 3)), shipped_population(), NOW).weeks[0].p_use

    assert plain - 0.02 < infused < plain
    assert plain < craving < plain + 0.1


def test_what_no_data_inform_draws_the_chance_towards_one_half_and_widens_the_doubt():
    tests = [urine(used, days) for used, days in ((True, 28), (False, 21), (False, 14), (False, 7))]
    plain = coming(opioids(*tests), shipped_population(), NOW).weeks[0]
    scored = coming(opioids(*tests, score("phq9", 25, 3)), shipped_population(), NOW).weeks[0]

    assert plain.p_use < scored.p_use < min(plain.p_use + 0.02, 0.5)
    assert scored.p_use_high > plain.p_use_high
