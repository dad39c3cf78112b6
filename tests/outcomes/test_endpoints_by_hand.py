"""Each endpoint on short words, worked out by hand from its rule."""

import pytest

from sextant.outcomes import ENDPOINTS, NoneDue, TimeToEvent, Word


def came(time: int) -> TimeToEvent:
    """It came in that week."""
    return TimeToEvent(time, True)


def not_by(time: int) -> TimeToEvent:
    """It had not come by then."""
    return TimeToEvent(time, False)


ABSTINENCE = [
    ("abstinent_in_weeks_12_to_15", "+++++++++++--o-", True),
    ("abstinent_in_weeks_12_to_15", "+++++++++++-oo-", False),
    ("abstinent_in_weeks_12_to_15", "+++++++++++--*-", False),
    ("abstinent_in_weeks_12_to_15", "--------------", False),  # week 15 is not there
    ("number_of_negative_weeks", "--+o*-", 3),
    ("three_negative_weeks_in_a_row", "--o---", True),
    ("three_negative_weeks_in_a_row", "--o--+-", False),
    ("four_negative_weeks_in_a_row", "-+----", True),
    ("four_negative_weeks_in_a_row", "---o---", False),
    ("no_use_in_weeks_5_to_15", "++++-----------+", True),
    ("no_use_in_weeks_5_to_15", "-----o", False),
    ("no_use_in_weeks_5_to_15", "++++", True),  # no week to look at
    ("number_of_negative_weeks_in_weeks_5_to_15", "------o---------", 10),
    ("mostly_negative_at_visits_of_weeks_5_to_15", "++++---+-+-+-+-", True),
    ("mostly_negative_at_visits_of_weeks_5_to_15", "+++++--+-+-+-+-", True),  # two of weeks 5 to 7
    ("mostly_negative_at_visits_of_weeks_5_to_15", "++++++-+-+-+-+-", False),  # one of them
    ("mostly_negative_at_visits_of_weeks_5_to_15", "------+--------", False),  # week 8 takes week 7
    ("mostly_negative_at_visits_of_weeks_5_to_15", "-------------", True),  # 6 of 7, week 15 beyond the end
    ("mostly_negative_at_visits_of_weeks_5_to_15", "------------", False),  # 4 of 7
    ("time_to_first_use_missing_as_use", "--o+", came(3)),
    ("time_to_first_use_missing_as_use", "----", not_by(4)),
    ("time_to_first_use_missing_as_negative", "--o+", came(4)),
    ("time_to_first_use_missing_as_negative", "-*+", came(2)),
    ("time_to_first_use_missing_as_negative", "--oo", not_by(4)),
    ("longest_run_of_negative_tests", "--oo-*-", 3),
    ("longest_run_of_negative_weeks", "--oo-*-", 2),
    ("negative_in_last_week_and_at_most_one_use_in_three_before", "++--o-", True),
    ("negative_in_last_week_and_at_most_one_use_in_three_before", "--+-o-", False),
    ("negative_in_last_week_and_at_most_one_use_in_three_before", "-----*", False),
    ("negative_in_week_15", "++++++++++++++-+", True),
    ("negative_in_week_15", "--------------", False),
]
REDUCTION = [
    ("share_negative_in_weeks_1_to_8", "--**oo++-", 3 / 8),
    ("share_negative_in_weeks_1_to_12", "------++++++-", 1 / 2),
    ("share_negative_in_weeks_1_to_13", "-------------+", 1),
    ("share_negative_in_weeks_1_to_15", "--+", 2 / 3),  # of the weeks that exist
    ("share_negative_in_weeks_5_to_15", "++++--*o", 5 / 8),
    ("share_negative_of_all_weeks", "-*o+", 3 / 8),
    ("share_negative_of_tests", "-*o+", 1 / 2),
    ("share_negative_of_tests", "oo", 0),
    ("share_negative_of_first_15_tests", "o----------+++++-", 2 / 3),
    ("at_least_70_percent_of_first_15_tests_negative", "-------o+++", True),
    ("at_least_70_percent_of_first_15_tests_negative", "------*+++", False),
    ("number_of_negative_weeks_in_weeks_1_to_15_mixed_as_half", "--------------*-", 14.5),
    ("share_negative_until_last_test", "-o-+ooo", 1 / 2),
    ("share_negative_missing_as_usual_result", "-------", 0),  # not seen in week 8
    ("share_negative_missing_as_usual_result", "--+-o-oo-+o", 9 / 11),
    ("share_negative_missing_as_usual_result", "oooo--*+", 2.5 / 8),  # a tie: missing weeks are positive
    ("tested_to_week_15_and_four_negative_weeks_in_a_row_gaps_filled", "--o-+++++++++++", True),
    ("tested_to_week_15_and_four_negative_weeks_in_a_row_gaps_filled", "--o-++++++++++", False),
    ("tested_to_week_15_and_four_negative_weeks_in_a_row_gaps_filled", "--oo--+++++++++", False),
    ("tested_to_week_15_and_four_negative_weeks_in_a_row_gaps_filled", "--o*--+++++++++", False),
    ("score_out_of_120_later_use_costs_more_missing_costs_0_22", "---------------", 120),
    ("score_out_of_120_later_use_costs_more_missing_costs_0_22", "+++++++++++++++", 0),
    ("score_out_of_120_later_use_costs_more_missing_costs_0_22", "--------------*", 120 - 120 * 2.5 / 45),
    ("score_out_of_120_later_use_costs_more_missing_costs_0_22", "+-------------o", 120 - 120 * 1.22 / 45),
    ("score_out_of_120_later_use_costs_more_missing_costs_0_22", "---oooooooooooo", 0),
    ("score_out_of_120_later_use_costs_more_missing_costs_0_22", "--------------", None),
    ("score_out_of_120_later_use_costs_more_missing_costs_1", "----+", 120 - 120 * 4 / 12.2),
    ("score_out_of_120_later_use_costs_more_missing_costs_1", "-o--*", 120 - 120 * 3 / 12.2),
    ("score_out_of_120_later_use_costs_more_missing_costs_1", "---o", 0),
    ("share_negative_in_weeks_1_to_15_with_planned_gaps", "-------+-+-+-+-", 1),
    (
        "share_negative_in_weeks_1_to_15_with_planned_gaps",
        "------*+",
        7 / 15,
    ),  # week 8 takes week 7; the rest is missing
    ("share_not_positive_missing_as_use", "-o+*", 3 / 8),
    ("share_not_positive_of_all_weeks", "-o+*", 5 / 8),
    ("share_not_positive_of_all_weeks", "oo", 1),
    ("share_not_positive_of_tests", "-o+*", 1 / 2),
    ("share_not_positive_of_tests", "oo", 1),
    ("share_not_positive_in_weeks_6_to_15", "+++++-+", 1 / 2),
    ("share_not_positive_in_weeks_6_to_15", "+++", 1),
    ("at_least_half_of_last_12_weeks_negative", "+++++------++++++", True),
    ("at_least_half_of_last_12_weeks_negative", "---------+++++++-----", False),
    ("share_not_positive_in_weeks_4_8_and_12", "+++-+++o+++*", 1 / 2),
    ("number_of_tests_not_positive", "-+*o", 1.5),
]
RELAPSE = [
    ("time_to_four_weeks_of_use_in_a_row", "-+o*+--", came(2)),
    ("time_to_four_weeks_of_use_in_a_row", "-+++-", not_by(2)),
    ("time_to_four_weeks_of_use_in_a_row", "+++", not_by(0)),
    ("time_to_four_missing_weeks_in_a_row", "-oooo", came(2)),
    ("time_to_four_missing_weeks_in_a_row", "ooo+", not_by(1)),
    ("time_to_three_weeks_of_use_in_a_row", "-+o*-", came(2)),
    ("time_to_two_weeks_of_use_in_four", "--+-+--", came(4)),
    ("time_to_two_weeks_of_use_in_four", "-+---+", not_by(5)),
    ("time_to_four_weeks_of_use_in_a_row_from_week_3", "++++--++++", came(7)),
    ("time_to_four_weeks_of_use_in_a_row_from_week_3", "++++--", not_by(3)),
    ("two_weeks_of_use_in_a_row_from_week_4", "++++-+", False),
    ("two_weeks_of_use_in_a_row_from_week_4", "+++o*", True),
    ("three_weeks_of_use_in_a_row", "-+o*", True),
    ("three_weeks_of_use_in_a_row", "++-+", False),
]


@pytest.mark.parametrize(("name", "word", "expected"), [*ABSTINENCE, *REDUCTION, *RELAPSE])
def test_the_figure_is_the_one_worked_out_by_hand(name, word, expected):
    found = ENDPOINTS[name].of(Word(word))

    assert found == (expected if isinstance(expected, TimeToEvent) else pytest.approx(expected, abs=1e-12))


def test_every_endpoint_is_worked_out_by_hand():
    assert {name for name, _, _ in [*ABSTINENCE, *REDUCTION, *RELAPSE]} == set(ENDPOINTS)


class TestAWeekWithNoTestDue:
    @pytest.mark.parametrize(
        ("name", "word", "expected"),
        [
            ("share_negative_of_all_weeks", "-_-+_", 2 / 3),
            ("share_negative_in_weeks_1_to_8", "________-", None),  # weeks there, none of them due
            ("number_of_negative_weeks", "-_-", 2),
            ("longest_run_of_negative_tests", "--_-", 3),
            ("share_negative_missing_as_usual_result", "-_-_+__-o", 4 / 5),
            ("share_negative_missing_as_usual_result", "-------_o", None),  # a test in week 8 might have been given
        ],
    )
    def test_is_left_out_of_counts_and_shares(self, name, word, expected):
        assert ENDPOINTS[name].of(Word(word)) == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("name", "word", "expected"),
        [
            ("time_to_first_use_missing_as_use", "-+_", came(2)),
            ("time_to_first_use_missing_as_use", "-_+", None),
            ("three_negative_weeks_in_a_row", "---_", True),
            ("three_negative_weeks_in_a_row", "--_+", None),
            ("three_negative_weeks_in_a_row", "-+_+", False),
            ("time_to_four_missing_weeks_in_a_row", "ooo_-", None),  # a fourth week missed would be the event
            ("time_to_four_missing_weeks_in_a_row", "oo-_-", not_by(2)),
            ("negative_in_week_15", "____________++-", True),
            ("negative_in_week_15", "--------------_", None),
        ],
    )
    def test_leaves_a_rule_on_the_place_of_weeks_open_unless_it_could_change_nothing(self, name, word, expected):
        assert ENDPOINTS[name].of(Word(word)) == expected

    @pytest.mark.parametrize("endpoint", [one for one in ENDPOINTS.values() if one.none_due_is is NoneDue.LEFT_OUT])
    def test_and_nothing_else_leaves_no_figure(self, endpoint):
        assert endpoint.of(Word("_" * 20)) is None


class TestTheDefinitions:
    def test_54_endpoints_in_62_columns_are_43_of_ours_and_no_column_is_named_twice(self):
        columns = [column for one in ENDPOINTS.values() for column in one.columns]

        assert (len(ENDPOINTS), len(columns), len(set(columns))) == (43, 62, 62)
        assert len(columns) - sum(len(one.columns) // 2 for one in ENDPOINTS.values() if one.is_time) == 54

    @pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=lambda one: one.name)
    def test_each_says_its_rule_in_sentences_and_what_missing_means(self, endpoint):
        assert endpoint.rule.endswith(".")
        assert endpoint.rule[0].isupper() or endpoint.rule[0].isdigit()
        assert endpoint.missing_is

    @pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=lambda one: one.name)
    def test_what_is_called_a_time_is_one(self, endpoint):
        assert isinstance(endpoint.of(Word("-" * 20)), TimeToEvent) == endpoint.is_time
        assert not endpoint.is_time or [column[2] for column in endpoint.columns] == list(
            "TE" * (len(endpoint.columns) // 2)
        )
