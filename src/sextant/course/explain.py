"""The short explanation of a step: three reasons, two doubts, and where they were read."""

from collections.abc import Sequence
from datetime import date, timedelta

from sextant.course.next_step import Basis, Step, StepCode
from sextant.course.series import Series
from sextant.course.situation import Situation
from sextant.instruments import instrument
from sextant.protocol import Finding, Verdict, sobriety
from sextant.record import PatientRecord, Score, Support, Target
from sextant.response import About
from sextant.units.words import count_words, list_words

_ABOUT_INFUSIONS = {
    StepCode.OFFER_INFUSION,
    StepCode.REVIEW,
    StepCode.STOP_KETAMINE,
    StepCode.MAINTENANCE_WINDOW,
}
# First score after an infusion that still speaks of that infusion.
_DAYS_AFTER = timedelta(days=3)
_RECENT = timedelta(days=14)
# For and against: two trials that saw a benefit, two results that did not.
_MIXED_TRIALS = ("C025", "C040", "YOON2025", "KARE-RELAPSE")
_FROM_STUDIES, _FROM_CLINICS = "EVIDENCE-PRIOR", "clinic: "


def conclude(
    s: Situation,
    code: StepCode,
    advice: str,
    *reasons: str | Basis,
    infusion: int | None = None,
    about: Sequence[Finding] = (),
    forecast: About | None = None,
    sources: tuple[str, ...] = (),
    window: tuple[date, date] | None = None,
) -> Step:
    """The step with its explanation: at most three reasons, two doubts, and every source that they rest on.

    Parameters
    ----------
    reasons : what the step itself gives as its reasons, each on a basis of its own or on that of the advice; what the
        gates and the patient show is added behind them
    about : gates that the step is about
    forecast, sources : the answer of the forecast, and the keys of sources, behind `advice` and `reasons`
    """
    advised = Basis(sentence=advice, sources=sources, forecast=forecast)
    why = [
        reason if isinstance(reason, Basis) else Basis(sentence=reason, sources=sources, forecast=forecast)
        for reason in reasons
    ]
    why += _gate_reasons(about)
    if code in _ABOUT_INFUSIONS:
        why += _patient_reasons(s, code)
    why = why[:3]
    doubts = _doubts(s, code) if code in _ABOUT_INFUSIONS else []
    rests_on = (advised, *why, *doubts)
    return Step(
        code=code,
        infusion=infusion,
        advice=advice,
        reasons=tuple(one.sentence for one in why),
        doubts=tuple(one.sentence for one in doubts),
        sources=tuple(dict.fromkeys(key for one in rests_on for key in one.sources)),
        rests_on=rests_on,
        window=window,
    )


def _gate_reasons(about: Sequence[Finding]) -> list[Basis]:
    said = [Basis(sentence=gate.saw, sources=gate.sources[:2]) for gate in about]
    if len(said) > 3:
        said[2:] = [_said(f"{count_words(len(about) - 2, 'more gate')} below, each with what would open it.")]
    return said


def _patient_reasons(s: Situation, code: StepCode) -> list[Basis]:
    said: list[Basis] = []
    drops = _drops(s.record, s.series)
    if sum(drops) > 0:
        said.append(_said(_drop_words(s.record, drops)))
    if code is StepCode.OFFER_INFUSION:
        if 0 < s.series.count < s.judged_from:
            few = "Fewer than three infusions are too few to speak of no response."
            said.append(_said(few, "C013", "C014", "BRIEF"))
        cautions = s.gates_that(Verdict.CAUTION)
        gates = s.before_every_step
        opens = f"All {len(gates)} gates stand open."
        if cautions:
            titles = list_words([gate.title.lower() for gate in cautions])
            opens = f"{len(gates) - len(cautions)} gates stand open, with caution on {titles}."
        said.append(_said(opens))
    if support := _support(s.record, s.series):
        said.append(_said(support, "S011", "S012"))
    return said


def _doubts(s: Situation, code: StepCode) -> list[Basis]:
    """The doubt nearest to this patient, then what holds for everybody."""
    nearest: list[Basis] = []
    if s.forecast is not None and s.forecast.refused is not None:
        nearest.append(_said(s.forecast.refused))
    elif s.forecast is not None and s.forecast.kind == "average":
        nearest.append(_said("No score from before the first infusion: this is the average patient, not this one."))
    drops = _drops(s.record, s.series)
    if s.limits["worse_points_percent"].value is None and _above_baseline(s.record, s.series):
        name = _target_name(s.record)
        nearest.append(
            _said(f"{name} is above where it began, and the clinic has not set what counts as worse.", "C021")
        )
    if code is StepCode.MAINTENANCE_WINDOW:
        uncapped = s.limits["maintenance_per_year"].value is None
        cap = "; and the clinic has set no yearly cap, so none can be booked" if uncapped else ""
        nearest.append(_said(f"No trial has tested when to repeat an infusion: a window is a model{cap}.", "C050"))
    elif s.series.count >= s.judged_from and not s.complete:
        nearest.append(
            _said("Late response was studied in depression, not in addiction; there it is unknown.", "C014", "C015")
        )
    if drops and sum(drops) <= 0:
        nearest.append(_said(_drop_words(s.record, drops)))
    if unknown := sobriety(s.record, s.now).unknown_days:
        verb = "is" if unknown == 1 else "are"
        nearest.append(_said(f"{count_words(unknown, 'day')} since the last use on record {verb} not known."))
    offers = code in {StepCode.OFFER_INFUSION, StepCode.MAINTENANCE_WINDOW}
    return [*nearest[:1], _everybodys(s)] if offers else [*nearest, _everybodys(s)][:2]


def _everybodys(s: Situation) -> Basis:
    """What holds for everybody: that nothing is established, and where the average patient comes from."""
    comes_from = "is a design assumption"
    if _FROM_STUDIES in s.prior_sources:
        comes_from = "comes from studies of depression and largely from assumptions"
    if any(source.startswith(_FROM_CLINICS) for source in s.prior_sources):
        comes_from = "comes from patients of clinics, without a control group"
    on_file = [key for key in (_FROM_STUDIES, "RESPONSE-MODEL") if key in s.prior_sources]
    return _said(
        f"That ketamine helps in addiction is not established, and the average patient here {comes_from}.",
        *_MIXED_TRIALS,
        *on_file,
    )


def _said(sentence: str, *sources: str) -> Basis:
    return Basis(sentence=sentence, sources=sources)


def _target_scores(record: PatientRecord) -> list[Score]:
    target = record.latest(Target)
    return [] if target is None else [one for one in record.all(Score) if one.instrument == target.instrument]


def _target_name(record: PatientRecord) -> str:
    target = record.latest(Target)
    return "" if target is None else instrument(target.instrument).name


def _drops(record: PatientRecord, series: Series) -> list[float]:
    """Fall of the target over each of the last three infusions, to the first score within three days."""
    scores = _target_scores(record)
    drops: list[float] = []
    for infusion in series.given:
        before = [s for s in scores if s.taken_at <= infusion.taken_at]
        after = [s for s in scores if infusion.taken_at < s.taken_at <= infusion.taken_at + _DAYS_AFTER]
        if before and after:
            drops.append(before[-1].points - after[0].points)
    return drops[-3:]


def _drop_words(record: PatientRecord, drops: list[float]) -> str:
    shown = [round(drop) for drop in drops]
    figures = list_words([f"fell {drop}" if drop > 0 else f"rose {-drop}" if drop else "moved 0" for drop in shown])
    which = "the infusion" if len(shown) == 1 else f"the last {len(shown)} infusions scored"
    return f"{_target_name(record)} {figures} points in the days after {which}."


def _above_baseline(record: PatientRecord, series: Series) -> bool:
    scores = _target_scores(record)
    if not series.given:
        return False
    before = [one.points for one in scores if one.taken_at <= series.given[0].taken_at]
    return bool(before) and bool(scores) and scores[-1].points > sum(before) / len(before)


def _support(record: PatientRecord, series: Series) -> str:
    last = series.last.taken_at if series.last else None
    contacts = [one for one in record.all(Support) if one.attended and (last is None or one.taken_at >= last - _RECENT)]
    if not contacts:
        return ""
    hours = sum(one.kind == "counselling" for one in contacts)
    others = len(contacts) - hours
    parts = [count_words(hours, "counselling contact")] if hours else []
    parts += [count_words(others, "group or other contact")] if others else []
    return f"{list_words(parts).capitalize()} stand{'s' if len(contacts) == 1 else ''} beside the infusions."
