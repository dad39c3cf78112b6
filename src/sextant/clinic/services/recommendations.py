"""The next step of a patient: read again when something has changed, otherwise as it was stored."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from sextant.clinic.models import Fact, Patient, PolicyVersion, PopulationVersion, Recommendation
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import audit, population
from sextant.clinic.services.policy import limits_of, version_at
from sextant.clinic.services.transaction import write
from sextant.clinic.zones import zone_name


def current(patient: Patient, now: datetime) -> Recommendation:
    """The next step for this patient today, read from the record only where it has changed since it was last read."""
    inputs = _inputs(patient, version_at(now), population.version_at(now), now)
    stored = _newest(patient)
    if stored is not None and stored.inputs_hash == _digest(inputs):
        return stored
    with write():
        return renew(patient, now)


def renew(patient: Patient, now: datetime) -> Recommendation:
    """The next step in the transaction of the write that changed the record."""
    from sextant.course import advise, answer_json
    from sextant.response import fastest

    policy, adopted = version_at(now), population.version_at(now)
    inputs = _inputs(patient, policy, adopted, now)
    stored = _newest(patient)
    if stored is not None and stored.inputs_hash == _digest(inputs):
        return stored
    answer = advise(
        record_of(patient),
        limits_of(policy),
        now=timezone.localtime(now),
        population=population.population_of(adopted),
        by=fastest(),
    )
    recommendation = Recommendation.objects.create(
        patient=patient,
        number=1 if stored is None else stored.number + 1,
        made_at=now,
        as_of=timezone.localdate(now),
        answer=answer_json(answer),
        inputs=inputs,
        inputs_hash=_digest(inputs),
        policy=policy,
        model_version=inputs["model"],
    )
    # Sealed as the database tells it back: PostgreSQL writes some numbers of JSON in another way than Python.
    recommendation.refresh_from_db(fields=["answer", "inputs"])
    audit.record_written(None, "recommendation.made", recommendation, inputs=recommendation.inputs_hash)
    return recommendation


def stale(now: datetime) -> QuerySet[Patient]:
    """Patients whose next step is of another day, policy, population or model than now, or was never read."""
    fresh = Recommendation.objects.newest().filter(
        as_of=timezone.localdate(now),
        policy=version_at(now),
        model_version=_model_version(population.version_at(now)),
    )
    return Patient.objects.exclude(pk__in=fresh.values("patient"))


def refresh_stale(now: datetime) -> Iterator[int]:
    """Read every stale next step again; tells after each how many were read."""
    for count, patient in enumerate([*stale(now)], 1):
        current(patient, now)
        yield count


def _newest(patient: Patient) -> Recommendation | None:
    return patient.recommendations.order_by("-number").first()


def _inputs(
    patient: Patient, policy: PolicyVersion | None, adopted: PopulationVersion | None, now: datetime
) -> dict[str, Any]:
    # A view that was written down before the forecast is kept to compare; nothing reads it.
    facts = Fact.objects.current().filter(patient=patient).exclude(kind="OwnView").values_list("pk", flat=True)
    return {
        "facts": sorted(str(pk) for pk in facts),
        "patient": {
            "birth_date": patient.birth_date.isoformat(),
            "sex": str(patient.sex),
            "deceased": patient.deceased_at is not None,
        },
        "policy": policy and policy.pk,
        "population": adopted and adopted.pk,
        "under_way": _under_way(patient, now),
        "model": _model_version(adopted),
        "day": timezone.localdate(now).isoformat(),
        "zone": zone_name(timezone.localtime(now)),
    }


def _under_way(patient: Patient, now: datetime) -> bool:
    """Whether an infusion runs at this moment: the place in the course changes when it ends, without a new fact."""
    newest = Fact.objects.current().filter(patient=patient, kind="Infusion").order_by("-taken_at").first()
    if newest is None or newest.payload.get("duration_min") is None:
        return False
    return bool(newest.taken_at <= now < newest.taken_at + timedelta(minutes=newest.payload["duration_min"]))


def _model_version(adopted: PopulationVersion | None) -> str:
    from sextant.protocol import PROTOCOL_VERSION
    from sextant.response import MODEL_VERSION
    from sextant.use import MODEL_VERSION as USE_MODEL_VERSION

    which = "" if adopted is None else f" (adopted {adopted.pk})"
    of_benefit = f"{MODEL_VERSION}, {population.population_of(adopted).version}{which}"
    return f"{of_benefit}, {USE_MODEL_VERSION}, {PROTOCOL_VERSION}"


def _digest(inputs: Mapping[str, Any]) -> str:
    return sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
