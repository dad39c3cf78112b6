"""One patient's facts in order of time, with the few questions that every reader asks of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sextant.record.facts import Answer, Fact, Infusion, Patient

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """The patient and all facts, ordered by the time at which they held.

    Build it with `PatientRecord.of`, which sorts; equal times keep the order of entry.
    """

    patient: Patient
    facts: tuple[Fact, ...]

    @classmethod
    def of(cls, patient: Patient, facts: list[Fact] | tuple[Fact, ...]) -> "PatientRecord":
        """A record with its facts sorted by time."""
        return cls(patient, tuple(sorted(facts, key=lambda fact: fact.taken_at)))

    def all(self, kind: type[F]) -> tuple[F, ...]:
        """All facts of one kind, oldest first."""
        return tuple(fact for fact in self.facts if isinstance(fact, kind))

    def latest(self, kind: type[F]) -> F | None:
        """The newest fact of one kind."""
        return next((fact for fact in reversed(self.facts) if isinstance(fact, kind)), None)

    def answers(self, question: str) -> tuple[Answer, ...]:
        """All answers to one question, oldest first."""
        return tuple(answer for answer in self.all(Answer) if answer.question == question)

    def answer(self, question: str) -> Answer | None:
        """The newest answer to one question."""
        return next(reversed(self.answers(question)), None)

    @property
    def infusions(self) -> tuple[Infusion, ...]:
        """Infusions given, oldest first."""
        return self.all(Infusion)

    def as_of(self, moment: datetime) -> tuple["PatientRecord", tuple[Fact, ...]]:
        """The record as it stood at a moment, and the facts set aside because they came later."""
        known = tuple(fact for fact in self.facts if fact.taken_at <= moment)
        later = tuple(fact for fact in self.facts if fact.taken_at > moment)
        return replace(self, facts=known), later
