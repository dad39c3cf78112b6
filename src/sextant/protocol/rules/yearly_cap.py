"""Is the clinic's cap of maintenance infusions in a year reached?"""

from bisect import bisect_left
from datetime import datetime, timedelta
from itertools import groupby

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, caution, closed, open_
from sextant.record import Infusion, NewSeries, PatientRecord
from sextant.units.words import count_words, day_words

YEAR = timedelta(days=365)


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    cap, series = limits["maintenance_per_year"], int(limits["infusions_in_series"].value or 0)
    lately = [one for one in _maintenance(record, series) if now - one.taken_at < YEAR]
    given = f"{count_words(len(lately), 'maintenance infusion')} in the last 365 days."
    if len(record.series) < series <= len(record.infusions):
        # Of a new series, whose reason is on record; the cap is of maintenance.
        saw = f"{given} The next infusion is one of a series."
        if cap.value is None or len(lately) < cap.value:
            return open_(saw, limit=cap)
        return caution(saw, limit=cap, opens_when="The prescriber weighs it and says so in the decision.")
    if cap.value is None:
        return ask(
            f"The clinic has set no yearly cap. {given}",
            limit=cap,
            opens_when="The medical director sets it, and it is not reached.",
        )
    if len(lately) >= cap.value:
        again = f" On {day_words((lately[0].taken_at + YEAR).date())} one fewer counts." if lately else ""
        return closed(
            given,
            seen_on=lately[-1].day if lately else None,
            limit=cap,
            opens_when=f"Fewer were given in a year, or the prescriber signs the reason.{again}",
        )
    return open_(given, limit=cap)


def _maintenance(record: PatientRecord, series: int) -> list[Infusion]:
    """Infusions beyond the first so many of their series; a new series does not wipe out those of the one before."""
    begun = [one.taken_at for one in record.all(NewSeries)]
    by_series = groupby(record.infusions, key=lambda one: bisect_left(begun, one.taken_at))
    return [one for _, given in by_series for one in list(given)[series:]]


RULE = Rule(
    code="GATE-070",
    title="Maintenance infusions in a year",
    strength=Strength.SOFT,
    sources=("C010", "C050"),
    check=check,
    stage=Stage.MAINTENANCE,
    limits=("maintenance_per_year", "infusions_in_series"),
)
