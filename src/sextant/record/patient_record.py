"""One patient's facts in order of time, with the few questions that every reader asks of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import TypeVar, cast

from sextant.record.concepts import Concept, concepts_of
from sextant.record.facts import (
    Answer,
    Coded,
    Condition,
    Decision,
    Fact,
    Infusion,
    Medication,
    NewSeries,
    Patient,
    Target,
)
from sextant.record.questions import QUESTIONS

F = TypeVar("F", bound=Fact)

# A route that nobody stated counts, so that no infusion is forgotten; the forecast then refuses it.
_MAY_BE_OURS = frozenset({"intravenous", "not stated", ""})


@dataclass(frozen=True)
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

    @cached_property
    def _by_kind(self) -> Mapping[type[Fact], tuple[Fact, ...]]:
        """The facts of each kind: some forty rules ask for one kind each, and few facts are of it."""
        found: dict[type[Fact], list[Fact]] = {}
        for fact in self.facts:
            found.setdefault(type(fact), []).append(fact)
        return {kind: tuple(facts) for kind, facts in found.items()}

    @cached_property
    def _by_question(self) -> Mapping[str, tuple[Answer, ...]]:
        found: dict[str, list[Answer]] = {}
        for answer in self.all(Answer):
            found.setdefault(answer.question, []).append(answer)
        return {question: tuple(answers) for question, answers in found.items()}

    @cached_property
    def _by_concept(self) -> Mapping[Concept, tuple[Condition | Medication, ...]]:
        found: dict[Concept, list[Condition | Medication]] = {}
        entries: tuple[Condition | Medication, ...] = (*self.all(Condition), *self.all(Medication))
        for entry in sorted(entries, key=lambda one: one.taken_at):
            for concept in concepts_of(entry):
                found.setdefault(concept, []).append(entry)
        return {concept: tuple(entries) for concept, entries in found.items()}

    def listed(self, concept: Concept) -> tuple[Condition | Medication, ...]:
        """Entries of the problem list and the medicines whose code stands for a concept, over or not; oldest first."""
        return self._by_concept.get(concept, ())

    def all(self, kind: type[F]) -> tuple[F, ...]:
        """All facts of one kind, oldest first."""
        if kind in {Fact, Coded}:
            return tuple(fact for fact in self.facts if isinstance(fact, kind))
        return cast("tuple[F, ...]", self._by_kind.get(kind, ()))

    def latest(self, kind: type[F]) -> F | None:
        """The newest fact of one kind."""
        return next(reversed(self.all(kind)), None)

    def latest_at(self, kind: type[F], moment: datetime) -> F | None:
        """The newest fact of one kind that was taken by a moment."""
        return next((one for one in reversed(self.all(kind)) if one.taken_at <= moment), None)

    def newest(self, kind: type[F]) -> tuple[F, ...]:
        """All facts of one kind that share the newest time: a reader takes the most worrying of them."""
        facts = self.all(kind)
        return tuple(fact for fact in facts if fact.taken_at == facts[-1].taken_at)

    def answers(self, question: str) -> tuple[Answer, ...]:
        """All answers to one question, oldest first."""
        return self._by_question.get(question, ())

    def answer(self, question: str) -> Answer | None:
        """The newest answer to one question; of several at one time one that does not open a gate counts.

        An answer that lasts ('Ever an aneurysm?' Yes) is not taken back by a later one: it is corrected where it was
        wrong, and a corrected fact is no longer here.
        """
        answers, asked = self.answers(question), QUESTIONS.get(question)
        lasting = [answer for answer in answers if asked is not None and answer.value in asked.lasting]
        if lasting:
            return lasting[-1]
        newest = [answer for answer in answers if answer.taken_at == answers[-1].taken_at]
        worrying = [answer for answer in newest if asked is not None and answer.value not in asked.safe]
        return next(reversed(worrying or newest), None)

    @cached_property
    def infusions(self) -> tuple[Infusion, ...]:
        """Infusions of this treatment, oldest first.

        Ketamine by another route, elsewhere, or from before a target was first chosen (an anaesthesia, say) is not of
        this treatment: it is in `other_ketamine`. Administrations of one day are one infusion with their doses
        together.
        """
        ours = [one for one in self.all(Infusion) if self._of_this_treatment(one)]
        return tuple(_as_one(list(of_day)) for _, of_day in groupby(ours, key=lambda one: one.day))

    @cached_property
    def series(self) -> tuple[Infusion, ...]:
        """Infusions of the present series, oldest first: those since a new one was last begun."""
        begun = self.latest(NewSeries)
        return (
            self.infusions if begun is None else tuple(one for one in self.infusions if one.taken_at > begun.taken_at)
        )

    @property
    def order(self) -> Decision | None:
        """The order of the next infusion, if the newest decision since the last one is to give it.

        One infusion is ordered at a time: an order of one that was given since, even in the same minute, is done with.
        """
        decision = self.latest(Decision)
        if decision is None or decision.infusion != len(self.series) + 1:
            return None
        since = max((one.taken_at for one in (*self.infusions[-1:], *self.all(NewSeries)[-1:])), default=None)
        return None if since is not None and decision.taken_at < since else decision

    @cached_property
    def other_ketamine(self) -> tuple[Infusion, ...]:
        """Ketamine that is no part of this treatment, oldest first."""
        return tuple(one for one in self.all(Infusion) if not self._of_this_treatment(one))

    def as_of(self, moment: datetime) -> tuple["PatientRecord", tuple[Fact, ...]]:
        """The record as it stood at a moment, and the facts set aside because they came later.

        Times are read in the zone of `moment`, so that 'the same day' is a day of the clinic.
        """
        if not self.facts or (self.facts[-1].taken_at <= moment and self._is_in_zone_of(moment)):
            return self, ()
        known = tuple(_in_zone_of(moment, fact) for fact in self.facts if fact.taken_at <= moment)
        later = tuple(fact for fact in self.facts if fact.taken_at > moment)
        return replace(self, facts=known), later

    def _is_in_zone_of(self, moment: datetime) -> bool:
        zone = moment.tzinfo
        return all(fact.taken_at.tzinfo is zone for fact in self.facts)

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
    if fact.taken_at.tzinfo is moment.tzinfo or fact.taken_at.utcoffset() == moment.utcoffset():
        return fact
    return replace(fact, taken_at=fact.taken_at.astimezone(moment.tzinfo))
