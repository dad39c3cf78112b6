"""What comes in: bytes, and whether they are one R4 bundle about one patient."""

import gzip
import json

import pytest

from sextant.fhir import MAX_BYTES, BundleError, read_bundle


def test_a_bundle_is_read_packed_or_not(fhir):
    data = fhir.bytes()

    plain = read_bundle(data, now=fhir.now)
    packed = read_bundle(gzip.compress(data), now=fhir.now)

    assert plain == packed


@pytest.mark.parametrize("kind", ["transaction", "searchset", "collection"])
def test_bundles_of_these_types_are_read(fhir, kind):
    assert fhir.read(kind=kind).used == {"Patient": 1}


@pytest.mark.parametrize("kind", ["batch", "document", "message", "history", "transaction-response", None])
def test_a_bundle_of_another_type_is_refused_by_name(fhir, kind):
    with pytest.raises(BundleError, match=f"type {kind!r} is not read" if kind else "type nothing is not read"):
        fhir.read(kind=kind)


def test_an_empty_bundle_says_that_there_is_no_patient(fhir):
    with pytest.raises(BundleError, match="holds no Patient"):
        read_bundle(b'{"resourceType": "Bundle", "type": "collection"}', now=fhir.now)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "This is not JSON"),
        (b"hello", "This is not JSON: Expecting value in line 1, column 1"),
        (b'{"resourceType": "Bundle",', "This is not JSON"),
        (b"<Bundle/>", "This is XML"),
        (b"[]", "it is no object"),
        (b"{}", "it has no resourceType"),
        (b'{"resourceType": "Patient"}', "This is a FHIR 'Patient', not a Bundle"),
        (b'{"resourceType": ["Bundle"]}', "This is a FHIR a list, not a Bundle"),
        (b'{"resourceType": "Bundle", "type": "collection", "total": NaN}', "NaN, which is no number"),
        (b'{"resourceType": "Bundle", "type": "collection", "total": -Infinity}', "-Infinity, which is no number"),
        (b'{"resourceType": "Bundle", "type": "collection", "total": ' + b"9" * 5000 + b"}", "too long"),
        (b'{"resourceType": "Bundle", "type": "collection", "type": "batch"}', "'type' twice"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff\xfe{\x00}", "Byte 0 is not UTF-8"),
        (b"\x1f\x8b not really gzip", "cut off or damaged"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": {}}', "a list belongs here, not an object"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": [1]}', "an object belongs here, not 1"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {}}]}', "has no resourceType"),
    ],
)
def test_what_is_no_bundle_is_refused_with_a_sentence(data, says, fhir):
    with pytest.raises(BundleError, match=says.replace("[", r"\[")):
        read_bundle(data, now=fhir.now)


def test_gzip_that_is_cut_off_is_refused(fhir):
    whole = gzip.compress(fhir.bytes())

    with pytest.raises(BundleError, match="cut off or damaged"):
        read_bundle(whole[:-5], now=fhir.now)


def test_sixty_megabytes_are_refused(fhir):
    with pytest.raises(BundleError, match="larger than 50 MB"):
        read_bundle(b" " * 60_000_000, now=fhir.now)


def test_a_small_file_that_unpacks_to_more_is_refused_without_unpacking_it_all(fhir):
    bomb = gzip.compress(b" " * (MAX_BYTES + 1), compresslevel=1)

    with pytest.raises(BundleError, match="larger than 50 MB when unpacked"):
        read_bundle(bomb, now=fhir.now)


def test_a_page_of_a_search_result_is_refused_because_the_rest_would_be_missing(fhir):
    with pytest.raises(BundleError, match="one page of several"):
        fhir.read(kind="searchset", link=[{"relation": "next", "url": "https://example.org/page2"}])


def test_two_patients_are_refused(fhir):
    with pytest.raises(BundleError, match=r"2 patients \(Patient/ada and Patient/bob\)"):
        fhir.read(fhir.patient(id="bob"))


@pytest.mark.parametrize(
    "reference", ["Patient/bob", "https://example.org/fhir/Patient/bob", "urn:uuid:1-2", "#inside"]
)
def test_a_resource_about_somebody_else_is_refused_even_where_it_is_not_used(fhir, reference):
    claim = fhir.resource("Claim", subject=None, patient={"reference": reference})

    with pytest.raises(BundleError, match="is not the patient of this bundle"):
        fhir.read(claim)


@pytest.mark.parametrize(
    ("full_url", "reference"),
    [
        ("urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a", "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"),
        ("urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a", "Patient/ada"),
        ("https://example.org/fhir/Patient/ada", "https://example.org/fhir/Patient/ada"),
        ("https://example.org/fhir/Patient/ada", "Patient/ada/_history/3"),
    ],
)
def test_the_patient_is_found_by_every_kind_of_reference(fhir, full_url, reference):
    whole = fhir.bundle(fhir.observation("8867-4", 70, "/min", subject={"reference": reference}))
    whole["entry"][0]["fullUrl"] = full_url

    imported = read_bundle(json.dumps(whole).encode(), now=fhir.now)

    assert imported.used == {"Observation": 1, "Patient": 1}


def test_the_same_id_on_another_server_is_another_patient(fhir):
    there = {"reference": "https://elsewhere.org/fhir/Patient/ada"}
    whole = fhir.bundle(fhir.observation("8867-4", 70, "/min", subject=there))
    whole["entry"][0]["fullUrl"] = "https://example.org/fhir/Patient/ada"

    with pytest.raises(BundleError, match="is not the patient of this bundle"):
        read_bundle(json.dumps(whole).encode(), now=fhir.now)


def test_a_fact_that_does_not_say_whose_it_is_is_refused(fhir):
    with pytest.raises(BundleError, match="Observation/1: it does not say whose it is"):
        fhir.read(fhir.observation("8867-4", 70, "/min", subject=None))


def test_a_fact_about_a_group_or_a_device_is_set_aside(fhir):
    imported = fhir.read(fhir.observation("8867-4", 70, "/min", subject={"reference": "Device/pump"}))

    assert [(one.what, one.why) for one in imported.set_aside] == [("Observation (1)", "it is not about the patient")]


def test_a_resource_that_is_there_twice_is_refused(fhir):
    pulse = fhir.observation("8867-4", 70, "/min")

    with pytest.raises(BundleError, match="'Observation/1': it is there twice"):
        fhir.read(pulse, pulse)


def test_an_entry_without_a_resource_is_counted_and_set_aside(fhir):
    whole = fhir.bundle()
    whole["entry"].append({"request": {"method": "DELETE", "url": "Observation/9"}})

    imported = read_bundle(json.dumps(whole).encode(), now=fhir.now)

    assert [(one.what, one.entries) for one in imported.set_aside] == [("Entry without a resource (1)", 1)]


def test_every_entry_is_counted_once_and_kinds_that_are_not_used_say_why(fhir):
    resources = [
        fhir.observation("8867-4", 70, "/min"),
        fhir.observation("2093-3", 180, "mg/dL", display="Total Cholesterol"),
        fhir.resource("Claim"),
        fhir.resource("Claim"),
        fhir.resource("Basic"),
    ]

    imported = fhir.read(*resources)

    assert imported.used == {"Observation": 1, "Patient": 1}
    assert [(one.what, one.why, one.entries) for one in imported.set_aside] == [
        ("Basic (1)", "this kind of resource is not used", 1),
        ("Claim (2)", "billing is not used", 2),
        ("Observation Total Cholesterol (LOINC 2093-3) (1)", "not a kind of observation that is used", 1),
    ]


def test_foreign_text_reaches_no_page_or_terminal_with_its_control_characters(fhir):
    imported = fhir.read(fhir.condition("1", "red\x1b[31m and \ud800 alone"))

    assert imported.record.facts[0].text == "red [31m and alone"
