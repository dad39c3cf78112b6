"""The gates of an answer as a list to read: state, what was seen, what would open it, the limit and its author."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from sextant.clinic.pages.words import GATE_STATES, MUST_ANSWER, STRENGTHS, State, in_sentence, iso_words, state_of
from sextant.evidence import Source, source, sources
from sextant.protocol import RULES
from sextant.protocol.judged_use import reports_to_judge
from sextant.protocol.rules import active_use
from sextant.record import QUESTIONS, Consent, Group, PatientRecord, Target, Weight, one_name
from sextant.units.words import count_words, list_words

CRISIS_WRITTEN = "Crisis path walked: write it down"
"""The button that leads to the one question which opens the gate again."""

_ORDER = ("closed", "ask", "passed", "caution", "open")

# Where the fact that would open a gate is written down, by the word in the address of its form; a gate that reads a
# screening question leads to that question.
_WRITTEN_AT = {
    "GATE-001": "condition",
    "GATE-002": "blood-pressure",
    "GATE-004": "pregnancy-test",
    "GATE-005": "use",
    "GATE-006": "use",
    "GATE-012": "support",
    "GATE-013": "consent",
    "GATE-016": "measurements",
    "GATE-021": "measurements",
    "GATE-041": "measurements",
    "GATE-052": "today",
    "GATE-054": "pregnancy-test",
    "GATE-055": "blood-pressure",
    "GATE-056": "today",
    "GATE-064": "weight",
    "GATE-065": "today",
    "GATE-072": "measurements",
}
# These open by the prescriber's order of the one next infusion.
_ORDERED = frozenset({"GATE-050", "GATE-064"})
_QUESTIONS = {rule.code: rule.question for rule in RULES if rule.question}
_JUDGED = "use-judged"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Gates that ask and are answered on one form: one button for all, each to be read below it."""

    url: str
    words: str
    titles: str
    rows: list[GateRow]


_SEVERAL = 3
_FORMS = {
    "answers": "the screening questions answer them",
    "today": "what is asked and measured today answers them",
    "measurements": "measurements answer them",
}


def answered_together(rows: list[GateRow], patient_id: str, back: str = "") -> list[Together]:
    """The gates that ask and are answered on one form, where there are several of one form."""
    found = []
    for what, words in _FORMS.items():
        url, form = add_address(patient_id, what, back=back), add_address(patient_id, what)
        asks = [row for row in rows if row.state is GATE_STATES["ask"] and row.answer_url.startswith(form)]
        if len(asks) >= _SEVERAL:
            titles = list_words([row.title if n == 0 else in_sentence(row.title) for n, row in enumerate(asks)])
            found.append(
                Together(url=url, words=f"{count_words(len(asks), 'gate')}: {words}", titles=titles, rows=asks)
            )
    return found


def gate_rows(
    gates: list[dict[str, Any]], record: PatientRecord, may_write: Callable[[str, str], bool], back: str = ""
) -> list[GateRow]:
    """Gates that want something first, those that stand open last.

    `may_write` says whether the person at the screen may write down what that form, and its question, holds; `back`
    is the page that writing it down leads to, if not the usual one.
    """
    ordered = sorted(gates, key=lambda gate: (_ORDER.index(state_of(gate)), gate["code"]))
    return [_row(gate, record, may_write, back) for gate in ordered]


def _row(gate: dict[str, Any], record: PatientRecord, may_write: Callable[[str, str], bool], back: str) -> GateRow:
    url, words = _where_to_write(gate, record, may_write, back) if gate["verdict"] in {"closed", "ask"} else ("", "")
    return GateRow(
        code=gate["code"],
        title=gate["title"],
        state=GATE_STATES[state_of(gate)],
        strength=_strength(gate),
        saw=gate["saw"],
        seen_on="" if iso_words(gate["seen_on"]) in gate["saw"] else iso_words(gate["seen_on"]),
        opens_when=gate["opens_when"],
        limit=limit_words(gate["limit"]),
        sources=[source(one["key"]) for one in gate["sources"]],
        answer_url=url,
        answer_words=words,
    )


def _where_to_write(
    gate: dict[str, Any], record: PatientRecord, may_write: Callable[[str, str], bool], back: str
) -> tuple[str, str]:
    """The page where what the gate asks for is written down; the policy where the clinic has set no limit.

    Without a shelf life an answer of the day itself counts, so there the way leads to the answer.
    """
    limit = gate["limit"]
    if limit and limit["value"] is None and not limit["name"].endswith("_valid_days"):
        return reverse("policy"), "See the limit"
    if gate["code"] in _ORDERED and _wants_order(gate, record):
        return (
            (reverse("review", args=[record.patient.patient_id]), "Read and decide")
            if may_write("review", "")
            else ("", "")
        )
    what, _, question = _form_of(gate, record, may_write).partition("#")
    if not what or not may_write(what, question):
        return "", ""
    words = CRISIS_WRITTEN if question == "crisis_path" else "Judge the name" if what == _JUDGED else "Write down"
    return add_address(record.patient.patient_id, what, question, back), words


def _wants_order(gate: dict[str, Any], record: PatientRecord) -> bool:
    """Whether it is the prescriber's order that opens the gate, and no scale or answer."""
    order = record.order
    no_dose = order is None or order.dose_mg_per_kg is None or order.duration_min is None
    return no_dose or gate["verdict"] == "closed" or gate["code"] == "GATE-050"


def _form_of(gate: dict[str, Any], record: PatientRecord, may_write: Callable[[str, str], bool]) -> str:
    """The form, and its question, whose answer would open the gate; of two ways one that this person may go."""
    code, asks = gate["code"], gate["verdict"] == "ask"
    if code == "GATE-001" and asks and record.latest(Target) is None:
        return "target"
    if code == "GATE-007" and asks and record.answer("psychosis") is not None:
        return "answers#psychosis_in_family"
    if code == "GATE-013":
        capacity, consent = record.answer("capacity"), record.latest(Consent)
        if (capacity is not None and capacity.value == "no") or (consent is not None and capacity is None and asks):
            return "answers#capacity"
    if code == "GATE-031" and asks and (taken := record.answer("benzodiazepine")) is not None and taken.value == "yes":
        return "benzodiazepine"
    if code == "GATE-005" and not asks and may_write(_JUDGED, "") and _waits_for_judgement(record):
        return _JUDGED
    if code == "GATE-021" and asks and record.latest(Weight) is None:
        return "weight"
    return (not asks and _OPENED_AT.get(code)) or _WRITTEN_AT.get(code) or _question_form(_QUESTIONS.get(code, ""))


def _waits_for_judgement(record: PatientRecord) -> bool:
    """Whether the use that closes the gate was told under a name that a prescriber may judge."""
    lapse = active_use.lapse(record)
    return lapse is not None and one_name(lapse.problem) in {one_name(name) for name in reports_to_judge(record)}


def _question_form(question: str) -> str:
    """The form that a question stands on."""
    if not question:
        return ""
    form = "today" if QUESTIONS[question].group is Group.ON_THE_DAY else "answers"
    return f"{form}#{question}"


def add_address(patient_id: str, what: str, question: str = "", back: str = "") -> str:
    """The form that writes something down; of many questions one may stand first, and `back` is where it leads."""
    said = urlencode({name: value for name, value in (("first", question), ("back", back)) if value})
    return reverse("add", args=[patient_id, what]) + (said and f"?{said}") + (question and f"#id_{question}")


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
    verdicts = [state_of(gate) for gate in gates]
    wanting = verdicts.count("closed") + verdicts.count("ask")
    cautions = verdicts.count("caution")
    if wanting:
        return f"{count_words(wanting, 'gate')} to look at"
    if passed := verdicts.count("passed"):
        return f"{verdicts.count('open')} open, {passed} passed today" + (
            f", {count_words(cautions, 'caution')}" if cautions else ""
        )
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
    by = f"; {_set_by_words(limit['set_by'])}" if limit["set_by"] else ""
    beside = f" {limit['beside_others']}" if limit.get("beside_others") else ""
    return f"Limit {limit['value']:g} {limit['unit']}{read_in}{by}.{beside}"


def _set_by_words(set_by: str) -> str:
    """Who set a limit; where the clinic has not, that it came with the software."""
    if set_by == "built in":
        return set_by
    return "ships with Sextant" if set_by.startswith("default") else f"set by {set_by}"


def source_words(written: str) -> str:
    """Keys of sources as the names of the first two; the clinic's own words as they stand."""
    keys = written.split(", ")
    if not all(key in sources() for key in keys):
        return written
    names = list(dict.fromkeys(source(key).label for key in keys))
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return f"read in {', '.join(names[:2])}{more}"
