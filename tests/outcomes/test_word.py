"""How a word of weeks is read, and what is no word."""

import pytest

from sextant.outcomes import Word, WordError
from sextant.outcomes.word import weeks


def test_strict_reading_takes_missing_and_mixed_weeks_for_use_and_nothing_else():
    assert Word("-+*o_").strict == "-+++_"


def test_the_tests_alone_move_together():
    assert Word("-o+__*o").seen == "-+*"


@pytest.mark.parametrize(("symbols", "week"), [("--oo", 2), ("oo", 0), ("o*o__", 2), ("-", 1)])
def test_the_last_week_with_a_test_is_the_last_that_was_seen(symbols, week):
    assert Word(symbols).last_seen_week == week


@pytest.mark.parametrize(
    ("first", "last", "found"), [(1, 2, "-+"), (3, 9, "*o"), (5, 9, ""), (-1, -1, "o"), (-9, -2, "-+*"), (4, 4, "o")]
)
def test_only_the_weeks_that_exist_are_looked_at(first, last, found):
    assert weeks("-+*o", first, last) == found


@pytest.mark.parametrize("symbols", ["--x-", "--O-", "-- -", "−−", "-0-"])
def test_a_sign_that_is_no_symbol_is_refused_by_its_week_and_not_repeated(symbols):
    with pytest.raises(WordError, match=r"Week [123] of the word is none of") as refused:
        Word(symbols)

    assert not set("xO0−") & set(str(refused.value).replace("One", "").replace("Week", ""))


def test_an_empty_word_is_refused():
    with pytest.raises(WordError, match="empty"):
        Word("")
