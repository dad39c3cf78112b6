"""Is any disease of heart or vessels unstable?"""

from datetime import date, datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, caution, closed, open_
from sextant.record import Answer, Concept, Condition, PatientRecord, concepts_of
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    present = [one for one in record.all(Condition) if one.present_at(now)]
    unstable = [one for one in present if Concept.CARDIAC_UNSTABLE in concepts_of(one)]
    chronic = [one for one in present if Concept.CARDIAC in concepts_of(one)]
    answer = record.answer("unstable_cardiac")
    clearance = record.answer("cardiac_clearance")
    valid = limits["cardiac_answer_valid_days"]
    if unstable:
        newest = unstable[-1]
        return _unless_cleared(
            f"{newest.text} since {day_words(newest.day)}, not recorded as over.",
            newest.day,
            clearance,
            newest.onset_at or newest.taken_at,
        )
    if answer is None:
        on_list = f" {chronic[-1].text} is on the problem list." if chronic else ""
        return ask(
            f"Nobody has asked about unstable heart or vessel disease.{on_list}",
            limit=valid,
            opens_when="The question is answered in screening.",
        )
    if answer.value == "yes":
        saw = f"Unstable heart or vessel disease, answered on {day_words(answer.day)}."
        return _unless_cleared(saw, answer.day, clearance, answer.taken_at)
    newer = [one for one in chronic if one.taken_at > answer.taken_at]
    if newer:
        return ask(
            f"{newer[-1].text} is on the problem list since then; nobody has recorded whether it is stable.",
            seen_on=newer[-1].day,
            opens_when="The question is answered again.",
        )
    if (now.date() - answer.day).days > (valid.value or 0):
        return ask(
            f"None unstable, answered on {day_words(answer.day)}: too long ago to count.",
            seen_on=answer.day,
            limit=valid,
            opens_when="The question is answered again.",
        )
    on_list = f"; {chronic[-1].text} is on the problem list" if chronic else ""
    return open_(f"None unstable, answered on {day_words(answer.day)}{on_list}.", seen_on=answer.day, limit=valid)


def _unless_cleared(saw: str, seen_on: date, clearance: Answer | None, since: datetime) -> Answered:
    """Closed while it is unstable; a clearance note from after treatment leaves a caution."""
    if clearance is not None and clearance.value == "yes" and clearance.taken_at >= since:
        return caution(
            f"{saw} A clearance note came on {day_words(clearance.day)}.",
            seen_on=seen_on,
            opens_when="The prescriber reads the note and says so in the decision.",
        )
    return closed(saw, seen_on=seen_on, opens_when="It is treated, and a clearance note is on record.")


RULE = Rule(
    code="GATE-003",
    title="Heart and vessels",
    strength=Strength.ABSOLUTE,
    sources=("S019", "S032", "S015", "S016"),
    check=check,
)
