"""Is any disease of heart or vessels unstable?"""

from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, caution, closed, open_
from sextant.record import Answer, Concept, Condition, PatientRecord, concepts_of
from sextant.units.words import day_words

_OPENS = "The disease is treated and a clearance note is on record."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    present = [one for one in record.all(Condition) if one.present_at(now)]
    unstable = [one for one in present if Concept.CARDIAC_UNSTABLE in concepts_of(one)]
    chronic = [one for one in present if Concept.CARDIAC in concepts_of(one)]
    answer = record.answer("unstable_cardiac")
    clearance = record.answer("cardiac_clearance")
    if unstable:
        newest = unstable[-1]
        if _cleared(clearance, newest.onset_at or newest.taken_at):
            return caution(
                f"{newest.text} of {day_words(newest.day)} is on the problem list; a clearance note came later.",
                seen_on=newest.day,
                opens_when="The prescriber reads the note and says so in the decision.",
            )
        return closed(
            f"{newest.text} since {day_words(newest.day)}, not recorded as over.",
            seen_on=newest.day,
            opens_when=_OPENS,
        )
    if answer is not None and answer.value == "yes" and not _cleared(clearance, answer.taken_at):
        return closed(
            f"Unstable heart or vessel disease, answered on {day_words(answer.day)}.",
            seen_on=answer.day,
            opens_when=_OPENS,
        )
    newer = [one for one in chronic if answer is None or one.taken_at > answer.taken_at]
    if newer and not _cleared(clearance, newer[-1].taken_at):
        return ask(
            f"{newer[-1].text} is on the problem list; nobody has recorded whether it is stable.",
            seen_on=newer[-1].day,
            opens_when="A prescriber records that it is stable, or that it is not.",
        )
    if answer is None and clearance is None:
        return ask(
            "Nobody has asked about unstable heart or vessel disease.",
            opens_when="The question is answered in screening.",
        )
    seen = answer or clearance
    assert seen is not None  # noqa: S101 - both None was answered above
    return open_(
        f"None unstable, recorded on {day_words(seen.day)}"
        + (f"; {chronic[-1].text} is on the problem list." if chronic else "."),
        seen_on=seen.day,
    )


def _cleared(clearance: Answer | None, since: datetime) -> bool:
    return clearance is not None and clearance.value == "yes" and clearance.taken_at >= since


RULE = Rule(
    code="GATE-003",
    title="Heart and vessels",
    strength=Strength.ABSOLUTE,
    sources=("S019", "S032", "S015", "S016"),
    check=check,
)
