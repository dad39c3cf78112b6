"""The answer of the trials to one question: study effects, what they pool to if they may, and what was left out."""

from collections.abc import Iterable
from dataclasses import dataclass

from sextant.evidence.contrasts import LeftOut, StudyEffect, contrasts
from sextant.evidence.dependence import check_independent, one_group
from sextant.evidence.meta_analysis import FEW_STUDIES, Method, Pooled, Width, leave_one_out, pool
from sextant.evidence.questions import Question
from sextant.evidence.rows import Trial
from sextant.evidence.strength import strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the trials say to a question.

    `pooled` is None with fewer than two studies. `without_each` is the pooled effect without each study in turn, empty
    with fewer than three. `notes` are sentences that must be read with the figures.
    """

    question: Question
    with_sensitivity: bool
    method: Method
    width: Width
    effects: tuple[StudyEffect, ...]
    pooled: Pooled | None
    without_each: dict[str, Pooled]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]


def answer(
    question: Question,
    trials: Iterable[Trial],
    *,
    with_sensitivity: bool = False,
    method: Method = Method.REML,
    width: Width = Width.HARTUNG_KNAPP,
) -> Answer:
    """The pooled answer to a question.

    Raises
    ------
    OverlapError
        If the question's rule would pool studies that share people.
    """
    chosen, left_out = contrasts(question, trials, with_sensitivity=with_sensitivity)
    check_independent(one.study for one in chosen)
    effects = [one.effect for one in chosen]
    pooled = pool(effects, method, width) if len(effects) > 1 else None
    return Answer(
        question=question,
        with_sensitivity=with_sensitivity,
        method=method,
        width=width,
        effects=chosen,
        pooled=pooled,
        without_each=leave_one_out(effects, method, width),
        left_out=left_out,
        notes=tuple(_notes(chosen, pooled, left_out, width)),
    )


def _notes(
    chosen: tuple[StudyEffect, ...], pooled: Pooled | None, left_out: tuple[LeftOut, ...], width: Width
) -> list[str]:
    notes: list[str] = []
    if not chosen:
        notes.append("No study on file gives an effect for this question, so nothing can be pooled.")
    elif pooled is None:
        notes.append("One study cannot be pooled; its own effect and interval stand for nobody but its own people.")
    elif pooled.k < FEW_STUDIES:
        notes.append(
            "With two studies the variance between studies is hardly known. A Hartung-Knapp interval would have one "
            "degree of freedom and span everything, so it is left out; the Wald interval takes the variance as known "
            "and is too narrow."
        )
    elif width is Width.WALD:
        notes.append("A Wald interval takes the variance between studies as known; with few studies it is too narrow.")
    elif pooled.interval is not None and _wide(pooled.interval) < _wide(pooled.wald):
        notes.append(
            "The Hartung-Knapp interval is narrower than the Wald interval here, because the studies agree more than "
            "chance allows. Read the wider one."
        )
    if pooled is not None and pooled.method is Method.EQUAL_EFFECTS:
        notes.append("Equal effects assume that all studies measure one and the same effect, which nobody knows.")
    if any(one.figures.endswith("(0.5 added)") for one in chosen):
        notes.append("Where nobody or everybody in an arm had the outcome, half a case is added to each cell.")
    notes += one_group(one.study for one in chosen)
    notes += _unlike(chosen)
    weak = [one.study for one in chosen if any(strength(row).weigh_down for row in one.rows)]
    if weak:
        notes.append(f"Read at one second-hand or press address, so weigh down: {', '.join(weak)}.")
    silent = sorted({one.row.study_id for one in left_out if one.row.row_kind == "arm_qualitative"})
    if silent:
        notes.append(
            f"Left out because only the direction was readable: {', '.join(silent)}. A trial without a difference that "
            "cannot be counted makes the pooled effect too hopeful."
        )
    if any(one.row.poolable == "sensitivity_only" for one in left_out):
        notes.append("Press figures and non-randomised studies are left out; --with-sensitivity lets them in.")
    elif any(row.poolable == "sensitivity_only" for one in chosen for row in one.rows):
        notes.append("Press figures or non-randomised studies are in; the answer without them is the one to lean on.")
    return notes


def _unlike(chosen: tuple[StudyEffect, ...]) -> list[str]:
    """In what the studies that are pooled are not alike."""
    substances = sorted({one.rows[0].substance for one in chosen})
    days = sorted({one.follow_up_days for one in chosen if one.follow_up_days is not None})
    unlike = []
    if len(substances) > 1:
        unlike.append(f"substances ({', '.join(substances)})")
    if len(days) > 1:
        unlike.append(f"follow-ups of {days[0]:g} to {days[-1]:g} days")
    return [f"Pooled over {' and '.join(unlike)}; the effect need not be the same in them."] if unlike else []


def _wide(interval: tuple[float, float]) -> float:
    return interval[1] - interval[0]
