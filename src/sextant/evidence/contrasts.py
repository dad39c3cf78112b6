"""From rows to effects: which rows of a study make one effect for a question, and why the others make none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from sextant.evidence.dependence import no_control
from sextant.evidence.effects import (
    NORMAL_95,
    Arm,
    Effect,
    log_odds_ratio,
    log_ratio,
    mean_difference,
    published,
    standardised_mean_difference,
)
from sextant.evidence.questions import Against, Question, Scale
from sextant.evidence.rows import Trial

_KIND_OF_SCALE = {
    Scale.LOG_ODDS_RATIO: "OR",
    Scale.LOG_HAZARD_RATIO: "HR",
    Scale.MEAN_DIFFERENCE: "MD",
    Scale.STANDARDISED: "SMD",
}
_WITHOUT_FIGURES = {
    "design_only": "only the direction or the design was readable, no figures",
    "arm_qualitative": "only the direction was readable, no counts",
    "mechanism": "it is about a mechanism and gives no effect between arms",
    "case": "it is one case",
}


class NotUsableError(ValueError):
    """Rows that make no effect for the question; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyEffect:
    """One study's effect for a question: the rows it was made of, and the figures in words.

    `turned` says that the rows call the other direction good. `follow_up_days` is nominal.
    """

    effect: Effect
    rows: tuple[Trial, ...]
    figures: str
    turned: bool

    @property
    def study(self) -> str:
        """The study's name."""
        return self.effect.study

    @property
    def follow_up_days(self) -> float | None:
        """When the outcome was read, nominal."""
        return self.rows[0].follow_up_days


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is about the question and is not in the pool, and why."""

    row: Trial
    why: str


def contrasts(
    question: Question, trials: Iterable[Trial], *, with_sensitivity: bool
) -> tuple[tuple[StudyEffect, ...], tuple[LeftOut, ...]]:
    """One effect for each study that the question's rule allows, and the rows that it leaves out."""
    chosen: list[StudyEffect] = []
    left_out: list[LeftOut] = []
    usable: dict[str, dict[tuple[str, str, float | None], list[Trial]]] = {}
    for row in trials:
        if not question.asks(row) or (question.against is Against.FEWER_SESSIONS and no_control(row.study_id) is None):
            continue
        why = _why_not(question, row, with_sensitivity=with_sensitivity)
        if why is None:
            # Arms that belong together share outcome and follow-up; each contrast stands alone.
            name = row.row_id if row.row_kind == "contrast" else row.outcome_name
            group = usable.setdefault(row.study_id, {})
            group.setdefault((row.row_kind, name, row.follow_up_days), []).append(row)
        else:
            left_out.append(LeftOut(row, why))
    for groups in usable.values():
        taken = False
        # The first follow-up, counts of people before adjusted contrasts.
        for (kind, _, _), rows in sorted(groups.items(), key=lambda item: (_day(item[0][2]), item[0][0])):
            if taken:
                left_out += [LeftOut(row, f"{chosen[-1].study} gives one effect, from other rows") for row in rows]
                continue
            try:
                chosen.append(_arms(question, rows) if kind == "arm" else _contrast(question, rows[0]))
                taken = True
            except ValueError as error:
                left_out += [LeftOut(row, str(error)) for row in rows]
    return tuple(chosen), tuple(left_out)


def _why_not(question: Question, row: Trial, *, with_sensitivity: bool) -> str | None:
    """Why the row cannot be used, from the row alone."""
    if row.row_kind in _WITHOUT_FIGURES:
        return _WITHOUT_FIGURES[row.row_kind]
    why = no_control(row.study_id)
    if question.against is Against.CONTROL and why is not None:
        return why
    wanted = _KIND_OF_SCALE[question.scale]
    if row.row_kind == "contrast" and row.effect_kind != wanted:
        return f"its effect is printed as {row.effect_kind}, which is not on the scale of this question ({wanted})"
    if row.row_kind == "arm" and not _arm_fits(question.scale, row):
        return f"the arm has no figures for a {question.scale.value}"
    if row.poolable == "no":
        return f"it is marked not poolable ({_first_sentence(row.notes)})" if row.notes else "it is marked not poolable"
    if row.poolable == "sensitivity_only" and not with_sensitivity:
        return "it is a press figure or not randomised; it counts with --with-sensitivity alone"
    if row.row_kind == "arm" and "crossover" in row.design:
        return "it is a crossover; its arms are the same people and need paired figures"
    return None


def _arm_fits(scale: Scale, row: Trial) -> bool:
    if scale is Scale.LOG_ODDS_RATIO:
        return row.outcome_kind == "binary" and row.events is not None and row.n is not None
    if scale is Scale.LOG_HAZARD_RATIO:
        return False
    return row.mean is not None and row.n is not None and (row.sd is not None or row.se is not None)


def _arms(question: Question, rows: Sequence[Trial]) -> StudyEffect:
    treated, control = _treated_and_control(question, rows)
    _same_good(rows)
    study = treated.study_id
    if question.scale is Scale.LOG_ODDS_RATIO:
        effect = log_odds_ratio(study, *_counts(treated), *_counts(control))
        figures = f"{treated.events} of {treated.n} v {control.events} of {control.n}"
        if 0 in (treated.events, control.events) or treated.events == treated.n or control.events == control.n:
            figures += " (0.5 added)"
    else:
        standard = question.scale is Scale.STANDARDISED
        if treated.unit != control.unit or (not standard and treated.unit != question.unit):
            raise NotUsableError(f"its unit is {treated.unit!r} and {control.unit!r}, not {question.unit!r}")
        effect = (standardised_mean_difference if standard else mean_difference)(study, _arm(treated), _arm(control))
        figures = f"mean {treated.mean:g} v {control.mean:g} {treated.unit}"
    return _directed(effect, (treated, control), figures)


def _contrast(question: Question, row: Trial) -> StudyEffect:
    if row.effect is None:
        raise NotUsableError("it has no effect")
    low, high = row.ci_low, row.ci_high
    if question.scale is Scale.MEAN_DIFFERENCE and row.unit != question.unit:
        raise NotUsableError(f"its unit is {row.unit!r}, not {question.unit!r}")
    if low is None or high is None:
        if row.se is None:
            raise NotUsableError("it has neither an interval nor a standard error")
        if question.scale.is_ratio:
            raise NotUsableError("a ratio needs its interval; whether its se is that of the logarithm cannot be seen")
        low, high = row.effect - NORMAL_95 * row.se, row.effect + NORMAL_95 * row.se
    effect = (log_ratio if question.scale.is_ratio else published)(row.study_id, row.effect, low, high)
    figures = f"{row.effect_kind} {row.effect:g} ({low:.4g} to {high:.4g})"
    return _directed(effect, (row,), figures)


def _directed(effect: Effect, rows: tuple[Trial, ...], figures: str) -> StudyEffect:
    """The effect with the patient's good upward."""
    turned = rows[0].better == "lower"
    return StudyEffect(effect=effect.turned() if turned else effect, rows=rows, figures=figures, turned=turned)


def _treated_and_control(question: Question, rows: Sequence[Trial]) -> tuple[Trial, Trial]:
    if len(rows) != 2:
        raise NotUsableError(f"{len(rows)} arms are on file for this outcome and follow-up; two are needed")
    first, second = rows
    if question.against is Against.FEWER_SESSIONS:
        sessions = [row.n_infusions or "" for row in rows]
        if not all(one.isdecimal() for one in sessions) or int(sessions[0]) == int(sessions[1]):
            raise NotUsableError("the arms do not differ in a known number of sessions")
        return (first, second) if int(sessions[0]) > int(sessions[1]) else (second, first)
    controls = [_is_control(row) for row in rows]
    if controls.count(True) != 1:
        raise NotUsableError("it cannot be told which arm is the control; its dose is 0 or its name the comparator")
    return (second, first) if controls[0] else (first, second)


def _is_control(row: Trial) -> bool:
    """An arm without ketamine: its dose is 0, or no dose is on file and it is named as the comparator."""
    if row.dose_mg_per_kg is not None:
        try:
            return float(row.dose_mg_per_kg) == 0
        except ValueError:
            return False
    return row.arm is not None and row.comparator is not None and row.arm.replace("_", " ") == row.comparator


def _same_good(rows: Sequence[Trial]) -> None:
    if len({row.better for row in rows}) > 1:
        raise NotUsableError("its arms call different directions good")


def _counts(row: Trial) -> tuple[int, int]:
    if row.events is None or row.n is None:
        raise NotUsableError("the arm has no counts")
    return row.events, row.n


def _arm(row: Trial) -> Arm:
    if row.mean is None or row.n is None:
        raise NotUsableError("the arm has no mean or no n")
    if row.sd is not None:
        return Arm(mean=row.mean, sd=row.sd, n=row.n)
    if row.se is None:
        raise NotUsableError("the arm has neither sd nor se")
    return Arm(mean=row.mean, sd=row.se * sqrt(row.n), n=row.n)


def _first_sentence(notes: str) -> str:
    return re.split(r"(?<=[a-z)])\. ", notes)[0].rstrip(".")


def _day(days: float | None) -> float:
    return float("inf") if days is None else days
