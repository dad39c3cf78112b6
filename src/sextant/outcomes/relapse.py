"""Endpoints of relapse and of staying away: when do weeks of use, or of no result, come together."""

from sextant.outcomes.counting import first_window
from sextant.outcomes.endpoint import Endpoint, NoneDue, TimeToEvent
from sextant.outcomes.word import MISSING, POSITIVE, Word


def _use_in_a_row(need: int, symbols: str) -> bool:
    return POSITIVE * need in symbols


def _four_in_a_row_from_week_3(word: Word) -> TimeToEvent:
    found = first_window(POSITIVE, word.strict[2:], 4, 4)
    return TimeToEvent(found.time + 2, found.event)


ENDPOINTS = (
    Endpoint(
        name="time_to_four_weeks_of_use_in_a_row",
        columns=("RsT_ctnNinetyFour_2023", "RsE_ctnNinetyFour_2023"),
        rule="The first of four weeks in a row that are positive, mixed or missing.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: first_window(POSITIVE, word.strict, 4, 4),
    ),
    Endpoint(
        name="time_to_four_missing_weeks_in_a_row",
        columns=("DrT_ctnNinetyFour_2023", "DrE_ctnNinetyFour_2023"),
        rule="The first of four weeks in a row that are missing.",
        missing_is="what is counted",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: first_window(MISSING, word.symbols, 4, 4),
    ),
    Endpoint(
        name="time_to_three_weeks_of_use_in_a_row",
        columns=("RsT_schottenfeld_2008", "RsE_schottenfeld_2008"),
        rule="The first of three weeks in a row that are positive, mixed or missing.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: first_window(POSITIVE, word.strict, 3, 3),
    ),
    Endpoint(
        name="time_to_two_weeks_of_use_in_four",
        columns=("RsT_lee_2016", "RsE_lee_2016"),
        rule="The third week of the first four weeks of which two are positive, mixed or missing.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: first_window(POSITIVE, word.strict, 4, 2),
    ),
    Endpoint(
        name="time_to_four_weeks_of_use_in_a_row_from_week_3",
        columns=("RsT_ctnFiftyOne_2018", "RsE_ctnFiftyOne_2018"),
        rule="The first, from week 3 on, of four weeks in a row that are positive, mixed or missing.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=_four_in_a_row_from_week_3,
        first_week=3,
    ),
    Endpoint(
        name="two_weeks_of_use_in_a_row_from_week_4",
        columns=("Rs_johnson_1992",),
        rule="Somewhere from week 4 on two weeks in a row are positive, mixed or missing.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: _use_in_a_row(2, word.strict[3:]),
    ),
    Endpoint(
        name="three_weeks_of_use_in_a_row",
        columns=("Rs_krupitsky_2004",),
        rule="Somewhere three weeks in a row are positive, mixed or missing.",
        missing_is="use",
        none_due_is=NoneDue.LEFT_OPEN,
        count=lambda word: _use_in_a_row(3, word.strict),
    ),
)
