"""The infusions given, with the scores around each and what was decided after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sextant.clinic.pages.standing import decisions_after
from sextant.clinic.pages.words import STEP_WORDS, short_day
from sextant.record import Decision, Infusion, NewSeries, PatientRecord, Score, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWords:
    """One decision: the prescriber's own words, what was chosen, by whom and when."""

    words: str
    what: str
    who_when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionRow:
    """One infusion in words; `earlier` where a new series has begun since."""

    number: int
    earlier: bool
    day: str
    dose: str
    minutes: str
    before: str
    after: str
    decisions: list[DecisionWords]


def infusion_rows(record: PatientRecord, now: datetime) -> list[InfusionRow]:
    """All infusions given, oldest first, each with its number in its own series."""
    following = dict(pairwise(record.infusions))
    return [
        _row(number, infusion, following.get(infusion), series, ended, record, now)
        for series, ended in _by_series(record)
        for number, infusion in enumerate(series, start=1)
    ]


def _by_series(record: PatientRecord) -> Iterator[tuple[tuple[Infusion, ...], datetime | None]]:
    """The infusions of each series, and when the next series began; the present one has no end."""
    begun = [one.taken_at for one in record.all(NewSeries)]
    for since, ended in pairwise([None, *begun, None]):
        yield (
            tuple(
                one
                for one in record.infusions
                if (since is None or one.taken_at > since) and (ended is None or one.taken_at <= ended)
            ),
            ended,
        )


def _row(
    number: int,
    infusion: Infusion,
    following: Infusion | None,
    series: tuple[Infusion, ...],
    ended: datetime | None,
    record: PatientRecord,
    now: datetime,
) -> InfusionRow:
    until = following.taken_at if following else now
    target = record.latest(Target)
    scores = [score for score in record.all(Score) if target and score.instrument == target.instrument]
    before = [score for score in scores if score.taken_at <= infusion.taken_at]
    after = [score for score in scores if infusion.taken_at < score.taken_at <= until]
    return InfusionRow(
        number=number,
        earlier=ended is not None,
        day=short_day(infusion.day, now.date()),
        dose="not known" if infusion.dose_mg_per_kg is None else f"{infusion.dose_mg_per_kg:.2f} mg/kg",
        minutes="not known" if infusion.duration_min is None else f"{infusion.duration_min:g} min",
        before=f"{before[-1].points:g}" if before else "not known",
        after=f"{after[0].points:g}" if after else "not known",
        decisions=[_decision(one, now) for one in decisions_after(record, number, series=series, ended=ended)],
    )


def _decision(decision: Decision, now: datetime) -> DecisionWords:
    what = STEP_WORDS.get(decision.step, decision.step).lower() if decision.step else decision.choice
    who = decision.source.removeprefix("entered by ")
    when = short_day(decision.day, now.date())
    return DecisionWords(words=decision.reasons, what=what, who_when=f"{who}, {when}" if who else when)
