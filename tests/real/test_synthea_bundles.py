"""The 37 synthetic lives of Synthea: what the importer makes of them, against their manifest."""

import csv
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sextant.fhir import OutOfScopeError, read_bundle
from sextant.record import Concept, Condition, concepts_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FOLDER = Path(__file__).parents[3] / "shared" / "data" / "synthea_fhir"
MANIFEST = FOLDER / "manifest.csv"
LIVES = list(csv.DictReader(MANIFEST.read_text(encoding="utf-8").splitlines())) if MANIFEST.is_file() else []

every_life = pytest.mark.parametrize("life", LIVES or [None], ids=lambda life: life["file"][:4] if life else "absent")


def packed(life: dict | None, shared: Path) -> bytes:
    assert life is not None
    return (shared / "data" / "synthea_fhir" / life["file"]).read_bytes()


def entries(data: bytes) -> list[dict]:
    return [entry["resource"] for entry in json.loads(gzip.decompress(data))["entry"]]


def as_if_alive(data: bytes) -> bytes:
    bundle = json.loads(gzip.decompress(data))
    for entry in bundle["entry"]:
        entry["resource"].pop("deceasedDateTime", None)
    return json.dumps(bundle).encode()


@every_life
def test_sex_birth_date_and_the_conditions_are_those_of_the_manifest(life, shared):
    data = packed(life, shared)
    codes = {one["code"]["coding"][0]["code"] for one in entries(data) if one["resourceType"] == "Condition"}
    relevant = {pair.split("|")[0] for pair in life["relevant_conditions"].split(";")}

    record = read_bundle(as_if_alive(data), now=NOW).record

    conditions = record.all(Condition)
    assert record.patient.patient_id == life["patient_id"]
    assert record.patient.sex == life["gender"]
    assert record.patient.birth_date.isoformat() == life["birthDate"]
    assert len(conditions) == int(life["n_condition"])
    assert {one.code for one in conditions} == codes >= relevant


@every_life
def test_every_entry_is_counted_once(life, shared):
    data = as_if_alive(packed(life, shared))

    imported = read_bundle(data, now=NOW)

    counted = sum(imported.used.values()) + sum(one.entries for one in imported.set_aside)
    assert counted == int(life["entries"])
    assert imported.used.get("MedicationRequest", 0) == int(life["n_medication_request"])
    assert imported.used.get("AllergyIntolerance", 0) == int(life["n_allergy"])


@every_life
def test_who_has_died_is_refused_from_the_day_of_death_on_and_nobody_else(life, shared):
    data = packed(life, shared)
    if not life["deceased"]:
        assert read_bundle(data, now=NOW).used["Patient"] == 1
        return
    died = datetime.fromisoformat(life["deceased"])

    with pytest.raises(OutOfScopeError, match=f"has died on {died.day} {died:%b %Y}"):
        read_bundle(data, now=NOW)
    with pytest.raises(OutOfScopeError):
        read_bundle(data, now=NOW, as_of=died)
    before = read_bundle(data, now=NOW, as_of=died - timedelta(seconds=1))

    assert "death" in before.set_aside[0].what


def test_a_pregnancy_is_present_in_february_2019_and_over_today(shared):
    data = (shared / "data" / "synthea_fhir" / "p042.json.gz").read_bytes()
    then = datetime(2019, 2, 1, 23, 59, tzinfo=UTC)

    def pregnancies(imported):
        return [one for one in imported.record.all(Condition) if Concept.PREGNANCY in concepts_of(one)]

    (as_of_then,) = pregnancies(read_bundle(data, now=NOW, as_of=then))
    (as_of_today,) = pregnancies(read_bundle(data, now=NOW))

    assert as_of_then.present_at(then)
    assert not as_of_today.present_at(NOW)


def test_what_came_after_the_day_asked_about_is_set_aside_and_counted(shared):
    data = (shared / "data" / "synthea_fhir" / "p042.json.gz").read_bytes()

    imported = read_bundle(data, now=NOW, as_of=datetime(2019, 2, 1, tzinfo=UTC))

    later = {one.what: one.entries for one in imported.set_aside if one.why == "later than 1 Feb 2019"}
    assert later["Condition (1)"] == 1
    assert max(fact.day for fact in imported.record.facts).isoformat() <= "2019-02-01"
    assert sum(imported.used.values()) + sum(one.entries for one in imported.set_aside) == 148


def test_an_old_overdose_makes_us_ask_and_is_no_addiction(shared):
    data = (shared / "data" / "synthea_fhir" / "p034.json.gz").read_bytes()

    ideas = {idea for one in read_bundle(data, now=NOW).record.all(Condition) for idea in concepts_of(one)}

    assert ideas == {Concept.POSSIBLE_ADDICTION}
