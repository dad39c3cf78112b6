"""The plans of a population laid out by arm and week, as the filter and the fit read them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sextant.use.history import FloatArray
from sextant.use.population import Plan, Span

CALENDAR_WEEKS = 60
"""Weeks of the plans that a forecast lays out; later ones are as the last."""


@dataclass(frozen=True, slots=True)
class Design:
    """Which stretch of which plan holds in a week, as 0 and 1, shape (arms, weeks, spans of all plans)."""

    test: FloatArray
    missed: FloatArray
    towards: FloatArray


def design(plans: tuple[Plan, ...], weeks: int) -> Design:
    """The stretches for weeks 1 to `weeks`."""
    return Design(*(_laid_out(plans, weeks, kind) for kind in ("test", "missed", "towards")))


def _laid_out(plans: tuple[Plan, ...], weeks: int, kind: str) -> FloatArray:
    spans: list[tuple[Plan, Span]] = [(plan, span) for plan in plans for span in getattr(plan, kind)]
    arms = [plan for plan in plans for _ in plan.arms]
    found = np.zeros((len(arms), weeks, len(spans)))
    for row, plan in enumerate(arms):
        for column, (owner, span) in enumerate(spans):
            if owner is plan:
                found[row, :, column] = [span.holds(week) for week in range(1, weeks + 1)]
    return found


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the calendar adds: to the two lines, shape (arms, weeks), and the moves out of each week.

    `moves[arm, k, s, r]` is the chance to go from state s in week k + 1 to state r in the next.
    """

    test: FloatArray
    missed: FloatArray
    moves: FloatArray
    start: FloatArray

    def start_after(self, passed: int) -> FloatArray:
        """The chances of the states in the last of so many weeks that passed without a row, in week 1 if none."""
        chances = self.start
        for week in range(1, passed):
            chances = chances @ self.moves[:, min(week, self.moves.shape[1]) - 1]
        return chances


def calendar(values: Mapping[str, FloatArray], of: Design, baseline_share: FloatArray | None = None) -> Calendar:
    """The calendar under fitted values; `start[arm, symbol]` are the chances of the states in week 1.

    With the share of the urines of weeks 0 and -1 in each arm the last row, `NOT_ON_RECORD`, is the mean over those of
    week 0.
    """
    towards = values["towards_by_arm"][:, None] + of.towards @ values["towards_by_span"]
    start = values["start"] + values["start_by_arm"][:, None] + values["start_by_baseline"]
    return Calendar(
        test=values["test_by_arm"][:, None] + of.test @ values["test_by_span"],
        missed=values["missed_by_arm"][:, None] + of.missed @ values["missed_by_span"],
        moves=softmax(values["moves"] + towards[:, :, None, :]),
        start=_with_mean(softmax(start), baseline_share),
    )


def _with_mean(start: FloatArray, share: FloatArray | None) -> FloatArray:
    if share is None:
        return start
    mean = np.einsum("abc,abs->as", share, start)
    return np.concatenate([start, mean[:, None]], axis=1)


def softmax(logits: FloatArray) -> FloatArray:
    """Chances from log odds along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
