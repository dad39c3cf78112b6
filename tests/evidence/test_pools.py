"""The questions take the rows that their rules allow, never the same people twice, and say what they left out."""

from dataclasses import replace
from math import exp, log, sqrt

import pytest

from sextant.evidence.contrasts import contrasts
from sextant.evidence.dependence import OverlapError, check_independent, dependences
from sextant.evidence.library import library
from sextant.evidence.meta_analysis import Method, Width
from sextant.evidence.pools import Answer, answer
from sextant.evidence.questions import QUESTIONS, Question, question
from sextant.evidence.rows import Trial
from sextant.evidence.sobriety import LEAST_SD_BETWEEN_STUDIES, NoPriorError, sobriety_prior

TRIALS = library().trials


def asked(name: str) -> Question:
    found = question(name)
    assert found is not None
    return found


def row(of: str, /, **cells: object) -> Trial:
    """A row on file, with some cells written over."""
    return replace(next(one for one in TRIALS if one.row_id == of), **cells)


def studies(found: Answer) -> set[str]:
    return {one.study for one in found.effects}


def why(found: Answer, row_id: str) -> str:
    return next(one.why for one in found.left_out if one.row.row_id == row_id)


@pytest.mark.parametrize(
    ("name", "main", "with_sensitivity"),
    [
        (
            "abstinence",
            {"dakwar2019_cocaine", "grabski2022_kare_alcohol"},
            {"dakwar2019_cocaine", "grabski2022_kare_alcohol", "dakwar2020_alcohol", "krupitsky1997_alcohol"},
        ),
        (
            "abstinence-six-months",
            {"dakwar2019_cocaine", "grabski2022_kare_alcohol"},
            {"dakwar2019_cocaine", "grabski2022_kare_alcohol", "krupitsky1997_alcohol"},
        ),
        (
            "relapse",
            {"grabski2022_kare_alcohol"},
            {"grabski2022_kare_alcohol", "dakwar2020_alcohol", "krupitsky1997_alcohol"},
        ),
        ("relapse-hazard", {"dakwar2019_cocaine"}, {"dakwar2019_cocaine"}),
        ("percent-days-abstinent", {"grabski2022_kare_alcohol"}, {"grabski2022_kare_alcohol"}),
        ("repeating", {"krupitsky2007_heroin"}, {"krupitsky2007_heroin"}),
        ("craving", set(), set()),
    ],
)
def test_each_question_takes_the_studies_that_its_rule_allows(name, main, with_sensitivity):
    assert studies(answer(asked(name), TRIALS)) == main
    assert studies(answer(asked(name), TRIALS, with_sensitivity=True)) == with_sensitivity


def test_every_question_is_tested():
    assert {one.name for one in QUESTIONS} == {
        *("abstinence", "abstinence-six-months", "relapse", "relapse-hazard"),
        *("percent-days-abstinent", "repeating", "craving"),
    }


def test_relapse_is_turned_so_that_above_zero_is_good_for_the_patient():
    found = answer(asked("relapse"), TRIALS).effects[0]

    assert found.turned
    assert found.effect.value == pytest.approx(-log(0.8))
    assert found.figures == "OR 0.8 (0.31 to 2.1)"


def test_counts_of_people_come_before_an_adjusted_contrast_and_the_first_follow_up_before_later_ones():
    found = answer(asked("abstinence"), TRIALS)

    dakwar = next(one for one in found.effects if one.study == "dakwar2019_cocaine")
    assert [one.row_id for one in dakwar.rows] == ["dakwar2019_cocaine#01", "dakwar2019_cocaine#02"]
    assert why(found, "dakwar2019_cocaine#03") == "dakwar2019_cocaine gives one effect, from other rows"
    assert why(found, "dakwar2019_cocaine#06") == "dakwar2019_cocaine gives one effect, from other rows"


def test_nobody_abstinent_in_the_control_arm_gets_half_a_case_in_each_cell():
    found = answer(asked("abstinence-six-months"), TRIALS)

    dakwar = next(one for one in found.effects if one.study == "dakwar2019_cocaine")
    assert dakwar.figures == "12 of 27 v 0 of 28 (0.5 added)"
    assert dakwar.effect.value == pytest.approx(log(12.5 * 28.5 / (15.5 * 0.5)))


def test_three_sessions_against_one_are_no_comparison_with_control():
    found = answer(asked("abstinence"), TRIALS)
    repeating = answer(asked("repeating"), TRIALS).effects[0]

    assert why(found, "krupitsky2007_heroin#01") == "krupitsky2007 compares three sessions with one, not with control"
    assert exp(repeating.effect.value) == pytest.approx(13 * 21 / (13 * 6))


def test_the_null_trial_without_counts_is_named_because_the_pool_is_too_hopeful_without_it():
    found = answer(asked("abstinence"), TRIALS)

    assert why(found, "yoon2025_aud_mdd#01") == "only the direction was readable, no counts"
    assert any("yoon2025_aud_mdd" in note and "too hopeful" in note for note in found.notes)


def test_kares_overlapping_contrasts_are_left_out_with_their_reason():
    found = answer(asked("percent-days-abstinent"), TRIALS)

    assert found.pooled is None
    assert "Overlaps with the pooled contrast" in why(found, "grabski2022_kare_alcohol#06")
    assert "adding therapy to ketamine" in why(found, "grabski2022_kare_alcohol#07")


def test_a_question_without_usable_rows_says_so_and_why():
    found = answer(asked("craving"), TRIALS)

    assert (found.effects, found.pooled) == ((), None)
    assert found.notes[0] == "No study on file gives an effect for this question, so nothing can be pooled."
    assert "PCT_LOWER" in why(found, "dakwar2019_cocaine#05")


def test_at_two_studies_there_is_no_hartung_knapp_interval_and_the_note_says_why():
    found = answer(asked("abstinence"), TRIALS)

    assert found.pooled is not None
    assert (found.pooled.interval, found.pooled.prediction, found.without_each) == (None, None, {})
    assert found.pooled.wald == pytest.approx((-0.72311, 2.83690), abs=1e-4)  # metafor 3.8.1
    assert "With two studies" in found.notes[0]
    assert "it is left out" in found.notes[0]


def test_with_the_sensitivity_rows_one_group_and_weak_readings_are_flagged():
    found = answer(asked("abstinence"), TRIALS, with_sensitivity=True)
    notes = " ".join(found.notes)

    assert "dakwar2019_cocaine and dakwar2020_alcohol come from one research group" in notes
    assert "weigh down: dakwar2020_alcohol" in notes
    assert "follow-ups of 21 to 365 days" in notes
    assert set(found.without_each) == studies(found)


def test_methods_and_widths_are_passed_on():
    found = answer(asked("abstinence"), TRIALS, method=Method.EQUAL_EFFECTS, width=Width.WALD)

    assert found.pooled is not None
    assert found.pooled.mean == pytest.approx(0.794588312, abs=1e-6)  # metafor 3.8.1, EE
    assert found.pooled.interval == pytest.approx((0.0020056, 1.5871711), abs=1e-6)


def test_a_hartung_knapp_interval_that_agreement_made_too_narrow_is_called_so():
    one = row("grabski2022_kare_alcohol#08")
    alike = [replace(one, row_id=f"new{i}#01", study_id=f"new{i}") for i in range(3)]

    found = answer(asked("relapse"), alike)

    assert any("narrower than the Wald interval" in note for note in found.notes)


@pytest.mark.parametrize("one", [one for one in dependences() if one.kind == "overlap"], ids=lambda one: one.says)
def test_studies_that_share_people_are_never_pooled_together(one):
    with pytest.raises(OverlapError, match="cannot be pooled together"):
        check_independent(["another", *one.studies])


def test_the_dependence_list_holds_what_the_evidence_says():
    assert {one.studies for one in dependences() if one.kind == "overlap"} == {
        ("grabski2022_kare_alcohol", "bloy2026_kare_psychoactive"),
        ("dakwar2020_alcohol", "rothberg2021_alcohol_mystical"),
        ("dakwar2017_cocaine_lab", "dakwar2018_cocaine_psychoactive"),
        ("vankawala2021_meta", "rivaposse2018_bp"),
        ("zheng2018", "guangzhou2024_nonimprovement"),
    }
    known = {one.study_id for one in (*TRIALS, *library().series, *library().adverse_events)}
    assert {study for one in dependences() for study in one.studies} <= known


def test_a_new_row_of_a_sample_that_is_pooled_already_is_refused_with_a_sentence():
    again = row(
        "grabski2022_kare_alcohol#08",
        row_id="bloy2026_kare_psychoactive#02",
        study_id="bloy2026_kare_psychoactive",
    )

    with pytest.raises(OverlapError) as error:
        answer(asked("abstinence"), (*TRIALS, again))

    assert str(error.value) == (
        "grabski2022_kare_alcohol and bloy2026_kare_psychoactive cannot be pooled together: bloy2026 analyses the "
        "people of KARE again. Take one of them."
    )


def test_a_new_contrast_of_one_study_does_not_count_twice():
    again = row("grabski2022_kare_alcohol#08", row_id="grabski2022_kare_alcohol#10", effect=0.7)

    found = answer(asked("relapse"), (*TRIALS, again))

    assert len(found.effects) == 1
    assert why(found, "grabski2022_kare_alcohol#10") == "grabski2022_kare_alcohol gives one effect, from other rows"


def craving_arm(number: int, **cells: object) -> Trial:
    return row(
        "dakwar2019_cocaine#01",
        row_id=f"new2027#{number:02}",
        study_id="new2027",
        outcome_name="craving_score",
        outcome_kind="continuous",
        better="lower",
        events=None,
        unit="points",
        **cells,
    )


def test_arms_with_means_and_deviations_are_standardised_and_turned():
    arms = (
        craving_arm(1, mean=20.0, sd=10.0, n=25),
        craving_arm(2, mean=30.0, se=2.0, n=25, arm="midazolam", dose_mg_per_kg="0"),
    )

    found, _ = contrasts(asked("craving"), arms, with_sensitivity=False)

    # The second arm's deviation is 2 x sqrt(25) = 10, so the difference is one deviation before Hedges' correction.
    assert found[0].effect.value == pytest.approx(1.0 * (1 - 3 / (4 * 48 - 1)), abs=1e-4)
    assert found[0].turned


def test_mean_differences_pool_only_in_one_unit():
    kare = row("grabski2022_kare_alcohol#05")
    other = replace(kare, row_id="new2027#01", study_id="new2027", effect=4.0, ci_low=-2.0, ci_high=10.0)
    in_days = replace(other, row_id="odd2027#01", study_id="odd2027", unit="days")

    found = answer(asked("percent-days-abstinent"), (kare, other, in_days))

    assert studies(found) == {"grabski2022_kare_alcohol", "new2027"}
    assert why(found, "odd2027#01") == "its unit is 'days', not 'percentage points of days'"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"dose_mg_per_kg": "0.5"}, "which arm is the control"),
        ({"better": "lower"}, "different directions"),
        ({"design": "rct_crossover"}, "crossover"),
        ({"events": 28}, "cannot pair"),
    ],
)
def test_arms_that_make_no_contrast_are_left_out_with_the_reason(cells, reason):
    arms = (row("dakwar2019_cocaine#01"), row("dakwar2019_cocaine#02", **cells))
    if reason == "cannot pair":
        arms, reason = (replace(arms[0], events=27), arms[1]), "everybody in both arms"

    found = answer(asked("abstinence"), arms)

    assert found.effects == ()
    assert any(reason in one.why for one in found.left_out)


def test_a_third_arm_is_left_out_until_its_contrast_is_given():
    arms = (row("dakwar2019_cocaine#01"), row("dakwar2019_cocaine#02"), row("dakwar2019_cocaine#01", row_id="x#03"))

    found = answer(asked("abstinence"), arms)

    assert found.effects == ()
    assert "3 arms are on file" in found.left_out[0].why


def test_the_prior_for_sobriety_is_as_wide_as_the_prediction_interval_of_four_studies():
    prior = sobriety_prior(asked("abstinence"), TRIALS, with_sensitivity=True)

    # metafor 3.8.1, REML and Hartung-Knapp: prediction interval -1.33252 to 3.83941.
    assert prior.mean == pytest.approx(1.25344, abs=1e-4)
    assert prior.sd == pytest.approx((3.83941 + 1.33252) / (2 * 1.959964), abs=1e-4)


def test_with_two_studies_the_prior_takes_the_larger_of_the_estimate_and_the_stated_least():
    prior = sobriety_prior(asked("abstinence"), TRIALS)

    # metafor 3.8.1: standard error 0.908184, tau2 1.281748.
    assert prior.sd == pytest.approx(sqrt(0.908184**2 + 1.281748), abs=1e-4)
    assert "design assumption" in prior.rule


def test_with_one_study_the_prior_takes_the_stated_least_between_studies():
    prior = sobriety_prior(asked("relapse"), TRIALS)

    own = (log(2.1) - log(0.31)) / (2 * 1.959964)
    assert prior.mean == pytest.approx(-log(0.8))
    assert prior.sd == pytest.approx(sqrt(own**2 + LEAST_SD_BETWEEN_STUDIES**2), abs=1e-6)


def test_two_studies_that_agree_by_chance_do_not_make_a_narrow_prior():
    one = row("grabski2022_kare_alcohol#08")
    twin = replace(one, row_id="new2027#01", study_id="new2027")

    prior = sobriety_prior(asked("relapse"), (one, twin))

    assert prior.sd > LEAST_SD_BETWEEN_STUDIES


@pytest.mark.parametrize("name", ["abstinence", "abstinence-six-months", "relapse"])
@pytest.mark.parametrize("with_sensitivity", [False, True])
def test_every_prior_for_sobriety_holds_no_effect_and_says_that_benefit_is_not_established(name, with_sensitivity):
    prior = sobriety_prior(asked(name), TRIALS, with_sensitivity=with_sensitivity)

    assert prior.interval[0] < 0 < prior.interval[1]
    assert prior.sentence.startswith("Benefit of ketamine in addiction is not established")


def test_even_a_one_sided_prior_does_not_call_benefit_established():
    sure = row("grabski2022_kare_alcohol#08", effect=0.01, ci_low=0.008, ci_high=0.012)

    prior = sobriety_prior(asked("relapse"), (sure,))

    assert prior.interval[0] > 0
    assert prior.sentence.startswith("Benefit of ketamine in addiction is not established")


def test_there_is_no_prior_for_other_questions_or_without_studies():
    with pytest.raises(NoPriorError, match="no question of sobriety"):
        sobriety_prior(asked("craving"), TRIALS)
    with pytest.raises(NoPriorError, match="No study on file"):
        sobriety_prior(asked("relapse"), ())
