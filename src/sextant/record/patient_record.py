"""One patient's facts in order of time, with the few questions that every reader asks of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from sextant.record.facts import Answer, Fact, Infusion, Patient, Target

F = TypeVar("F", bound=Fact)

# A route that nobody stated counts, so that no infusion is forgotten; the forecast then refuses it.
_MAY_BE_OURS = frozenset({"intravenous", "not stated", ""})


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

    def newest(self, kind: type[F]) -> tuple[F, ...]:
        """All facts of one kind that share the newest time: a reader takes the most worrying of them."""
        facts = self.all(kind)
        return tuple(fact for fact in facts if fact.taken_at == facts[-1].taken_at)

    def answers(self, question: str) -> tuple[Answer, ...]:
        """All answers to one question, oldest first."""
        return tuple(answer for answer in self.all(Answer) if answer.question == question)

    def answer(self, question: str) -> Answer | None:
        """The newest answer to one question."""
        return next(reversed(self.answers(question)), None)

    @property
    def infusions(self) -> tuple[Infusion, ...]:
        """Infusions of this treatment, oldest first.

        Ketamine by another route, elsewhere, or from before a target was first chosen (an anaesthesia, say) is not of
        this treatment: it is in `other_ketamine`. Administrations of one day are one infusion with their doses
        together.
        """
        ours = [one for one in self.all(Infusion) if self._of_this_treatment(one)]
        return tuple(_as_one(list(of_day)) for _, of_day in groupby(ours, key=lambda one: one.day))

    @property
    def other_ketamine(self) -> tuple[Infusion, ...]:
        """Ketamine that is no part of this treatment, oldest first."""
        return tuple(one for one in self.all(Infusion) if not self._of_this_treatment(one))

    def as_of(self, moment: datetime) -> tuple["PatientRecord", tuple[Fact, ...]]:
        """The record as it stood at a moment, and the facts set aside because they came later.

        Times are read in the zone of `moment`, so that 'the same day' is a day of the clinic.
        """
        known = tuple(_in_zone_of(moment, fact) for fact in self.facts if fact.taken_at <= moment)
        later = tuple(fact for fact in self.facts if fact.taken_at > moment)
        return replace(self, facts=known), later

    def _of_this_treatment(self, infusion: Infusion) -> bool:
        targets = self.all(Target)
        return (
            infusion.route in _MAY_BE_OURS
            and not infusion.given_elsewhere
            and bool(targets)
            and infusion.day >= targets[0].day
        )


def _as_one(of_day: list[Infusion]) -> Infusion:
    if len(of_day) == 1:
        return of_day[0]
    doses = [one.dose_mg_per_kg for one in of_day]
    whole = None if None in doses else sum(dose for dose in doses if dose is not None)
    return replace(of_day[0], dose_mg_per_kg=whole, duration_min=None)


def _in_zone_of(moment: datetime, fact: F) -> F:
    if fact.taken_at.utcoffset() == moment.utcoffset():
        return fact
    return replace(fact, taken_at=fact.taken_at.astimezone(moment.tzinfo))
