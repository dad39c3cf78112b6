"""Weeks of one substance from the days of the source's tables."""

import pytest

from sextant.use.ctn0094 import SUBSTANCES, read_told_of, read_urines_of, with_disorder

# Randomised on study day 10, so that week 1 is the days 11 to 17. Patient 2 was never randomised.
TABLES = {
    "randomization": "who,treatment,which,when\n1,Methadone,1,10\n1,Methadone,2,80\n",
    "weekly": "who,project,randomised,week,phase,uds,tlfb\n"
    + "".join(f"1,27,1,{week},1,{uds},-\n" for week, uds in zip(range(7), "--+-o-_", strict=True))
    + "2,27,0,1,1,-,-\n",
    "uds": "who,what,when\n1,Cocaine,11\n1,Opioid,18\n1,Cocaine,24\n1,Thc,10\n2,Cocaine,11\n1,Cocaine,\n",
    "uds_temp": "who,was_temp_ok,when\n1,1,10\n1,1,11\n1,1,18\n1,1,25\n1,1,31\n",
    "tlfb": "who,what,when\n1,Cocaine,17\n1,Cocaine,18\n1,Cocaine,19\n1,Alcohol,25\n1,Alcohol,32\n1,Alcohol,45\n",
    "psychiatric": "who,has_cocaine_dx,has_alcol_dx\n1,Yes,No\n2,,Yes\n",
}


def test_urines_of_another_substance_are_read_by_the_weeks_after_the_first_randomisation():
    weeks = read_urines_of(SUBSTANCES["cocaine"], TABLES)

    assert list(weeks) == ["1"]
    # Week 2 has two urines: that of day 18 found an opioid alone, that of day 24 cocaine.
    assert [(one.number, one.result, one.self_report) for one in weeks["1"].weeks] == [
        (0, "-", "-"),
        (1, "+", "*"),
        (2, "*", "+"),
        (3, "-", "-"),
        (4, "o", "-"),
        (5, "-", "-"),
        (6, "_", "-"),
    ]
    assert weeks["1"].arm == "Methadone"


def test_what_was_told_is_read_in_weeks_with_a_urine_alone():
    """The drink of week 4 was told of a week that was missed."""
    weeks = read_told_of(SUBSTANCES["alcohol"], TABLES)["1"].weeks

    assert "".join(one.result for one in weeks) == "---*o*_"


@pytest.mark.parametrize(("name", "having"), [("cocaine", {"1"}), ("alcohol", {"2"})])
def test_who_was_not_asked_about_a_disorder_is_not_among_those_who_have_it(name: str, having: set[str]):
    assert with_disorder(SUBSTANCES[name], TABLES["psychiatric"]) == having
