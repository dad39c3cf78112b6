"""The gates of an answer as a list to read: state, what was seen, what would open it, the limit and its author."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from sextant.clinic.pages.words import GATE_STATES, MUST_ANSWER, STRENGTHS, State, iso_words
from sextant.evidence import Source, source, sources
from sextant.record import Consent, PatientRecord, Target
from sextant.units.words import count_words

CRISIS_WRITTEN = "Crisis path walked: write it down"
"""The button that leads to the one question which opens the gate again."""

_ORDER = ("closed", "ask", "caution", "open")

# Where the fact that would open a gate is written down: the word in the address of its form, and the question where
# the form holds many.
_WRITTEN_AT = {
    "GATE-001": "condition",
    "GATE-002": "blood-pressure",
    "GATE-003": "answers#unstable_cardiac",
    "GATE-004": "pregnancy-test",
    "GATE-005": "use",
    "GATE-006": "use",
    "GATE-007": "answers#psychosis",
    "GATE-008": "answers#ketamine_allergy",
    "GATE-009": "answers#suicidality",
    "GATE-011": "answers#earlier_treatment",
    "GATE-012": "support",
    "GATE-013": "consent",
}
# A closed gate opens by another answer than the one that closed it.
_OPENED_AT = {"GATE-003": "answers#cardiac_clearance", "GATE-009": "answers#crisis_path"}


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
        strength=_strength(gate),
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
    what, _, question = _form_of(gate, record).partition("#")
    if not what or not may_write(what):
        return "", ""
    words = CRISIS_WRITTEN if question == "crisis_path" else "Write down"
    return add_address(record.patient.patient_id, what, question), words


def _form_of(gate: dict[str, Any], record: PatientRecord) -> str:
    """The form, and its question, whose answer would open the gate."""
    code, asks = gate["code"], gate["verdict"] == "ask"
    if code == "GATE-001" and asks and record.latest(Target) is None:
        return "target"
    if code == "GATE-007" and asks and record.answer("psychosis") is not None:
        return "answers#psychosis_in_family"
    if code == "GATE-013":
        capacity, consent = record.answer("capacity"), record.latest(Consent)
        if (capacity is not None and capacity.value == "no") or (consent is not None and capacity is None and asks):
            return "answers#capacity"
    return (not asks and _OPENED_AT.get(code)) or _WRITTEN_AT.get(code, "")


def add_address(patient_id: str, what: str, question: str = "") -> str:
    """The form that writes something down; of many questions, one may stand first."""
    return reverse("add", args=[patient_id, what]) + (question and f"?first={question}#id_{question}")


def _strength(gate: dict[str, Any]) -> str:
    """Who may pass a closed gate; nobody passes a question, it is answered."""
    if gate["verdict"] == "ask":
        return MUST_ANSWER
    return STRENGTHS[gate["strength"]] if gate["verdict"] == "closed" else ""


def gates_title(gates: list[dict[str, Any]]) -> str:
    """How the gates stand, in a heading: all are open only where all are.

    >>> def title(*verdicts): return gates_title([{"verdict": verdict} for verdict in verdicts])
    >>> title("open", "open"), title("open", "caution"), title("closed", "ask", "caution", "open")
    ('All 2 gates stand open', '1 open, 1 caution', '2 gates to look at')
    """
    verdicts = [gate["verdict"] for gate in gates]
    wanting = verdicts.count("closed") + verdicts.count("ask")
    cautions = verdicts.count("caution")
    if wanting:
        return f"{count_words(wanting, 'gate')} to look at"
    if cautions:
        return f"{verdicts.count('open')} open, {count_words(cautions, 'caution')}"
    return f"All {len(gates)} gates stand open"


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
