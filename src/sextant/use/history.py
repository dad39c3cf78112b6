"""What a patient's past says about the next week, kept in a state of constant size.

Every term holds only what was known at the end of the week before. The names are those of the population file.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sextant.use.weeks import (
    MISSING,
    MIXED,
    NEGATIVE,
    NONE_DUE,
    NOT_ON_RECORD,
    POSITIVE,
    TOLD_MORE,
    TOLD_NOTHING,
    TOLD_ONE_DAY,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SHORT, MEDIUM, LONG = 0.5, 0.85, 0.95
"""What is left of a week's weight a week later, in the running shares of the recent past."""
_TOLD = 0.7  # the same for self-report

TERMS = (
    "missed last week",
    "last test positive",
    "last test negative",
    "ln(1 + negative weeks in a row)",
    "ln(1 + positive tests in a row)",
    "positive last week",
    "told of one day of use last week",
    "told of more days of use last week",
    "last test mixed",
    "recent self-report of any day",
    "share of tests positive, short memory",
    "share of tests negative, short memory",
    "share of tests positive, medium memory",
    "share of tests negative, medium memory",
    "share of weeks missed, short memory",
    "share of weeks missed, medium memory",
    "share of weeks missed, long memory",
    "positive tests over all tests and one",
    "tested, never positive",
    "missed exactly one week",
    "missed exactly two weeks in a row",
    "missed exactly three weeks in a row",
    "missed four weeks or more in a row",
    "missed last week, tested the week before",
    "tested last week, missed the week before",
    "no due week missed so far",
    "due, but never tested so far",
    "weeks missed over all due and one",
    "ln(1 + weeks missed in a row)",
    "ln(1 + weeks tested in a row)",
)
"""All that is kept of the past; which of them the test line and the missing line read is said below."""

_OF_THE_TEST = (*range(19),)
_OF_THE_MISSED = (19, 20, 21, 22, 5, 1, *range(8, 17), 23, 24, 6, 7, 25, 26, 27, 28, 29, 18)
TEST_TERMS = tuple(TERMS[k] for k in _OF_THE_TEST)
MISSED_TERMS = tuple(TERMS[k] for k in _OF_THE_MISSED)
_TEST, _MISSED = np.array(_OF_THE_TEST), np.array(_OF_THE_MISSED)


@dataclass(frozen=True, slots=True)
class BeforeTheStart:
    """What the weeks before week 1 told, one number a patient.

    `result` and `told` are the codes of week 0, `week_before` the result of week -1; `last_test` is 1 or -1 where the
    last test before week 1 was positive or negative, else 0. `start` and `start_before` are the codes of weeks 0 and -1
    for the chances of the start and of the arm: `NOT_ON_RECORD` where there is no such week.
    """

    result: IntArray
    told: IntArray
    week_before: IntArray
    last_test: IntArray
    start: IntArray
    start_before: IntArray

    def after(self, passed: int) -> "BeforeTheStart":
        """The same when some weeks of the programme passed without a row."""
        if not passed:
            return self
        nothing = np.zeros_like(self.result)  # the codes of none due and of nothing told
        week_before = self.result if passed == 1 else nothing
        return BeforeTheStart(nothing, nothing, week_before, self.last_test, self.start, self.start_before)


class History:
    """The running past of some patients at once, one column a patient."""

    def __init__(self, before: "BeforeTheStart", usual: FloatArray, passed: int = 0) -> None:
        """Nobody has a week of the programme on record yet, of which some have passed.

        `usual` are the terms of week 1 in the mean of the population: they stand for a past that is not on record.
        """
        n = len(before.result)
        self._unknown, self._usual, self._week = before.start == NOT_ON_RECORD, usual, passed
        before = before.after(passed)
        self._last = before.last_test
        self._result, self._before, self._told = before.result, before.week_before, before.told
        # Rows: negative in a row, positive in a row, missed in a row, tested in a row, tests, positives, missed, due.
        self._counts = np.zeros((8, n))
        # Rows: positive and negative share short, the same medium, missed share short, medium, long, self-report.
        self._shares = np.zeros((8, n))
        self._mixed = np.zeros(n, bool)

    def terms(self) -> FloatArray:
        """The terms for the coming week, shape (terms, n)."""
        result, before, last, told = self._result, self._before, self._last, self._told
        negatives, positives, missed, tested, tests, all_positive, all_missed, due = self._counts
        tested_last, tested_before = _tested(result), _tested(before)
        never_positive = (all_positive == 0) & (tests > 0)
        found = np.empty((len(TERMS), len(result)))
        found[0] = result == MISSING
        found[1] = last == 1
        found[2] = last == -1
        found[3] = np.log1p(negatives)
        found[4] = np.log1p(positives)
        found[5] = result == POSITIVE
        found[6] = told == TOLD_ONE_DAY
        found[7] = told == TOLD_MORE
        found[8] = self._mixed
        found[9] = self._shares[7]
        found[10:17] = self._shares[:7]
        found[17] = all_positive / (tests + 1)
        found[18] = never_positive
        found[19] = missed == 1
        found[20] = missed == 2
        found[21] = missed == 3
        found[22] = missed >= 4
        found[23] = (result == MISSING) & tested_before
        found[24] = tested_last & (before == MISSING)
        found[25] = (all_missed == 0) & (due > 0)
        found[26] = (tests == 0) & (due > 0)
        found[27] = all_missed / (due + 1)
        found[28] = np.log1p(missed)
        found[29] = np.log1p(tested)
        untested = self._unknown & (last == 0)
        found[1, untested], found[2, untested] = self._usual[1], self._usual[2]
        if self._week == 0:
            found[5:8, self._unknown] = self._usual[5:8, None]
        return found

    def take(self, result: IntArray, told: IntArray) -> None:
        """What happened in the week, as codes of `Week`, where nothing is told of a week without a test."""
        tested, negative, missing = _tested(result), result == NEGATIVE, result == MISSING
        positive, due = tested & ~negative, result != NONE_DUE
        counts, shares = self._counts, self._shares
        counts[0] = np.where(negative, counts[0] + 1, np.where(due, 0, counts[0]))
        counts[1] = np.where(positive, counts[1] + 1, np.where(negative, 0, counts[1]))
        counts[2] = np.where(missing, counts[2] + 1, np.where(due, 0, counts[2]))
        counts[3] = np.where(tested, counts[3] + 1, np.where(missing, 0, counts[3]))
        counts[4:] += (tested, positive, missing, due)
        self._mixed = np.where(tested, result == MIXED, self._mixed)
        self._last = np.where(positive, 1, np.where(negative, -1, self._last))
        for row, memory, seen, counted in (
            (0, SHORT, positive, tested),
            (1, SHORT, negative, tested),
            (2, MEDIUM, positive, tested),
            (3, MEDIUM, negative, tested),
            (4, SHORT, missing, due),
            (5, MEDIUM, missing, due),
            (6, LONG, missing, due),
            (7, _TOLD, told >= TOLD_ONE_DAY, told != TOLD_NOTHING),
        ):
            shares[row] = np.where(counted, memory * shares[row] + (1 - memory) * seen, shares[row])
        self._before, self._result, self._told = self._result, result, told
        self._week += 1


def of_the_test(terms: FloatArray) -> FloatArray:
    """The terms that the test line reads, in the order of `TEST_TERMS`."""
    return np.asarray(terms[_TEST])


def of_the_missed(terms: FloatArray) -> FloatArray:
    """The terms that the missing line reads, in the order of `MISSED_TERMS`."""
    return np.asarray(terms[_MISSED])


def of_the_lines(test: FloatArray, missed: FloatArray) -> FloatArray:
    """What every one of `TERMS` adds to the test line and to the missing line, shape (2, terms), from the values of
    those that each reads."""
    found = np.zeros((2, len(TERMS)))
    found[0, _TEST], found[1, _MISSED] = test, missed
    return found


def _tested(result: IntArray) -> NDArray[np.bool_]:
    return np.asarray((result != NONE_DUE) & (result != MISSING))
