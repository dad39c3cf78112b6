"""From bytes to the entries of one FHIR R4 bundle about one patient."""

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NoReturn

from sextant.fhir.element import Element
from sextant.fhir.refusal import BundleError, refused, shown
from sextant.fhir.versions import refuse_other_version

MAX_BYTES = 50 * 1000 * 1000  # packed or unpacked; the largest synthetic life at hand has 3.5 MB
LONGEST_NAME = 64  # of an id in FHIR; no name of a kind of resource is longer
_GZIP_MAGIC = b"\x1f\x8b"
_TYPES_READ = ("transaction", "searchset", "collection")
_SEVERAL_SUBJECTS = {"Account", "Contract"}  # the two kinds of R4 whose 'subject' is a list
_TOO_LARGE = (
    f"The bundle is larger than {MAX_BYTES // 1_000_000} MB{{}}. "
    "Send one patient in one bundle, without images or billing."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of the bundle; `full_url` is what others call it by."""

    resource_type: str
    resource: Element
    full_url: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The entries in order, the one patient among them, and how many entries held no resource.

    `by_name` finds an entry by its full URL or as 'Type/id'.
    """

    entries: tuple[Entry, ...]
    by_name: Mapping[str, Entry]
    patient: Entry
    without_resource: int

    def find(self, reference: str) -> Entry | None:
        """The entry that a reference points at; None when it is not in the bundle."""
        reference = reference.split("/_history/")[0]
        found = self.by_name.get(reference) or self.by_name.get("/".join(reference.split("/")[-2:]))
        # The same id on two servers is two resources.
        if found and found.full_url.startswith("http") and reference.startswith("http") and reference != found.full_url:
            return None
        return found

    def is_about_patient(self, entry: Entry) -> bool | None:
        """Whether a resource is about the one patient; None when it does not say whom or what it is about.

        Raises
        ------
        BundleError
            If it is about another patient, or about somebody who is not in the bundle.
        """
        answers = [self._points_at_patient(subject) for subject in _subjects(entry) if subject.text("reference")]
        return all(answers) if answers else None

    def _points_at_patient(self, subject: Element) -> bool:
        reference = subject.text("reference")
        found = self.find(reference)
        if found is not None:
            return found is self.patient
        kind = reference.split("/")[-2] if "/" in reference else ""
        if kind not in {"", "Patient"}:
            return False
        raise refused(
            subject.at("reference"),
            f"it is about {shown(reference)}, who is not the patient of this bundle ({self.patient.resource.resource})",
            "Send one patient in one bundle.",
        )


def _subjects(entry: Entry) -> tuple[Element, ...]:
    if entry.resource_type in _SEVERAL_SUBJECTS:
        return entry.resource.children("subject")
    subject = entry.resource.child("subject") or entry.resource.child("patient")
    return (subject,) if subject else ()


def open_bundle(data: bytes) -> Bundle:
    """The bundle in these bytes, packed with gzip or not.

    Raises
    ------
    BundleError
        If it is too large, cut off, no JSON, no R4 bundle of a type that can be read, or about more than one patient.
    """
    root = _parse(_unpacked(data))
    _check_bundle(root)
    entries, by_name, without_resource = _entries(root)
    return Bundle(entries, by_name, _one_patient(entries), without_resource)


def _unpacked(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise BundleError(_TOO_LARGE.format(""))
    if not data.startswith(_GZIP_MAGIC):
        return data
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
            unpacked = packed.read(MAX_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise BundleError("The gzip file is cut off or damaged. Fetch or export it again.") from None
    if len(unpacked) > MAX_BYTES:
        raise BundleError(_TOO_LARGE.format(" when unpacked"))
    return unpacked


def _parse(data: bytes) -> Mapping[str, Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BundleError(f"Byte {error.start} is not UTF-8 text. Send the bundle as JSON in UTF-8.") from None
    if text.lstrip()[:1] == "<":
        raise BundleError("This is XML, not JSON. Export the bundle as FHIR JSON.")
    try:
        root = json.loads(text, object_pairs_hook=_object, parse_constant=_not_a_number)
    except json.JSONDecodeError as error:
        raise BundleError(
            f"This is not JSON: {error.msg} in line {error.lineno}, column {error.colno}. "
            "Send a FHIR bundle as JSON, whole."
        ) from None
    except RecursionError:
        raise BundleError("The JSON is nested too deeply to be a FHIR bundle. Export it again.") from None
    except BundleError:
        raise
    except ValueError:  # a whole number of thousands of digits
        raise BundleError("The JSON holds a number that is too long to be one. Correct it.") from None
    if not isinstance(root, dict):
        raise BundleError("This JSON is not FHIR: it is no object. Send a FHIR bundle.")
    return root


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BundleError(f"One JSON object holds {shown(twice)} twice. Send each element once.")
    return fields


def _not_a_number(text: str) -> NoReturn:
    raise BundleError(f"The JSON holds {text}, which is no number of FHIR. Correct it.")


def _check_bundle(root: Mapping[str, Any]) -> None:
    resource_type = root.get("resourceType")
    if resource_type is None:
        raise BundleError("This JSON is not FHIR: it has no resourceType. Send a FHIR R4 bundle.")
    if resource_type != "Bundle":
        raise BundleError(f"This is a FHIR {shown(resource_type)}, not a Bundle. Send the patient's bundle.")
    if root.get("type") not in _TYPES_READ:
        raise BundleError(
            f"A bundle of type {shown(root.get('type'))} is not read. Send one of type {', '.join(_TYPES_READ)}."
        )
    bundle = Element(root, "Bundle")
    if any(link.text("relation") == "next" for link in bundle.children("link")):
        raise BundleError(
            "This search result is one page of several (it links to a next page), so facts would be missing. "
            "Fetch all pages and send them as one bundle."
        )


def _entries(root: Mapping[str, Any]) -> tuple[tuple[Entry, ...], dict[str, Entry], int]:
    entries: list[Entry] = []
    by_name: dict[str, Entry] = {}
    without_resource = 0
    for number, item in enumerate(Element(root, "Bundle").children("entry"), start=1):
        fields = item.child("resource")
        if fields is None:
            without_resource += 1
            continue
        entry = _entry(item, fields, number)
        for name in {entry.resource.resource, entry.full_url} - {""}:
            if name in by_name:
                raise refused(shown(name), f"it is there twice (again in entry {number})", "Send each resource once.")
            by_name[name] = entry
        entries.append(entry)
    return tuple(entries), by_name, without_resource


def _entry(item: Element, found: Element, number: int) -> Entry:
    resource_type = found.text("resourceType")
    if not resource_type:
        raise refused(f"Entry {number}", "its resource has no resourceType", "Send FHIR R4 resources.")
    if len(resource_type) > LONGEST_NAME or len(found.text("id")) > LONGEST_NAME:
        raise refused(
            f"Entry {number}", f"its type or id has more than {LONGEST_NAME} characters", "Send FHIR R4 resources."
        )
    name = f"{resource_type}/{found.text('id')}" if found.text("id") else f"{resource_type} in entry {number}"
    refuse_other_version(found.fields, name)
    return Entry(resource_type, Element(found.fields, name), item.text("fullUrl"))


def _one_patient(entries: tuple[Entry, ...]) -> Entry:
    patients = [entry for entry in entries if entry.resource_type == "Patient"]
    if not patients:
        raise BundleError("The bundle holds no Patient, so nobody knows whose facts these are. Add the Patient.")
    if len(patients) > 1:
        names = " and ".join(entry.resource.resource for entry in patients[:2])
        raise BundleError(f"The bundle holds {len(patients)} patients ({names}). Send one patient in one bundle.")
    return patients[0]
