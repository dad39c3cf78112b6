"""After a lapse: who speaks with the person, by when, and whether that has happened."""

from dataclasses import dataclass
from datetime import date, timedelta

from sextant.protocol import Limits
from sextant.protocol.sobriety import use_reports
from sextant.record import PatientRecord, Support

_TALK = "counselling"


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseCare:
    """The talk that is owed after use in the time of treatment. It takes no step of the course, and none waits for it.

    Parameters
    ----------
    since : the day of the first report of use that has not been talked about; once all have, that of the newest
    talk_by : the last day for the talk, by the clinic's own limit; None where the clinic has set none
    talked_on : the day of the talk; None while it is owed
    """

    since: date
    talk_by: date | None
    talked_on: date | None


def lapse_care(record: PatientRecord, limits: Limits) -> LapseCare | None:
    """What is owed after use on or after the day of the first infusion; None where none is on record.

    A talk of the same day counts: it may be the one in which use was told. What the person says later of no use does
    not end what is owed; only a talk with a counsellor does.
    """
    if not record.infusions or record.patient.deceased_at is not None:
        return None
    first = record.infusions[0].day
    used = [one.day for one in use_reports(record) if one.use_reaches is not None and one.use_reaches >= first]
    if not used:
        return None
    talks = [one.day for one in record.all(Support) if one.attended and one.kind == _TALK]
    owed = [day for day in used if not any(talk >= day for talk in talks)]
    since = min(owed) if owed else max(used)
    within = limits["lapse_contact_days"].value
    return LapseCare(
        since=since,
        talk_by=None if within is None else since + timedelta(days=within),
        talked_on=None if owed else min(talk for talk in talks if talk >= since),
    )
