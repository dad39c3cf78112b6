"""What each study moves: the prior without it, and for whom of the reference patients odds or advice would change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sextant.response import Engine, Population
from sextant.response.population import FITTED
from sextant.response.prior import Fitted, population_of
from sextant.virtual.reference_patients import Advised, advised

ODDS_MOVED = 0.1  # of a reference patient, from which on a study is said to move them


@dataclass(frozen=True, slots=True)
class Influence:
    """What the prior would be without one study: its furthest move, and whom it moves.

    moved : in SDs of the prior, with the name of the number that moves most
    odds, advice : reference patients whose odds move by `ODDS_MOVED` or more, and whose step changes
    """

    study: str
    figures: int
    moved: float
    most: str
    odds: tuple[str, ...]
    advice: tuple[str, ...]


def influences_of(
    fitted: Fitted,
    before: Population,
    mark: str,
    now: tuple[Advised, ...],
    *,
    by: Engine,
    said: Callable[[str], None],
) -> Iterator[Influence]:
    """Each study of a fit in turn, along the lines of the whole fit.

    Parameters
    ----------
    before, mark : as `population_of` takes them
    now : the reference patients under the whole prior
    said : told how far it has come
    """
    whole = population_of(fitted, before, mark)
    sd = np.sqrt(np.diag(whole.covariance))
    studies = list(dict.fromkeys(one.study for one in fitted.readings))
    for number, study in enumerate(studies, start=1):
        said(f"without study {number} of {len(studies)}")
        without = population_of(fitted, before, mark, without=study)
        moved = (whole.mean - without.mean) / sd
        most = int(np.abs(moved).argmax())
        pairs = list(zip(now, advised(without, by), strict=True))
        yield Influence(
            study,
            sum(one.study == study for one in fitted.readings),
            float(moved[most]),
            FITTED[most],
            tuple(a.patient for a, b in pairs if _odds_moved(a, b)),
            tuple(a.patient for a, b in pairs if a.code != b.code),
        )


def _odds_moved(one: Advised, other: Advised) -> bool:
    return one.odds is not None and other.odds is not None and abs(one.odds - other.odds) >= ODDS_MOVED
