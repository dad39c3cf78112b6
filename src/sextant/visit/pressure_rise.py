"""How far pressure may rise in the next infusion of this patient: the published rise, moved by the patient's own.

Information alone: no gate, no order and no step reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import sqrt

from scipy.stats import norm

from sextant.evidence.library import library
from sextant.evidence.rows import AdverseEvent
from sextant.record import PatientRecord
from sextant.units.words import list_words
from sextant.visit.own_rises import SOURCES as READING_SOURCES
from sextant.visit.own_rises import OwnRise, PeakTimes, Reading, SilentInfusion, before, own_rises
from sextant.visit.usual_rise import BETWEEN_PEOPLE_SHARE, Pressure, UsualRise, usual_rise

_NORMAL_80 = float(norm.ppf(0.9))

LARGER_WITH = "yale2024_bp#05"
"""The row on who has a larger rise."""

_NOTES = (
    "The studies are of people with depression and, in the review, other psychiatric illness, at 0.5 mg/kg or less "
    "where the dose is told, in part by nose or under the skin. None is told to be of addiction.",
    "A study's mean is of one time after the start; the highest reading of an infusion can lie above it.",
    f"Nobody printed how much of the spread lies between people; {10 * BETWEEN_PEOPLE_SHARE:.0f} parts in 10 "
    "is a design assumption.",
    "How far clinics differ is known from two alone, so hardly.",
    "Readings some minutes apart can miss the peak, and a medicine against pressure hides it: the true rise may be "
    "larger than the one on record.",
    f"Older people, and those with known hypertension, rose further ({LARGER_WITH}); the band makes no allowance.",
)


@dataclass(frozen=True, slots=True)
class Band:
    """A median with its 80 % interval, mmHg."""

    median: float
    low80: float
    high80: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One of the two pressures.

    Parameters
    ----------
    usual : the published rise that it began with, and where each part of its doubt comes from
    before_own : the rise in the next infusion as it would be without the patient's own infusions
    rise : the rise in the next infusion; below 0 where pressure would fall
    prior_share : weight of the published rise in the centre of `rise`, 1 without own infusions
    peak : the highest pressure to expect over today's reading; None where there is none
    """

    usual: UsualRise
    before_own: Band
    rise: Band
    prior_share: float
    peak: Band | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureRise:
    """How far pressure may rise in the next infusion, or in the one that runs now.

    Parameters
    ----------
    own : infusions of this patient that moved the band, oldest first
    silent : infusions that say nothing, each with why
    baseline : today's reading before the infusion; None where there is none
    no_baseline : why there is none, empty where there is one
    rows : the rows of adverse events that it rests on, each once
    sources : keys of further sources
    notes : sentences that must be read with the figures
    """

    systolic: Expected
    diastolic: Expected
    own: tuple[OwnRise, ...]
    silent: tuple[SilentInfusion, ...]
    baseline: Reading | None
    no_baseline: str
    rows: tuple[AdverseEvent, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def n_own(self) -> int:
        """How many own infusions moved the band."""
        return len(self.own)


def pressure_rise(record: PatientRecord, now: datetime) -> PressureRise:
    """The rise to expect in the next infusion of this patient, from the record as it stood at a moment.

    An infusion counts as the patient's own once pressure is back: until then its highest reading may be still to come.
    Own infusions of every series count (no change from the first to the sixth was seen: rivaposse2018_bp#01).

    Parameters
    ----------
    now : timezone-aware, in the zone of the clinic, whose days are meant by 'today'
    """
    record, _ = record.as_of(now)
    usual, times, rows = _published()
    own, silent = own_rises(record, now, times)
    baseline, no_baseline = _today(record, now, times)
    return PressureRise(
        systolic=expected(
            usual[Pressure.SYSTOLIC],
            [one.systolic_mmhg for one in own],
            baseline.systolic_mmhg if baseline else None,
        ),
        diastolic=expected(
            usual[Pressure.DIASTOLIC],
            [one.diastolic_mmhg for one in own],
            baseline.diastolic_mmhg if baseline else None,
        ),
        own=own,
        silent=silent,
        baseline=baseline,
        no_baseline=no_baseline,
        rows=rows,
        sources=READING_SOURCES,
        notes=(*_NOTES, *_unlike_doses(record, own)),
    )


def expected(usual: UsualRise, own_mmhg: Sequence[float], baseline_mmhg: float | None = None) -> Expected:
    """The rise in the next infusion, given those of the patient's own.

    The person's mean is normal around the published one, each infusion normal around the person's mean, so the update
    is exact and the order of infusions does not matter.
    """
    prior = 1 / usual.person_variance
    told = len(own_mmhg) / usual.between_infusions
    variance = 1 / (prior + told)
    mean = variance * (prior * usual.mean_mmhg + sum(own_mmhg) / usual.between_infusions)
    rise = _band(mean, variance + usual.between_infusions)
    return Expected(
        usual=usual,
        before_own=_band(usual.mean_mmhg, usual.person_variance + usual.between_infusions),
        rise=rise,
        prior_share=prior * variance,
        peak=None if baseline_mmhg is None else _over(baseline_mmhg, rise),
    )


@cache
def _published() -> tuple[dict[Pressure, UsualRise], PeakTimes, tuple[AdverseEvent, ...]]:
    on_file = library().adverse_events
    usual = {pressure: usual_rise(pressure, on_file) for pressure in Pressure}
    times = PeakTimes.of(on_file)
    behind = [*times.rows, *(row for one in usual.values() for row in one.rows)]
    used = {LARGER_WITH, *(row.row_id for row in behind)}
    return usual, times, tuple(row for row in on_file if row.row_id in used)


def _today(record: PatientRecord, now: datetime, times: PeakTimes) -> tuple[Reading | None, str]:
    """Today's reading before the infusion, or why there is none."""
    last = next(reversed(record.infusions), None)
    if last is not None and not times.over(last, now):
        found = before(record, last.taken_at)
        return found, "" if found else "No blood pressure of the day before the infusion began."
    if last is not None and last.day == now.date():
        return None, "Today's infusion is over."
    found = before(record, now)
    return found, "" if found else "No blood pressure of today."


def _unlike_doses(record: PatientRecord, own: Sequence[OwnRise]) -> list[str]:
    doses = {one.dose_mg_per_kg for one in own}
    if own and record.order is not None:
        doses.add(record.order.dose_mg_per_kg)
    if len(doses) < 2:
        return []
    known = [f"{dose:g}" for dose in sorted(dose for dose in doses if dose is not None)]
    words = list_words([*known, *(["not on record"] if None in doses else [])])
    return [f"Own infusions and the one ordered differ in dose (mg/kg: {words}); the band makes no allowance."]


def _band(mean: float, variance: float) -> Band:
    half = _NORMAL_80 * sqrt(variance)
    return Band(mean, mean - half, mean + half)


def _over(baseline_mmhg: float, rise: Band) -> Band:
    return Band(baseline_mmhg + rise.median, baseline_mmhg + rise.low80, baseline_mmhg + rise.high80)
