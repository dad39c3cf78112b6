"""Has the person consented to this treatment, and still does?"""

from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import Consent, PatientRecord
from sextant.units.words import day_words

_OPENS = "The person reads, asks and signs the consent to treatment."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
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
    if capacity is None:
        return ask(
            f"Consent signed on {day_words(consent.day)}; nobody has recorded that the person is able to consent.",
            seen_on=consent.day,
            opens_when="The question is answered in screening.",
        )
    return open_(f"Consent signed on {day_words(consent.day)}.", seen_on=consent.day)


RULE = Rule(
    code="GATE-013",
    title="Consent to treatment",
    strength=Strength.ABSOLUTE,
    sources=("S007",),
    check=check,
)
