"""Is there an addiction to treat, and a target that patient and prescriber chose?"""

from datetime import datetime

from sextant.instruments import INSTRUMENTS
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import Concept, Condition, PatientRecord, Target, concepts_of
from sextant.units.words import day_words, list_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    conditions = record.all(Condition)
    addictions = [one for one in conditions if Concept.ADDICTION in concepts_of(one)]
    present = [one for one in addictions if one.present_at(now) and one.confirmed]
    unsure = [one for one in addictions if one.present_at(now) and not one.confirmed]
    unsure += [one for one in addictions if one.clinical_status == "remission" and one not in unsure]
    hints = [one for one in conditions if Concept.POSSIBLE_ADDICTION in concepts_of(one)]
    target = record.latest(Target)
    if present:
        names = list_words(sorted({one.text for one in present}))
        newest = present[-1]
        if target is None:
            return ask(
                f"{names} on record; no target has been chosen.",
                seen_on=newest.day,
                opens_when="Patient and prescriber choose the one score that treatment is judged by.",
            )
        return open_(
            f"{names}; the target is {INSTRUMENTS[target.instrument].name} ({target.problem}), "
            f"chosen on {day_words(target.day)}.",
            seen_on=newest.day,
        )
    if unsure:
        newest = unsure[-1]
        status = "in remission" if newest.clinical_status == "remission" else newest.verification
        return ask(
            f"{newest.text} of {day_words(newest.day)} is on record as {status}.",
            seen_on=newest.day,
            opens_when="A prescriber records whether it is present now.",
        )
    if hints:
        newest = hints[-1]
        return ask(
            f"{newest.text} on {day_words(newest.day)} is on record, no addiction. It may or may not be part of one.",
            seen_on=newest.day,
            opens_when="A prescriber records an addiction that is present now, or that there is none.",
        )
    if addictions:
        newest = addictions[-1]
        return closed(
            f"{newest.text} is on record as over; no present addiction.",
            seen_on=newest.day,
            opens_when="A prescriber records an addiction that is present now.",
        )
    if target is not None:
        return ask(
            f"A target for {target.problem} was chosen on {day_words(target.day)}; no diagnosis is on record.",
            seen_on=target.day,
            opens_when="A prescriber records the diagnosis.",
        )
    return closed("No addiction is on record.", opens_when="A prescriber records an addiction that is present now.")


RULE = Rule(
    code="GATE-001",
    title="Addiction and target",
    strength=Strength.ABSOLUTE,
    sources=("S003", "S004", "S013"),
    check=check,
)
