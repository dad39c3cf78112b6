"""Endpoints of reduction: how much of the weeks, or of the tests, was free of use. 1 is best where they are shares."""

from sextant.outcomes.counting import share_negative, share_not_positive, weight_of
from sextant.outcomes.endpoint import Endpoint, NoneDue
from sextant.outcomes.gaps import missing_as_neighbours, missing_as_usual, with_planned_gaps
from sextant.outcomes.late_use_score import score_missing_costs_little, score_missing_costs_one
from sextant.outcomes.word import MISSING, NEGATIVE, NONE_DUE, POSITIVE, Word, weeks

_MISSING_AS_USE = str.maketrans({MISSING: POSITIVE})


def _negative_in_weeks(first: int, last: int, *columns: str) -> Endpoint:
    """The share of weeks `first` to `last`, as far as they exist, that is negative."""
    return Endpoint(
        name=f"share_negative_in_weeks_{first}_to_{last}",
        columns=columns,
        rule=f"The share of weeks {first} to {last}, as far as they exist, that is negative; a mixed week counts half.",
        missing_is="not negative",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: share_negative(weeks(word.symbols, first, last)),
    )


def _first_15_tests(word: Word) -> float | None:
    return share_negative(weeks(word.seen, 1, 15))


def _seventy_percent_of_first_15_tests(word: Word) -> bool:
    return (_first_15_tests(word) or 0.0) >= 0.7


def _missing_as_usual_result(word: Word) -> float | None:
    if word.last_seen_week < 8:
        # Where no test was due from then on, nobody knows who would have come.
        return None if NONE_DUE in word.symbols[7:] else 0.0
    return share_negative(missing_as_usual(word.symbols))


def _four_in_a_row_with_gaps_filled(word: Word) -> bool:
    return word.last_seen_week >= 15 and NEGATIVE * 4 in weeks(missing_as_neighbours(word.symbols), 1, 15)


def _half_of_last_12_weeks(word: Word) -> bool | None:
    negative = share_negative(weeks(word.symbols, -12, -1))
    return None if negative is None else negative >= 0.5


def _weeks_4_8_and_12(word: Word) -> float | None:
    chosen = "".join(weeks(word.symbols, week, week) for week in (4, 8, 12))
    return share_not_positive(chosen.translate(_MISSING_AS_USE))


ENDPOINTS = (
    _negative_in_weeks(1, 8, "Rd_comer_2006"),
    _negative_in_weeks(1, 12, "Rd_strang_2019"),
    _negative_in_weeks(1, 13, "Rd_mattickB_2003", "Rd_preston_2000"),
    _negative_in_weeks(1, 15, "Rd_ling_2010"),
    _negative_in_weeks(5, 15, "Rd_haight_2019"),
    Endpoint(
        name="share_negative_of_all_weeks",
        columns=("Rd_fiellin_2006", "Rd_johnson_1992", "Rd_paniB_2000"),
        rule="The share of all weeks that is negative; a mixed week counts half.",
        missing_is="not negative",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: share_negative(word.symbols),
    ),
    Endpoint(
        name="share_negative_of_tests",
        columns=("Rd_fudala_2003", "Rd_paniA_2000", "Rd_schottenfeld_2005", "Rd_wolstein_2009"),
        rule="The share of the weeks with a test that is negative; a mixed week counts half, and without any test it "
        "is 0.",
        missing_is="left out",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: share_negative(word.seen),
    ),
    Endpoint(
        name="share_negative_of_first_15_tests",
        columns=("Rd_lingA_1998",),
        rule="The share of the first 15 weeks with a test that is negative; a mixed week counts half, and without "
        "any test it is 0.",
        missing_is="left out",
        none_due_is=NoneDue.LEFT_OUT,
        count=_first_15_tests,
    ),
    Endpoint(
        name="at_least_70_percent_of_first_15_tests_negative",
        columns=("Rd_kostenB_1993",),
        rule="Of the first 15 weeks with a test at least 0.7 are negative; a mixed week counts half.",
        missing_is="left out",
        none_due_is=NoneDue.LEFT_OUT,
        count=_seventy_percent_of_first_15_tests,
    ),
    Endpoint(
        name="number_of_negative_weeks_in_weeks_1_to_15_mixed_as_half",
        columns=("Rd_lingC_1998",),
        rule="How many of weeks 1 to 15 are negative; a mixed week counts half.",
        missing_is="not negative",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: weight_of(NEGATIVE, weeks(word.symbols, 1, 15)),
    ),
    Endpoint(
        name="share_negative_until_last_test",
        columns=("Rd_mattickA_2003", "Rd_tanum_2017"),
        rule="The share of the weeks up to the last with a test that is negative; a mixed week counts half, and "
        "without any test it is 0.",
        missing_is="not negative before the last test, left out after it",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: share_negative(weeks(word.symbols, 1, word.last_seen_week)),
    ),
    Endpoint(
        name="share_negative_missing_as_usual_result",
        columns=("Rd_jaffe_1972",),
        rule="0 if the last week with a test comes before week 8; else the share of all weeks that is negative, a "
        "mixed week counting half, once missing weeks are filled.",
        missing_is="the commoner of the patient's own results (mixed as positive, a tie as positive)",
        none_due_is=NoneDue.LEFT_OUT,
        count=_missing_as_usual_result,
    ),
    Endpoint(
        name="tested_to_week_15_and_four_negative_weeks_in_a_row_gaps_filled",
        columns=("Rd_eissenberg_1997",),
        rule="There is a test in week 15 or later, and somewhere in weeks 1 to 15 four weeks in a row are negative "
        "once single gaps are filled.",
        missing_is="between two tested weeks what lies between their results, rounded to the worse; else not negative",
        none_due_is=NoneDue.LEFT_OPEN,
        count=_four_in_a_row_with_gaps_filled,
    ),
    Endpoint(
        name="score_out_of_120_later_use_costs_more_missing_costs_0_22",
        columns=("Rd_lingA_1976",),
        rule="0 if the last week with a test comes before week 4; else 120 less what weeks 1 to 15 cost as a share "
        "of the most that they could: use the penalty of its week (1 for weeks 1 to 3, then 2, 3, 4 and 5 for three "
        "weeks each), mixed half of it. Empty for fewer than 15 weeks.",
        missing_is="a cost of 0.22, whatever the week",
        none_due_is=NoneDue.LEFT_OPEN,
        count=score_missing_costs_little,
    ),
    Endpoint(
        name="score_out_of_120_later_use_costs_more_missing_costs_1",
        columns=("Rd_lingB_1976",),
        rule="0 if the last week with a test comes before week 4; else 120 less what weeks 1 to 15, as far as they "
        "exist, cost as a share of the most that they could: use 0.8 of the penalty of its week (evenly from 1 in "
        "the first to 5 in the last), mixed half of that.",
        missing_is="a cost of 1, whatever the week",
        none_due_is=NoneDue.LEFT_OPEN,
        count=score_missing_costs_one,
    ),
    Endpoint(
        name="share_negative_in_weeks_1_to_15_with_planned_gaps",
        columns=("Rd_lofwall_2018",),
        rule="Weeks 8, 10, 12 and 14 have no visit and take the result of the week before; then the share of 15 "
        "weeks that is negative, a mixed week counting half.",
        missing_is="use, also beyond the end of the word",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: share_negative(with_planned_gaps(word.symbols.translate(_MISSING_AS_USE))),
    ),
    Endpoint(
        name="share_not_positive_missing_as_use",
        columns=("Rd_petitjean_2001",),
        rule="1 less the share of all weeks that is positive or missing; a mixed week counts half.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: share_not_positive(word.symbols.translate(_MISSING_AS_USE)),
    ),
    Endpoint(
        name="share_not_positive_of_all_weeks",
        columns=("Rd_shufman_1994", "Rd_strain_1994", "Rd_strain_1999"),
        rule="1 less the share of all weeks that is positive; a mixed week counts half. Somebody never tested scores "
        "1.",
        missing_is="not positive",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: share_not_positive(word.symbols),
    ),
    Endpoint(
        name="share_not_positive_of_tests",
        columns=("Rd_soyka_2008", "Rd_strain_1996"),
        rule="1 less the share of the weeks with a test that is positive; a mixed week counts half. Somebody never "
        "tested scores 1.",
        missing_is="left out",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: share_not_positive(word.seen),
    ),
    Endpoint(
        name="share_not_positive_in_weeks_6_to_15",
        columns=("Rd_strain_1993",),
        rule="1 less the share of weeks 6 to 15, as far as they exist, that is positive; a mixed week counts half.",
        missing_is="not positive",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: share_not_positive(weeks(word.symbols, 6, 15)),
    ),
    Endpoint(
        name="at_least_half_of_last_12_weeks_negative",
        columns=("Rd_strang_2010",),
        rule="Of the last 12 weeks at least half are negative; a mixed week counts half.",
        missing_is="not negative",
        none_due_is=NoneDue.LEFT_OUT,
        count=_half_of_last_12_weeks,
    ),
    Endpoint(
        name="share_not_positive_in_weeks_4_8_and_12",
        columns=("Rd_woody_2008",),
        rule="1 less the share of weeks 4, 8 and 12, as far as they exist, that is positive or missing; a mixed week "
        "counts half.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OUT,
        count=_weeks_4_8_and_12,
    ),
    Endpoint(
        name="number_of_tests_not_positive",
        columns=("Rd_zaks_1972",),
        rule="How many weeks with a test are not positive; a mixed week counts half.",
        missing_is="left out",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: len(word.seen) - weight_of(POSITIVE, word.seen),
    ),
)
