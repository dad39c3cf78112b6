"""A lapse in words: kind, without blame, and with what comes next."""

from datetime import date
from typing import Any

from sextant.clinic.pages.words import short_day
from sextant.course import State
from sextant.record import Decision, PatientRecord


def lapse_of(answer: dict[str, Any]) -> dict[str, Any] | None:
    """What a stored answer says of a lapse; None where there is none, and in answers of before it was kept."""
    lapse: dict[str, Any] | None = answer.get("lapse")
    return lapse


def way_back_is_open(answer: dict[str, Any], record: PatientRecord) -> bool:
    """Whether there was a lapse from which the way back is not walked yet.

    It is walked once the talk has been, the course does not pause, and on a day after that of the lapse a prescriber
    decided or an infusion was given. Where treatment with ketamine has ended there is none but the talk.
    """
    lapse = lapse_of(answer)
    if lapse is None:
        return False
    state = answer["course"]["state"]
    if lapse["talked_on"] is None or state == State.PAUSED:
        return True
    since = date.fromisoformat(lapse["since"])
    went_on = any(one.day > since for one in (*record.all(Decision), *record.infusions))
    return not went_on and state not in (State.ENDED, State.NEVER_STARTED)


def talk_words(lapse: dict[str, Any], today: date) -> str:
    """Whether the talk after a lapse has been, or by when we owe it.

    >>> day = date(2026, 11, 23)
    >>> talk_words({"since": "2026-11-22", "talk_by": "2026-11-24", "talked_on": None}, day)
    'Use was written down on 22 Nov; we owe a talk by 24 Nov.'
    >>> talk_words({"since": "2026-11-20", "talk_by": "2026-11-22", "talked_on": None}, day)
    'Use was written down on 20 Nov; we owed a talk by 22 Nov and have not had it.'
    """
    since = f"Use was written down on {short_day(date.fromisoformat(lapse['since']), today)}"
    if lapse["talked_on"] is not None:
        return f"{since}; we talked on {short_day(date.fromisoformat(lapse['talked_on']), today)}."
    if lapse["talk_by"] is None:
        return f"{since}; we owe a talk. The clinic has not set by when."
    by = date.fromisoformat(lapse["talk_by"])
    if by < today:
        return f"{since}; we owed a talk by {short_day(by, today)} and have not had it."
    return f"{since}; we owe a talk by {short_day(by, today)}."
