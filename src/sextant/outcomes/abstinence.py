"""Endpoints of abstinence: was there none, how long was the longest stretch, when did it end."""

from sextant.outcomes.counting import first_window, longest_run
from sextant.outcomes.endpoint import Endpoint, NoneDue
from sextant.outcomes.gaps import with_planned_gaps
from sextant.outcomes.word import MISSING, MIXED, NEGATIVE, POSITIVE, Word, weeks

_MIXED_AS_USE = str.maketrans({MIXED: POSITIVE})
_MISSING_AS_NEGATIVE = str.maketrans({MISSING: NEGATIVE, MIXED: POSITIVE})


def _in_a_row(need: int, word: Word) -> bool:
    return NEGATIVE * need in word.symbols


def _abstinent_in_weeks_12_to_15(word: Word) -> bool:
    last = weeks(word.symbols, 12, 15)
    return len(last) == 4 and last.count(NEGATIVE) >= 3 and last.count(NEGATIVE) + last.count(MISSING) == 4


def _mostly_negative_at_visits(word: Word) -> bool:
    visits = with_planned_gaps(word.strict)
    early, late = weeks(visits, 5, 7), weeks(visits, 9, 15)
    return (
        3 * early.count(NEGATIVE) >= 2 * len(early)
        and visits[7] == NEGATIVE
        and 6 * late.count(NEGATIVE) >= 5 * len(late)
    )


ENDPOINTS = (
    Endpoint(
        name="abstinent_in_weeks_12_to_15",
        columns=("Ab_ctnNinetyFour_2023",),
        rule="Weeks 12 to 15 are all there, none is positive or mixed, and at most one is missing.",
        missing_is="negative if it is the only one of the four weeks, else use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=_abstinent_in_weeks_12_to_15,
    ),
    Endpoint(
        name="number_of_negative_weeks",
        columns=("Ab_fiellin_2006",),
        rule="How many weeks are negative.",
        missing_is="not negative",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: word.symbols.count(NEGATIVE),
    ),
    Endpoint(
        name="three_negative_weeks_in_a_row",
        columns=("Ab_kosten_1993",),
        rule="Somewhere three weeks in a row are negative.",
        missing_is="not negative",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: _in_a_row(3, word),
    ),
    Endpoint(
        name="four_negative_weeks_in_a_row",
        columns=("Ab_ling_1998",),
        rule="Somewhere four weeks in a row are negative.",
        missing_is="not negative",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: _in_a_row(4, word),
    ),
    Endpoint(
        name="no_use_in_weeks_5_to_15",
        columns=("Ab_krupitskyA_2011",),
        rule="No week of weeks 5 to 15, as far as they exist, is positive, mixed or missing.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: POSITIVE not in weeks(word.strict, 5, 15),
    ),
    Endpoint(
        name="number_of_negative_weeks_in_weeks_5_to_15",
        columns=("Ab_krupitskyB_2011",),
        rule="How many of weeks 5 to 15 are negative.",
        missing_is="not negative",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: weeks(word.symbols, 5, 15).count(NEGATIVE),
    ),
    Endpoint(
        name="mostly_negative_at_visits_of_weeks_5_to_15",
        columns=("Ab_lofwall_2018",),
        rule="Weeks 8, 10, 12 and 14 have no visit and take the result of the week before; then two thirds of weeks "
        "5 to 7, week 8, and five sixths of weeks 9 to 15 are negative. Mixed is use.",
        missing_is="use, also beyond the end of the word",
        none_due_is=NoneDue.LEFT_OPEN,
        count=_mostly_negative_at_visits,
    ),
    Endpoint(
        name="time_to_first_use_missing_as_use",
        columns=("AbT_mokri_2016", "AbE_mokri_2016", "AbT_schottenfeldA_2008", "AbE_schottenfeldA_2008"),
        rule="The first week that is positive, mixed or missing.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: first_window(POSITIVE, word.strict, 1, 1),
    ),
    Endpoint(
        name="time_to_first_use_missing_as_negative",
        columns=("AbT_shufman_1994", "AbE_shufman_1994"),
        rule="The first week that is positive or mixed.",
        missing_is="negative",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: first_window(POSITIVE, word.symbols.translate(_MISSING_AS_NEGATIVE), 1, 1),
    ),
    Endpoint(
        name="longest_run_of_negative_tests",
        columns=("Ab_schottenfeld_2005",),
        rule="The most tests in a row that are negative, whatever weeks lie between them. Mixed is use.",
        missing_is="left out",
        none_due_is=NoneDue.LEFT_OUT,
        count=lambda word: longest_run(word.seen.translate(_MIXED_AS_USE)),
    ),
    Endpoint(
        name="longest_run_of_negative_weeks",
        columns=("Ab_schottenfeldB_2008",),
        rule="The most weeks in a row that are negative.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: longest_run(word.strict),
    ),
    Endpoint(
        name="negative_in_last_week_and_at_most_one_use_in_three_before",
        columns=("Ab_ctnThirty_2011",),
        rule="The last week of the word is negative, and at most one of the three weeks before it is positive, mixed "
        "or missing.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: word.strict[-1] == NEGATIVE and weeks(word.strict, -4, -2).count(POSITIVE) <= 1,
    ),
    Endpoint(
        name="negative_in_week_15",
        columns=("Ab_schwartz_2006",),
        rule="Week 15 is there and negative.",
        missing_is="not negative",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: weeks(word.symbols, 15, 15) == NEGATIVE,
    ),
)
