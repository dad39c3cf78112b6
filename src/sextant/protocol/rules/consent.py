"""Has the person consented to this treatment, and still does?"""

from datetime import datetime

from sextant.protocol.asked import ANSWERS, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import Consent, NewSeries, PatientRecord
from sextant.units.words import day_words

_OPENS = "The person reads, asks and signs the consent to treatment."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    capacity = record.answer("capacity")
    # Of two consents at one time a withdrawal counts.
    consent = min(record.newest(Consent), key=lambda one: one.given, default=None)
    if capacity is not None and capacity.value == "no":
        return closed(
            f"Not able to consent, recorded on {day_words(capacity.day)}.",
            seen_on=capacity.day,
            opens_when="The person is able to consent again.",
        )
    if consent is None:
        return ask("No consent to treatment is on record.", opens_when=_OPENS)
    if not consent.given:
        return closed(f"Consent was withdrawn on {day_words(consent.day)}.", seen_on=consent.day, opens_when=_OPENS)
    if consent.expires_on is not None and consent.expires_on < now.date():
        return ask(
            f"Consent of {day_words(consent.day)} ended on {day_words(consent.expires_on)}.",
            seen_on=consent.day,
            opens_when=_OPENS,
        )
    series = record.latest(NewSeries)
    if series is not None and consent.taken_at < series.taken_at:
        return ask(
            f"Consent of {day_words(consent.day)} was for an earlier series; a new one began on "
            f"{day_words(series.day)}.",
            seen_on=consent.day,
            opens_when=_OPENS,
        )
    if _was_unable(record, consent):
        return ask(
            f"Consent was signed on {day_words(consent.day)}, when the person was recorded as not able to consent.",
            seen_on=consent.day,
            opens_when=_OPENS,
        )
    if capacity is None:
        return ask(
            f"Consent signed on {day_words(consent.day)}; nobody has recorded that the person is able to consent.",
            seen_on=consent.day,
            opens_when="The question is answered in screening.",
        )
    able = standing_answer(record, "capacity", limits, now)
    if isinstance(able, Answered):
        return able
    return open_(
        f"Consent signed on {day_words(consent.day)}.", seen_on=consent.day, limit=able.limit, holds_to=able.holds_to
    )


def _was_unable(record: PatientRecord, consent: Consent) -> bool:
    """Whether the last that was recorded before the signature was that the person could not consent."""
    before = [one for one in record.answers("capacity") if one.taken_at <= consent.taken_at]
    return bool(before) and any(one.value == "no" for one in before if one.taken_at == before[-1].taken_at)


RULE = Rule(
    code="GATE-013",
    title="Consent to treatment",
    strength=Strength.ABSOLUTE,
    sources=("S007", "REGULATION-7"),
    check=check,
    limits=(ANSWERS,),
)
