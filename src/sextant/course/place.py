"""Where the patient stands in the course of treatment, derived from the facts: nobody sets it by hand.

The states are those of the course; what moves a patient from one to the next is always a fact that somebody entered,
or a day that passed. Nothing is a dead end: after an end a new series may begin, and a pause ends when the gates open.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sextant.course.series import series_of
from sextant.protocol import Finding, Limits, Stage, Verdict, barring
from sextant.protocol.rules import active_use
from sextant.record import Answer, Decision, Infusion, NewSeries, PatientRecord, Target


class State(StrEnum):
    """The twelve places in the course; those of one infusion carry its number."""

    REFERRED = "referred"
    SCREENING = "screening"
    READY = "ready"
    PLANNED = "infusion_planned"
    UNDER_WAY = "infusion_under_way"
    DONE = "infusion_done"
    REVIEW = "review"
    SERIES_COMPLETE = "series_complete"
    MAINTENANCE = "maintenance"
    PAUSED = "paused"
    ENDED = "ended"
    NEVER_STARTED = "never_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place in the course.

    Parameters
    ----------
    infusion : the infusion that the place is about, counted within the series; None where it is about none
    since : the day of the fact that led here, where one did
    why : why the course ended, was paused or never began; empty elsewhere
    """

    state: State
    infusion: int | None = None
    since: date | None = None
    why: str = ""


_ENDS = frozenset({"stop_ketamine", "none"})


def place_of(record: PatientRecord, gates: tuple[Finding, ...], limits: Limits, now: datetime) -> Place:
    """The place of a patient at a moment.

    Parameters
    ----------
    record : as it stood at `now`
    gates : at least those before every step, as asked at `now`
    """
    series = series_of(record)
    if record.patient.deceased_at is not None and record.patient.deceased_at <= now:
        return Place(state=State.ENDED, since=record.patient.deceased_at.date(), why="The person has died.")
    if series.last is not None and _under_way(series.last, now):
        return Place(state=State.UNDER_WAY, infusion=series.count, since=series.last.day)
    if series.decision is not None and series.decision.step in _ENDS:
        return _ended(record, series.decision)
    before_every_step = [gate for gate in gates if gate.stage is Stage.SCREENING]
    if record.infusions and (lapse := _lapse(record, before_every_step)):
        return Place(state=State.PAUSED, infusion=series.count or None, since=lapse.seen_on, why=lapse.saw)
    if series.last is None:
        return _before_the_first(record, barring(before_every_step, record, now))
    if record.order is not None:
        return Place(state=State.PLANNED, infusion=series.count + 1, since=record.order.day)
    return _after(series.count, series.last, limits, now, scored=series.scored_since_last)


def _before_the_first(record: PatientRecord, shut: tuple[Finding, ...]) -> Place:
    if record.order is not None:
        return Place(state=State.PLANNED, infusion=1, since=record.order.day)
    if not shut:
        return Place(state=State.READY)
    begun = record.latest(NewSeries)
    if begun is not None:
        return Place(state=State.SCREENING, since=begun.day)
    asked = [fact for kind in (Answer, Target) for fact in record.all(kind)]
    if not asked:
        return Place(state=State.REFERRED, since=record.facts[0].day if record.facts else None)
    return Place(state=State.SCREENING, since=min(fact.day for fact in asked))


def _after(count: int, last: Infusion, limits: Limits, now: datetime, *, scored: bool) -> Place:
    if last.day >= now.date() or not scored:
        return Place(state=State.DONE, infusion=count, since=last.day)
    most = limits["infusions_in_series"].value or 0
    if count > most:
        return Place(state=State.MAINTENANCE, infusion=count, since=last.day)
    if count == most:
        return Place(state=State.SERIES_COMPLETE, infusion=count, since=last.day)
    return Place(state=State.REVIEW, infusion=count, since=last.day)


def _under_way(last: Infusion, now: datetime) -> bool:
    return last.duration_min is not None and now < last.taken_at + timedelta(minutes=last.duration_min)


def _ended(record: PatientRecord, decision: Decision) -> Place:
    state = State.ENDED if record.infusions else State.NEVER_STARTED
    return Place(state=state, since=decision.day, why=decision.reasons)


def _lapse(record: PatientRecord, gates: list[Finding]) -> Finding | None:
    """Use that shuts its gate after the first infusion, also where it was told so long ago that the gate asks."""
    gate = next((gate for gate in gates if gate.code == active_use.RULE.code and gate.shut), None)
    if gate is None or gate.verdict is Verdict.CLOSED:
        return gate
    return gate if active_use.lapse(record) is not None else None
