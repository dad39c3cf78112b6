"""What a name that somebody wrote down stands for."""

import pytest

from sextant.record import ENTRIES, entries_in, known_as, names_in, none_is_none_of, one_name, use_is_of


@pytest.mark.parametrize("name", ["tobacco", "Nicotine", "cigarettes", " Smoking  cigarettes ", "snus"])
def test_tobacco_is_known_by_its_plain_words(name: str):
    found = known_as(name)

    assert found is not None
    assert found.entry == "tobacco"


@pytest.mark.parametrize("name", ["coffee", "smoking", "vaping", "", "any", "alcohol-free beer"])
def test_a_name_that_nobody_listed_or_that_may_mean_two_things_stands_for_nothing(name: str):
    assert known_as(name) is None


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_entry_is_known_by_its_own_name_and_as_a_whole(entry: str):
    assert none_is_none_of(entry, entry)
    assert known_as(entry).whole


def test_a_kind_is_use_of_the_whole_and_its_absence_says_nothing_of_the_whole():
    assert use_is_of("beer", "alcohol")
    assert not none_is_none_of("beer", "alcohol")
    assert none_is_none_of("alcohol", "beer")
    assert not use_is_of("alcohol", "beer")


def test_none_of_anything_is_none_of_each():
    assert none_is_none_of("any", "a name of their own")


@pytest.mark.parametrize(
    ("diagnosis", "name"),
    [
        ("Alcohol use disorder, severe", "alcohol"),
        ("opioid dependence", "opioids"),
        ("Pathological gambling", "gambling"),
        ("heroin use disorder", "heroin"),
    ],
)
def test_a_diagnosis_of_one_thing_is_a_name_of_it(diagnosis: str, name: str):
    assert one_name(diagnosis) == name
    assert use_is_of(name, diagnosis)
    assert none_is_none_of(name, diagnosis)


@pytest.mark.parametrize(
    "words",
    ["alcohol use disorder in remission", "alcohol with cocaine", "alcohol or cocaine", "use disorder", "no alcohol"],
)
def test_words_that_turn_the_meaning_or_do_not_say_which_of_two_stand_for_nothing(words: str):
    assert known_as(words) is None
    assert names_in(words) == (words,)
    assert not none_is_none_of("alcohol", words)


@pytest.mark.parametrize(
    "words",
    [
        "Alcohol and cocaine use disorder",
        "alcohol use disorder, severe, and cocaine use disorder, mild",
        "Alcohol / Cocaine",
        "alcohol & cocaine dependence",
        "alcohol, cocaine and alcohol",
    ],
)
def test_several_known_things_in_one_name_are_each_of_them(words: str):
    assert names_in(words) == ("alcohol", "cocaine")
    assert use_is_of("beer", words)
    assert not use_is_of(words, "alcohol")
    assert none_is_none_of(words, "cocaine")
    assert not none_is_none_of("alcohol", words)
    assert none_is_none_of("any", words)


@pytest.mark.parametrize(
    "words",
    ["alcohol and coffee", "alcohol in remission and cocaine", "alcohol and/or cocaine", "no alcohol and cocaine"],
)
def test_one_part_that_is_not_known_or_turns_the_meaning_leaves_the_whole_unknown(words: str):
    assert names_in(words) == (words,)
    assert not none_is_none_of("alcohol", words)


def test_a_kind_in_a_diagnosis_stays_a_kind():
    assert use_is_of("heroin", "opioid use disorder")
    assert not none_is_none_of("heroin", "opioid use disorder")


def test_a_diagnosis_is_read_for_the_substances_that_it_names():
    assert entries_in("Alcohol use disorder") == {"alcohol"}
    assert entries_in("Nicotine dependence, cigarettes") == {"tobacco"}
    assert entries_in("a name of their own") == frozenset()


@pytest.mark.parametrize(
    "words",
    [
        "tobacco; alcohol",
        "alcohol+tobacco",
        "tobacco & alcohol",
        "tobacco (alcohol)",
        "alcohol. tobacco.",
        "alcohol|tobacco",
    ],
)
def test_two_names_are_read_whatever_stands_between_them(words: str):
    assert entries_in(words) == {"alcohol", "tobacco"}
    assert known_as(words) is None


@pytest.mark.parametrize("words", ["alcohol-free", "non-alcohol", "cocaine?"])
def test_a_word_with_a_hyphen_or_a_sign_of_doubt_is_not_taken_apart(words: str):
    assert entries_in(words) == frozenset()


def test_a_diagnosis_with_its_grade_in_brackets_is_a_name_of_one_thing():
    assert one_name("Alcohol use disorder (severe)") == "alcohol"
