"""Twelve virtual patients, always the same: what another population would change, and for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice

from sextant.course.advise import advise
from sextant.protocol import Limits, read_policy
from sextant.record import PatientRecord
from sextant.response import Engine, Population
from sextant.virtual.patients import virtual_patients
from sextant.virtual.policy import made_up_policy

ASKED_AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
N_PATIENTS = 12
_SEED = 20_261_125
_LOOKED_THROUGH = 60


@dataclass(frozen=True, slots=True)
class Advised:
    """What one reference patient is advised: the step's code and words, and the odds of clear benefit by infusion 6."""

    patient: str
    code: str
    advice: str
    odds: float | None


def advised(population: Population, by: Engine | None = None) -> Iterator[Advised]:
    """The next step of each reference patient under a population."""
    for name, record in reference_patients():
        step = advise(record, _limits(), now=ASKED_AT, population=population, by=by)
        odds = step.forecast.p_clear_by_six if step.forecast else None
        yield Advised(name, step.step.code.value, step.step.advice, None if odds is None else odds.mean)


@cache
def reference_patients() -> tuple[tuple[str, PatientRecord], ...]:
    """What each is an example of, and the record: people who have begun a series."""
    everybody = virtual_patients(_LOOKED_THROUGH, now=ASKED_AT, seed=_SEED)
    begun = islice((one for one in everybody if one.record.infusions), N_PATIENTS)
    return tuple((f"{number}. {one.stage}", one.record) for number, one in enumerate(begun, start=1))


@cache
def _limits() -> Limits:
    return read_policy(made_up_policy(ASKED_AT.date()), today=ASKED_AT.date())
