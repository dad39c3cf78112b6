"""The clinic's policy file: what it may say, and what is refused by line."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, POLICY, TODAY, at_the_door, clinic_limits, infusion, record
from sextant.evidence import source
from sextant.protocol import (
    RULES,
    Limits,
    OtherValue,
    Part,
    PolicyError,
    Stricter,
    Verdict,
    default_limits,
    read_policy,
)

ENTRY = """
[limit.days_sober]
value = 14
unit = "days"
source = "S077"
set_by = "Test director"
on = 2026-11-02
"""


SWITCH = """
[switch.prescription_monitoring]
value = false
source = "clinic: our state asks for no query"
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
        ("[switch.x]\non = true", "no switch is called 'x'"),
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


def test_a_switch_of_the_clinic_lies_over_the_one_that_ships():
    limits = read_policy(SWITCH, today=TODAY)

    assert default_limits().on("prescription_monitoring")
    assert not limits.on("prescription_monitoring")
    assert limits.switches["prescription_monitoring"].source_note == "our state asks for no query"
    assert limits.switches["prescription_monitoring"].set_by == "Test director"


def test_a_switch_may_name_sources_on_file():
    limits = read_policy(SWITCH.replace("clinic: our state asks for no query", "S009, S077"), today=TODAY)

    assert limits.switches["prescription_monitoring"].sources == ("S009", "S077")
    assert limits.switches["prescription_monitoring"].source_note == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SWITCH.replace("prescription_monitoring", "forecast_first"), "Line 2: no switch is called 'forecast_first'"),
        (SWITCH.replace("switch.prescription_monitoring", "switch.days_sober"), "no switch is called 'days_sober'"),
        (SWITCH.replace("false", "0"), "Line 2: switch 'prescription_monitoring' needs true or false"),
        (SWITCH.replace("false", '"off"'), "needs true or false"),
        (SWITCH.replace("value = false\n", ""), "lacks value"),
        (SWITCH + 'unit = "days"', "unknown part 'unit'"),
        (SWITCH.replace("clinic: our state asks for no query", "S999"), "names source 'S999', which is not on file"),
        (SWITCH.replace("2026-11-02", "2027-01-01"), "after today"),
    ],
)
def test_a_switch_that_cannot_be_taken_is_refused_by_line(text, says):
    with pytest.raises(PolicyError) as refused:
        read_policy(text, today=TODAY)

    assert says in str(refused.value)


def test_an_entry_that_stays_as_it_is_keeps_its_old_date():
    in_force = read_policy(ENTRY + SWITCH, today=TODAY)

    limits = read_policy(ENTRY + SWITCH, today=TODAY, in_force=in_force)

    assert limits["days_sober"] == in_force["days_sober"]
    assert limits.switches == in_force.switches


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY.replace("14", "30"), "Line 2: limit 'days_sober' is changed and dated 2026-11-02"),
        (ENTRY.replace("S077", "S078"), "Line 2: limit 'days_sober' is changed"),
        (ENTRY.replace("Test director", "Another director"), "Line 2: limit 'days_sober' is changed"),
        (ENTRY.replace("2026-11-02", "2026-10-01"), "Line 2: limit 'days_sober' is changed and dated 2026-10-01"),
        (ENTRY + SWITCH.replace("false", "true"), "Line 9: switch 'prescription_monitoring' is changed"),
        (SWITCH + IN_SERIES.replace("14", "4"), "Line 8: limit 'infusions_in_series' is changed"),
    ],
)
def test_what_is_changed_under_a_day_of_the_past_would_rewrite_history(text, says):
    in_force = read_policy(ENTRY + SWITCH, today=TODAY)

    with pytest.raises(PolicyError) as refused:
        read_policy(text, today=TODAY, in_force=in_force)

    assert says in str(refused.value)
    assert f"Date the change today ({TODAY})" in str(refused.value)


def test_a_change_that_is_dated_today_is_taken():
    in_force = read_policy(ENTRY + SWITCH, today=TODAY)
    changed = (ENTRY.replace("14", "30") + SWITCH.replace("false", "true")).replace("2026-11-02", str(TODAY))

    limits = read_policy(changed, today=TODAY, in_force=in_force)

    assert limits["days_sober"].value == 30
    assert limits.on("prescription_monitoring")


def test_a_change_that_was_dated_yesterday_is_not_taken_today():
    in_force = read_policy(ENTRY, today=TODAY)
    yesterday = ENTRY.replace("14", "30").replace("2026-11-02", str(TODAY - timedelta(days=1)))

    with pytest.raises(PolicyError, match="rewrite what was in force"):
        read_policy(yesterday, today=TODAY, in_force=in_force)


def test_a_refusal_names_the_entry_its_part_and_a_sentence_without_a_file():
    with pytest.raises(PolicyError) as refused:
        read_policy(IN_SERIES, today=TODAY)

    assert (refused.value.entry, refused.value.part) == ("infusions_in_series", "value")
    assert refused.value.sentence == "This limit of 14 is out of bounds: at least 3 at most 6 infusions."


def _beside(value: float | None, *figures: tuple[float, bool], stricter: Stricter | None = Stricter.HIGHER):
    others = tuple(
        OtherValue(value=figure, source="S077", setting="a trial", addiction=addiction) for figure, addiction in figures
    )
    return replace(default_limits()["days_sober"], value=value, stricter=stricter, others=others)


def test_how_strict_a_value_is_beside_others_is_counted_in_its_own_direction():
    longer_is_stricter = _beside(14, (1, True), (5, True), (14, True), (30, True), (365, True))
    lower_is_stricter = replace(longer_is_stricter, stricter=Stricter.LOWER)

    said = "Of 5 figures read (1 to 365 days), {} let more people pass, 1 the same, {} fewer."
    assert longer_is_stricter.beside_others == said.format(2, 2)
    assert lower_is_stricter.beside_others == said.format(2, 2)
    assert replace(longer_is_stricter, value=1).beside_others == said.format(0, 4)
    assert replace(lower_is_stricter, value=1).beside_others == said.format(4, 0)


def test_one_figure_read_is_said_as_one():
    assert _beside(7, (7, True)).beside_others == (
        "Of 1 figure read (7 days), 0 let more people pass, 1 the same, 0 fewer."
    )


def test_beside_addiction_alone_a_value_may_stand_otherwise():
    limit = _beside(14, (1, True), (5, True), (30, False), (365, False))

    assert limit.beside_others == "Of 4 figures read (1 to 365 days), 2 let more people pass, 0 the same, 2 fewer."
    assert limit.beside_addiction == (
        "Of 2 figures from addiction (1 to 5 days), 2 let more people pass, 0 the same, 0 fewer."
    )


def test_where_all_figures_come_from_addiction_they_are_said_once():
    assert _beside(14, (1, True), (5, True)).beside_addiction == ""
    assert _beside(14, (28, False)).beside_addiction == ""


@pytest.mark.parametrize(
    "limit", [_beside(None, (1, True)), _beside(14), _beside(14, (1, True), stricter=None)], ids=str
)
def test_without_a_value_a_direction_or_a_figure_nothing_is_said_of_strictness(limit):
    assert limit.beside_others == ""
    assert limit.beside_addiction == ""


def test_every_figure_says_truly_whether_it_comes_from_addiction():
    substances = ("alcohol", "cannabis", "cocaine", "heroin", "methamphetamine", "opioid", "substance use", "tobacco")

    for limit in default_limits().by_name.values():
        for other in limit.others:
            # Of clinics for depression some ask for days without a substance: what comes after the colon is their rule.
            setting = other.setting.split(":")[0]
            named = any(word in setting for word in substances)
            assert other.addiction == named, (limit.name, other.setting)


def test_no_two_entries_share_a_name_and_none_is_the_address_of_the_versions():
    limits = default_limits()

    assert not set(limits.by_name) & set(limits.switches)
    assert "versions" not in {*limits.by_name, *limits.switches}


def _unset(name: str) -> Limits:
    clinic = clinic_limits()
    return Limits({**clinic.by_name, name: replace(clinic[name], value=None)}, clinic.switches, "one limit not set")


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (rule, name)
        for rule in RULES
        for name in rule.limits
        if default_limits()[name].value is None and default_limits()[name].part is not Part.SHELF_LIFE
    ],
    ids=lambda one: one if isinstance(one, str) else one.code,
)
def test_a_gate_that_needs_a_limit_which_nobody_has_set_asks(rule, name):
    before_the_first = record(*at_the_door().values())
    before_the_second = record(infusion(10), *at_the_door(infusion=2).values())

    verdicts = {rule.find(one, _unset(name), NOW).verdict for one in (before_the_first, before_the_second)}

    assert Verdict.ASK in verdicts


@pytest.mark.parametrize(
    ("slow", "hold", "stop", "named"),
    [(170, 160, 180, "during_hold_systolic_mmhg"), (160, 190, 180, "during_stop_systolic_mmhg")],
)
def test_limits_that_belong_together_stand_in_their_order(slow: int, hold: int, stop: int, named: str):
    text = "".join(
        f'[limit.during_{what}_systolic_mmhg]\nvalue = {value}\nunit = "mmHg"\nsource = "clinic: ours"\n'
        f'set_by = "Test director"\non = {TODAY}\n\n'
        for what, value in (("slow", slow), ("hold", hold), ("stop", stop))
    )

    with pytest.raises(PolicyError, match=rf"limit '{named}' of .* does not fit") as refused:
        read_policy(text, today=TODAY)

    assert str(refused.value).startswith("Line ")


def test_limits_that_belong_together_may_be_equal():
    text = "".join(
        f'[limit.during_{what}_diastolic_mmhg]\nvalue = 100\nunit = "mmHg"\nsource = "clinic: ours"\n'
        f'set_by = "Test director"\non = {TODAY}\n\n'
        for what in ("slow", "hold", "stop")
    )

    assert read_policy(text, today=TODAY)["during_stop_diastolic_mmhg"].value == 100
