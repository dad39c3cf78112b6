"""Vital signs and laboratory values: units, bounds, and the two halves of a pressure."""

import pytest

from sextant.fhir import BundleError
from sextant.record import BloodPressure, Measurement, Weight


@pytest.mark.parametrize(
    ("code", "value", "unit", "kg"),
    [
        ("29463-7", 78, "kg", 78),
        ("3141-9", 78_000, "g", 78),
        ("29463-7", 100, "[lb_av]", 45.359237),
        ("29463-7", 16, "[oz_av]", 0.45359237),
    ],
)
def test_a_weight_is_kept_in_kilograms(fhir, code, value, unit, kg):
    (weight,) = fhir.read(fhir.observation(code, value, unit)).record.all(Weight)

    assert weight.weight_kg == pytest.approx(kg)


@pytest.mark.parametrize(
    ("code", "value", "unit", "kind", "read"),
    [
        ("8867-4", 72, "{beats}/min", "heart_rate_per_min", 72),
        ("8867-4", 72, "/min", "heart_rate_per_min", 72),
        ("59408-5", 97, "%", "oxygen_saturation_percent", 97),
        ("2708-6", 0.97, "1", "oxygen_saturation_percent", 97),
        ("8302-2", 1.7, "m", "height_cm", 170),
        ("8302-2", 67, "[in_i]", "height_cm", 170.18),
        ("1742-6", 30, "U/L", "alt_u_per_l", 30),
        ("1920-8", 0.5, "ukat/L", "ast_u_per_l", 30),
        ("1975-2", 1.2, "mg/dL", "bilirubin_total_mg_per_dl", 1.2),
        ("14631-6", 17.1, "umol/L", "bilirubin_total_mg_per_dl", 1.0),
        ("14682-9", 88.4, "umol/L", "creatinine_mg_per_dl", 1.0),
    ],
)
def test_other_values_are_kept_in_the_unit_of_their_kind(fhir, code, value, unit, kind, read):
    (measurement,) = fhir.read(fhir.observation(code, value, unit)).record.all(Measurement)

    assert measurement.kind == kind
    assert measurement.value == pytest.approx(read, rel=1e-3)


@pytest.mark.parametrize("unit", ["stone", "lbs", "KG", "mm[Hg]", "{pounds}"])
def test_a_unit_that_is_not_known_is_refused_by_name_with_those_that_are(fhir, unit):
    with pytest.raises(BundleError) as refused:
        fhir.read(fhir.observation("29463-7", 12, unit))

    assert str(refused.value) == (
        f"Observation/1, valueQuantity: Weight in '{unit}', a unit that is not known here. "
        "Send it with one of these UCUM codes: kg, g, [lb_av], [oz_av], [stone_av]."
    )


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ({"value": 78}, "Weight has no unit"),
        ({"value": 78, "unit": "kilos"}, "Weight in 'kilos'"),
        ({"value": 78, "code": "kg", "system": "urn:oid:1.2"}, "a unit of the system 'urn:oid:1.2'"),
        ({"value": "78", "code": "kg"}, "a number belongs here, not '78'"),
        ({"value": True, "code": "kg"}, "a number belongs here, not true"),
        ({"value": 1e999, "code": "kg"}, "Infinity, which is no number"),
        ([{"value": 78, "code": "kg"}], "an object belongs here, not a list"),
    ],
)
def test_a_quantity_in_another_form_is_refused(fhir, amount, says):
    with pytest.raises(BundleError, match=says):
        fhir.read(fhir.observation("29463-7", valueQuantity=amount))


def test_a_unit_in_words_counts_where_the_words_are_the_ucum_code(fhir):
    given = fhir.observation("29463-7", valueQuantity={"value": 78, "unit": "kg"})

    assert fhir.read(given).record.all(Weight)[0].weight_kg == 78


@pytest.mark.parametrize(
    ("code", "value", "unit"),
    [
        ("29463-7", 700, "kg"),
        ("29463-7", 0, "kg"),
        ("8867-4", 0, "/min"),
        ("59408-5", 103, "%"),
        ("59408-5", 0.97, "%"),
    ],
)
def test_what_no_living_body_shows_is_refused(fhir, code, value, unit):
    with pytest.raises(BundleError, match="cannot be; a living body lies within"):
        fhir.read(fhir.observation(code, value, unit))


def test_a_value_that_is_only_more_or_less_than_something_is_set_aside(fhir):
    amount = {"value": 5, "code": "U/L", "comparator": "<"}

    imported = fhir.read(fhir.observation("1742-6", valueQuantity=amount))

    assert [one.why for one in imported.set_aside] == ["it has no exact value"]


def test_both_pressures_of_a_panel_are_read(fhir):
    (pressure,) = fhir.read(fhir.pressure(142.0, 88.0)).record.all(BloodPressure)

    assert (pressure.systolic_mmhg, pressure.diastolic_mmhg) == (142, 88)


def test_kilopascals_are_converted(fhir):
    (pressure,) = fhir.read(fhir.pressure(16, 10.7, unit="kPa")).record.all(BloodPressure)

    assert (pressure.systolic_mmhg, pressure.diastolic_mmhg) == (
        pytest.approx(120, abs=0.1),
        pytest.approx(80.3, abs=0.1),
    )


def test_a_blood_pressure_of_12_over_8_is_refused(fhir):
    with pytest.raises(BundleError, match=r"Systolic pressure of 12 mm\[Hg\] cannot be"):
        fhir.read(fhir.pressure(12, 8))


def test_a_blood_pressure_with_the_lower_value_first_is_refused(fhir):
    with pytest.raises(BundleError, match="80/120 mmHg cannot be, the first must be the higher"):
        fhir.read(fhir.pressure(80, 120))


def test_pressures_sent_one_by_one_are_joined_by_their_time(fhir):
    morning, noon = "2026-11-20T09:00:00Z", "2026-11-20T12:00:00Z"
    halves = [
        fhir.observation("8480-6", 142, "mm[Hg]", effectiveDateTime=morning),
        fhir.observation("8462-4", 92, "mm[Hg]", effectiveDateTime=noon),
        fhir.observation("8462-4", 88, "mm[Hg]", effectiveDateTime=morning),
        fhir.observation("8480-6", 150, "mm[Hg]", effectiveDateTime=noon),
    ]

    imported = fhir.read(*halves)

    read = [(one.systolic_mmhg, one.diastolic_mmhg) for one in imported.record.all(BloodPressure)]
    assert read == [(142, 88), (150, 92)]
    assert imported.used == {"Observation": 4, "Patient": 1}


def test_one_pressure_alone_is_set_aside(fhir):
    imported = fhir.read(fhir.observation("8480-6", 142, "mm[Hg]"))

    assert imported.record.facts == ()
    assert [one.why for one in imported.set_aside] == ["the other pressure of that time is not in the bundle"]


def test_two_different_systolic_pressures_of_one_time_are_refused(fhir):
    halves = [fhir.observation("8480-6", value, "mm[Hg]") for value in (142, 150)]

    with pytest.raises(BundleError, match="Systolic pressure is 150 here and 142 in Observation/1, at the same time"):
        fhir.read(*halves, fhir.observation("8462-4", 88, "mm[Hg]"))


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("preliminary", "its result is preliminary; send it again when it is final"),
        ("entered-in-error", "it was entered in error"),
        ("cancelled", "it was cancelled"),
        ("registered", "it has no result yet"),
        ("unknown", "its status is not known"),
    ],
)
def test_an_observation_that_may_not_be_relied_on_is_set_aside(fhir, status, why):
    imported = fhir.read(fhir.observation("29463-7", 78, "kg", status=status))

    assert imported.record.facts == ()
    assert [one.why for one in imported.set_aside] == [why]


def test_a_status_that_fhir_does_not_know_is_refused(fhir):
    with pytest.raises(BundleError, match="'done' is no status of FHIR"):
        fhir.read(fhir.observation("29463-7", 78, "kg", status="done"))


def test_an_observation_without_a_time_is_set_aside(fhir):
    imported = fhir.read(fhir.observation("29463-7", 78, "kg", effectiveDateTime=None))

    assert [one.why for one in imported.set_aside] == ["it does not say when it held"]


@pytest.mark.parametrize(
    ("time", "says"),
    [
        ("2026-11-23T12:00:01Z", "lies in the future"),
        ("2026-11-24", "lies in the future"),
        ("2026-11-20T09:00:00", "has a clock and no time zone"),
        ("20/11/2026", "is not a FHIR date"),
        ("2026-11-20T25:00:00Z", "is no day of the calendar"),
    ],
)
def test_a_time_in_the_future_or_in_another_form_is_refused(fhir, time, says):
    with pytest.raises(BundleError, match=says):
        fhir.read(fhir.observation("29463-7", 78, "kg", effectiveDateTime=time))


def test_plans_may_lie_in_the_future(fhir):
    plan = fhir.resource("CarePlan", status="active", intent="plan", period={"start": "2027-01-01"})

    assert fhir.read(plan).set_aside[0].why == "plans made elsewhere are not facts"


@pytest.mark.parametrize("day", ["2026", "2026-05"])
def test_a_value_without_a_day_is_set_aside(fhir, day):
    given = [
        fhir.pressure(120, 80, effectiveDateTime=day),
        fhir.observation("29463-7", 78, "kg", effectiveDateTime=day),
        fhir.observation("44261-6", 12, effectiveDateTime=day),
        fhir.observation("2106-3", effectiveDateTime=day, valueString="negative"),
        fhir.observation("8867-4", 70, "/min", effectiveDateTime=None, effectivePeriod={"start": day, "end": day}),
    ]

    imported = fhir.read(*given)

    assert imported.record.facts == ()
    assert [(one.why, one.entries) for one in imported.set_aside] == [("the day is not given", 1)] * 5


def test_a_value_with_a_day_and_no_clock_stands_at_the_start_of_that_day(fhir):
    (weight,) = fhir.read(fhir.observation("29463-7", 78, "kg", effectiveDateTime="2026-11-20")).record.all(Weight)

    assert weight.taken_at.isoformat() == "2026-11-20T00:00:00+00:00"
