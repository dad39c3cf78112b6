"""How well fitted values foretell some patients, with the exact gradient: the reverse of the filter.

What is summed: the log chance of each week's result from the past, plus a share of the log chance of what was told at
the visit. The share is below 1 because self-report at full weight makes forecasts of urine worse: it is no second
urine.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import numpy as np

from sextant.use.belief import CONSTANTS, FURTHEST, Lines, mixed
from sextant.use.calendar import Design, calendar
from sextant.use.history import FloatArray, IntArray
from sextant.use.population import N_SYMBOLS, NODES
from sextant.use.weeks import MISSING, NEGATIVE, NONE_DUE, TOLD_MORE, TOLD_NO_DAY, TOLD_NOTHING

TOLD_SHARE = 0.3
_AT_ONCE = 300  # patients: what they need fits the processor's cache


@dataclass(frozen=True, slots=True)
class Cohort:
    """Patients side by side: one row a patient, one column a week of the programme from week 1.

    `test_terms` and `missed_terms` have a third axis of terms; `arm` and `baseline` (code of week 0's urine) have one
    number a patient. With a `baseline_share`, shape (arms, 5, 5) as of a population, `baseline` may be `NOT_ON_RECORD`,
    which is the mean over what week 0 may have been.
    """

    result: IntArray
    told: IntArray
    test_terms: FloatArray
    missed_terms: FloatArray
    arm: IntArray
    baseline: IntArray
    baseline_share: FloatArray | None = None


def log_score(values: Mapping[str, FloatArray], of: Design, cohort: Cohort) -> tuple[float, dict[str, FloatArray]]:
    """The sum over all patients and its gradient with respect to every fitted array."""
    plan, lines = calendar(values, of, cohort.baseline_share), Lines.of(values)
    n, weeks = cohort.result.shape
    test = np.clip(cohort.test_terms @ values["test_terms"] + plan.test[cohort.arm, :weeks], -FURTHEST, FURTHEST)
    missed = np.clip(
        cohort.missed_terms @ values["missed_terms"] + plan.missed[cohort.arm, :weeks], -FURTHEST, FURTHEST
    )
    found = {name: np.zeros_like(value, dtype=np.float64) for name, value in values.items()}
    by_test, by_missed = np.zeros((n, weeks)), np.zeros((n, weeks))
    by_moves, by_start = np.zeros_like(plan.moves), np.zeros_like(plan.start)
    use_nodes, missed_nodes = np.zeros((2, len(NODES))), np.zeros((2, len(NODES)))
    total = 0.0
    blocks = [
        (int(arm), of_arm[at : at + _AT_ONCE])
        for arm in np.unique(cohort.arm)
        for of_arm in (np.flatnonzero(cohort.arm == arm),)
        for at in range(0, len(of_arm), _AT_ONCE)
    ]

    def work(block: tuple[int, IntArray]) -> "_Arm":
        arm, rows = block
        last = _last_due(cohort.result[rows])
        return _Arm(
            lines,
            plan.moves[arm],
            plan.start[arm][cohort.baseline[rows]],
            np.exp(test[rows, :last].T),
            np.exp(missed[rows, :last].T),
            cohort.result[rows, :last].T,
            cohort.told[rows, :last].T,
        ).worked()

    with ThreadPoolExecutor(cpu_count()) as pool:
        done = list(pool.map(work, blocks))
    for (arm, rows), one in zip(blocks, done, strict=True):
        total += one.score
        last = len(one.by_test)
        by_test[rows, :last], by_missed[rows, :last] = one.by_test.T, one.by_missed.T
        by_moves[arm, :last] += one.by_moves
        np.add.at(by_start[arm], cohort.baseline[rows], one.by_start.T)
        found["test_level"] += one.by_test_state.sum(axis=1)
        found["missed_level"] += one.by_missed_state.sum(axis=(1, 2))
        use_nodes += (one.by_test_state.sum(axis=0), one.by_missed_state.sum(axis=(0, 2)))
        missed_nodes[1] += one.by_missed_state.sum(axis=(0, 1))
        for name in ("told_any", "told_any_if_positive", "told_more", "told_more_if_positive"):
            found[name] = found[name] + one.by_told[name]
    sd = np.exp(values["ln_sd_use"])
    found["ln_sd_use"] = sd * NODES @ (use_nodes[0] + values["missed_with_use"] * use_nodes[1])
    found["missed_with_use"] = sd * NODES @ use_nodes[1]
    found["ln_sd_missed"] = np.exp(values["ln_sd_missed"]) * NODES @ missed_nodes[1]
    for line, terms, residual, spans in (
        ("test", cohort.test_terms, by_test, of.test),
        ("missed", cohort.missed_terms, by_missed, of.missed),
    ):
        found[f"{line}_terms"] = residual.ravel() @ terms.reshape(n * weeks, -1)
        by_arm_week = np.zeros(spans.shape[:2])
        np.add.at(by_arm_week[:, :weeks], cohort.arm, residual)
        found[f"{line}_by_arm"] = by_arm_week.sum(axis=1)
        found[f"{line}_by_span"] = np.einsum("aw,aws->s", by_arm_week, spans)
    moves = plan.moves * (by_moves - (by_moves * plan.moves).sum(axis=-1, keepdims=True))
    found["moves"] = moves.sum(axis=(0, 1))
    found["towards_by_arm"] = moves.sum(axis=(1, 2))
    found["towards_by_span"] = np.einsum("awr,aws->sr", moves.sum(axis=2), of.towards)
    of_week_0 = plan.start[:, :N_SYMBOLS]
    if cohort.baseline_share is not None:
        by_start = by_start[:, :-1] + cohort.baseline_share.sum(axis=2)[:, :, None] * by_start[:, -1:]
    start = of_week_0 * (by_start - (by_start * of_week_0).sum(axis=-1, keepdims=True))
    found["start"], found["start_by_arm"] = start.sum(axis=(0, 1)), start.sum(axis=1)
    found["start_by_baseline"] = start.sum(axis=0)
    return total, found


def _last_due(result: IntArray) -> int:
    """Weeks up to the last in which a test was due for anyone."""
    return int(np.flatnonzero((result != NONE_DUE).any(axis=0))[-1]) + 1


class _Arm:
    """The patients of one arm: forward, keeping what the way back needs, then backward. Weeks are the first axis."""

    def __init__(
        self,
        lines: Lines,
        moves: FloatArray,
        start: FloatArray,
        odds_test: FloatArray,
        odds_missed: FloatArray,
        result: IntArray,
        told: IntArray,
    ) -> None:
        self._lines, self._moves, self._start = lines, moves, start
        self._odds_test, self._odds_missed = odds_test, odds_missed
        self._result, self._told = result, told
        self.score = 0.0
        weeks, n = result.shape
        shape = (weeks, len(lines.odds_use), len(NODES), len(NODES), n)
        self._after_result, self._after = np.empty(shape), np.empty(shape)
        self._p_missed, self._of_result = np.empty(shape), np.empty(shape)
        self._p_use = np.empty((*shape[:3], n))
        self._chance, self._chance_told = np.empty((weeks, n)), np.empty((weeks, n))
        self.by_test, self.by_missed = np.zeros((weeks, n)), np.zeros((weeks, n))
        self.by_test_state, self.by_missed_state = np.zeros(shape[1:3]), np.zeros(shape[1:4])
        self.by_moves, self.by_start = np.zeros_like(moves[:weeks]), np.zeros((shape[1], n))
        states = np.zeros(shape[1])
        self.by_told: dict[str, FloatArray] = {
            "told_any": states.copy(),
            "told_more": states.copy(),
            "told_any_if_positive": np.zeros(()),
            "told_more_if_positive": np.zeros(()),
        }

    def worked(self) -> "_Arm":
        """Both ways gone, and what only the way back needed given up."""
        self.score = self.forward()
        self.backward()
        del self._after_result, self._after, self._p_missed, self._of_result
        return self

    def forward(self) -> float:
        """The score."""
        now = self._start.T[:, None, None] * CONSTANTS[..., None]
        for week, result in enumerate(self._result):
            due, missing = result != NONE_DUE, result == MISSING
            odds = self._lines.odds_missed[..., None] * self._odds_missed[week]
            p_missed = np.divide(odds, 1 + odds, out=self._p_missed[week])
            odds = self._lines.odds_use[..., None] * self._odds_test[week]
            p_use = np.divide(odds, 1 + odds, out=self._p_use[week])
            of_test = np.where(result == NEGATIVE, 1 - p_use, np.where(missing, 1.0, p_use))
            of_result = np.where(missing, p_missed, 1 - p_missed)
            of_result *= of_test[:, :, None]
            if not due.all():
                of_result[..., ~due] = 1.0
            after = np.multiply(now, of_result, out=self._after_result[week])
            chance = after.sum(axis=(0, 1, 2))
            self._chance[week] = chance
            after /= chance
            self._of_result[week] = of_result
            likely = self._likely(week)
            chance_told = np.einsum("sghn,sn->n", after, likely)
            self._chance_told[week] = chance_told
            np.multiply(after, (likely / chance_told)[:, None, None], out=self._after[week])
            if week + 1 < len(self._result):
                now = mixed(self._moves[week].T, self._after[week])
        spoke = self._told != TOLD_NOTHING
        return float(np.log(self._chance).sum() + TOLD_SHARE * np.log(self._chance_told[spoke]).sum())

    def backward(self) -> None:
        """The gradient: what a little more weight on each state and node would add to the score."""
        later = np.zeros_like(self._after[0])
        for week in range(len(self._result) - 1, -1, -1):
            result, told, after = self._result[week], self._told[week], self._after[week]
            if week + 1 < len(self._result):
                flat = after.reshape(len(after), -1)
                self.by_moves[week] = flat @ later.reshape(len(after), -1).T
                later = mixed(self._moves[week], later)
            share = np.where(told != TOLD_NOTHING, TOLD_SHARE, 0.0)
            gain = later
            gain += share - np.einsum("sghn,sghn->n", later, after)
            if share.any():
                self._back_to_told(week, np.einsum("sghn,sghn->sn", after, gain))
                gain *= (self._likely(week) / self._chance_told[week])[:, None, None]
            due, missing = result != NONE_DUE, result == MISSING
            # A week without a test due is not scored: what the later weeks gain passes through.
            gain += np.where(due, 1.0, 0.0) - share
            weight = self._after_result[week] * gain
            if not due.all():
                weight[..., ~due] = 0.0
            by_test = weight.sum(axis=2) * (~missing * ((result != NEGATIVE) - self._p_use[week]))
            weight *= missing - self._p_missed[week]
            self.by_missed_state += weight.sum(axis=3)
            self.by_test_state += by_test.sum(axis=2)
            self.by_missed[week], self.by_test[week] = weight.sum(axis=(0, 1, 2)), by_test.sum(axis=(0, 1))
            gain *= self._of_result[week]
            gain /= self._chance[week]
            later = gain
        self.by_start = (later * CONSTANTS[..., None]).sum(axis=(1, 2))

    def _likely(self, week: int) -> FloatArray:
        """The chance of what was told, at each state."""
        positive = (self._result[week] != NEGATIVE).astype(np.int64)
        return np.asarray(self._lines.told[positive, self._told[week]].T)

    def _back_to_told(self, week: int, weight: FloatArray) -> None:
        told, positive = self._told[week], self._result[week] != NEGATIVE
        for y in (0, 1):
            _, no_day, one_day, more = self._lines.told[y]
            any_day = 1 - no_day
            rate_of_more = more / (one_day + more)
            rows = positive == bool(y)
            of_any = weight[:, rows & (told >= TOLD_NO_DAY)]
            by_any = of_any @ (told[rows & (told >= TOLD_NO_DAY)] > TOLD_NO_DAY) - any_day * of_any.sum(axis=1)
            of_more = weight[:, rows & (told > TOLD_NO_DAY)]
            by_more = of_more @ (told[rows & (told > TOLD_NO_DAY)] == TOLD_MORE) - rate_of_more * of_more.sum(axis=1)
            self.by_told["told_any"] += by_any
            self.by_told["told_more"] += by_more
            if y:
                self.by_told["told_any_if_positive"] = self.by_told["told_any_if_positive"] + by_any.sum()
                self.by_told["told_more_if_positive"] = self.by_told["told_more_if_positive"] + by_more.sum()
