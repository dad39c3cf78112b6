"""The gates of an answer as a list to read: state, what was seen, what would open it, the limit and its author."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from sextant.clinic.pages.words import GATE_STATES, STRENGTHS, State, iso_words
from sextant.evidence import Source, source, sources
from sextant.record import PatientRecord, Target

_ORDER = ("closed", "ask", "caution", "open")

# Where the fact that a gate asks for is written down: the word in the address of its form, and the field where the
# form holds many.
_WRITTEN_AT = {
    "GATE-001": "condition",
    "GATE-002": "blood-pressure",
    "GATE-003": "answers#id_unstable_cardiac",
    "GATE-004": "pregnancy-test",
    "GATE-005": "use",
    "GATE-006": "use",
    "GATE-007": "answers#id_psychosis",
    "GATE-008": "answers#id_ketamine_allergy",
    "GATE-009": "answers#id_suicidality",
    "GATE-011": "answers#id_earlier_treatment",
    "GATE-012": "support",
    "GATE-013": "consent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """One gate in words."""

    code: str
    title: str
    state: State
    strength: str
    saw: str
    seen_on: str
    opens_when: str
    limit: str
    sources: list[Source]
    answer_url: str
    answer_words: str


def gate_rows(gates: list[dict[str, Any]], record: PatientRecord, may_write: Callable[[str], bool]) -> list[GateRow]:
    """Gates that want something first, those that stand open last.

    `may_write` says whether the person at the screen may write down what that form holds.
    """
    ordered = sorted(gates, key=lambda gate: (_ORDER.index(gate["verdict"]), gate["code"]))
    return [_row(gate, record, may_write) for gate in ordered]


def _row(gate: dict[str, Any], record: PatientRecord, may_write: Callable[[str], bool]) -> GateRow:
    url, words = _where_to_write(gate, record, may_write) if gate["verdict"] in {"closed", "ask"} else ("", "")
    return GateRow(
        code=gate["code"],
        title=gate["title"],
        state=GATE_STATES[gate["verdict"]],
        strength="" if gate["verdict"] == "open" else STRENGTHS[gate["strength"]],
        saw=gate["saw"],
        seen_on="" if iso_words(gate["seen_on"]) in gate["saw"] else iso_words(gate["seen_on"]),
        opens_when=gate["opens_when"],
        limit=limit_words(gate["limit"]),
        sources=[source(one["key"]) for one in gate["sources"]],
        answer_url=url,
        answer_words=words,
    )


def _where_to_write(gate: dict[str, Any], record: PatientRecord, may_write: Callable[[str], bool]) -> tuple[str, str]:
    """The page where what the gate asks for is written down; the policy where the clinic has set no limit."""
    if gate["limit"] and gate["limit"]["value"] is None:
        return reverse("policy"), "See the limit"
    what, _, field = _WRITTEN_AT.get(gate["code"], "").partition("#")
    if what == "condition" and gate["verdict"] == "ask" and record.latest(Target) is None:
        what = "target"
    if not what or not may_write(what):
        return "", ""
    return reverse("add", args=[record.patient.patient_id, what]) + (field and f"#{field}"), "Write down"


def limit_words(limit: dict[str, Any] | None) -> str:
    """A limit with its source and who set it; a limit without a value says that no source gives one."""
    if limit is None:
        return ""
    if limit["value"] is None:
        return f"Limit “{limit['title']}”: not set by the clinic, and no published source gives one."
    read_in = f"; {source_words(limit['source'])}" if limit["source"] else ""
    by = f"; set by {limit['set_by']}" if limit["set_by"] else ""
    return f"Limit {limit['value']:g} {limit['unit']}{read_in}{by}."


def source_words(written: str) -> str:
    """Keys of sources as the names of the first two; the clinic's own words as they stand."""
    keys = written.split(", ")
    if not all(key in sources() for key in keys):
        return written
    names = list(dict.fromkeys(source(key).label for key in keys))
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return f"read in {', '.join(names[:2])}{more}"
