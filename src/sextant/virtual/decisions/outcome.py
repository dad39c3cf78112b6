"""What a rule brought each person, and rules against each other at equal infusions or equal clear days."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sextant.response.report import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over virtual people with its standard error."""

    value: float
    error: float

    @classmethod
    def of(cls, each: FloatArray) -> "Estimate":
        """From one figure a person."""
        return cls(float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each))))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Infusions and days with clear benefit of each person, (n,) each.

    given_up : in a series, who would have responded late and was stopped before; else nobody
    """

    infusions: FloatArray
    clear_days: FloatArray
    given_up: BoolArray

    @classmethod
    def joined(cls, parts: Sequence["Outcome"]) -> "Outcome":
        """The people of all parts, one after the other."""
        return cls(
            np.concatenate([part.infusions for part in parts]),
            np.concatenate([part.clear_days for part in parts]),
            np.concatenate([part.given_up for part in parts]),
        )

    def take(self, rows: IntArray) -> "Outcome":
        """Of these people."""
        return Outcome(self.infusions[rows], self.clear_days[rows], self.given_up[rows])


@dataclass(frozen=True, slots=True)
class Curve:
    """One rule at several settings of its own number: from few infusions to many.

    Between two settings a share of the people is meant to get the one and the rest the other.

    Parameters
    ----------
    rule : in words
    numbers, outcomes : the rule's own number and what came of it, in order of mean infusions
    """

    rule: str
    numbers: tuple[float, ...]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, rule: str, numbers: Sequence[float], outcomes: Sequence[Outcome]) -> "Curve":
        """In order of mean infusions."""
        order = np.argsort([outcome.infusions.mean() for outcome in outcomes], kind="stable")
        return cls(rule, tuple(numbers[n] for n in order), tuple(outcomes[n] for n in order))

    def take(self, rows: IntArray) -> "Curve":
        """The same rule among these people."""
        return Curve.of(self.rule, self.numbers, [outcome.take(rows) for outcome in self.outcomes])

    def clear_days_at(self, infusions: FloatArray) -> FloatArray | None:
        """Each person's clear days where as many infusions are given on average; None beyond what was tried.

        Parameters
        ----------
        infusions : of each person under another rule, or one number for all, (n,)

        Notes
        -----
        How far a person's own infusions lie off the other rule's is made good at the slope of the curve. So the mean
        is that of the curve at the mean of `infusions`, and the spread of differences between rules, which all meet
        the same people, gives standard errors that allow for both being estimated.
        """
        return self._at([o.infusions for o in self.outcomes], [o.clear_days for o in self.outcomes], infusions)

    def infusions_at(self, clear_days: FloatArray) -> FloatArray | None:
        """Each person's infusions where as many clear days are reached on average, likewise."""
        return self._at([o.clear_days for o in self.outcomes], [o.infusions for o in self.outcomes], clear_days)

    @staticmethod
    def _at(given: Sequence[FloatArray], wanted: Sequence[FloatArray], at: FloatArray) -> FloatArray | None:
        means, order = np.unique([one.mean() for one in given], return_index=True)
        if len(means) < 2 or not means[0] <= at.mean() <= means[-1]:
            return None
        upper = int(np.clip(np.searchsorted(means, at.mean()), 1, len(means) - 1))
        low, high = order[upper - 1], order[upper]
        share = (at.mean() - means[upper - 1]) / (means[upper] - means[upper - 1])
        slope = (wanted[high].mean() - wanted[low].mean()) / (means[upper] - means[upper - 1])
        mixed = (1 - share) * wanted[low] + share * wanted[high]
        return np.asarray(mixed - slope * ((1 - share) * given[low] + share * given[high] - at))


def gap_closed(rule: FloatArray, greedy: FloatArray, best: FloatArray) -> Estimate | None:
    """How much of the way from `greedy` to `best` a rule goes, from each person's figures at equal infusions, (n,).

    None where `best` is no better on average: there is no way to go, and no share of it.
    """
    gap = float((best - greedy).mean())
    if gap <= 0:
        return None
    share = float((rule - greedy).mean()) / gap
    off = Estimate.of((rule - greedy) - share * (best - greedy))
    return Estimate(share, off.error / gap)
