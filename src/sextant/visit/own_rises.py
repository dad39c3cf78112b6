"""How far this patient's pressure rose in each infusion on record, as far as the readings tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sextant.evidence.rows import AdverseEvent
from sextant.record import BloodPressure, Infusion, PatientRecord

READINGS_APART_MIN = 15
"""Minutes between readings after an infusion, as a cohort took them (source D027)."""

SOURCES = ("D027",)

_RISES = ("systolic_rise", "diastolic_rise")
_BACK = "blood_pressure_and_heart_rate_back_to_baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Both pressures at one time, mmHg; of several readings at that time the highest of each, as at the gate."""

    systolic_mmhg: float
    diastolic_mmhg: float
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRise:
    """What one infusion showed: the highest reading over the one before it, in mmHg; below 0 where it fell.

    `fact_id` is the infusion's, `n_readings` how many were taken from the start until pressure is back at the latest.
    """

    fact_id: str
    started_at: datetime
    dose_mg_per_kg: float | None
    before: Reading
    systolic_mmhg: float
    diastolic_mmhg: float
    n_readings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentInfusion:
    """An infusion whose readings do not tell how far pressure rose, and why."""

    fact_id: str
    started_at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakTimes:
    """When pressure is highest, minutes after the start, and when it is back, minutes after the end at the latest."""

    earliest_min: float
    latest_min: float
    back_min: float
    rows: tuple[AdverseEvent, ...]

    @classmethod
    def of(cls, rows: Sequence[AdverseEvent]) -> "PeakTimes":
        """The times as published.

        Raises
        ------
        ValueError
            If no row tells when the peak is, or when it is over.
        """
        peaks = [row for row in rows if row.event in _RISES and row.time_of_peak_min is not None]
        back = [row for row in rows if row.event == _BACK and row.value is not None]
        if not peaks or not back:
            raise ValueError(
                f"No row tells when pressure is highest, or none when it is back. Rows of {' or '.join(_RISES)} with "
                f"time_of_peak_min and one of {_BACK} are needed."
            )
        at = [row.time_of_peak_min or 0.0 for row in peaks]
        return cls(
            earliest_min=min(at),
            latest_min=max(at),
            back_min=max(row.value or 0.0 for row in back),
            rows=(*peaks, *back),
        )

    def over(self, infusion: Infusion, now: datetime) -> bool:
        """Whether no later reading can belong to the infusion; without its length, once its day is over."""
        if infusion.duration_min is None:
            return infusion.day < now.date()
        return self.ends(infusion, infusion.duration_min) <= now

    def ends(self, infusion: Infusion, duration_min: float) -> datetime:
        """From when on pressure is back."""
        return infusion.taken_at + timedelta(minutes=duration_min + self.back_min)

    def near_peak(self, infusion: Infusion, duration_min: float) -> tuple[datetime, datetime]:
        """From when to when a reading tells of the peak: the published times, and the end of the infusion if that is
        outside of them, with one more reading after it."""
        first = min(self.earliest_min, duration_min)
        last = max(self.latest_min, duration_min) + READINGS_APART_MIN
        return infusion.taken_at + timedelta(minutes=first), infusion.taken_at + timedelta(minutes=last)


def own_rises(
    record: PatientRecord, now: datetime, times: PeakTimes
) -> tuple[tuple[OwnRise, ...], tuple[SilentInfusion, ...]]:
    """Each infusion of this treatment that is over: what it showed, or why it says nothing; oldest first.

    Ketamine elsewhere, by another route or from before this treatment is not read.
    """
    told: list[OwnRise] = []
    silent: list[SilentInfusion] = []
    for infusion in record.infusions:
        if times.over(infusion, now):
            found = _rise(record, infusion, times)
            if isinstance(found, str):
                silent.append(SilentInfusion(fact_id=infusion.fact_id, started_at=infusion.taken_at, why=found))
            else:
                told.append(found)
    return tuple(told), tuple(silent)


def before(record: PatientRecord, start: datetime) -> Reading | None:
    """The last reading of the day up to a start: the one that the gate of the day reads (GATE-055)."""
    of_day = [one for one in record.all(BloodPressure) if one.day == start.date() and one.taken_at <= start]
    return _highest([one for one in of_day if one.taken_at == of_day[-1].taken_at])


def _rise(record: PatientRecord, infusion: Infusion, times: PeakTimes) -> OwnRise | str:
    """What one infusion showed, or why it says nothing. No reading is never 'no rise'."""
    if infusion.duration_min is None:
        return "How long it ran is not on record, so neither is which readings belong to it."
    start = before(record, infusion.taken_at)
    if start is None:
        return "No blood pressure of that day before it."
    ends = times.ends(infusion, infusion.duration_min)
    readings = [one for one in record.all(BloodPressure) if infusion.taken_at < one.taken_at <= ends]
    first, last = times.near_peak(infusion, infusion.duration_min)
    if not any(first <= one.taken_at <= last for one in readings):
        return f"No blood pressure from {first:%H:%M} to {last:%H:%M}, when it is highest."
    return OwnRise(
        fact_id=infusion.fact_id,
        started_at=infusion.taken_at,
        dose_mg_per_kg=infusion.dose_mg_per_kg,
        before=start,
        systolic_mmhg=max(one.systolic_mmhg for one in readings) - start.systolic_mmhg,
        diastolic_mmhg=max(one.diastolic_mmhg for one in readings) - start.diastolic_mmhg,
        n_readings=len(readings),
    )


def _highest(readings: Sequence[BloodPressure]) -> Reading | None:
    if not readings:
        return None
    return Reading(
        systolic_mmhg=max(one.systolic_mmhg for one in readings),
        diastolic_mmhg=max(one.diastolic_mmhg for one in readings),
        taken_at=readings[0].taken_at,
    )
