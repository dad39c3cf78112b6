"""The short explanation of a step: three reasons, two doubts, and where they were read."""

from collections.abc import Sequence
from datetime import date, timedelta

from sextant.course.next_step import Step, StepCode
from sextant.course.series import Series
from sextant.course.situation import Situation
from sextant.instruments import instrument
from sextant.protocol import Finding, Verdict, sobriety
from sextant.record import PatientRecord, Score, Support, Target
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

Said = tuple[str, tuple[str, ...]]
"""A sentence, and the keys of its sources."""


def conclude(
    s: Situation,
    code: StepCode,
    advice: str,
    *reasons: str,
    infusion: int | None = None,
    about: Sequence[Finding] = (),
    sources: tuple[str, ...] = (),
    window: tuple[date, date] | None = None,
) -> Step:
    """The step with its explanation: at most three reasons, two doubts, and every source that they rest on.

    Parameters
    ----------
    reasons : what the step itself gives as its reasons; what the gates and the patient show is added behind them
    about : gates that the step is about
    sources : keys behind `advice` and `reasons`
    """
    why = [(reason, ()) for reason in reasons] + _gate_reasons(about)
    if code in _ABOUT_INFUSIONS:
        why += _patient_reasons(s, code)
    why = why[:3]
    doubts = _doubts(s, code) if code in _ABOUT_INFUSIONS else []
    cited = [*sources, *(key for _, keys in (*why, *doubts) for key in keys)]
    return Step(
        code=code,
        infusion=infusion,
        advice=advice,
        reasons=tuple(text for text, _ in why),
        doubts=tuple(text for text, _ in doubts),
        sources=tuple(dict.fromkeys(cited)),
        window=window,
    )


def _gate_reasons(about: Sequence[Finding]) -> list[Said]:
    said: list[Said] = [(gate.saw, gate.sources[:2]) for gate in about]
    if len(said) > 3:
        said[2:] = [(f"{count_words(len(about) - 2, 'more gate')} below, each with what would open it.", ())]
    return said


def _patient_reasons(s: Situation, code: StepCode) -> list[Said]:
    said: list[Said] = []
    drops = _drops(s.record, s.series)
    if sum(drops) > 0:
        said.append((_drop_words(s.record, drops), ()))
    if code is StepCode.OFFER_INFUSION:
        if 0 < s.series.count < s.judged_from:
            said.append(("Fewer than three infusions are too few to speak of no response.", ("C013", "C014", "BRIEF")))
        cautions = s.gates_that(Verdict.CAUTION)
        opens = f"All {len(s.gates)} gates stand open."
        if cautions:
            titles = list_words([gate.title.lower() for gate in cautions])
            opens = f"{len(s.gates) - len(cautions)} gates stand open, with caution on {titles}."
        said.append((opens, ()))
    if support := _support(s.record, s.series):
        said.append((support, ("S011", "S012")))
    return said


def _doubts(s: Situation, code: StepCode) -> list[Said]:
    """The doubt nearest to this patient, then what holds for everybody."""
    nearest: list[Said] = []
    if s.forecast is not None and s.forecast.refused is not None:
        nearest.append((s.forecast.refused, ()))
    elif s.forecast is not None and s.forecast.kind == "average":
        nearest.append(("No score from before the first infusion: this is the average patient, not this one.", ()))
    drops = _drops(s.record, s.series)
    if s.limits["worse_points_percent"].value is None and _above_baseline(s.record, s.series):
        name = _target_name(s.record)
        nearest.append((f"{name} is above where it began, and the clinic has not set what counts as worse.", ("C021",)))
    if code is StepCode.MAINTENANCE_WINDOW:
        uncapped = s.limits["maintenance_per_year"].value is None
        cap = "; and the clinic has set no yearly cap, so none can be booked" if uncapped else ""
        nearest.append((f"No trial has tested when to repeat an infusion: a window is a model{cap}.", ("C050",)))
    elif s.series.count >= s.judged_from and not s.complete:
        nearest.append(
            ("Late response was studied in depression, not in addiction; there it is unknown.", ("C014", "C015"))
        )
    if drops and sum(drops) <= 0:
        nearest.append((_drop_words(s.record, drops), ()))
    if unknown := sobriety(s.record, s.now).unknown_days:
        verb = "is" if unknown == 1 else "are"
        nearest.append((f"{count_words(unknown, 'day')} since the last use on record {verb} not known.", ()))
    everybodys: Said = (
        "That ketamine helps in addiction is not established, and the average patient here is a design assumption.",
        ("C025", "C040", "RESPONSE-MODEL"),
    )
    offers = code in {StepCode.OFFER_INFUSION, StepCode.MAINTENANCE_WINDOW}
    return [*nearest[:1], everybodys] if offers else [*nearest, everybodys][:2]


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
