"""The clinic's policy file: what it may say, and what is refused by line."""

import pytest

from builders import POLICY, TODAY
from sextant.evidence import source
from sextant.protocol import PolicyError, default_limits, read_policy

ENTRY = """
[limit.days_sober]
value = 14
unit = "days"
source = "S077"
set_by = "Test director"
on = 2026-11-02
"""


IN_SERIES = ENTRY.replace("days_sober", "infusions_in_series").replace('"days"', '"infusions"')


def test_a_policy_lies_over_the_published_limits():
    limits = read_policy(ENTRY, today=TODAY)

    assert limits["days_sober"].value == 14
    assert limits["days_sober"].sources == ("S077",)
    assert limits["screening_systolic_mmhg"].value == 140


def test_two_policies_have_two_versions():
    assert read_policy(ENTRY, today=TODAY).version != read_policy(POLICY, today=TODAY).version


@pytest.mark.parametrize(
    "name",
    [
        "days_sober",
        "pressure_valid_days",
        "use_report_valid_days",
        "counselling_contact_days",
        "days_between_infusions",
        "worse_points_percent",
        "stop_below_probability_percent",
        "maintenance_per_year",
    ],
)
def test_where_no_source_gives_a_figure_none_is_filled_in(name):
    assert default_limits()[name].value is None


def test_every_limit_names_sources_that_are_on_file():
    for limit in default_limits().by_name.values():
        for key in limit.sources:
            assert source(key)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY.replace("days_sober", "days_sobr"), "Line 2: no limit is called 'days_sobr'"),
        (ENTRY.replace('"days"', '"weeks"'), "is in 'days', not in 'weeks'"),
        (ENTRY.replace('source = "S077"\n', ""), "lacks source"),
        (ENTRY.replace('set_by = "Test director"\n', ""), "lacks set_by"),
        (ENTRY.replace("S077", "S999"), "names source 'S999', which is not on file"),
        (ENTRY.replace("2026-11-02", "2027-01-01"), "after today"),
        (ENTRY.replace("2026-11-02", '"soon"'), "needs a day"),
        (ENTRY.replace("14", "-1"), "needs a number of 0 or more"),
        (ENTRY.replace("14", "nan"), "needs a number of 0 or more"),
        (ENTRY.replace("14", "inf"), "needs a number of 0 or more"),
        (
            ENTRY.replace("days_sober", "infusions_in_series").replace('"days"', '"infusions"').replace("14", "4.5"),
            "no whole number",
        ),
        (ENTRY.replace("14", "true"), "needs a number of 0 or more"),
        (ENTRY.replace("14", "1e300"), "needs a number of 0 or more"),
        (ENTRY.replace("S077", "clinic:"), "no reason"),
        (ENTRY.replace('"Test director"', '" "'), "needs words"),
        ("limit = 5", "write [limit.NAME]"),
        ("[[limit]]", "write [limit.NAME]"),
        ("a=" + "[" * 5000, "not a TOML file"),
        (ENTRY + 'colour = "blue"', "unknown part 'colour'"),
        ("[switch.x]\non = true", "no such part [switch]"),
        ("limit = ", "not a TOML file"),
        ("[limit]\ndays_sober = 14", "write [limit.days_sober]"),
    ],
)
def test_a_policy_that_cannot_be_taken_is_refused_with_a_sentence(text, says):
    with pytest.raises(PolicyError) as refused:
        read_policy(text, today=TODAY)

    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("name", "unit", "value"),
    [
        ("infusions_before_judging", "infusions", 2),
        ("infusions_in_series", "infusions", 7),
        ("youngest_age_years", "years", 17),
        ("infusions_in_series", "infusions", 2),
        ("oldest_age_years", "years", 5),
        ("screening_systolic_mmhg", "mmHg", 181),
        ("screening_diastolic_mmhg", "mmHg", 101),
        ("pregnancy_test_valid_days", "days", 8),
    ],
)
def test_built_in_bounds_cannot_be_loosened(name, unit, value):
    text = ENTRY.replace("days_sober", name).replace('"days"', f'"{unit}"').replace("14", str(value))

    with pytest.raises(PolicyError, match="out of bounds"):
        read_policy(text, today=TODAY)
