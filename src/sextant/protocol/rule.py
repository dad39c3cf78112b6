"""What a rule is and what it answers.

A rule is a pure function of the record, the limits in force and the moment. It answers with one finding: open,
closed, ask or caution. Unknown yields ask, never open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sextant.protocol.limits import Limit, Limits
from sextant.record import PatientRecord


class Verdict(StrEnum):
    """State of one gate."""

    OPEN = "open"
    CLOSED = "closed"
    ASK = "ask"
    CAUTION = "caution"


class Stage(StrEnum):
    """When a gate is asked.

    screening: before every next step. arrival: on the day, when an infusion is about to start, with all the others.
    maintenance: beside all others, once as many infusions were given as a series has, in a new series too.
    """

    SCREENING = "screening"
    ARRIVAL = "arrival"
    MAINTENANCE = "maintenance"


class Strength(StrEnum):
    """Who may pass a closed gate. A gate that asks is passed by nobody: what is missing is supplied, never waived.

    absolute: nobody, while it holds. hard: a second qualified person with a signed reason. soft: the prescriber with
    a signed reason.
    """

    ABSOLUTE = "absolute"
    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a check says of one gate; the rule adds its code, title, sources and usual strength.

    `saw` is what was seen, in words for the bedside; `opens_when` what would open the gate, empty when it is open.
    `holds_to` is the last day on which the evidence counts: from the next one on the gate asks again.
    """

    verdict: Verdict
    saw: str
    seen_on: date | None = None
    limit: Limit | None = None
    opens_when: str = ""
    strength: Strength | None = None
    holds_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One gate with all that a reader needs to judge it."""

    code: str
    title: str
    stage: Stage
    verdict: Verdict
    strength: Strength
    saw: str
    seen_on: date | None
    holds_to: date | None
    limit: Limit | None
    opens_when: str
    sources: tuple[str, ...]

    @property
    def shut(self) -> bool:
        """Whether the gate bars the way as it stands: closed, or not answered."""
        return self.verdict in {Verdict.CLOSED, Verdict.ASK}


Check = Callable[[PatientRecord, Limits, datetime], Answered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One gate: a code, a title, how strictly it binds, where it was read, and the check.

    `question` is the screening question whose answer it reads, where it reads one; `limits` names the limits that the
    check compares with.
    """

    code: str
    title: str
    strength: Strength
    sources: tuple[str, ...]
    check: Check
    stage: Stage = Stage.SCREENING
    question: str = ""
    limits: tuple[str, ...] = ()

    def find(self, record: PatientRecord, limits: Limits, now: datetime) -> Finding:
        """Apply the rule to a record as it stands at `now`."""
        answered = self.check(record, limits, now)
        return Finding(
            code=self.code,
            title=self.title,
            stage=self.stage,
            verdict=answered.verdict,
            strength=answered.strength or self.strength,
            saw=answered.saw,
            seen_on=answered.seen_on,
            holds_to=answered.holds_to,
            limit=answered.limit,
            opens_when=answered.opens_when,
            sources=self.sources,
        )


def open_(
    saw: str, *, seen_on: date | None = None, limit: Limit | None = None, holds_to: date | None = None
) -> Answered:
    """The gate stands open."""
    return Answered(verdict=Verdict.OPEN, saw=saw, seen_on=seen_on, limit=limit, holds_to=holds_to)


def closed(
    saw: str,
    *,
    opens_when: str,
    seen_on: date | None = None,
    limit: Limit | None = None,
    strength: Strength | None = None,
) -> Answered:
    """The gate is closed."""
    return Answered(
        verdict=Verdict.CLOSED,
        saw=saw,
        seen_on=seen_on,
        limit=limit,
        opens_when=opens_when,
        strength=strength,
    )


def ask(saw: str, *, opens_when: str, seen_on: date | None = None, limit: Limit | None = None) -> Answered:
    """We do not know, and must ask before the gate can open."""
    return Answered(verdict=Verdict.ASK, saw=saw, seen_on=seen_on, limit=limit, opens_when=opens_when)


def caution(
    saw: str,
    *,
    opens_when: str,
    seen_on: date | None = None,
    limit: Limit | None = None,
    strength: Strength | None = None,
    holds_to: date | None = None,
) -> Answered:
    """The gate does not bar the way, but the prescriber is told and says why in the decision."""
    return Answered(
        verdict=Verdict.CAUTION,
        saw=saw,
        seen_on=seen_on,
        limit=limit,
        opens_when=opens_when,
        strength=strength,
        holds_to=holds_to,
    )
