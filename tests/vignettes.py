"""Vignettes: one patient in a few lines of YAML, one gate, and what it says. Read from `tests/protocol/vignettes`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from builders import NOW, TODAY, all_open, at_the_door, clinic_limits, person
from sextant.protocol import (
    RULES,
    Finding,
    Limits,
    Rule,
    Stage,
    Strength,
    Verdict,
    default_limits,
    end_of_visit,
    passed,
)
from sextant.record import Fact, Override, Patient, PatientRecord, Sex, UseJudged, UseReport, one_name
from vignette_words import LATE, MORNING, WORDS, VignetteError, facts_given, word_of

FOLDER = Path(__file__).parent / "protocol" / "vignettes"

_PARTS = frozenset(
    {"name", "gate", "starts_from", "person", "without", "given", "limits", "switches", "signed", "boundary", "then"}
)
_THEN = frozenset({"verdict", "strength", "saw", "passes"})
_RULES = {rule.code: rule for rule in RULES}
_NOT_ENTERED = "not entered"
_ROLES = frozenset({"prescriber", "director", "nurse"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Vignette:
    """One story: the patient and the clinic as they stand, the gate that is asked, and what it must say.

    `boundary` names the limits that the patient stands just within or just beyond. `signed_by` are the signatures,
    each a role and a name, that were given this morning for the gate as it stands.
    """

    file: str
    name: str
    rule: Rule
    record: PatientRecord
    limits: Limits
    boundary: tuple[str, ...]
    signed_by: tuple[tuple[str, str, float], ...]
    verdict: Verdict
    strength: Strength | None
    saw: tuple[str, ...]
    passes: bool | None

    def finding(self, limits: Limits | None = None) -> Finding:
        """What the gate says now; `limits` are other limits than the vignette's own."""
        known, _ = self.record.as_of(NOW)
        return self.rule.find(known, limits or self.limits, NOW)

    def is_passed(self) -> bool:
        """Whether the way is free at the gate: it stands open, or the signatures pass it."""
        found = self.finding()
        signatures = [_signature(found, number, *one) for number, one in enumerate(self.signed_by)]
        return passed(found, PatientRecord.of(self.record.patient, [*self.record.facts, *signatures]), NOW)


def read_vignettes(text: str, file: str) -> list[Vignette]:
    """The vignettes of one file.

    Raises
    ------
    VignetteError
        If an entry is not understood to the last word. The message names the file and the vignette.
    """
    entries = _PlainWords(text, file).get_single_data()
    if not isinstance(entries, list):
        raise VignetteError(f"{file} is no list of vignettes. Begin each with '- name: '.")
    found = []
    for number, entry in enumerate(entries, start=1):
        name = entry.get("name") if isinstance(entry, dict) else None
        try:
            found.append(_vignette(file, entry))
        except VignetteError as error:
            raise VignetteError(f"{file}, {name or f'entry {number}'}: {error}") from None
    return found


def _vignette(file: str, entry: object) -> Vignette:
    told = _parts(entry, "A vignette", _PARTS)
    for part in ("name", "gate", "then"):
        if part not in told:
            raise VignetteError(f"It has no '{part}'.")
    rule = _RULES.get(told["gate"])
    if rule is None:
        raise VignetteError(f"No gate has the code '{told['gate']}'. Known: {', '.join(_RULES)}.")
    then = _parts(told["then"], "'then'", _THEN)
    return Vignette(
        file=file,
        name=told["name"],
        rule=rule,
        record=PatientRecord.of(_person(told.get("person", {})), _facts(told, rule)),
        limits=_limits(told.get("limits", {}), told.get("switches", {})),
        boundary=_boundary(told.get("boundary", []), rule),
        signed_by=tuple(_signer(one) for one in _list(told.get("signed", []))),
        verdict=Verdict(_one_of(then.get("verdict"), list(Verdict), "verdict")),
        strength=Strength(_one_of(then["strength"], list(Strength), "strength")) if "strength" in then else None,
        saw=tuple(_list(then.get("saw", []))),
        passes=_one_of(then["passes"], ("yes", "no"), "passes") == "yes" if "passes" in then else None,
    )


def _facts(told: Mapping[str, Any], rule: Rule) -> list[Fact]:
    """The starting patient without what is taken away, and with what is given in its place."""
    facts = starting_facts(told.get("starts_from", rule.stage.value))
    at_hand = {word_of(fact) for fact in facts}
    without, given = set(_list(told.get("without", []))), _parts(told.get("given", {}), "'given'", None)
    for word in without:
        if word not in WORDS:
            raise VignetteError(f"'without' takes away '{word}', and no fact is called so.")
        if word not in at_hand:
            raise VignetteError(f"'without' takes away '{word}', which this patient does not have to begin with.")
        if word in given:
            raise VignetteError(f"'{word}' is both taken away and given. What is given takes the place of the rest.")
    kept = [fact for fact in facts if word_of(fact) not in {*without, *given}]
    found = [*kept, *(fact for word, one in given.items() for fact in facts_given(word, one))]
    return [_judged_on(fact, found) if isinstance(fact, UseJudged) else fact for fact in found]


def _judged_on(judged: UseJudged, facts: list[Fact]) -> UseJudged:
    """A judgement on all reports of its name that stood when it was written."""
    reports = [
        one.fact_id
        for one in facts
        if isinstance(one, UseReport)
        and one_name(one.problem) == one_name(judged.problem)
        and one.taken_at <= judged.taken_at
        and not one.fact_id.startswith(LATE)
    ]
    return replace(judged, reports=tuple(reports))


def starting_facts(point: str) -> list[Fact]:
    """The facts of the made-up patient at one starting point.

    screening: all that is asked before every next step. arrival: and what is asked at the door, with an order.
    maintenance: and a whole series of six behind, with the long-term checks.
    """
    point = _one_of(point, ["nothing", *Stage], "starts_from")
    if point == "nothing":
        return []
    facts = list(all_open().values())
    if point != Stage.SCREENING:
        facts += at_the_door().values()
    if point == Stage.MAINTENANCE:
        facts = [fact for fact in facts if word_of(fact) not in _AFTER_A_SERIES]
        facts += [fact for word, told in _AFTER_A_SERIES.items() for fact in facts_given(word, told)]
    return facts


_AFTER_A_SERIES: Mapping[str, object] = {
    "target": {"problem": "alcohol", "days_ago": 60},
    "infusion": [50, 47, 44, 41, 38, 35],
    "use": {"used": "no", "from_days_ago": 80},
    "cognition_worse": "no",
    "ketamine_craved": "no",
    "order": 7,
}


def _person(told: object) -> Patient:
    parts = _parts(told, "'person'", frozenset({"sex", "age", "born"}))
    sex = Sex(_one_of(parts.get("sex", "female"), list(Sex), "sex"))
    if "age" in parts and "born" in parts:
        raise VignetteError("'person' has an age and a day of birth. Keep one.")
    born = parts.get("born", date(TODAY.year - int(parts.get("age", 45)), 3, 3))
    if type(born) is not date:
        raise VignetteError(f"'person' needs a day as its born, such as 1981-03-03; found {born!r}.")
    return person(sex, born)


def _limits(told: object, switches: object) -> Limits:
    """The made-up clinic's limits with some changed; null for one that nobody has entered."""
    limits = default_limits() if told == _NOT_ENTERED else clinic_limits()
    by_name, by_switch = dict(limits.by_name), dict(limits.switches)
    changed = {} if told == _NOT_ENTERED else _parts(told, "'limits'", frozenset(by_name))
    for name, value in changed.items():
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise VignetteError(
                f"The limit '{name}' needs a number, or null where nobody has entered it; found {value!r}."
            )
        by_name[name] = replace(by_name[name], value=None if value is None else float(value))
    for name, value in _parts(switches, "'switches'", frozenset(by_switch)).items():
        by_switch[name] = replace(by_switch[name], on=_one_of(value, ("on", "off"), name) == "on")
    return Limits(by_name, by_switch, "vignette")


def _boundary(told: object, rule: Rule) -> tuple[str, ...]:
    names = tuple(_list(told))
    if unknown := [name for name in names if name not in rule.limits]:
        raise VignetteError(
            f"'boundary' names '{unknown[0]}', with which {rule.code} does not compare. "
            f"It compares with {', '.join(rule.limits) or 'none'}."
        )
    return names


def _signer(told: object) -> tuple[str, str, float]:
    parts = _parts(
        told if isinstance(told, dict) else {"role": told}, "'signed'", frozenset({"role", "by", "days_ago"})
    )
    role = _one_of(parts.get("role"), _ROLES, "role")
    return role, str(parts.get("by", f"the {role}")), float(parts.get("days_ago", 0))


def _signature(found: Finding, number: int, role: str, by: str, days_ago: float) -> Override:
    at = MORNING - timedelta(days=days_ago)
    return Override(
        fact_id=f"signature-{number}",
        taken_at=at,
        code=found.code,
        saw=found.saw,
        reason="Weighed with the patient.",
        signed_by=by,
        role=role,
        ends_at=end_of_visit(at),
    )


def _parts(told: object, what: str, known: frozenset[str] | None) -> dict[str, Any]:
    """The parts of a mapping, none of them unknown; `known` None where any name may stand."""
    if not isinstance(told, dict):
        raise VignetteError(f"{what} has no parts. Found {told!r}.")
    if known is not None and (unknown := [part for part in told if part not in known]):
        raise VignetteError(f"{what} has no part '{unknown[0]}'. Known: {', '.join(sorted(known))}.")
    return told


def _list(told: object) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _one_of(found: object, allowed: Any, part: str) -> str:
    words = [str(one) for one in allowed]
    if found not in words:
        raise VignetteError(f"'{part}' is {found!r}. Write one of {', '.join(sorted(words))}.")
    return str(found)


class _PlainWords(yaml.SafeLoader):
    """YAML in which yes, no, on and off are the words that they look like, and a word given twice is refused."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":bool")]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text)
        self.name = file

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise VignetteError(
                    f"{self.name}, line {key.start_mark.line + 1}: '{key.value}' stands twice. Write a list under one."
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)
