"""Where the patient stands in the series of infusions, read from the facts."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from statistics import median

from sextant.protocol import Limits
from sextant.record import Decision, Infusion, NewSeries, PatientRecord, Score, Target
from sextant.response import Ages, Plan

# Without the clinic's own spacing and without own infusions the forecast assumes two a week, as one depression clinic
# prints it (C008), and 0.5 mg/kg, the dose of most trials. Assumptions of the forecast, never an order.
ASSUMED_DAYS_BETWEEN = 3.5
ASSUMED_DOSE_MG_PER_KG = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The series at one moment: the infusions since a new one was last begun.

    `scored_since_last` says whether the chosen target was scored after the last infusion; `decision` is the newest
    decision of the prescriber since the last infusion, if any.
    """

    given: tuple[Infusion, ...]
    scored_since_last: bool
    decision: Decision | None

    @property
    def count(self) -> int:
        """How many infusions were given."""
        return len(self.given)

    @property
    def last(self) -> Infusion | None:
        """The last infusion given."""
        return self.given[-1] if self.given else None


def series_of(record: PatientRecord) -> Series:
    """The series as the facts tell it."""
    given, begun = record.series, record.latest(NewSeries)
    last_at = given[-1].taken_at if given else None
    target = record.latest(Target)
    scored = target is not None and any(
        score.instrument == target.instrument and (last_at is None or score.taken_at.date() > last_at.date())
        for score in record.all(Score)
    )
    decision = record.latest(Decision)
    if decision is not None and last_at is not None and decision.taken_at < last_at:
        decision = None
    if decision is not None and begun is not None and decision.taken_at <= begun.taken_at:
        # What was decided on an earlier series is done with.
        decision = None
    if decision is not None and decision.infusion is not None and decision.infusion <= len(given):
        # A decision on an infusion that was given since, even in the same minute, is done with.
        decision = None
    return Series(given=given, scored_since_last=scored, decision=decision)


def days_between(series: Series, limits: Limits) -> float:
    """Days to the next infusion that the forecast assumes: the clinic's, else this patient's own, else the assumed."""
    own = [(b.taken_at - a.taken_at) / timedelta(days=1) for a, b in pairwise(series.given)]
    least = limits["days_between_infusions"].value or 0.0
    return max(least, median(own) if own else ASSUMED_DAYS_BETWEEN)


def assumed_plan(series: Series, limits: Limits) -> Plan:
    """Spacing and dose that the forecast assumes for the infusions still missing to six.

    Only the forecast to the end of the series needs it; nothing is ordered or shown as decided.
    """
    doses = [one.dose_mg_per_kg for one in series.given if one.dose_mg_per_kg is not None]
    return Plan(
        days_between=days_between(series, limits),
        mg_per_kg=doses[-1] if doses else ASSUMED_DOSE_MG_PER_KG,
    )


def studied_ages(limits: Limits) -> Ages:
    """The ages outside of which the forecast says that it does not know."""
    youngest, oldest = limits["youngest_age_years"], limits["oldest_age_years"]
    sources = tuple(dict.fromkeys((*youngest.sources, *oldest.sources)))
    return Ages(youngest=youngest.value, oldest=oldest.value, sources=sources)


def earliest_next(series: Series, limits: Limits) -> date | None:
    """First day on which the clinic's own spacing allows the next infusion, if it set one."""
    least = limits["days_between_infusions"].value
    if series.last is None or least is None:
        return None
    return series.last.day + timedelta(days=ceil(least))
