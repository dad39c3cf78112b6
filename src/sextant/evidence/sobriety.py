"""What published trials let one expect of ketamine's effect on sobriety, before a clinic has data of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from sextant.evidence.effects import NORMAL_95
from sextant.evidence.meta_analysis import FEW_STUDIES, Method, Width
from sextant.evidence.pools import answer
from sextant.evidence.questions import Question
from sextant.evidence.rows import Trial

LEAST_SD_BETWEEN_STUDIES = 1.0
"""Standard deviation between studies (log odds ratio) that is taken at least, where fewer than three are known.

A design assumption, not a published figure: it lets the odds ratio of a new setting differ from the mean by a factor of
2.7 or more in one setting of three.
"""

NOT_ESTABLISHED = "Benefit of ketamine in addiction is not established: the trials are few, small and mixed."


class NoPriorError(ValueError):
    """The question is none of sobriety, or no study answers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SobrietyPrior:
    """A normal prior for the log odds ratio of sobriety in a new setting, ketamine against a control.

    Above 0 is good: more abstinent, or fewer relapses. The log odds ratio of relapse itself has the same `sd` and the
    mean with the other sign. `rule` says where the width comes from; `sentence` must be shown with the figures.
    """

    question: str
    with_sensitivity: bool
    studies: tuple[str, ...]
    mean: float
    sd: float
    rule: str
    sentence: str
    notes: tuple[str, ...]

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of the prior."""
        return self.mean - NORMAL_95 * self.sd, self.mean + NORMAL_95 * self.sd


def sobriety_prior(question: Question, trials: Iterable[Trial], *, with_sensitivity: bool = False) -> SobrietyPrior:
    """The prior for the effect on sobriety in a new setting.

    With three studies or more the standard deviation is that of the normal distribution whose 95 % interval is as wide
    as the Hartung-Knapp prediction interval (REML). With fewer the variance between studies is hardly known: then it is
    the variance of the mean plus the larger of the estimate and `LEAST_SD_BETWEEN_STUDIES` squared.

    Raises
    ------
    NoPriorError
        If the question is none of sobriety, or no study answers it.
    OverlapError
        If studies share people.
    """
    if not question.sobriety:
        raise NoPriorError(f"{question.name} is no question of sobriety counted in people.")
    found = answer(question, trials, with_sensitivity=with_sensitivity, method=Method.REML, width=Width.HARTUNG_KNAPP)
    if not found.effects:
        raise NoPriorError(f"No study on file gives an effect for {question.name}.")
    pooled = found.pooled
    if pooled is not None and pooled.prediction is not None:
        mean = pooled.mean
        low, high = pooled.prediction
        sd = (high - low) / (2 * NORMAL_95)
        rule = f"as wide as the Hartung-Knapp prediction interval of {pooled.k} studies (REML)"
    else:
        # Two studies that happen to agree have a Hartung-Knapp error near 0, so Wald's is taken.
        if pooled is None:
            own = found.effects[0].effect
            mean, variance, tau2 = own.value, own.variance, 0.0
        else:
            mean, tau2 = pooled.mean, pooled.tau2
            variance = ((pooled.wald[1] - pooled.wald[0]) / (2 * NORMAL_95)) ** 2
        sd = sqrt(variance + max(tau2, LEAST_SD_BETWEEN_STUDIES**2))
        few = "two studies are" if pooled is not None else "one study is"
        rule = (
            f"{few} fewer than the {FEW_STUDIES} that a prediction interval needs: variance of the mean plus a "
            f"variance between studies of at least {LEAST_SD_BETWEEN_STUDIES:g} squared (design assumption)"
        )
    return SobrietyPrior(
        question=question.name,
        with_sensitivity=with_sensitivity,
        studies=tuple(one.study for one in found.effects),
        mean=mean,
        sd=sd,
        rule=rule,
        sentence=_sentence(mean, sd),
        notes=found.notes,
    )


def _sentence(mean: float, sd: float) -> str:
    """What must be read with the prior; that the prior leaves out no effect would not establish benefit either."""
    if abs(mean) < NORMAL_95 * sd:
        return f"{NOT_ESTABLISHED} 95 % of this prior hold no effect, benefit and harm."
    return f"{NOT_ESTABLISHED} That 95 % of this prior lie on one side of no effect does not change this."
