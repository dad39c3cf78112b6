"""The library's questions as forest plots: each study, what they pool to, and what stands outside the pool."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from math import isfinite

from django.utils.safestring import SafeString

from sextant.clinic.charts import (
    Axis,
    Mark,
    axis_svg,
    difference_axis,
    pooled_svg,
    ratio_axis,
    ratio_words,
    side_words,
    study_svg,
)
from sextant.clinic.pages.evidence_words import name_of, plain, treated_words
from sextant.evidence.contrasts import LeftOut, StudyEffect
from sextant.evidence.effects import Interval95
from sextant.evidence.library import library
from sextant.evidence.meta_analysis import Pooled
from sextant.evidence.pools import Answer, answer
from sextant.evidence.questions import QUESTIONS, Against, Question
from sextant.evidence.rows import Trial

_SAW_NO_DIFFERENCE = re.compile(r"no group difference|^NULL\b", re.IGNORECASE)
_WITHOUT_COUNTS = ("arm_qualitative", "design_only")
_SAID_ELSEWHERE = ("Press figures", "Left out because", "One study cannot", "No study on file")
"""Beginnings of notes that this page says in other places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One line of the plot: who, against what, the drawing, and the same figures in words."""

    name: str
    about: str
    against: str
    drawing: SafeString
    estimate: str
    interval: str
    weight: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A study that saw no difference and could not be counted, so that the pool is too hopeful without it."""

    study: str
    name: str
    about: str
    against: str
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """One question with its plot and all that must be read with it."""

    name: str
    title: str
    verdict: str
    rule: str
    measure: str
    sides: str
    rows: tuple[ForestRow, ...]
    together: ForestRow | None
    hollow: bool
    unseen: tuple[Unseen, ...]
    axis: SafeString | None
    between: str
    notes: tuple[str, ...]
    without_each: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


@cache
def pooled_answers(*, with_sensitivity: bool) -> dict[str, Answer]:
    """The answer to each question, by its name; the same for as long as this process runs."""
    trials = library().trials
    return {one.name: answer(one, trials, with_sensitivity=with_sensitivity) for one in QUESTIONS}


@cache
def forests(*, with_sensitivity: bool) -> tuple[Forest, ...]:
    """A plot for each question."""
    found = pooled_answers(with_sensitivity=with_sensitivity)
    return tuple(_forest(one, tuple(found.values())) for one in found.values())


def unseen_of(found: Answer) -> tuple[Unseen, ...]:
    """The studies that saw no difference and are in no pool, because no counts were read."""
    rows: dict[str, list[Trial]] = {}
    for left in found.left_out:
        if left.row.row_kind in _WITHOUT_COUNTS and _SAW_NO_DIFFERENCE.search(left.row.notes or ""):
            rows.setdefault(left.row.study_id, []).append(left.row)
    return tuple(
        Unseen(
            study=study,
            name=name_of(study),
            about=_about(of_study),
            against=of_study[0].comparator or "not read",
            notes=plain(of_study[0].notes or ""),
        )
        for study, of_study in rows.items()
    )


def people_of(rows: tuple[Trial, ...] | list[Trial]) -> int | None:
    """How many people the rows of one effect are about; None where an arm's size was not read."""
    if rows[0].row_kind == "contrast":
        return rows[0].n
    arms = {row.arm: row.n for row in rows}
    sizes = [n for n in arms.values() if n is not None]
    return sum(sizes) if len(sizes) == len(arms) else None


def _forest(found: Answer, answers: tuple[Answer, ...]) -> Forest:
    question, pooled = found.question, found.pooled
    axis = _axis(found)
    weights = pooled.weights if pooled else (None,) * len(found.effects)
    return Forest(
        name=question.name,
        title=question.title,
        verdict=_verdict(found),
        rule=question.rule,
        measure=question.unit or question.scale.value.removeprefix("log "),
        sides=f"Left of the upright line: {axis.left}. Right of it: {axis.right}.",
        rows=tuple(
            _study(question, axis, number, one, weight)
            for number, (one, weight) in enumerate(zip(found.effects, weights, strict=True))
        ),
        together=None if pooled is None else _together(question, axis, pooled),
        hollow=pooled is not None and pooled.interval is None,
        unseen=unseen_of(found),
        axis=axis_svg(axis) if found.effects else None,
        between="" if pooled is None else _between(pooled),
        notes=(
            *_left_open_elsewhere(found, answers),
            *(plain(note) for note in found.notes if not note.startswith(_SAID_ELSEWHERE)),
        ),
        without_each=tuple(
            f"without {name_of(study)}: {_without(question, one)}" for study, one in found.without_each.items()
        ),
        left_out=_left_out(found.left_out),
    )


def _axis(found: Answer) -> Axis:
    fewer = found.question.against is Against.FEWER_SESSIONS
    left, right = ("favours fewer", "favours more") if fewer else ("favours control", "favours ketamine")
    if found.question.scale.is_ratio:
        return ratio_axis(left, right)
    bounds = [bound for one in found.effects for bound in one.effect.interval]
    if found.pooled is not None:
        bounds += [*(found.pooled.interval or found.pooled.wald), *(found.pooled.prediction or ())]
    return difference_axis(bounds, left, right)


def _left_open_elsewhere(found: Answer, answers: tuple[Answer, ...]) -> Iterator[str]:
    """Where one trial alone says yes or no here, what the same trial left open: else its best outcome stands alone."""
    if len(found.effects) != 1 or _holds_none(found.effects[0]):
        return
    study = found.effects[0].study
    # The same rows can answer several questions; the last one is asked of just such rows.
    left_open = {
        one.rows: other.question.title
        for other in answers
        for one in other.effects
        if one.study == study and _holds_none(one)
    }
    for title in left_open.values():
        yield f"The same trial left open: ‘{title}’"


def _holds_none(one: StudyEffect) -> bool:
    """Whether the interval holds no difference."""
    low, high = one.effect.interval
    return low <= 0 <= high


def _verdict(found: Answer) -> str:
    """The question's answer in one or two plain sentences."""
    pooled = found.pooled
    if not found.effects:
        return "Not known. Nothing on file can be pooled."
    if pooled is None:
        low, _ = found.effects[0].effect.interval
        if _holds_none(found.effects[0]):
            return "Not settled. The one trial on file leaves better, no difference and worse possible."
        return f"Not settled. The one trial on file says {'yes' if low > 0 else 'no, the other way round'}."
    low, high = pooled.interval or pooled.wald
    studies = "both studies" if pooled.k == 2 else f"all {pooled.k} studies"
    if low <= 0 <= high:
        return f"Perhaps. {studies.capitalize()} together leave better, no difference and worse possible."
    direction = "Yes" if low > 0 else "No, the other way round"
    if pooled.prediction is None or pooled.prediction[0] <= 0 <= pooled.prediction[1]:
        return f"{direction}, on average over {studies}. In a new place it need not be so."
    return f"{direction}, over {studies}."


def _study(question: Question, axis: Axis, number: int, one: StudyEffect, weight: float | None) -> ForestRow:
    low, high = one.effect.interval
    estimate, interval = _estimate(question, one.effect.value), _interval(question, one.effect.interval)
    share = "" if weight is None else f"weight {100 * weight:.0f} %"
    mark = Mark(
        key=f"{question.name}-{number}",
        finding=f"{name_of(one.study)}: {side_words(axis, low, high)}",
        figures=_figures(question, estimate, interval) + (f", {share}" if share else ""),
        value=one.effect.value,
        low=low,
        high=high,
    )
    treated = one.rows[0]
    sessions = treated.n_infusions
    given = f"{sessions} {'infusion' if treated.route == 'iv' else 'session'}{'' if sessions == '1' else 's'}"
    against = f"{given if sessions else 'ketamine'} against {treated.comparator or 'a control that was not read'}"
    return ForestRow(
        name=name_of(one.study),
        about=_about(one.rows, one.follow_up_days),
        against=f"{against}: {plain(one.figures)}{', printed the other way round' if one.turned else ''}",
        drawing=study_svg(axis, mark, weight),
        estimate=estimate,
        interval=interval,
        weight=share,
    )


def _together(question: Question, axis: Axis, pooled: Pooled) -> ForestRow:
    shown = pooled.interval or pooled.wald
    estimate, interval = _estimate(question, pooled.mean), _interval(question, shown)
    if pooled.prediction is not None:
        new_place = f"in a new place {_interval(question, pooled.prediction)} (dashed line)"
    else:
        new_place = "in a new place: two studies cannot say" if pooled.k == 2 else "in a new place: not known"
    too_narrow = pooled.interval is None
    mark = Mark(
        key=f"{question.name}-together",
        finding=f"{_all_of(pooled.k)}: {side_words(axis, *shown)}",
        figures=_figures(question, estimate, interval)
        + f"; {new_place}"
        + ("; range too narrow" if too_narrow else ""),
        value=pooled.mean,
        low=shown[0],
        high=shown[1],
    )
    return ForestRow(
        name=_all_of(pooled.k),
        about=new_place[0].upper() + new_place[1:],
        against="The range is too narrow: two studies hardly show how far studies differ" if too_narrow else "",
        drawing=pooled_svg(axis, mark, pooled.prediction, too_narrow=too_narrow),
        estimate=estimate,
        interval=interval,
        weight="too narrow" if too_narrow else "",
    )


def _without(question: Question, pooled: Pooled) -> str:
    shown = f"{_estimate(question, pooled.mean)} ({_interval(question, pooled.interval or pooled.wald)})"
    return shown if pooled.interval else f"{shown}, a range that is too narrow"


def _all_of(k: int) -> str:
    return "Both together" if k == 2 else f"All {k} together"


def _between(pooled: Pooled) -> str:
    width = "Wald interval" if pooled.interval is None else "Hartung-Knapp interval"
    return (
        f"Random effects ({pooled.method.value}), {width}. Between studies: tau² {pooled.tau2:.2f}, "
        f"I² {pooled.i2_percent:.0f} %."
    )


def _estimate(question: Question, value: float) -> str:
    return ratio_words(value) if question.scale.is_ratio else _signed(value)


def _interval(question: Question, interval: Interval95) -> str:
    words: Callable[[float], str] = ratio_words if question.scale.is_ratio else _signed
    return f"{words(interval[0])} to {words(interval[1])}"


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−") if isfinite(value) else "not known"


def _figures(question: Question, estimate: str, interval: str) -> str:
    measure = question.unit or question.scale.value.removeprefix("log ")
    return f"{measure} {estimate}, 95 % {interval}"


def _about(rows: tuple[Trial, ...] | list[Trial], day: float | None = None) -> str:
    people = people_of(rows)
    parts = [treated_words(rows[0].substance), "number of people not read" if people is None else f"{people} people"]
    if rows[0].design.startswith("rct") and rows[0].row_kind != "contrast" and len({row.arm for row in rows}) == 1:
        parts[1] += " in one arm"
    if day is not None:
        parts.append(f"day {day:g}")
    return ", ".join(parts)


def _left_out(rows: tuple[LeftOut, ...]) -> tuple[tuple[str, str], ...]:
    """Study and reason, each pair once, with what the table says of a study that saw no difference."""
    pairs: dict[tuple[str, str], None] = {}
    for left in rows:
        name = name_of(left.row.study_id)
        pairs.setdefault((name, plain(left.why).removeprefix(f"{name} ")))
    return tuple(pairs)
