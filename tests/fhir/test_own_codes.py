"""Sextant's own codes, consent, and the example of the documentation."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from sextant.fhir import BundleError, read_bundle
from sextant.instruments import INSTRUMENTS
from sextant.record import QUESTIONS, Answer, Attendance, Consent, Score, Support, Target, UseEvidence, UseReport

PAGE = (Path(__file__).parents[2] / "docs" / "fhir-import.md").read_text(encoding="utf-8")
FACT = "urn:sextant:fact"


def own(fhir, system: str, code: str, **fields) -> dict:
    given = {"status": "final", "code": fhir.concept(code, system), "effectiveDateTime": "2026-11-20"}
    return fhir.resource("Observation", **{**given, **fields})


def use_report(fhir, *parts: tuple[str, dict], used: bool | None = False, **fields) -> dict:
    given = {
        "effectiveDateTime": None,
        "effectivePeriod": {"start": "2026-11-13", "end": "2026-11-20"},
        "valueBoolean": used,
        "component": [{"code": fhir.concept(code, FACT), **value} for code, value in parts],
    }
    return own(fhir, FACT, "use-report", **{**given, **fields})


@pytest.mark.parametrize(
    ("question", "answer"), [(key, answer) for key, one in QUESTIONS.items() for answer in one.answers]
)
@pytest.mark.parametrize("form", ["valueString", "valueCodeableConcept"])
def test_every_answer_to_every_question_can_be_sent(fhir, question, answer, form):
    value = answer if form == "valueString" else {"coding": [{"code": answer}]}

    (read,) = fhir.read(own(fhir, "urn:sextant:question", question, **{form: value})).record.all(Answer)

    assert (read.question, read.value) == (question, answer)


@pytest.mark.parametrize(
    ("system", "code", "value", "says"),
    [
        ("urn:sextant:question", "mood", "yes", "'mood' is no question. The questions are earlier_treatment,"),
        ("urn:sextant:question", "psychosis", "maybe", "'maybe' is no answer to psychosis. Write one of: none, past,"),
        ("urn:sextant:instrument", "bdi", "3", "'bdi' is no instrument. On file: craving, gad7,"),
        (FACT, "weather", "fine", "'weather' is no fact of urn:sextant:fact. Write one of: target, use-report,"),
        (FACT, "target", "bdi", "'bdi' is no instrument"),
        (FACT, "target", "craving", "the target does not say of which problem"),
    ],
)
def test_a_code_or_value_of_ours_that_does_not_exist_is_refused_with_those_that_do(fhir, system, code, value, says):
    with pytest.raises(BundleError, match=re.escape(says)):
        fhir.read(own(fhir, system, code, valueString=value))


@pytest.mark.parametrize("key", sorted(INSTRUMENTS))
def test_every_instrument_can_be_sent_by_its_key(fhir, key):
    (score,) = fhir.read(own(fhir, "urn:sextant:instrument", key, valueInteger=3)).record.all(Score)

    assert (score.instrument, score.points) == (key, 3)


def test_a_target_names_instrument_and_problem(fhir):
    problem = [{"code": fhir.concept("problem", FACT), "valueString": "alcohol"}]

    (target,) = fhir.read(own(fhir, FACT, "target", valueString="craving", component=problem)).record.all(Target)

    assert (target.instrument, target.problem) == ("craving", "alcohol")


def test_the_problem_of_a_target_may_stand_in_a_note(fhir):
    given = own(fhir, FACT, "target", valueString="use_days", note=[{"text": "cocaine"}])

    assert fhir.read(given).record.all(Target)[0].problem == "cocaine"


def test_a_use_report_is_as_new_as_the_last_day_it_covers(fhir):
    given = use_report(
        fhir,
        ("problem", {"valueString": "alcohol"}),
        ("last-used-on", {"valueDateTime": "2026-11-15"}),
        ("days-used", {"valueInteger": 2}),
        ("evidence", {"valueString": "collateral"}),
        used=True,
    )

    (report,) = fhir.read(given).record.all(UseReport)

    assert (report.problem, report.used, report.evidence) == ("alcohol", True, UseEvidence.COLLATERAL)
    assert (report.covers_from.isoformat(), report.covers_to.isoformat()) == ("2026-11-13", "2026-11-20")
    assert (report.day.isoformat(), report.last_used_on.isoformat(), report.days_used) == (
        "2026-11-20",
        "2026-11-15",
        2,
    )


def test_a_use_report_without_an_answer_is_asked_and_not_known(fhir):
    (report,) = fhir.read(use_report(fhir, used=None)).record.all(UseReport)

    assert (report.used, report.problem, report.evidence) == (None, "any", UseEvidence.SELF_REPORT)


@pytest.mark.parametrize(
    ("parts", "fields", "says"),
    [
        ([("last-used-on", {"valueDateTime": "2026-11-01"})], {"used": True}, "lies outside the days"),
        ([("last-used-on", {"valueDateTime": "2026-11"})], {"used": True}, "'2026-11' names no day"),
        ([("last-used-on", {"valueDateTime": "2026-11-15"})], {"used": False}, "it says no use, and a component tells"),
        ([("days-used", {"valueInteger": 9})], {"used": True}, "9 days are more than the report covers"),
        ([("days-used", {"valueInteger": 0})], {"used": True}, "it says use, and counts no day of it"),
        (
            [("problem", {"valueString": "gambling"}), ("evidence", {"valueString": "urine"})],
            {"used": False},
            "a test of urine finds nothing of a behaviour",
        ),
        ([("days-used", {"valueQuantity": {"value": 1.5}})], {"used": True}, "1.5 is no count of days"),
        ([("evidence", {"valueString": "hearsay"})], {}, "'hearsay' is not known. Write one of: self-report,"),
    ],
)
def test_a_use_report_that_contradicts_itself_is_refused(fhir, parts, fields, says):
    with pytest.raises(BundleError, match=re.escape(says)):
        fhir.read(use_report(fhir, *parts, **fields))


def test_a_use_report_that_names_no_day_is_refused(fhir):
    with pytest.raises(BundleError, match="'2026-10' names no day"):
        fhir.read(use_report(fhir, effectivePeriod={"start": "2026-10", "end": "2026-11"}))


@pytest.mark.parametrize("day", ["2026", "2026-11"])
def test_an_answer_that_names_no_day_is_refused_so_that_no_older_answer_counts_in_its_place(fhir, day):
    with pytest.raises(BundleError, match=f"effective: '{day}' names no day. Write it as 2026-11-23"):
        fhir.read(own(fhir, "urn:sextant:question", "psychosis", valueString="current", effectiveDateTime=day))


def test_a_rating_that_names_no_day_is_set_aside(fhir):
    imported = fhir.read(own(fhir, "urn:sextant:instrument", "craving", valueInteger=3, effectiveDateTime="2026-11"))

    assert imported.record.all(Score) == ()
    assert imported.set_aside[0].why == "the day is not given"


@pytest.mark.parametrize("amount", [{"value": 0.75}, {"value": 75, "code": "%"}])
def test_attendance_is_a_share(fhir, amount):
    (attendance,) = fhir.read(own(fhir, FACT, "attendance", valueQuantity=amount)).record.all(Attendance)

    assert attendance.share == 0.75


def test_an_attendance_above_one_is_refused(fhir):
    with pytest.raises(BundleError, match="attendance of 75 is no share"):
        fhir.read(own(fhir, FACT, "attendance", valueQuantity={"value": 75}))


@pytest.mark.parametrize(
    ("value", "attended"), [({}, True), ({"valueBoolean": True}, True), ({"valueBoolean": False}, False)]
)
@pytest.mark.parametrize("kind", ["counselling", "group"])
def test_a_contact_was_attended_unless_it_says_otherwise(fhir, kind, value, attended):
    (support,) = fhir.read(own(fhir, FACT, kind, **value)).record.all(Support)

    assert (support.kind, support.attended) == (kind, attended)


def consent(fhir, **fields) -> dict:
    given = {
        "status": "active",
        "scope": {"coding": [{"code": "treatment"}]},
        "category": [{"text": "Ketamine infusions for addiction"}],
        "dateTime": "2026-11-01",
    }
    return fhir.resource("Consent", **{**given, **fields})


def test_consent_to_ketamine_is_read_with_its_end(fhir):
    given = consent(fhir, provision={"type": "permit", "period": {"end": "2027-05-01"}})

    (read,) = fhir.read(given).record.all(Consent)

    assert (read.given, read.expires_on.isoformat()) == (True, "2027-05-01")


@pytest.mark.parametrize("fields", [{"status": "inactive"}, {"status": "rejected"}, {"provision": {"type": "deny"}}])
def test_consent_withdrawn_or_denied_is_read_as_not_given(fhir, fields):
    assert fhir.read(consent(fhir, **fields)).record.all(Consent)[0].given is False


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"scope": {"coding": [{"code": "research"}]}}, "only consent to treatment is used"),
        ({"category": [{"text": "General consent to treatment"}]}, "it does not name ketamine"),
        ({"status": "proposed"}, "it is not signed yet"),
        ({"status": "entered-in-error"}, "it was entered in error"),
        ({"dateTime": None}, "it has no date"),
        ({"dateTime": "2026-11"}, "the day is not given"),
        ({"provision": {"period": {"start": "2026-12-01"}}}, "it is not in force before 2026-12-01"),
        ({"provision": {"period": {"start": "2026-11"}}}, "it is not in force before 2026-11"),
        ({"provision": {"type": "deny", "period": {"start": "2027"}}}, "it is not in force before 2027"),
    ],
)
def test_any_other_consent_is_set_aside(fhir, fields, why):
    imported = fhir.read(consent(fhir, **fields))

    assert imported.record.all(Consent) == ()
    assert [one.why for one in imported.set_aside] == [why]


@pytest.mark.parametrize("start", ["2026-11-23", "2026-11-23T12:00:00Z", "2026-10"])
def test_consent_is_in_force_from_the_start_of_its_period(fhir, start):
    given = consent(fhir, provision={"type": "permit", "period": {"start": start}})

    assert fhir.read(given).record.all(Consent)[0].given is True


def test_consent_that_starts_after_the_day_asked_about_is_not_in_force_on_it(fhir):
    given = consent(fhir, provision={"type": "permit", "period": {"start": "2026-11-15"}})

    imported = fhir.read(given, as_of=fhir.now - timedelta(days=10))

    assert imported.record.all(Consent) == ()
    assert imported.set_aside[0].why == "it is not in force before 2026-11-15"


def test_a_withdrawal_counts_whenever_its_period_starts(fhir):
    given = consent(fhir, status="inactive", provision={"period": {"start": "2026-12-01"}})

    assert fhir.read(given).record.all(Consent)[0].given is False


def test_a_withdrawal_without_a_day_outweighs_every_consent_of_its_month(fhir):
    withdrawn = consent(fhir, status="inactive", dateTime="2026-11")

    imported = fhir.read(withdrawn, consent(fhir, dateTime="2026-11-20"))

    assert imported.record.latest(Consent).given is False
    assert imported.set_aside[0].why.startswith("only a year or month is given; read as withdrawn on the last day")


def test_the_example_of_the_documentation_is_read_whole(fhir):
    example = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None

    imported = read_bundle(example.group(1).encode(), now=fhir.now)

    assert imported.set_aside == ()
    assert imported.used == {"Consent": 1, "MedicationAdministration": 1, "Observation": 9, "Patient": 1}
    kinds = {type(fact) for fact in imported.record.facts}
    assert {Answer, Attendance, Consent, Score, Support, Target, UseReport} < kinds


@pytest.mark.parametrize("key", [*QUESTIONS, *INSTRUMENTS])
def test_the_documentation_names_every_code_of_ours(key):
    assert f"`{key}`" in PAGE
