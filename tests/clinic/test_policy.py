"""Setting one limit: a new policy with that entry alone replaced; what cannot be taken leaves the old one in force."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from builders import NOW, POLICY, TODAY
from sextant.clinic.models import AuditEntry, PolicyVersion, User
from sextant.clinic.selectors.policy import told, versions
from sextant.clinic.services import audit, policy
from sextant.clinic.services.refusal import NotAllowed, Refused

Setting = Callable[..., PolicyVersion]


@pytest.fixture
def set_days(director: User) -> Setting:
    """Set the days sober as the director, who has the newest policy before them unless told otherwise."""

    def setting(value: float, source: str = "S077", *, by: User = director, **options: int | None) -> PolicyVersion:
        newest = policy.version_at(NOW)
        opened = options.get("opened", newest and newest.pk)
        return policy.set_limit(by, "days_sober", value, source, NOW, opened=opened)

    return setting


def test_one_entry_is_replaced_and_the_rest_of_the_file_stays(clinic_policy: PolicyVersion, set_days: Setting):
    version = set_days(21, "clinic: fewer lapses in our own first year")

    before, after = clinic_policy.text.splitlines(), version.text.splitlines()
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [
        ("value = 14", "value = 21"),
        ('source = "clinic: made up for the demo"', 'source = "clinic: fewer lapses in our own first year"'),
        ("on = 2026-11-02", "on = 2026-11-23"),
    ]


def test_it_holds_from_now_on_in_the_directors_name(clinic_policy: PolicyVersion, director: User, set_days: Setting):
    set_days(21)

    limit = policy.current_limits(NOW)["days_sober"]
    assert (limit.value, limit.sources, limit.set_by, limit.on) == (21, ("S077",), str(director), TODAY)
    assert policy.limits_at(NOW - timedelta(minutes=1))["days_sober"].value == 14


def test_the_first_limit_makes_the_first_policy(director: User, set_days: Setting):
    version = set_days(7)

    assert version.by == director
    assert policy.current_limits(NOW)["days_sober"].value == 7
    assert policy.current_limits(NOW)["pressure_valid_days"].value is None


def test_a_switch_is_set_with_true_or_false(director: User):
    policy.set_limit(director, "view_before_forecast", True, "clinic: we want our own view", NOW, opened=None)

    switch = policy.current_limits(NOW).switches["view_before_forecast"]
    assert switch.on
    assert switch.source_note == "we want our own view"


def test_a_reason_in_any_words_is_kept_as_it_was_written(set_days: Setting):
    reason = 'Said "no" in May;\n[limit.days_sober]\nvalue = 0 # a trap\\'

    set_days(7, f"clinic: {reason}")

    assert policy.current_limits(NOW)["days_sober"].source_note == reason
    assert policy.current_limits(NOW)["days_sober"].value == 7


@pytest.mark.parametrize(
    ("name", "value", "source", "code", "says"),
    [
        ("screening_systolic_mmhg", 181.0, "S029", "POLICY-002", "out of bounds: at most 180 mmHg"),
        ("infusions_in_series", 4.5, "C005", "POLICY-002", "no whole number of infusions"),
        ("days_sober", -1.0, "S077", "POLICY-002", "a number of 0 or more"),
        ("days_sober", float("nan"), "S077", "POLICY-002", "a number of 0 or more"),
        ("days_sober", True, "S077", "POLICY-002", "a number of 0 or more"),
        ("prescription_monitoring", 1.0, "S077", "POLICY-002", "needs true or false"),
        ("days_sober", 7.0, "S999", "POLICY-003", "names source 'S999', which is not on file"),
        ("days_sober", 7.0, "clinic:", "POLICY-003", "and no reason"),
        ("days_sober", 7.0, "", "POLICY-003", "lacks source"),
        ("days_of_luck", 7.0, "S077", "POLICY-001", "no limit is called 'days_of_luck'"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_the_old_policy_stays(
    clinic_policy: PolicyVersion, director: User, name: str, value: float, source: str, code: str, says: str
):
    with pytest.raises(Refused) as refused:
        policy.set_limit(director, name, value, source, NOW, opened=clinic_policy.pk)

    assert refused.value.code == code
    assert says in str(refused.value)
    assert policy.version_at(NOW) == clinic_policy


@pytest.mark.parametrize("who", ["prescriber", "nurse", "counsellor", "administrator", "outsider"])
def test_nobody_but_the_director_sets_one(who: str, request, clinic_policy: PolicyVersion, set_days: Setting):
    with pytest.raises(NotAllowed, match="may not set the clinic's limits"):
        set_days(21, by=request.getfixturevalue(who))

    assert policy.version_at(NOW) == clinic_policy


def test_a_policy_that_changed_meanwhile_is_looked_at_first(clinic_policy: PolicyVersion, set_days: Setting):
    set_days(21)

    with pytest.raises(Refused, match=r"was changed by Test director on 23 Nov 2026, .* after this page was opened"):
        set_days(28, opened=clinic_policy.pk)

    assert policy.current_limits(NOW)["days_sober"].value == 21


def test_a_first_policy_that_came_meanwhile_is_looked_at_first(set_days: Setting):
    set_days(21, opened=None)

    with pytest.raises(Refused, match="after this page was opened"):
        set_days(28, opened=None)


def test_sent_twice_it_is_set_once(clinic_policy: PolicyVersion, set_days: Setting):
    first = set_days(21, opened=clinic_policy.pk)

    assert set_days(21, opened=clinic_policy.pk) == first
    assert PolicyVersion.objects.count() == 2


def test_setting_what_is_in_force_changes_nothing(clinic_policy: PolicyVersion, set_days: Setting):
    set_days(21)

    with pytest.raises(Refused, match="in force already"):
        set_days(21)


def test_the_same_value_with_another_source_is_a_change(clinic_policy: PolicyVersion, set_days: Setting):
    set_days(14, "S052")

    assert policy.current_limits(NOW)["days_sober"].sources == ("S052",)


def test_each_setting_is_in_the_audit_chain_and_the_chain_holds(director: User, set_days: Setting):
    version = set_days(21)

    entry = AuditEntry.objects.get(action="policy.set")
    assert (entry.actor, entry.object_ref) == (director, f"policy:{version.pk}")
    assert audit.verify().ok


def test_a_policy_dated_in_the_past_is_refused_by_line(clinic_policy: PolicyVersion, director: User):
    rewritten = POLICY.replace("value = 14", "value = 90", 1)

    with pytest.raises(Refused, match=r"Line \d+: limit 'days_sober' is changed and dated 2026-11-02"):
        policy.set_policy(director, rewritten, NOW)

    assert policy.version_at(NOW) == clinic_policy


def test_one_that_was_set_while_this_one_waited_for_its_turn_is_not_lost(director: User, set_days: Setting):
    soon = NOW + timedelta(seconds=1)
    other = policy.set_limit(director, "weight_valid_days", 3, "clinic: weighed often", soon, opened=None)

    with pytest.raises(Refused, match="after this page was opened"):
        set_days(21, opened=None)

    assert PolicyVersion.objects.get() == other


def test_each_version_tells_what_it_changed_against_the_one_before(clinic_policy: PolicyVersion, set_days: Setting):
    set_days(21)
    set_days(28)

    newest, second, first = told(list(versions()))

    assert [(one.before.value, one.after.value) for one in newest.changes] == [(21, 28)]
    assert [(one.before.value, one.after.value) for one in second.changes] == [(14, 21)]
    assert first.version == clinic_policy
    assert {one.before.value for one in first.changes} == {None}


def test_a_version_that_this_sextant_cannot_read_is_said_to_be_so(director: User, set_days: Setting):
    PolicyVersion.objects.create(text="[limit.days_of_luck]\nvalue = 3\n", at=NOW - timedelta(days=1), by=director)

    (one,) = told(list(versions()))

    assert "no limit is called 'days_of_luck'" in one.unreadable
    assert one.changes == ()
