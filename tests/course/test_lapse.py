"""What is owed after use was told of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import clinic_limits, counselling, days_ago, infusion, person, target, use_report
from sextant.course.lapse import lapse_care
from sextant.protocol import Limits
from sextant.record import Fact, PatientRecord, Support


def limits(days: float | None) -> Limits:
    kept = clinic_limits()
    of = replace(kept.by_name["lapse_contact_days"], value=days)
    return Limits({**kept.by_name, "lapse_contact_days": of}, kept.switches, kept.version)


def treated(*more: Fact) -> PatientRecord:
    return PatientRecord.of(person(), [target(days=30), infusion(9), *more])


LAPSE = use_report(True, from_days=3, to_days=3)


def test_without_use_nothing_is_owed():
    assert lapse_care(treated(use_report(False, from_days=9)), limits(2)) is None


def test_use_before_the_first_infusion_is_what_treatment_is_for():
    assert lapse_care(treated(use_report(True, from_days=20, to_days=10, days=1)), limits(2)) is None


def test_after_use_a_talk_is_owed_by_the_clinics_own_day():
    care = lapse_care(treated(LAPSE), limits(2))

    assert (care.since, care.talk_by, care.talked_on) == (days_ago(3).date(), days_ago(1).date(), None)


def test_no_day_is_made_up_where_the_clinic_has_set_none():
    assert lapse_care(treated(LAPSE), limits(None)).talk_by is None


def test_what_is_told_later_does_not_end_what_is_owed():
    care = lapse_care(treated(LAPSE, use_report(False, from_days=2)), limits(2))

    assert care.talked_on is None


def test_more_use_does_not_push_the_day_on():
    again = [use_report(True, from_days=days, to_days=days) for days in (2, 1)]

    assert lapse_care(treated(LAPSE, *again), limits(2)).since == days_ago(3).date()


def test_a_talk_from_before_is_not_the_talk():
    assert lapse_care(treated(counselling(days=4), LAPSE), limits(2)).talked_on is None


@pytest.mark.parametrize(
    "other",
    [replace(counselling(days=1), attended=False), replace(counselling(days=1), kind="family")],
    ids=["did not take place", "with the family"],
)
def test_only_a_talk_with_the_counsellor_that_took_place_counts(other: Support):
    assert lapse_care(treated(LAPSE, other), limits(2)).talked_on is None


def test_the_talk_in_which_use_was_told_is_the_talk():
    earlier_that_day = replace(counselling(days=3), taken_at=LAPSE.taken_at - timedelta(minutes=15))

    assert lapse_care(treated(earlier_that_day, LAPSE), limits(2)).talked_on == days_ago(3).date()


def test_use_after_the_talk_owes_another():
    care = lapse_care(treated(LAPSE, counselling(days=2), use_report(True, from_days=1, to_days=1)), limits(2))

    assert (care.since, care.talked_on) == (days_ago(1).date(), None)


def test_the_first_talk_since_is_the_talk():
    care = lapse_care(treated(LAPSE, counselling(days=1), counselling(days=0)), limits(2))

    assert care.talked_on == days_ago(1).date()
