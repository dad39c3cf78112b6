"""Use in the weeks ahead: how likely it is to show, which weeks are likely to be hard; or why none is said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sextant.record import PatientRecord
from sextant.response import Engine
from sextant.use import TriedOn, coming, engine

# In ten, so that a mark agrees with the words that are said. A design assumption: no source says what week is hard.
_EVEN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class UseWeek:
    """One week ahead.

    Parameters
    ----------
    first_day : of the week
    p_use : chance that a test shows use, or that it is told of, if asked and nothing more is learned until then
    low80, high80 : 80 % interval of that chance
    """

    first_day: date
    p_use: float
    low80: float
    high80: float

    @property
    def hard(self) -> bool:
        """Whether support is to be planned early: use is more likely than not, in the tenths that people are told."""
        return round(10 * self.p_use) > _EVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class UseAhead:
    """The weeks ahead of one patient; without `weeks` the sentence of `refused` says why. It moves no step and no gate.

    That somebody stays away is no part of it.

    Parameters
    ----------
    weeks : the coming weeks, the soonest first
    known_weeks : weeks of this patient with a urine test, or that the patient told of, on which the chances rest
    gap_weeks : between the last of these and the first of the weeks ahead
    population, n_patients, sources : the people on whom they rest for the remainder, how many, and keys of
        `sextant.evidence`
    tried_on : how well those foretell what is treated
    """

    weeks: tuple[UseWeek, ...] = ()
    known_weeks: int = 0
    gap_weeks: int = 0
    population: str = ""
    n_patients: int = 0
    sources: tuple[str, ...] = ()
    tried_on: TriedOn | None = None
    refused: str | None = None


def use_ahead(record: PatientRecord, now: datetime, by: Engine | None = None) -> UseAhead:
    """What is likely in the weeks ahead; `by` names the engine of the response, whose like does the work here."""
    found = coming(record, now, None if by is None else engine(by.name))
    if isinstance(found, str):
        return UseAhead(refused=found)
    return UseAhead(
        weeks=tuple(
            UseWeek(
                first_day=found.first_day + timedelta(weeks=n),
                p_use=one.p_use,
                low80=one.p_use_low,
                high80=one.p_use_high,
            )
            for n, one in enumerate(found.weeks)
        ),
        known_weeks=found.known_weeks,
        gap_weeks=found.gap_weeks,
        population=found.population.version,
        n_patients=found.population.n_patients,
        sources=found.population.sources,
        tried_on=found.tried_on,
    )
