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
    return "".join(one.result for one in weeks_of(record, NOW, "opioids")[1].weeks if one.number >= 1)


def self_reports(record: PatientRecord) -> str:
    return "".join(one.self_report for one in weeks_of(record, NOW, "opioids")[1].weeks if one.number >= 1)


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

    before, after = (coming(opioids(*tests, urine(False, 1), *more), NOW).weeks[0].p_use for more in ([], [lapse]))

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


@pytest.mark.parametrize(
    ("target_of", "substance", "tested_for", "used", "result"),
    [
        ("sedatives", "sedatives", "benzodiazepines", True, "+"),
        ("sedatives", "sedatives", "benzodiazepines", False, "-"),
        ("stimulants", "stimulants", "amphetamines", False, "-"),
        ("methamphetamine", "stimulants", "amphetamines", False, "_"),
        ("cocaine", "cocaine", "alcohol and cocaine", True, "+"),
    ],
)
def test_a_test_like_those_that_it_was_tried_on_counts_whatever_it_found(
    target_of: str, substance: str, tested_for: str, used: bool, result: str
):
    """Weeks that count only if use is found would make a chance too high."""
    chosen = replace(target(days=START), problem=target_of)
    record = PatientRecord.of(person(), [chosen, replace(urine(used, 27), problem=tested_for)])

    assert weeks_of(record, NOW, substance)[1].weeks[0].result == result


def test_the_last_day_of_use_of_one_kind_says_nothing_of_the_days_after_it():
    used = told(True, 28, 15, last_used=26)

    assert self_reports(opioids(used))[:2] == "*-"
    assert self_reports(opioids(replace(used, problem="heroin")))[:2] == "*_"


def test_a_target_written_again_in_other_words_starts_no_new_count():
    earlier = replace(target(days=START + 7), problem="Opioid use disorder")

    assert weeks_of(opioids(earlier), NOW, "opioids")[0] == TODAY - timedelta(days=START + 7)


@pytest.mark.parametrize("years", [20, 26])
def test_of_a_target_of_twenty_years_ago_it_is_said_that_no_weeks_are_counted(years: int):
    chosen = replace(target(days=365.25 * years), problem="opioids")

    found = coming(PatientRecord.of(person(), [chosen, urine(False, 7)]), NOW)

    assert "twenty years ago" in found


def test_of_a_target_of_nineteen_years_ago_the_weeks_are_still_counted():
    chosen = replace(target(days=365.25 * 19), problem="opioids")

    found = coming(PatientRecord.of(person(), [chosen, urine(False, 7)]), NOW)

    assert len(found.weeks) == 4


@pytest.mark.parametrize(
    "problem",
    ["alcohol; opioids", "opioids + cocaine", "alcohol and opioids", "opioids in remission, cocaine"],
)
def test_of_several_things_at_once_no_chance_is_given(problem: str):
    chosen = replace(target(days=START), problem=problem)

    assert "does not know" in coming(PatientRecord.of(person(), [chosen, urine(False, 27)]), NOW)


def test_what_somebody_close_says_is_no_test_and_no_self_report():
    close = replace(urine(True, 27), evidence=UseEvidence.COLLATERAL)

    assert (results(opioids(close)), self_reports(opioids(close))) == ("____", "____")


def test_who_tells_of_no_use_of_anything_says_it_of_what_is_treated():
    assert self_reports(opioids(replace(told(False, 28, 22), problem="any")))[0] == "-"
    assert self_reports(opioids(replace(told(True, 28, 22), problem="any")))[0] == "_"


def test_a_breath_test_and_a_test_of_anything_are_no_urine_of_what_is_treated():
    breath = replace(urine(False, 27), evidence=UseEvidence.BREATH)
    of_anything = [replace(urine(used, 27), problem="any") for used in (True, False)]

    for report in (breath, *of_anything):
        assert results(opioids(report)) == "____"


@pytest.mark.parametrize("used", [True, False])
def test_what_was_told_before_the_start_moves_no_week_ahead(used: bool):
    """In the trials a start without a urine tells of inpatients; here it tells of nothing."""
    tests = [urine(True, 28), urine(True, 21)]
    before = [urine(used, 50), told(used, 40, 29)]

    assert coming(opioids(*tests, *before), NOW) == coming(opioids(*tests), NOW)


def test_weeks_are_counted_from_when_this_target_was_chosen():
    alcohol = replace(target(days=90), problem="alcohol")

    start, weeks = weeks_of(opioids(alcohol, urine(True, 60), urine(False, 28)), NOW, "opioids")

    assert (start, weeks.weeks[0].result) == (TODAY - timedelta(days=START), "-")


def test_of_the_dead_nothing_is_foretold():
    known = opioids(urine(True, 28))
    dead = PatientRecord(replace(known.patient, deceased_at=NOW), known.facts)

    assert coming(dead, NOW) == "The person has died."


def test_use_of_something_else_is_no_use_of_what_is_treated():
    assert results(opioids(replace(urine(True, 27), problem="cannabis"))) == "____"


@pytest.mark.parametrize("problem", ["gambling", "tobacco", "ketamine", "GHB"])
def test_where_the_model_was_not_tried_it_does_not_know(problem: str):
    other = PatientRecord.of(person(), [replace(target(days=START), problem=problem)])

    assert f"Of {problem} it does not know." in coming(other, NOW)


TREATED = {
    "crack": "cocaine",
    "Cannabis use disorder": "cannabis",
    "benzodiazepines": "sedatives",
    "methamphetamine": "stimulants",
}


@pytest.mark.parametrize("problem", TREATED)
def test_a_substance_that_it_was_tried_on_has_a_chance_from_its_own_tests(problem: str):
    def ahead(of: str) -> Coming:
        tests = [replace(urine(used, days), problem=of) for used, days in ((True, 27), (False, 20), (False, 13))]
        return coming(PatientRecord.of(person(), [replace(target(days=START), problem=of), *tests]), NOW)

    found, of_opioids = ahead(problem), ahead("opioids")

    assert (found.substance, found.known_weeks) == (TREATED[problem], 3)
    assert not found.tried_on.fitted
    assert found.weeks[0].p_use == pytest.approx(of_opioids.weeks[0].p_use, abs=1e-12)


def alcohol(*more: Fact) -> PatientRecord:
    return PatientRecord.of(person(), [replace(target(days=START), problem="alcohol"), *more])


def drank(used: bool, first: int, last: int, day: int | None = None, **other):
    """Told on a day so many days ago, of the days from `first` ago to `last` ago."""
    return use_report(used, from_days=first, to_days=last, days=last if day is None else day, **other)


def of_alcohol(*reports: Fact) -> str:
    return "".join(one.result for one in weeks_of(alcohol(*reports), NOW, "alcohol")[1].weeks)


@pytest.mark.parametrize(
    ("reports", "weeks"),
    [
        ([drank(False, 28, 22)], "-___"),
        ([drank(False, 28, 22, problem="any")], "-___"),
        ([drank(False, 28, 23)], "____"),
        ([drank(False, 28, 22, problem="beer")], "____"),
        ([drank(True, 25, 25)], "*___"),
        ([drank(True, 25, 25, problem="beer")], "*___"),
        ([replace(drank(True, 28, 22), days_used=3)], "+___"),
        ([drank(False, 28, 15)], "_-__"),
        ([drank(False, 28, 21), drank(False, 21, 14), drank(False, 14, 7), drank(False, 7, 0)], "_---"),
        ([drank(False, 27, 27), drank(False, 28, 14), drank(False, 14, 7)], "-_-_"),
        ([drank(True, 25, 25, day=2)], "*___"),
        ([drank(False, 28, 22), drank(True, 25, 25, evidence=UseEvidence.BREATH)], "*___"),
        ([drank(False, 25, 25, evidence=UseEvidence.BREATH)], "____"),
        ([drank(True, 25, 25, evidence=UseEvidence.COLLATERAL)], "____"),
        ([drank(False, 28, 22), drank(True, 25, 25, evidence=UseEvidence.COLLATERAL)], "____"),
        ([drank(False, 28, 15), drank(True, 25, 25, evidence=UseEvidence.COLLATERAL)], "_-__"),
        ([drank(False, 28, 22), drank(True, 25, 25, problem="alcohol and cocaine")], "*___"),
        ([drank(False, 28, 22, problem="any"), drank(True, 25, 25, problem="any")], "____"),
        ([drank(False, 28, 22), drank(True, 25, 25, problem="any", evidence=UseEvidence.BREATH)], "____"),
        ([drank(True, 28, 15, last_used_days=26)], "*-__"),
        ([drank(True, 28, 15, last_used_days=26, problem="beer")], "*___"),
        ([drank(True, 28, 15, last_used_days=26, evidence=UseEvidence.BREATH), drank(False, 15, 15)], "*___"),
        ([drank(False, 28, 15, day=14)], "____"),
    ],
    ids=[
        "no drink in the week, told on its last day",
        "no use of anything says it of alcohol too",
        "a day is not known",
        "no beer is not no alcohol",
        "one day",
        "beer is alcohol",
        "three days",
        "a week away that was told of afterwards is not read as free",
        "told each week of the seven days before",
        "there in week 1, and whole by what was told later",
        "use that was told of later counts",
        "a breath test that found alcohol is a day of it",
        "a breath test that found none makes no week free",
        "what somebody close says is not what the patient told",
        "a drink that somebody close tells of leaves the week not known",
        "and only that week",
        "a drink told of beside another thing counts",
        "use of something may be a drink, whatever was told of everything",
        "a test that found something may have found alcohol",
        "a last day of use leaves the days after it free",
        "the last beer says nothing of wine after it",
        "nor does a test of the days after the use that it found",
        "all days told, but by nobody asked within them",
    ],
)
def test_of_alcohol_a_week_is_what_the_patient_told_of_it(reports: list[Fact], weeks: str):
    assert of_alcohol(*reports) == weeks


def test_a_chance_of_drinking_rests_on_weeks_that_were_told_of():
    silent = coming(alcohol(urine(False, 20)), NOW)
    sober, drinking = (
        coming(
            alcohol(*(replace(drank(used, days, days - 6), days_used=2 if used else None) for days in (28, 21, 14))),
            NOW,
        )
        for used in (False, True)
    )

    assert "No week since the target was chosen is known of alcohol." in silent
    assert sober.tried_on.told
    assert (sober.known_weeks, drinking.known_weeks) == (3, 3)
    assert sober.weeks[0].p_use_high < drinking.weeks[0].p_use_low


def test_without_a_target_nothing_is_said():
    assert "No target" in coming(PatientRecord.of(person(), []), NOW)


def test_before_a_week_was_tested_nothing_is_said():
    assert "has a urine test" in coming(opioids(), NOW)
    assert "has a urine test" in coming(opioids(urine(False, 40)), NOW)
    assert isinstance(coming(opioids(urine(False, 28)), NOW), Coming)


def test_the_first_week_ahead_is_the_present_one_until_it_has_a_test():
    assert coming(opioids(urine(False, 28)), NOW).first_day == TODAY
    assert coming(opioids(urine(False, 0)), NOW).first_day == TODAY + timedelta(weeks=1)


@pytest.mark.parametrize(("days", "gap"), [(7, 0), (6, 0), (8, 1), (14, 1), (28, 3), (0, 0)])
def test_a_gap_is_the_weeks_between_the_last_that_is_known_and_those_ahead(days: int, gap: int):
    assert coming(opioids(urine(False, days)), NOW).gap_weeks == gap


def test_tests_that_show_use_raise_the_weeks_ahead_above_negative_ones():
    using = coming(opioids(*(urine(True, days) for days in (28, 21, 14, 7))), NOW)
    sober = coming(opioids(*(urine(False, days) for days in (28, 21, 14, 7))), NOW)

    assert using.known_weeks == sober.known_weeks == 4
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

    assert coming(known, NOW) == coming(before, NOW)


def test_infusions_attendance_craving_and_mood_of_a_week_go_with_it():
    share = Attendance(fact_id="a", taken_at=days_ago(25), share=0.8)
    record = opioids(share, infusion(26), infusion(23), score("craving", 60, 24), score("phq9", 12, 15))

    first, second = (one.covariates for one in weeks_of(record, NOW, "opioids")[1].weeks if one.number in {1, 2})

    assert first == {"infusions": 2.0, "attendance": 0.8, "craving": 60}
    assert second == {"infusions": 0.0, "attendance": 0.8, "mood": 12}


def test_an_infusion_and_a_craving_score_of_the_week_move_the_week_ahead_a_little():
    tests = [urine(used, days) for used, days in ((True, 28), (False, 21), (False, 14), (False, 7))]
    plain = coming(opioids(*tests), NOW).weeks[0].p_use
    infused = coming(opioids(*tests, infusion(4)), NOW).weeks[0].p_use
    craving = coming(opioids(*tests, score("craving", 95, 3)), NOW).weeks[0].p_use

    assert plain - 0.02 < infused < plain
    assert plain < craving < plain + 0.1


def test_what_no_data_inform_draws_the_chance_towards_one_half_and_widens_the_doubt():
    tests = [urine(used, days) for used, days in ((True, 28), (False, 21), (False, 14), (False, 7))]
    plain = coming(opioids(*tests), NOW).weeks[0]
    scored = coming(opioids(*tests, score("phq9", 25, 3)), NOW).weeks[0]

    assert plain.p_use < scored.p_use < min(plain.p_use + 0.02, 0.5)
    assert scored.p_use_high > plain.p_use_high
