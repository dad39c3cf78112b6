"""A clinic's own population of the forecast of use, judged beside the one that it starts from on held-out people."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from sextant.use.coding import arm_numbers
from sextant.use.cross_validation import (
    FIRST_WEEK,
    LAST_WEEK,
    Judged,
    held_out_forecasts,
    jackknife_sd,
    judged,
    scored_weeks,
)
from sextant.use.forecast import WeekForecast, forecast
from sextant.use.history import FloatArray
from sextant.use.judge import BoolArray, folds, log_loss
from sextant.use.own_programme import fitted_to_clinic, own_plan
from sextant.use.population import MODEL_VERSION, MadeFrom, Population
from sextant.use.population_file import read_population, text_of
from sextant.use.population_parts import PopulationFileError
from sextant.use.weeks import MISSING, NEGATIVE, PatientWeeks

LEAST_PATIENTS = 50
"""Fewest people of a refit: from so many on every trial gained as the clinic, whoever they were (docs/use-model.md)."""

LEAST_IN_ARM = 10
"""Fewest people of an arm with values of its own, so that each fold holds two of them. A design assumption."""

LEAST_OF_EACH_RESULT = 20
"""Fewest positive and fewest negative results among the weeks that are judged. A design assumption."""

LAST_READ = 104
"""The last week of a programme that a refit reads: two years. What a fit costs grows with the weeks."""

ERRORS_BETTER = 2.0

TOO_FEW_WEEKS = f"fewer than two due weeks from 1 to {LAST_READ}"
_EVERYBODY = "everybody"  # not the name of the programme, which may be that of an arm of the start
_MARK_DIGITS = 12


class RefitError(ValueError):
    """People from whom no population can be fitted; the message says what was seen and what to do."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The people whom a refit reads, and how many are left out for each reason."""

    used: tuple[PatientWeeks, ...]
    left_out: dict[str, int]

    @property
    def n_weeks(self) -> int:
        """How many due weeks the people have."""
        return _due_weeks(self.used)


@dataclass(frozen=True, slots=True)
class Gain:
    """How much more likely the new population made one reading of held-out people's weeks than the old one.

    `mean` is the difference in log score a person, `error` its standard error.
    """

    mean: float
    error: float

    @property
    def plain(self) -> bool:
        """Whether it is above `ERRORS_BETTER` standard errors."""
        return self.mean > ERRORS_BETTER * self.error


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Both populations beside what happened to people whom the fit of the new one never saw.

    `n_patients` had a week that is judged; `tested` is the gain in weeks with a result, `due` that in all due weeks
    with missing as use.
    """

    n_patients: int
    old: Judged
    new: Judged
    tested: Gain
    due: Gain

    @property
    def better(self) -> bool:
        """Whether the new one may be used: plainly better in one reading, and in neither worse.

        Where no week was missed, both readings are of the same weeks, and the gain in `due` is to have learned that
        none is missed: it is no reason.
        """
        reasons = (self.tested, self.due) if self.missed_weeks else (self.tested,)
        return any(one.plain for one in reasons) and all(one.mean >= 0 for one in (self.tested, self.due))

    @property
    def missed_weeks(self) -> int:
        """How many of the weeks that are judged were due and missed."""
        return self.old.due.n - self.old.tested.n


def _due_weeks(patients: Iterable[PatientWeeks]) -> int:
    return sum(week.due for one in patients for week in one.weeks)


def quiet(_: str) -> None:
    """Says nothing of how far it has come."""


def select(patients: Iterable[PatientWeeks]) -> Selection:
    """Those of whom a fit can learn how weeks follow one another, each up to the last week that it reads."""
    used, left_out = [], Counter[str]()
    for patient in patients:
        until = patient.until(LAST_READ)
        if sum(week.due for week in until.weeks) < 2:
            left_out[TOO_FEW_WEEKS] += 1
        else:
            used.append(until)
    return Selection(tuple(used), dict(left_out))


def mark_of(patients: Iterable[PatientWeeks]) -> str:
    """A mark of these people's weeks and of the model that reads them, from which no patient can be told."""
    return sha256("\n".join([MODEL_VERSION, *sorted(map(_facts, patients))]).encode()).hexdigest()


def refit(
    patients: Sequence[PatientWeeks],
    start: Population,
    *,
    name: str,
    substance: str = "opioids",
    said: Callable[[str], None] = quiet,
) -> tuple[Population, HeldOut]:
    """The population fitted to all these people, and how such a fit foretells people whom it never saw.

    One fifth after the other is held out and foretold by a fit to the rest. The order of the people plays no part. The
    doubt of the fitted values is that of the jackknife over the fifths, and never less than that of the start.

    Parameters
    ----------
    patients : of a `Selection`; all with an arm, or none
    start : the population around which the clinic's values are thought to lie
    name : of the programme and of the new population, beside its number of people and a mark of its numbers
    substance : of which the weeks are, by its name in `sextant.record`
    said : told how far it has come

    Raises
    ------
    RefitError
        If the people are too few, an arm has too few, some have an arm and others none, there are too few
        results of either kind to judge by, or the fit ends at values that no population has.
    """
    arms = _arms(patients)
    _check(patients)
    told = sorted(patients, key=_facts)
    plan = own_plan(name, arms)
    people = told if told[0].arm else [replace(one, arm=_EVERYBODY) for one in told]
    said(f"fitting to {len(people)} people")
    found = fitted_to_clinic(people, plan, start)
    _check_values(found, start)
    fold = folds(arm_numbers(people, plan.arms))
    populations = []
    for one in np.unique(fold):
        said(f"judging the new one on part {one + 1} of {fold.max() + 1}, held out")
        populations.append(fitted_to_clinic([people[int(k)] for k in np.flatnonzero(fold != one)], plan, start))
    held_out = compared(told, forecast(told, start), held_out_forecasts(people, fold, populations))
    said("working out the doubt of the fitted values")
    found = replace(
        found,
        version=name,
        sources=tuple(dict.fromkeys((*start.sources, "clinic: own record"))),
        parameter_sd=max(jackknife_sd(people, populations), start.parameter_sd),
        made_from=MadeFrom(start.version, substance, _due_weeks(told), mark_of(told)),
    )
    mark = sha256(text_of(found).encode()).hexdigest()[:_MARK_DIGITS]
    return replace(found, version=f"{name}, {len(people)} patients, {mark}"), held_out


def _arms(patients: Sequence[PatientWeeks]) -> list[str]:
    """The arms that are told; one of everybody where none is."""
    if len(patients) < LEAST_PATIENTS:
        raise RefitError(
            f"There are {len(patients)} patients to learn from; a refit needs at least {LEAST_PATIENTS}. The "
            "population that stands goes on until then."
        )
    arms = Counter(one.arm for one in patients)
    untold = arms.pop(None, 0)
    if not arms:
        return [_EVERYBODY]
    if untold:
        raise RefitError(
            f"The arm of {untold} patients is not told, that of {len(patients) - untold} is. Write the arm of each, or "
            "leave the column arm out."
        )
    for arm, n in sorted(arms.items(), key=str):
        if n < LEAST_IN_ARM:
            raise RefitError(
                f"The arm {arm!r} has {n} patients; an arm of its own needs at least {LEAST_IN_ARM}. Write one name "
                "for this arm and another that is like it, or leave the column arm out."
            )
    return sorted(arm for arm in arms if arm is not None)


def _check(patients: Sequence[PatientWeeks]) -> None:
    """Refuse weeks in which nothing could be judged."""
    results = Counter[str]()
    for patient in patients:
        due = [week for week in patient.weeks if week.due]
        results.update(
            "negative" if week.code == NEGATIVE else "positive"
            for week in due[1:]
            if week.tested and FIRST_WEEK <= week.number <= LAST_WEEK
        )
    if min(results["positive"], results["negative"]) < LEAST_OF_EACH_RESULT:
        raise RefitError(
            f"After each patient's first due week {results['positive']} results of weeks {FIRST_WEEK} to {LAST_WEEK} "
            f"were positive and {results['negative']} negative; to judge a forecast at least {LEAST_OF_EACH_RESULT} of "
            "each are needed. The population that stands goes on until then."
        )


def _check_values(found: Population, start: Population) -> None:
    """Refuse a fit whose file nobody could read."""
    try:
        read_population(text_of(found))
    except PopulationFileError as error:
        raise RefitError(
            f"Around {start.version!r} the fit ended at values that no population has. {error} Start from the shipped "
            "population, or look whether the results are what the columns say."
        ) from None


def _facts(patient: PatientWeeks) -> str:
    # A row of a week of the programme in which none was due is as no row.
    weeks = ";".join(
        f"{week.number},{week.result},{week.told},{sorted(week.covariates.items())}"
        for week in patient.weeks
        if week.due or week.covariates or week.number < 1
    )
    return f"{patient.arm};{weeks}"


def compared(
    patients: Sequence[PatientWeeks], old: Sequence[Sequence[WeekForecast]], new: Sequence[Sequence[WeekForecast]]
) -> HeldOut:
    """The forecasts of both populations beside what happened, of those who have a week that is judged."""
    scores = [
        [_score(patient, weeks) for patient, weeks in zip(patients, each, strict=True) if scored_weeks(patient, weeks)]
        for each in (old, new)
    ]
    tested, due = (np.array(scores[1]) - np.array(scores[0])).T
    return HeldOut(len(due), judged(patients, old), judged(patients, new), _gain(tested), _gain(due))


def _score(patient: PatientWeeks, weeks: Sequence[WeekForecast]) -> tuple[float, float]:
    """Log score of both readings, summed over the weeks of a patient that are judged."""
    _, result, p_use, p_bad = (np.array(column) for column in zip(*scored_weeks(patient, weeks), strict=True))
    tested, bad = result != MISSING, result != NEGATIVE
    return _log_score(p_use[tested], bad[tested]), _log_score(p_bad, bad)


def _log_score(chance: FloatArray, happened: BoolArray) -> float:
    return -len(chance) * log_loss(chance, happened) if len(chance) else 0.0


def _gain(gains: FloatArray) -> Gain:
    return Gain(float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains))))
