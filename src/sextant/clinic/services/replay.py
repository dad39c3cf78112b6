"""A stored next step once more, from the facts, the limits and the model of its day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import isclose
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from sextant.clinic.models import Fact, PolicyVersion, PopulationVersion, Recommendation
from sextant.clinic.services import audit, population
from sextant.clinic.services.policy import limits_of
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.transaction import write
from sextant.clinic.zones import in_zone
from sextant.record import PatientRecord, Sex

# Two engines, or two machines, agree on a probability to this share of it.
_SAME_TO = 1e-6


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored answer and the answer now, from the same inputs.

    `differs` names each place where the two are not the same, as (place, then, now). `other_version` says in a
    sentence that the program has changed since, so that a difference is no fault; empty where it has not.
    """

    recommendation: Recommendation
    answer: dict[str, Any]
    differs: list[tuple[str, Any, Any]]
    other_version: str

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differs


def find_stored(name: str) -> Recommendation:
    """The next step of that id, or the one that a decision of that id was made on.

    Raises
    ------
    Refused
        If nothing on file has that id.
    """
    try:
        pk = UUID(name)
    except ValueError:
        raise Refused(f"{name!r} is no id. Write the id of a decision or of a next step.", code="REPLAY-001") from None
    try:
        stored = Recommendation.objects.filter(pk=pk).first()
        decision = Fact.objects.filter(pk=pk, kind="Decision").select_related("based_on").first()
    except ValidationError:
        stored = decision = None
    if stored is None and decision is not None:
        stored = decision.based_on
    if stored is None:
        raise Refused(f"No next step and no decision on file has the id {name}.", code="REPLAY-002")
    return stored


def replay(stored: Recommendation) -> Replayed:
    """Work a stored answer out again from what it was read from. That it was looked at is audited."""
    from sextant.course import advise, answer_json
    from sextant.response import fastest

    inputs = stored.inputs
    rows = Fact.objects.filter(pk__in=inputs["facts"]).order_by("taken_at", "entered_at", "id")
    person = replace(
        stored.patient.as_record,
        birth_date=date.fromisoformat(inputs["patient"]["birth_date"]),
        sex=Sex(inputs["patient"]["sex"]),
    )
    policy = PolicyVersion.objects.filter(pk=inputs["policy"]).first()
    adopted = PopulationVersion.objects.filter(pk=inputs.get("population")).first()
    answer = answer_json(
        advise(
            PatientRecord.of(person, [row.as_record for row in rows]),
            limits_of(policy),
            # Which day a moment lies on is part of the answer, so it is read in the clinic's zone of then.
            now=in_zone(stored.made_at, inputs["zone"]) if "zone" in inputs else timezone.localtime(stored.made_at),
            population=population.population_of(adopted),
            by=fastest(),
        )
    )
    with write():
        audit.record_entry(
            None, "recommendation.replayed", patient=stored.patient, object_ref=f"recommendation:{stored.pk}"
        )
    return Replayed(stored, answer, list(_differences("", stored.answer, answer)), _other_version(stored, answer))


def _other_version(stored: Recommendation, answer: dict[str, Any]) -> str:
    then, now = stored.answer["model"], answer["model"]
    changed = [f"{what} was {then[what]}, is {now[what]}" for what in then if then[what] != now.get(what)]
    return f"The program has changed since: {'; '.join(changed)}." if changed else ""


def _differences(place: str, then: Any, now: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(then, dict) and isinstance(now, dict):
        for key in [*then, *(key for key in now if key not in then)]:
            yield from _differences(f"{place}.{key}".lstrip("."), then.get(key), now.get(key))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for index, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from _differences(f"{place}[{index}]", one, other)
    elif isinstance(then, float | int) and isinstance(now, float | int):
        if not isclose(then, now, rel_tol=_SAME_TO, abs_tol=_SAME_TO):
            yield place, then, now
    elif then != now:
        yield place, then, now
