"""What was given, in milligrams over time, and what is said where the record does not tell."""

from dataclasses import replace
from datetime import datetime

import pytest

from builders import NOW, days_ago, infusion, order, person
from sextant.pharmacology import Segment
from sextant.record import Fact, PatientRecord, Weight
from sextant.visit import regimen_of, regimen_ordered


def weighed(kg: float, at: datetime) -> Weight:
    return Weight(fact_id=f"weight-{kg}", taken_at=at, weight_kg=kg)


def chart(*facts: Fact) -> PatientRecord:
    return PatientRecord.of(person(), facts)


def test_an_infusion_is_one_rate_from_start_to_end_by_the_weight_before_it():
    given = infusion(3)

    found = regimen_of(given, chart(weighed(60, days_ago(9)), weighed(70, days_ago(3)), weighed(80, NOW), given))

    assert found.regimen is not None
    assert found.regimen.segments == (Segment(0, 40, 0.875),)
    assert found.regimen.total_mg == pytest.approx(35)
    assert found.weight is not None
    assert found.weight.weight_kg == 70
    assert found.missing == ()


def test_an_order_is_by_the_newest_weight():
    found = regimen_ordered(order(), chart(weighed(60, days_ago(9)), weighed(80, NOW)))

    assert found.regimen is not None
    assert found.regimen.total_mg == pytest.approx(40)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"dose_mg_per_kg": None}, ("the dose",)),
        ({"dose_mg_per_kg": 0.0}, ("the dose",)),
        ({"duration_min": None}, ("the minutes",)),
        ({"duration_min": 0.0}, ("the minutes",)),
        ({"route": "not stated"}, ("the route",)),
        ({"dose_mg_per_kg": None, "duration_min": None}, ("the dose", "the minutes")),
    ],
)
def test_what_the_record_does_not_tell_is_said_and_not_guessed(changes: dict, missing: tuple[str, ...]):
    given = replace(infusion(3), **changes)

    found = regimen_of(given, chart(weighed(70, days_ago(5)), given))

    assert found.regimen is None
    assert found.missing == missing


def test_a_weight_from_after_the_infusion_is_none_from_before_it():
    given = infusion(3)

    found = regimen_of(given, chart(given, weighed(70, days_ago(2))))

    assert found.regimen is None
    assert found.missing == ("a weight from before it",)


def test_an_order_without_a_weight_or_a_dose_has_no_milligrams():
    assert regimen_ordered(order(), chart()).missing == ("a weight",)
    assert regimen_ordered(replace(order(), dose_mg_per_kg=None), chart(weighed(70, NOW))).missing == ("the dose",)
