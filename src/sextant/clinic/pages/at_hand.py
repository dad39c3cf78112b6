"""The infusion that a page on the blood is about: the one that is ordered, else the last one given."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sextant.clinic.pages.words import moment_words, short_day
from sextant.record import Infusion, PatientRecord
from sextant.visit import Given, regimen_of, regimen_ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """One infusion; `meant` where it is ordered and not given, `over` where it began so long ago that it has ended.

    `ran_min` is how many whole minutes it has run where by the record it still runs, None where it does not or where
    that is not known. `words` name it ('Ordered: infusion 3, for 24 Nov'), `on` is its day.
    """

    given: Given
    dose_mg_per_kg: float | None
    duration_min: float | None
    meant: bool
    over: bool
    ran_min: float | None
    words: str
    on: date


def at_hand(record: PatientRecord, now: datetime) -> AtHand | None:
    """The infusion at hand; None where none is ordered and none was given."""
    today = now.date()
    if (order := record.order) is not None:
        return AtHand(
            given=regimen_ordered(order, record),
            dose_mg_per_kg=order.dose_mg_per_kg,
            duration_min=order.duration_min,
            meant=True,
            over=False,
            ran_min=None,
            words=f"Ordered: infusion {order.infusion}, for {short_day(order.for_day, today)}",
            on=order.for_day,
        )
    last = next(reversed(record.infusions), None)
    if last is None:
        return None
    ran_min, began = still_running(last, now), moment_words(last.taken_at.astimezone(now.tzinfo), today)
    return AtHand(
        given=regimen_of(last, record),
        dose_mg_per_kg=last.dose_mg_per_kg,
        duration_min=last.duration_min,
        meant=False,
        over=last.duration_min is not None and ran_min is None,
        ran_min=ran_min,
        words=f"The last infusion, {began}"
        if ran_min is None
        else f"The infusion that runs by the record, {began}, minute {ran_min:g} of {last.duration_min:g}",
        on=last.day,
    )


def still_running(infusion: Infusion, now: datetime) -> float | None:
    """Whole minutes that an infusion has run where by its minutes on record it is not over yet; None where it is, or
    where no minutes are on record."""
    if infusion.duration_min is None or infusion.taken_at + timedelta(minutes=infusion.duration_min) <= now:
        return None
    return float(max((now - infusion.taken_at) // timedelta(minutes=1), 0))
