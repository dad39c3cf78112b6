"""What the person lives with, takes and does not bear, in the record's own words; nobody asked is not 'none'."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sextant.clinic.pages.words import short_day
from sextant.record import Allergy, Condition, Medication, PatientRecord

_NOT_TAKEN = frozenset({"stopped", "completed", "cancelled", "ended", "entered-in-error"})
_AT_ONCE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """One kind: its rows as (words, since when), those to unfold, and what is said where there is none."""

    title: str
    rows: list[tuple[str, str]]
    more: list[tuple[str, str]]
    none: str


def background_of(record: PatientRecord, now: datetime) -> list[Background]:
    """Conditions present now, medicines taken now, and allergies not recorded as over."""
    today = now.date()
    conditions, medicines, allergies = record.all(Condition), record.all(Medication), record.all(Allergy)
    return [
        _background(
            "Conditions now",
            [(one.text, one.onset_at or one.taken_at) for one in conditions if one.present_at(now)],
            today,
            asked=bool(conditions),
        ),
        _background(
            "Medicines now",
            [(one.text, one.taken_at) for one in medicines if _is_taken(one, now)],
            today,
            asked=bool(medicines),
        ),
        _background(
            "Allergies",
            [(allergy_words(one), one.taken_at) for one in present_allergies(record)],
            today,
            asked=bool(allergies),
        ),
    ]


def present_allergies(record: PatientRecord) -> list[Allergy]:
    """Allergies that are not recorded as over."""
    return [one for one in record.all(Allergy) if one.clinical_status not in {"inactive", "resolved"}]


def allergy_words(allergy: Allergy) -> str:
    """An allergy with its reaction, where that is known."""
    return f"{allergy.text} ({allergy.reaction})" if allergy.reaction else allergy.text


def _is_taken(medicine: Medication, now: datetime) -> bool:
    over = medicine.ended_at is not None and medicine.ended_at <= now
    return medicine.taken_at <= now and not over and medicine.status not in _NOT_TAKEN


def _background(title: str, seen: Iterable[tuple[str, datetime]], today: date, *, asked: bool) -> Background:
    """The newest first; the same words twice are one row, since the earlier day."""
    since: dict[str, date] = {}
    for words, moment in seen:
        since[words] = min(moment.date(), since.get(words, moment.date()))
    newest = sorted(since.items(), key=lambda row: row[1], reverse=True)
    rows = [(words, f"since {short_day(day, today)}") for words, day in newest]
    none = "" if rows else "None on record now." if asked else "Not known: nobody has recorded any."
    return Background(title=title, rows=rows[:_AT_ONCE], more=rows[_AT_ONCE:], none=none)
