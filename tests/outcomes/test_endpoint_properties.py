"""What must hold of every word, whatever stands in it."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sextant.outcomes import ENDPOINTS, Figure, NoneDue, TimeToEvent, Word

WORDS = st.text("-+*o", min_size=1, max_size=40)
LONG_WORDS = st.text("-+*o", min_size=15, max_size=40)
WITH_NONE_DUE = st.lists(st.sampled_from("-+*o"), min_size=1, max_size=20).flatmap(
    lambda symbols: st.lists(st.integers(0, len(symbols) - 1), min_size=1, max_size=3).map(
        lambda places: "".join("_" if n in places else symbol for n, symbol in enumerate(symbols))
    )
)
LOOKS_AT_15_WEEKS_AT_MOST = [
    *("abstinent_in_weeks_12_to_15", "no_use_in_weeks_5_to_15", "number_of_negative_weeks_in_weeks_5_to_15"),
    *("mostly_negative_at_visits_of_weeks_5_to_15", "negative_in_week_15"),
    *(f"share_negative_in_weeks_{window}" for window in ("1_to_8", "1_to_12", "1_to_13", "1_to_15", "5_to_15")),
    "number_of_negative_weeks_in_weeks_1_to_15_mixed_as_half",
    "share_negative_in_weeks_1_to_15_with_planned_gaps",
    *("share_not_positive_in_weeks_6_to_15", "share_not_positive_in_weeks_4_8_and_12"),
]
ASKS_HOW_LONG = ("at_least_half_of_last_12_weeks_negative", "share_negative_missing_as_usual_result")
DOES_NOT_ASK_HOW_LONG = [
    name for name, one in ENDPOINTS.items() if one.none_due_is is NoneDue.LEFT_OUT and name not in ASKS_HOW_LONG
]
COUNTS_USE = ["two_weeks_of_use_in_a_row_from_week_4", "three_weeks_of_use_in_a_row"]

FEWER = settings(max_examples=40)  # words for each of so many endpoints


def test_a_count_of_weeks_in_which_nobody_asked_for_a_test_is_0_and_a_share_of_them_empty():
    assert of("number_of_negative_weeks_in_weeks_5_to_15", "----" + "_" * 11) == 0
    assert of("number_of_negative_weeks_in_weeks_5_to_15", "----" + "_" * 11) == of(
        "number_of_negative_weeks_in_weeks_5_to_15", "----"
    )
    assert of("share_negative_in_weeks_5_to_15", "----" + "_" * 11) is None


def of(name: str, symbols: str) -> Figure:
    return ENDPOINTS[name].of(Word(symbols))


def at_least_as_good(name: str, found: Figure, than: Figure) -> bool:
    """Whether one figure is as good for the patient as another, or better."""
    if isinstance(found, TimeToEvent) and isinstance(than, TimeToEvent):
        return not found.event or (than.event and than.time <= found.time)
    if found is None or than is None:
        return found is than
    return found <= than if name in COUNTS_USE else found >= than


@given(WORDS)
def test_shares_lie_between_0_and_1_scores_up_to_120_and_times_within_the_word(symbols):
    for name, endpoint in ENDPOINTS.items():
        found = endpoint.of(Word(symbols))

        if isinstance(found, TimeToEvent):
            assert 0 <= found.time <= max(len(symbols), 4)
            assert not found.event or 1 <= found.time <= len(symbols)
        elif name.startswith("share_"):
            assert 0 <= found <= 1
        elif name.startswith("score_"):
            assert found is None or -1e-9 <= found <= 120
        elif name.startswith(("number_", "longest_")):
            assert 0 <= found <= len(symbols)
        else:
            assert found in (True, False)


@pytest.mark.parametrize(
    ("strict", "lenient"),
    [
        ("share_not_positive_missing_as_use", "share_not_positive_of_all_weeks"),
        ("share_not_positive_of_tests", "share_not_positive_of_all_weeks"),
        ("share_negative_of_all_weeks", "share_negative_until_last_test"),
        ("share_negative_until_last_test", "share_negative_of_tests"),
        ("longest_run_of_negative_weeks", "longest_run_of_negative_tests"),
        ("time_to_first_use_missing_as_use", "time_to_first_use_missing_as_negative"),
        ("four_negative_weeks_in_a_row", "three_negative_weeks_in_a_row"),
    ],
)
@FEWER
@given(symbols=WORDS)
def test_the_stricter_rule_is_never_the_kinder(strict, lenient, symbols):
    assert at_least_as_good(lenient, of(lenient, symbols), than=of(strict, symbols))


@pytest.mark.parametrize("name", [name for name in ENDPOINTS if name != "time_to_four_missing_weeks_in_a_row"])
@FEWER
@given(symbols=WORDS, place=st.integers(0, 39))
def test_a_week_without_use_in_place_of_one_with_use_is_never_to_a_patients_harm(name, symbols, place):
    place %= len(symbols)
    with_use = f"{symbols[:place]}+{symbols[place + 1 :]}"
    without = f"{symbols[:place]}-{symbols[place + 1 :]}"

    assert at_least_as_good(name, of(name, without), than=of(name, with_use))


@pytest.mark.parametrize("name", LOOKS_AT_15_WEEKS_AT_MOST)
@FEWER
@given(symbols=LONG_WORDS, more=WORDS)
def test_weeks_beyond_the_window_change_nothing(name, symbols, more):
    assert of(name, symbols) == of(name, symbols + more)


@pytest.mark.parametrize("name", [name for name, one in ENDPOINTS.items() if one.is_time])
@FEWER
@given(symbols=WORDS, more=WORDS)
def test_what_came_stays_and_what_did_not_come_is_known_for_longer(name, symbols, more):
    before, after = of(name, symbols), of(name, symbols + more)

    assert isinstance(before, TimeToEvent)
    assert isinstance(after, TimeToEvent)
    assert after == before if before.event else after.time >= before.time


@pytest.mark.parametrize("name", [name for name, one in ENDPOINTS.items() if one.none_due_is is NoneDue.LEFT_OPEN])
@FEWER
@given(symbols=WITH_NONE_DUE)
def test_an_answer_despite_weeks_without_a_test_due_holds_whatever_these_had_been(name, symbols):
    found = of(name, symbols)

    if found is not None:
        for filled in product("-+o*", repeat=symbols.count("_")):
            fill = iter(filled)
            assert of(name, "".join(next(fill) if one == "_" else one for one in symbols)) == found


TIMES = [name for name, one in ENDPOINTS.items() if one.is_time]
FROM_WEEK_3 = "time_to_four_weeks_of_use_in_a_row_from_week_3"


@pytest.mark.parametrize("name", TIMES)
@FEWER
@given(symbols=WORDS)
def test_of_a_word_with_every_test_due_a_curve_takes_the_time_itself(name, symbols):
    assert ENDPOINTS[name].watched(Word(symbols)) == of(name, symbols)


@pytest.mark.parametrize("name", TIMES)
@FEWER
@given(symbols=WORDS, after=st.text("-+*o_", max_size=20))
def test_a_curve_watches_a_patient_up_to_the_week_before_the_first_in_which_no_test_was_due(name, symbols, after):
    symbols = symbols.ljust(2, "-")

    assert ENDPOINTS[name].watched(Word(f"{symbols}_{after}")) == of(name, symbols)


@pytest.mark.parametrize("name", TIMES)
@FEWER
@given(symbols=WITH_NONE_DUE)
def test_up_to_the_time_at_which_a_patient_is_cut_no_test_of_those_weeks_could_have_shown_the_event(name, symbols):
    watched = ENDPOINTS[name].watched(Word(symbols))

    for filled in product("-+o", repeat=symbols.count("_")) if watched else ():
        fill = iter(filled)
        whole = of(name, "".join(next(fill) if one == "_" else one for one in symbols))
        assert isinstance(whole, TimeToEvent)
        assert whole == watched if watched.event else whole.time >= watched.time + whole.event


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize("weeks", [1, 2, 3, 4, 15, 20])
def test_of_somebody_who_was_never_asked_for_a_test_nothing_is_said(name, weeks):
    word = Word("_" * weeks)

    assert ENDPOINTS[name].of(word) is None
    assert not ENDPOINTS[name].is_time or ENDPOINTS[name].watched(word) is None


def test_weeks_that_the_rule_does_not_read_cut_nobody():
    endpoint = ENDPOINTS[FROM_WEEK_3]

    assert endpoint.watched(Word("__-++++-")) == TimeToEvent(4, True)
    assert endpoint.watched(Word("__--+-_+")) == endpoint.watched(Word("ooo-+-")) != endpoint.watched(Word("__--+--+"))


def test_nobody_is_watched_before_the_first_week():
    assert ENDPOINTS["time_to_first_use_missing_as_use"].watched(Word("_--+")) is None


def test_a_figure_that_is_no_time_has_no_curve():
    with pytest.raises(ValueError, match="is a figure and no time"):
        ENDPOINTS["negative_in_week_15"].watched(Word("---"))


@pytest.mark.parametrize("name", DOES_NOT_ASK_HOW_LONG)
@FEWER
@given(symbols=LONG_WORDS)
def test_weeks_after_the_last_in_which_no_test_was_due_change_nothing_where_they_are_left_out(name, symbols):
    assert of(name, symbols + "__") == of(name, symbols)
