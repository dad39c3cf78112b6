"""Virtual patients at every stage of the course, for the demo and for tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle, islice

import numpy as np

from sextant.record import PatientRecord, QualitativeResult
from sextant.response import DEFAULT
from sextant.virtual.history import History


@dataclass(frozen=True, slots=True)
class VirtualPatient:
    """A made-up record and the stage that it was made for."""

    record: PatientRecord
    stage: str


def virtual_patients(n: int, *, now: datetime, seed: int) -> Iterator[VirtualPatient]:
    """So many virtual patients, cycling through the stages so that each is seen.

    Parameters
    ----------
    n : how many
    now : timezone-aware moment of the demo; no fact is later
    seed : the same seed, number and moment give the same patients
    """
    for number, (stage, tell) in enumerate(islice(cycle(STAGES.items()), n), start=1):
        rng = np.random.default_rng([seed, number])
        history = History(number, now, rng, DEFAULT)
        tell(history)
        yield VirtualPatient(history.record(), stage)


def _referred(history: History) -> None:
    history.refer()


def _screening(history: History) -> None:
    history.refer()
    history.choose_target()
    history.answer_some()


def _pressure_high(history: History) -> None:
    history.screen()
    history.pressure(high=True)


def _pregnant(history: History) -> None:
    history.screen(female=True)
    history.pregnancy_test(QualitativeResult.POSITIVE)


def _early_days(history: History) -> None:
    history.screen(sober_days=4)


def _ready(history: History) -> None:
    history.screen()


def _planned(history: History) -> None:
    history.screen()
    history.decide("as_advised", "offer_infusion", 1, "Agreed on the first infusion.", planned_in_days=0)


def _after(infusions: int, *, helped: bool | None = None, days_since: float = 2.2) -> Callable[[History], None]:
    def tell(history: History) -> None:
        history.treat(infusions, helped=helped, days_since_last=days_since)

    return tell


def _decided(infusions: int, *, helped: bool | None, in_days: int) -> Callable[[History], None]:
    def tell(history: History) -> None:
        history.treat(infusions, helped=helped, days_since_last=2.2)
        reasons = "We go on, one step at a time."
        history.decide("as_advised", "offer_infusion", infusions + 1, reasons, planned_in_days=in_days)

    return tell


def _given_today(history: History) -> None:
    history.treat(2, helped=True, days_since_last=0.1)


def _not_scored(history: History) -> None:
    history.treat(3, helped=None, days_since_last=2.2, score_after_last=False)


def _lapse(history: History) -> None:
    history.treat(3, helped=True, days_since_last=4.2)
    history.report_use(last_used_days_ago=1)


def _crisis(history: History) -> None:
    history.treat(2, helped=None, days_since_last=2.2)
    history.item_nine(3)


def _no_baseline(history: History) -> None:
    history.treat(3, helped=True, days_since_last=2.2, baseline=False)


def _gambling(history: History) -> None:
    history.gamble()
    history.treat(1, helped=True, days_since_last=2.2)


def _hard_week(history: History) -> None:
    history.take_opioids()
    history.screen(sober_days=1)
    for days_ago in (16.2, 9.2, 2.2):
        history.urine_with_use(days_ago)


def _ended(history: History) -> None:
    history.treat(6, helped=False, days_since_last=16.2)
    history.decide("as_advised", "stop_ketamine", None, "It did not help. The groups and the counselling go on.")


STAGES: dict[str, Callable[[History], None]] = {
    "referred": _referred,
    "screening": _screening,
    "first infusion today": _planned,
    "after infusion 1": _after(1, helped=True),
    "after infusion 3, responding": _after(3, helped=True),
    "after infusion 3, no change": _after(3, helped=False),
    "series complete, helped": _after(6, helped=True, days_since=6.2),
    "infusion 3 in two days": _decided(2, helped=True, in_days=2),
    "lapse": _lapse,
    "pressure high": _pressure_high,
    "ready": _ready,
    "after infusion 2": _after(2, helped=None),
    "given today": _given_today,
    "infusion 4 today": _decided(3, helped=None, in_days=0),
    "after infusion 4": _after(4, helped=None),
    "infusion 2 tomorrow": _decided(1, helped=None, in_days=1),
    "crisis": _crisis,
    "early days of sobriety": _early_days,
    "after infusion 5": _after(5, helped=True),
    "series complete, not helped": _after(6, helped=False, days_since=6.2),
    "infusion 5 in three days": _decided(4, helped=True, in_days=3),
    "pregnant": _pregnant,
    "not scored since infusion 3": _not_scored,
    "no score before infusion 1": _no_baseline,
    "gambling": _gambling,
    "ended without benefit": _ended,
    "infusion 6 tomorrow": _decided(5, helped=None, in_days=1),
    "given today, infusion 5": _after(5, helped=True, days_since=0.1),
    "a hard week likely": _hard_week,
}
"""Each stage by name, with what is told of such a patient."""
