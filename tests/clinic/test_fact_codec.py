"""Facts become plain values and come back as they were."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from json import dumps, loads
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sextant import record
from sextant.clinic.fact_codec import KINDS, FactShapeError, decode, encode
from sextant.clinic.zones import in_zone, zone_name

ZONES = st.one_of(
    st.sampled_from([UTC, ZoneInfo("America/Chicago"), ZoneInfo("Asia/Kathmandu")]),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
PLAIN = {
    str: st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(
        datetime.fromisoformat("1900-01-02"),
        datetime.fromisoformat("2100-01-01"),
        timezones=ZONES,
        allow_imaginary=False,
    ),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    if isinstance(hint, UnionType):
        return st.one_of(*(values_of(one) for one in get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(values_of(get_args(hint)[0])).map(tuple)
    return PLAIN.get(hint, st.from_type(hint))


def facts_of_kind(kind: str) -> st.SearchStrategy[record.Fact]:
    hints = get_type_hints(KINDS[kind])
    return st.builds(KINDS[kind], **{field.name: values_of(hints[field.name]) for field in fields(KINDS[kind])})


def told_by(fact: record.Fact) -> dict[str, Any]:
    """Each field, a moment as itself in UTC and by its own clock.

    Of an hour that a clock shows twice, Python calls no two zones equal.
    """
    told = {field.name: getattr(fact, field.name) for field in fields(fact)}
    return {
        name: (one.astimezone(UTC), one.replace(tzinfo=None, fold=0)) if isinstance(one, datetime) else one
        for name, one in told.items()
    }


WEIGHT = {"fact_id": "fact-1", "taken_at": datetime(2026, 11, 23, 9, tzinfo=UTC), "source": ""}


@settings(deadline=None)
@given(st.sampled_from(sorted(KINDS)).flatmap(facts_of_kind))
def test_every_fact_comes_back_as_it_was(fact: record.Fact):
    kind, payload = encode(fact)
    zone = zone_name(fact.taken_at)

    stored = loads(dumps(payload, allow_nan=False))
    back = decode(
        kind, stored, fact_id=fact.fact_id, taken_at=in_zone(fact.taken_at.astimezone(UTC), zone), source=fact.source
    )

    assert type(back) is type(fact)
    assert told_by(back) == told_by(fact)
    assert back.day == fact.day


def test_every_kind_of_fact_in_the_record_can_be_stored():
    kinds = [*record.Fact.__subclasses__(), *record.Coded.__subclasses__()]
    declared = {kind.__name__ for kind in kinds if kind.__module__ == record.Fact.__module__}

    assert set(KINDS) == declared - {"Coded"}


def test_the_stored_names_of_kinds_and_fields_never_change():
    fact = record.UseReport(
        fact_id="fact-1",
        taken_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        problem="alcohol",
        covers_from=date(2026, 11, 16),
        covers_to=date(2026, 11, 23),
        used=None,
        evidence=record.UseEvidence.SELF_REPORT,
    )

    assert encode(fact) == (
        "UseReport",
        {
            "problem": "alcohol",
            "covers_from": "2026-11-16",
            "covers_to": "2026-11-23",
            "used": None,
            "evidence": "self-report",
            "last_used_on": None,
            "days_used": None,
        },
    )


@pytest.mark.parametrize(
    ("kind", "payload", "says"),
    [
        ("Weight", {"weight_kg": 78.0, "weight_lb": 172.0}, "no field 'weight_lb'"),
        ("Weight", {}, "lacks weight_kg"),
        ("Weight", {"weight_kg": "78"}, "no float"),
        ("Weight", {"weight_kg": True}, "no float"),
        ("Weight", {"weight_kg": None}, "no float"),
        ("Weight", {"weight_kg": float("nan")}, "no float"),
        ("PregnancyTest", {"result": "perhaps"}, "no QualitativeResult"),
        ("Consent", {"given": 1}, "no bool"),
        ("Consent", {"given": True, "expires_on": "soon"}, "no date"),
        ("Support", {"kind": "gro\0up"}, "no text"),
        ("Condition", {"code": "1", "system": "s", "text": "t", "onset_at": "2026-11-23T09:00:00"}, "without a zone"),
        ("Packages", {}, "No kind of fact"),
        ("Coded", {"code": "1", "system": "s", "text": "t"}, "No kind of fact"),
    ],
)
def test_a_stored_value_that_does_not_fit_is_an_error_and_never_a_guess(kind: str, payload: dict, says: str):
    with pytest.raises(FactShapeError, match=says):
        decode(kind, payload, **WEIGHT)


def test_a_fact_of_the_wrong_shape_is_not_stored():
    fact = record.Weight(**WEIGHT, weight_kg="78")

    with pytest.raises(FactShapeError, match="weight_kg"):
        encode(fact)
