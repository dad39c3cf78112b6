"""The infusions given, with the scores around each and what was decided after it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sextant.clinic.pages.standing import decisions_after
from sextant.clinic.pages.words import STEP_WORDS, short_day
from sextant.record import Decision, Infusion, PatientRecord, Score, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWords:
    """One decision: the prescriber's own words, what was chosen, by whom and when."""

    words: str
    what: str
    who_when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionRow:
    """One infusion in words."""

    number: int
    day: str
    dose: str
    minutes: str
    before: str
    after: str
    decisions: list[DecisionWords]


def infusion_rows(record: PatientRecord, now: datetime) -> list[InfusionRow]:
    """All infusions given, oldest first."""
    given = record.infusions
    following = dict(pairwise(given))
    return [
        _row(number, infusion, following.get(infusion), record, now) for number, infusion in enumerate(given, start=1)
    ]


def _row(
    number: int, infusion: Infusion, following: Infusion | None, record: PatientRecord, now: datetime
) -> InfusionRow:
    until = following.taken_at if following else now
    target = record.latest(Target)
    scores = [score for score in record.all(Score) if target and score.instrument == target.instrument]
    before = [score for score in scores if score.taken_at <= infusion.taken_at]
    after = [score for score in scores if infusion.taken_at < score.taken_at <= until]
    return InfusionRow(
        number=number,
        day=short_day(infusion.day, now.date()),
        dose="not known" if infusion.dose_mg_per_kg is None else f"{infusion.dose_mg_per_kg:.2f} mg/kg",
        minutes="not known" if infusion.duration_min is None else f"{infusion.duration_min:g} min",
        before=f"{before[-1].points:g}" if before else "not known",
        after=f"{after[0].points:g}" if after else "not known",
        decisions=[_decision(one, now) for one in decisions_after(record, number)],
    )


def _decision(decision: Decision, now: datetime) -> DecisionWords:
    what = STEP_WORDS.get(decision.step, decision.step).lower() if decision.step else decision.choice
    who = decision.source.removeprefix("entered by ")
    when = short_day(decision.day, now.date())
    return DecisionWords(words=decision.reasons, what=what, who_when=f"{who}, {when}" if who else when)
