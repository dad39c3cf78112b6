"""The population of the forecast of use: what is known before a patient has a week of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import hypot

import numpy as np

from sextant.use.history import MISSED_TERMS, TEST_TERMS, FloatArray

MODEL_VERSION = "use-states/3"
NODES = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)])
NODE_WEIGHTS = np.array([1.0, 4.0, 1.0]) / 6
"""Gauss-Hermite nodes of a patient's constants: exact for polynomials of a normal up to the fifth degree."""

DOUBT_NODES, DOUBT_WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
DOUBT_WEIGHTS = DOUBT_WEIGHTS / DOUBT_WEIGHTS.sum()
"""Gauss-Hermite nodes of what covariates add: a mean is good to 4e-5 up to an SD of 2, to 1e-3 up to one of 3."""

N_SYMBOLS = 5

LATER = 4
"""Weeks that are looked ahead: further on a forecast of one week at a time says little of a patient."""


@dataclass(frozen=True, slots=True)
class Span:
    """Weeks of a plan, from `first` to `last` (None: from `first` on)."""

    first: int
    last: int | None

    def holds(self, week: int) -> bool:
        """Whether a week lies in it."""
        return self.first <= week and (self.last is None or week <= self.last)


@dataclass(frozen=True, slots=True)
class Plan:
    """The calendar of a programme, and the arms that follow it.

    Parameters
    ----------
    name : of the trial or programme
    arms : that follow it
    test, missed, towards : stretches of weeks in which the test line, the missing line and the moves between states
        have an effect of their own
    """

    name: str
    arms: tuple[str, ...]
    test: tuple[Span, ...] = ()
    missed: tuple[Span, ...] = ()
    towards: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Covariate:
    """Something else that is known at the end of a week and may move the next test: an effect on the log odds of use.

    Parameters
    ----------
    unit : of one step of the effect
    reference : the value at which it has none
    mean, sd : of the normal prior of the effect of one unit
    lowest, highest : beyond which a value is a slip
    counts_to : the value beyond which more adds nothing
    source : key of the source list, or 'design assumption'
    whole_number : whether a value with a fraction is a slip
    told_by_patient : whether it is the patient who tells it; then it is not read in a week without a test, of which it
        may have been told later. What the clinic's own record says is known that week
    """

    unit: str
    reference: float
    mean: float
    sd: float
    lowest: float
    highest: float
    counts_to: float
    source: str
    whole_number: bool = False
    told_by_patient: bool = True

    def slip(self, name: str, value: float) -> str | None:
        """What is wrong with a value, in a sentence; None where nothing is."""
        if not self.lowest <= value <= self.highest:
            return f"The value of {name} lies outside {self.lowest:g} to {self.highest:g} ({self.unit}). Check it."
        if self.whole_number and not float(value).is_integer():
            return f"The value of {name} is no whole number ({self.unit}). Check it."
        return None


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What a clinic's population was fitted to, in words and numbers that tell of no patient.

    Parameters
    ----------
    parent : version of the population that it started from
    substance : of which the weeks are, by its name in `sextant.record`
    n_weeks : in which a test was due, that the fit read
    inputs_sha256 : mark of the patients' weeks
    """

    parent: str
    substance: str
    n_weeks: int
    inputs_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedOn:
    """How a population foretold one substance in people whom its fit never saw, read as a clinic's record is: from at
    least one known week, told of no arm, of no week before 1, and not of weeks that were missed.

    Parameters
    ----------
    looked_for : what the tests looked for, or what people told of
    told : whether use is what people told of when they were asked, and not what a test found
    fitted : whether the values were fitted to such weeks; else they are those of another substance
    n_patients, n_weeks : that were foretold a week ahead
    log_loss : of the forecasts a week ahead, as all that follows but where it says otherwise
    log_loss_average : of one chance for all weeks, the share of them with use
    log_loss_own_weeks : of a logistic regression on the person's own weeks, fitted to others with this very substance
    slope, decile_error : calibration, as in `Judgement`
    said, seen : mean chance that was foretold, and share of the weeks that showed use
    said_later, seen_later : the same `LATER` weeks ahead
    further_sd : the larger misfit of the two, which adds to the doubt of a forecast as SD of its log odds
    source : key of the source list
    """

    looked_for: str
    told: bool
    fitted: bool
    n_patients: int
    n_weeks: int
    log_loss: float
    log_loss_average: float
    log_loss_own_weeks: float
    slope: float
    decile_error: float
    said: float
    seen: float
    said_later: float
    seen_later: float
    further_sd: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The fitted values and where they come from.

    Parameters
    ----------
    version, sources : name of the file and keys of the source list
    plans : the programmes with their arms and calendars
    values : the fitted arrays, by the names of `shapes`
    arm_share : share of the patients in each arm, for a patient whose arm is not told
    baseline_share : share of the urines of weeks 0 and -1 in each arm, shape (arms, 5 of week 0, 5 of week -1)
    start_terms : terms of the past at week 1 in the mean of the patients, for one whose past is not on record
    parameter_sd : doubt of the fitted values themselves, as SD of a forecast's log odds
    covariates : by their name
    tried_on : how it foretells each substance that it was tried on, by the names of `sextant.record`
    n_patients : that the fit read
    made_from : of a population that was fitted to a clinic's own weeks from another
    """

    version: str
    sources: tuple[str, ...]
    plans: tuple[Plan, ...]
    values: Mapping[str, FloatArray]
    arm_share: FloatArray
    baseline_share: FloatArray
    start_terms: FloatArray
    parameter_sd: float
    n_patients: int
    covariates: Mapping[str, Covariate] = field(default_factory=dict)
    tried_on: Mapping[str, TriedOn] = field(default_factory=dict)
    made_from: MadeFrom | None = None

    def of(self, substance: str) -> "Population":
        """The same for forecasts of one substance from a clinic's record: with the doubt that it has there."""
        return replace(self, parameter_sd=hypot(self.parameter_sd, self.tried_on[substance].further_sd))

    @property
    def arms(self) -> tuple[str, ...]:
        """All arms, in the order of the plans."""
        return tuple(arm for plan in self.plans for arm in plan.arms)

    @property
    def n_states(self) -> int:
        """Hidden states of a patient's weeks."""
        return int(self.values["test_level"].shape[0])


def shapes(plans: tuple[Plan, ...], n_states: int) -> dict[str, tuple[int, ...]]:
    """Every fitted array by its name, with its shape: the order in which a fit strings them together."""
    arms = sum(len(plan.arms) for plan in plans)
    of_states = (n_states,)
    return {
        "start": of_states,
        "start_by_arm": (arms, n_states),
        "start_by_baseline": (N_SYMBOLS, n_states),
        "moves": (n_states, n_states),
        "towards_by_arm": (arms, n_states),
        "towards_by_span": (sum(len(plan.towards) for plan in plans), n_states),
        "test_level": of_states,
        "test_terms": (len(TEST_TERMS),),
        "test_by_arm": (arms,),
        "test_by_span": (sum(len(plan.test) for plan in plans),),
        "missed_level": of_states,
        "missed_terms": (len(MISSED_TERMS),),
        "missed_by_arm": (arms,),
        "missed_by_span": (sum(len(plan.missed) for plan in plans),),
        "told_any": of_states,
        "told_any_if_positive": (),
        "told_more": of_states,
        "told_more_if_positive": (),
        "ln_sd_use": (),
        "missed_with_use": (),
        "ln_sd_missed": (),
    }
