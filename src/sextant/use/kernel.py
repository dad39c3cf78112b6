"""One patient's weeks, compiled: the same sums as `History`, `Belief` and `Follower` of NumPy.

Everything that is compiled stands in this one file and takes no constant from another: numba keeps compiled code on
disk and looks at this file alone to see whether it is still good. What is known of a patient has constant size, so that
an update costs the same in any week.

A cell is a hidden state with a node of each constant: cell 9 s + 3 g + h; rows of cells end in some that hold nothing,
so that a processor takes several at once up to the last.

Of the population:
cells    (11, cells) rows `CONSTANT` to `SAID`, there one row for each `4 positive + told`
plan     (arms, weeks, 2) what the calendar adds to the test line and the missing line
moves    (arms, weeks, states, states), start (arms, symbols, states): as in `Calendar`
doubt    (2, nodes) where to look at what covariates add, in SDs, and the weights
terms    (3, 30) what each term of the past adds to the two lines, 0 where a line does not read it; and the usual terms,
         which stand for a past that is not on record

Of a patient:
past     (55,) what `RESULT` to `TERM` name
arm_log  (arms,) log weight of each arm, minus infinity where the patient is known not to be in it
belief   (arms, cells) weights
parts    (arms, 3, cells) the weights by what the coming week brings: negative, positive, missed
room     (6, cells) for sums that nobody needs later
"""

import math

import numpy as np
from numba import njit

from sextant.use.history import FloatArray, IntArray

# Sums may be taken in another order, which is how a processor adds several numbers at once; NaN and infinity stay.
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz", "arcp"}}
_IN_ORDER = {**_OPTIONS, "fastmath": {"contract", "nsz"}}

NODES = 9
WIDTH = 16
"""Rows of cells are a multiple of this long."""

CONSTANT, USE, MISSED, SAID = range(4)
RESULT, BEFORE, TOLD, LAST_TEST, MIXED, WEEK, SHIFT, SHIFT_SD, UNKNOWN, COUNT = range(10)
SHARE, TERM = COUNT + 8, COUNT + 16
TERMS = 30
_NEGATIVES, _POSITIVES, _MISSES, _TESTS, _ALL_TESTS, _ALL_POSITIVE, _ALL_MISSED, _ALL_DUE = range(COUNT, SHARE)
_ODDS_NEGATIVE, _ODDS_POSITIVE, _NEGATIVE_FROM, _POSITIVE_FROM, _NOW, _LOGS = range(6)

_NONE_DUE, _IS_NEGATIVE, _IS_POSITIVE, _IS_MIXED, _IS_MISSING = range(5)
_SAID_NOTHING, _SAID_NO_DAY, _SAID_ONE_DAY, _SAID_MORE = range(4)
_SHORT, _MEDIUM, _LONG, _OF_TOLD = 0.5, 0.85, 0.95, 0.7
_FURTHEST = 30.0
_NOT_ON_RECORD = 5
_TENTH = 1.2815515655446004


@njit(**_OPTIONS)
def begin(
    past: FloatArray,
    arm_log: FloatArray,
    belief: FloatArray,
    cells: FloatArray,
    start: FloatArray,
    before: IntArray,
    arm_start: FloatArray,
    passed: int,
) -> None:
    """Before the first week on record, when some have passed: `before` holds result and told of the week before (week 0
    where none has), the result of the one before that, the last test, and the code of week 0 for the start."""
    past[:] = 0.0
    past[WEEK] = passed
    past[UNKNOWN] = before[4] == _NOT_ON_RECORD
    past[RESULT], past[TOLD], past[BEFORE], past[LAST_TEST] = before[0], before[1], before[2], before[3]
    arm_log[:] = arm_start
    belief[:, :] = 0.0
    for arm in range(belief.shape[0]):
        for s in range(start.shape[2]):
            for cell in range(NODES * s, NODES * s + NODES):
                belief[arm, cell] = start[arm, before[4], s] * cells[CONSTANT, cell]


@njit(**_OPTIONS)
def _lines(past: FloatArray, terms: FloatArray) -> tuple[float, float]:
    """What the past adds to the test line and to the missing line; terms in the order of `history.TERMS`."""
    result, before, told, last, tests = past[RESULT], past[BEFORE], past[TOLD], past[LAST_TEST], past[_ALL_TESTS]
    missed, due = past[_MISSES], past[_ALL_DUE]
    tested_last = result != _NONE_DUE and result != _IS_MISSING
    tested_before = before != _NONE_DUE and before != _IS_MISSING
    past[TERM] = result == _IS_MISSING
    past[TERM + 1] = last == 1
    past[TERM + 2] = last == -1
    past[TERM + 3] = math.log1p(past[_NEGATIVES])
    past[TERM + 4] = math.log1p(past[_POSITIVES])
    past[TERM + 5] = result == _IS_POSITIVE
    past[TERM + 6] = told == _SAID_ONE_DAY
    past[TERM + 7] = told == _SAID_MORE
    past[TERM + 8] = past[MIXED]
    past[TERM + 9] = past[SHARE + 7]
    for k in range(7):
        past[TERM + 10 + k] = past[SHARE + k]
    past[TERM + 17] = past[_ALL_POSITIVE] / (tests + 1)
    past[TERM + 18] = past[_ALL_POSITIVE] == 0 and tests > 0
    past[TERM + 19] = missed == 1
    past[TERM + 20] = missed == 2
    past[TERM + 21] = missed == 3
    past[TERM + 22] = missed >= 4
    past[TERM + 23] = result == _IS_MISSING and tested_before
    past[TERM + 24] = tested_last and before == _IS_MISSING
    past[TERM + 25] = past[_ALL_MISSED] == 0 and due > 0
    past[TERM + 26] = tests == 0 and due > 0
    past[TERM + 27] = past[_ALL_MISSED] / (due + 1)
    past[TERM + 28] = math.log1p(missed)
    past[TERM + 29] = math.log1p(past[_TESTS])
    if past[UNKNOWN] and last == 0:
        past[TERM + 1], past[TERM + 2] = terms[2, 1], terms[2, 2]
    if past[UNKNOWN] and past[WEEK] == 0:
        for k in range(5, 8):
            past[TERM + k] = terms[2, k]
    to_test, to_missed = past[SHIFT], 0.0
    for k in range(TERMS):
        to_test += terms[0, k] * past[TERM + k]
        to_missed += terms[1, k] * past[TERM + k]
    return to_test, to_missed


@njit(**_OPTIONS)
def _remember(past: FloatArray, result: int, told: int) -> None:
    """The week into the running figures, as `History.take`."""
    missing, negative, due = result == _IS_MISSING, result == _IS_NEGATIVE, result != _NONE_DUE
    tested = due and not missing
    positive = tested and not negative
    if due:
        past[_NEGATIVES] = past[_NEGATIVES] + 1 if negative else 0.0
        past[_MISSES] = past[_MISSES] + 1 if missing else 0.0
        past[_TESTS] = past[_TESTS] + 1 if tested else 0.0
        past[SHARE + 4] = _SHORT * past[SHARE + 4] + (1 - _SHORT) * missing
        past[SHARE + 5] = _MEDIUM * past[SHARE + 5] + (1 - _MEDIUM) * missing
        past[SHARE + 6] = _LONG * past[SHARE + 6] + (1 - _LONG) * missing
    if tested:
        past[_POSITIVES] = past[_POSITIVES] + 1 if positive else 0.0
        past[MIXED] = result == _IS_MIXED
        past[LAST_TEST] = 1.0 if positive else -1.0
        past[SHARE] = _SHORT * past[SHARE] + (1 - _SHORT) * positive
        past[SHARE + 1] = _SHORT * past[SHARE + 1] + (1 - _SHORT) * negative
        past[SHARE + 2] = _MEDIUM * past[SHARE + 2] + (1 - _MEDIUM) * positive
        past[SHARE + 3] = _MEDIUM * past[SHARE + 3] + (1 - _MEDIUM) * negative
    if told != _SAID_NOTHING:
        past[SHARE + 7] = _OF_TOLD * past[SHARE + 7] + (1 - _OF_TOLD) * (told >= _SAID_ONE_DAY)
    past[_ALL_TESTS] += tested
    past[_ALL_POSITIVE] += positive
    past[_ALL_MISSED] += missing
    past[_ALL_DUE] += due
    past[BEFORE], past[RESULT], past[TOLD] = past[RESULT], result, told
    past[WEEK] += 1


@njit(**_IN_ORDER)
def _logs(odds: FloatArray) -> None:
    """Natural logs in place, within 2e-16, in plain arithmetic, of which a processor does several at once. Needs its
    operations in the order in which they are written.

    With odds = 2^k m and m near 1: ln m is twice the inverse hyperbolic tangent of (m - 1) / (m + 1), as a series.
    """
    bits = odds.view(np.int64)
    for i in range(odds.shape[0]):
        raised = np.uint64(bits[i] - 4604544271217802189 + (1024 << 52)) >> np.uint64(52)  # from the root of 1/2 on
        power = np.int64(raised) - 1024
        m = np.int64(bits[i] - (power << 52)).view(np.float64)
        k = np.int64(power + 4843621399236968448).view(np.float64) - 6755399441055744.0
        f = (m - 1.0) / (m + 1.0)
        s = f * f
        p = 1.0 / 21
        p = p * s + 1.0 / 19
        p = p * s + 1.0 / 17
        p = p * s + 1.0 / 15
        p = p * s + 1.0 / 13
        p = p * s + 1.0 / 11
        p = p * s + 1.0 / 9
        p = p * s + 1.0 / 7
        p = p * s + 1.0 / 5
        p = p * s + 1.0 / 3
        odds[i] = k * 0.693147180369123816490 + (2.0 * f + (2.0 * f * (s * p) + k * 1.90821492927058770002e-10))


@njit(**_OPTIONS)
def _brings(
    cells: FloatArray, room: FloatArray, parts: FloatArray, belief: FloatArray, use: float, missed: float
) -> None:
    """The chances of a negative and a positive week in each cell, and in `parts` that of a missed one."""
    for i in range(belief.shape[0]):
        of_use, of_missed = cells[USE, i] * use, cells[MISSED, i] * missed
        chance = 1.0 / ((1.0 + of_use) * (1.0 + of_missed))
        room[_ODDS_NEGATIVE, i] = chance
        room[_ODDS_POSITIVE, i] = chance * of_use
        parts[2, i] = chance * (1.0 + of_use) * of_missed
        room[_NOW, i] = belief[i]
        room[_NEGATIVE_FROM, i] = chance
        room[_POSITIVE_FROM, i] = chance * of_use


@njit(**_OPTIONS)
def _mix(moves: FloatArray, given: FloatArray, mixed: FloatArray) -> None:
    """The states mixed at each node: sum over r of moves[s, r] given[r]. The nine sums stand one by one, so that they
    stay in the processor and are taken several at once."""
    for s in range(moves.shape[0]):
        a, b, c, d, e, f, g, h, i = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for r in range(moves.shape[1]):
            share, at = moves[s, r], NODES * r
            a += share * given[at]
            b += share * given[at + 1]
            c += share * given[at + 2]
            d += share * given[at + 3]
            e += share * given[at + 4]
            f += share * given[at + 5]
            g += share * given[at + 6]
            h += share * given[at + 7]
            i += share * given[at + 8]
        at = NODES * s
        mixed[at], mixed[at + 1], mixed[at + 2] = a, b, c
        mixed[at + 3], mixed[at + 4], mixed[at + 5] = d, e, f
        mixed[at + 6], mixed[at + 7], mixed[at + 8] = g, h, i


@njit(**_OPTIONS)
def _move(moves: FloatArray, room: FloatArray, belief: FloatArray) -> None:
    """The weights a week on; and the chances of the coming week as seen from the states of the week before."""
    _mix(moves.T, belief, room[_NOW])
    _mix(moves, room[_ODDS_NEGATIVE], room[_NEGATIVE_FROM])
    _mix(moves, room[_ODDS_POSITIVE], room[_POSITIVE_FROM])


@njit(**_OPTIONS)
def _over_the_doubt(cells: FloatArray, room: FloatArray, use: float, sd: float, doubt: FloatArray) -> None:
    """The chances of a negative and a positive week as means over the doubt of covariates."""
    for i in range(cells.shape[1]):
        room[_LOGS, i] = room[_ODDS_NEGATIVE, i] + room[_ODDS_POSITIVE, i]
        room[_ODDS_NEGATIVE, i] = 0.0
        room[_ODDS_POSITIVE, i] = 0.0
    for j in range(doubt.shape[1]):
        here, weight = use * math.exp(min(max(doubt[0, j] * sd, -_FURTHEST), _FURTHEST)), doubt[1, j]
        for i in range(cells.shape[1]):
            odds = cells[USE, i] * here
            chance = weight * room[_LOGS, i] / (1.0 + odds)
            room[_ODDS_NEGATIVE, i] += chance
            room[_ODDS_POSITIVE, i] += chance * odds


@njit(**_OPTIONS)
def _sums(room: FloatArray, parts: FloatArray, belief: FloatArray) -> tuple[float, float, float, float]:
    """The chance of a negative and a positive week; mean and variance of the log odds, as `Belief.look`."""
    negative, positive, whole, first, second = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(belief.shape[0]):
        now = room[_NOW, i]
        parts[0, i] = room[_ODDS_NEGATIVE, i] * now
        parts[1, i] = room[_ODDS_POSITIVE, i] * now
        parts[2, i] *= now
        negative += parts[0, i]
        positive += parts[1, i]
        room[_LOGS, i] = room[_POSITIVE_FROM, i] / room[_NEGATIVE_FROM, i]
    _logs(room[_LOGS])
    for i in range(belief.shape[0]):
        weight = belief[i] * (room[_NEGATIVE_FROM, i] + room[_POSITIVE_FROM, i])
        whole += weight
        first += weight * room[_LOGS, i]
    mean = first / whole
    for i in range(belief.shape[0]):
        weight = belief[i] * (room[_NEGATIVE_FROM, i] + room[_POSITIVE_FROM, i])
        second += weight * (room[_LOGS, i] - mean) ** 2
    return negative, positive, mean, second / whole


@njit(**_OPTIONS)
def look(
    past: FloatArray,
    arm_log: FloatArray,
    belief: FloatArray,
    parts: FloatArray,
    room: FloatArray,
    cells: FloatArray,
    plan: FloatArray,
    moves: FloatArray,
    terms: FloatArray,
    doubt: FloatArray,
    parameter_sd: float,
    out: FloatArray,
) -> None:
    """The coming week, into `out`: p_use, its low and high, p_use_or_missing."""
    to_test, to_missed = _lines(past, terms)
    week = int(past[WEEK])
    on_plan = min(week, plan.shape[1] - 1)
    top = arm_log.max()
    whole, negative, positive, seen, first, second = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for arm in range(arm_log.shape[0]):
        if math.isinf(arm_log[arm]):
            continue
        weight = math.exp(arm_log[arm] - top)
        use = math.exp(min(max(to_test + plan[arm, on_plan, 0], -_FURTHEST), _FURTHEST))
        missed = math.exp(min(max(to_missed + plan[arm, on_plan, 1], -_FURTHEST), _FURTHEST))
        _brings(cells, room, parts[arm], belief[arm], use, missed)
        if week > 0:
            _move(moves[arm, min(week, moves.shape[1]) - 1], room, belief[arm])
        if past[SHIFT_SD] > 0:
            _over_the_doubt(cells, room, use, past[SHIFT_SD], doubt)
        of_negative, of_positive, mean, variance = _sums(room, parts[arm], belief[arm])
        tested = weight * (of_negative + of_positive)
        whole += weight
        negative += weight * of_negative
        positive += weight * of_positive
        seen += tested
        first += tested * mean
        second += tested * (variance + mean * mean)
    p_use, mean = positive / (positive + negative), first / seen
    spread = max(second / seen - mean * mean, 0.0) + parameter_sd**2 + past[SHIFT_SD] ** 2
    half = _TENTH * math.sqrt(spread)
    out[0] = p_use
    out[1] = min(1.0 / (1.0 + math.exp(half - mean)), p_use)
    out[2] = max(1.0 / (1.0 + math.exp(-half - mean)), p_use)
    out[3] = 1.0 - negative / whole


@njit(**_OPTIONS)
def take(
    past: FloatArray,
    arm_log: FloatArray,
    belief: FloatArray,
    parts: FloatArray,
    cells: FloatArray,
    result: int,
    told: int,
) -> None:
    """The week as it was; `look` comes first."""
    part = 0 if result == _IS_NEGATIVE else (2 if result == _IS_MISSING else 1)
    row = SAID + told + (0 if result == _IS_NEGATIVE else 4)
    for arm in range(arm_log.shape[0]):
        if math.isinf(arm_log[arm]):
            continue
        chance = 0.0
        for i in range(belief.shape[1]):
            weight = parts[arm, part, i]
            if result == _NONE_DUE:
                weight = parts[arm, 0, i] + parts[arm, 1, i] + parts[arm, 2, i]
            weight *= cells[row, i]
            belief[arm, i] = weight
            chance += weight
        share = 1.0 / chance
        for i in range(belief.shape[1]):
            belief[arm, i] *= share
        arm_log[arm] += math.log(chance)
    _remember(past, result, told)


@njit(**_OPTIONS)
def update(
    past: FloatArray,
    arm_log: FloatArray,
    belief: FloatArray,
    parts: FloatArray,
    room: FloatArray,
    cells: FloatArray,
    plan: FloatArray,
    moves: FloatArray,
    terms: FloatArray,
    doubt: FloatArray,
    parameter_sd: float,
    out: FloatArray,
    result: int,
    told: int,
    shift: float,
    shift_sd: float,
) -> None:
    """One week taken, and the next foretold."""
    take(past, arm_log, belief, parts, cells, result, told)
    past[SHIFT], past[SHIFT_SD] = shift, shift_sd
    look(past, arm_log, belief, parts, room, cells, plan, moves, terms, doubt, parameter_sd, out)


@njit(**_OPTIONS)
def follow(
    cells: FloatArray,
    plan: FloatArray,
    moves: FloatArray,
    terms: FloatArray,
    start: FloatArray,
    doubt: FloatArray,
    parameter_sd: float,
    before: IntArray,
    arm_start: FloatArray,
    passed: int,
    weeks: IntArray,
    result: IntArray,
    told: IntArray,
    shift: FloatArray,
    found: FloatArray,
) -> None:
    """Patients one after the other, each from the week after `passed` on: rows of `found` (patients, weeks, 4).

    `shift` (patients, weeks + 1, 2) is what covariates add in a week and its doubt; it may hold no patient.
    """
    n_arms, n_cells = plan.shape[0], cells.shape[1]
    past, arm_log, belief = np.zeros(TERM + TERMS), np.zeros(n_arms), np.zeros((n_arms, n_cells))
    parts, room = np.zeros((n_arms, 3, n_cells)), np.zeros((6, n_cells))
    for n in range(result.shape[0]):
        begin(past, arm_log, belief, cells, start, before[n], arm_start[n], passed)
        for k in range(weeks[n]):
            if shift.shape[0] > 0:
                past[SHIFT], past[SHIFT_SD] = shift[n, k, 0], shift[n, k, 1]
            look(past, arm_log, belief, parts, room, cells, plan, moves, terms, doubt, parameter_sd, found[n, k])
            take(past, arm_log, belief, parts, cells, result[n, k], told[n, k])
