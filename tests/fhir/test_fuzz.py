"""Whatever is done to a bundle, it is read or refused with a sentence; nothing else ever comes out."""

import gzip
import json
import re
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sextant.fhir import BundleError, read_bundle

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAGE = (Path(__file__).parents[2] / "docs" / "fhir-import.md").read_text(encoding="utf-8")
EXAMPLE = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL).group(1))
EXAMPLE["entry"] += [
    {"resource": {"resourceType": kind, "id": "f", name: {"reference": "Patient/demo"}, **fields}}
    for kind, name, fields in (
        ("Condition", "subject", {"code": {"text": "x"}, "onsetDateTime": "2019", "abatementString": "x"}),
        ("AllergyIntolerance", "patient", {"code": {"text": "x"}, "reaction": [{"manifestation": [{"text": "x"}]}]}),
        ("MedicationRequest", "subject", {"status": "active", "medicationReference": {"reference": "#m"}}),
        (
            "QuestionnaireResponse",
            "subject",
            {"status": "completed", "authored": "2020-01-01", "item": [{"linkId": "1"}]},
        ),
    )
]

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(),
    st.sampled_from(["0001", "9999-12-31", "2026-11-23T24:00:00Z", "2020-02-30", "Patient/x", "#m", "kg", "\ud800"]),
    st.lists(st.integers() | st.text(), max_size=3),
    st.dictionaries(st.sampled_from(["coding", "value", "code", "reference", "text", "start"]), st.text(), max_size=3),
)


def places(value: object, path: tuple = ()):
    """All paths into a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


PLACES = list(places(EXAMPLE))


def read_or_refuse(data: bytes) -> None:
    try:
        imported = read_bundle(data, now=NOW)
    except BundleError as error:
        text = str(error)
        assert text.encode()
        assert text.isprintable()
        assert len(text) < 600
    else:
        assert all(fact.taken_at <= NOW for fact in imported.record.facts)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(["replace", "remove", "wrap"]), ODD), min_size=1, max_size=3
    )
)
def test_a_bundle_with_odd_values_anywhere_is_read_or_refused(changes):
    bundle = deepcopy(EXAMPLE)
    for path, how, value in changes:
        holder = bundle
        try:
            for key in path[:-1]:
                holder = holder[key]
            before = holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        if how == "remove":
            del holder[path[-1]]
        else:
            holder[path[-1]] = [before] if how == "wrap" else value

    read_or_refuse(json.dumps(bundle).encode())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False), st.booleans())
def test_damaged_bytes_are_read_or_refused(random: Random, packed: bool):
    data = bytearray(json.dumps(EXAMPLE).encode())
    if packed:
        data = bytearray(gzip.compress(bytes(data), mtime=0))
    for _ in range(random.randint(1, 5)):
        data[random.randrange(len(data))] = random.randrange(256)

    read_or_refuse(bytes(data[: random.randrange(len(data))] if random.random() < 0.2 else data))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=200) | st.text(st.characters(codec="utf-8")).map(str.encode))
def test_noise_is_refused(data):
    read_or_refuse(data)
