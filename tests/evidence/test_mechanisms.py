"""The four proposed mechanisms, and what speaks for and against each."""

import re

from sextant.evidence.library import library
from sextant.evidence.mechanisms import Side, mechanisms


def test_there_are_four_and_each_has_something_that_speaks_against_it():
    found = mechanisms()

    assert list(found) == ["plasticity", "glutamate", "distance", "mood"]
    assert all(one.on(Side.FOR) and one.on(Side.AGAINST) for one in found.values())


def test_every_finding_stands_at_an_address_of_its_row():
    rows = {row.row_id: row for row in (*library().trials, *library().series)}

    for told in (told for one in mechanisms().values() for told in one.told):
        assert told.address.startswith(("https://", "http://"))
        if told.row_id:
            assert told.address == rows[told.row_id].source_address
        else:
            assert told.name


def test_the_figures_are_those_of_the_rows():
    words = " ".join(told.words for one in mechanisms().values() for told in one.told)

    assert "12 of 27 said on the telephone that they were abstinent; after midazolam 0 of 28" in words
    assert "(r = −0.35" in words
    assert not re.search(r"[{}]", words)


def test_no_idea_is_told_as_if_it_were_known():
    for one in mechanisms().values():
        said = f"{one.idea} {one.stand_in} {' '.join(told.words for told in one.told)}".casefold()
        for bold in ("proves", "proven", "cures", "works because", "shows that ketamine"):
            assert bold not in said


def test_receptor_occupancy_is_not_shown_and_that_is_said():
    assert "no verified source for it was found" in mechanisms()["glutamate"].stand_in


def test_one_trial_in_alcohol_speaks_on_both_sides_of_lasting_change():
    found = mechanisms()["plasticity"]

    assert "grabski2022_kare_alcohol#05" in {told.row_id for told in found.on(Side.FOR)}
    assert "grabski2022_kare_alcohol#08" in {told.row_id for told in found.on(Side.AGAINST)}


def test_no_finding_is_told_as_a_bare_percentage():
    assert not any("%" in told.words for one in mechanisms().values() for told in one.told)
