"""All rules tried on the same virtual people."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from sextant.response import Engine, Population
from sextant.response.engine import Grid
from sextant.response.report import BoolArray, IntArray
from sextant.response.settings import Settings
from sextant.virtual.decisions import maintenance as when
from sextant.virtual.decisions import series as how_many
from sextant.virtual.decisions.clinic import Clinic, open_clinic, quieted
from sextant.virtual.decisions.foresight import Foresight, foresee
from sextant.virtual.decisions.maintenance import WEEKLY, Schedule, helped, maintenance
from sextant.virtual.decisions.outcome import Curve, Outcome

# Names of the rules: the same in tables, charts and JSON.
SAME_NUMBER = "the same number"
NO_FALL = "no fall, no more"
ODDS = "odds by six"
ONE_MORE = "one more pays"
LOOK_AHEAD = "some number pays"
KNOWS_FROM_THREE = "knows, gives three"
KNOWS = "knows the truth"
SPACED = "fixed spacing"
CRAVING = "craving is back"
FADED = "benefit has faded"
PAYS = "one now pays"
BEST = "one now is best"
PLAN = "a plan begins now"
PLAN_TWICE = "plan, asked twice a week"
PLAN_DAILY = "plan, scored daily"
PLAN_QUIET = "plan, scored without noise"

MEANING = {
    SAME_NUMBER: "as many infusions for everybody as its number says",
    NO_FALL: "after three, on to six only if craving fell by at least this share of the baseline",
    ODDS: "one at a time, while clear benefit by infusion six is at least this likely",
    ONE_MORE: "one at a time, while the next infusion alone is expected to bring so many clear days",
    LOOK_AHEAD: "one at a time, while some number of further infusions is expected to bring so many clear days each",
    KNOWS_FROM_THREE: "gives three to everybody, then the best number at a price of so many clear days an infusion",
    KNOWS: "knows each person's truth and does what is best at a price of so many clear days an infusion",
    SPACED: "one every so many weeks",
    CRAVING: "one when a check-in's craving is above this share of the baseline",
    FADED: "one when clear benefit in the coming week is less likely than this, where response is likely",
    PAYS: "one as soon as it is expected to bring so many clear days",
    BEST: "one when it is expected to bring so many clear days, and at no later check-in more",
    PLAN: "one when the best plan of several, at a price of so many clear days each, begins with it",
    PLAN_TWICE: "the same with two check-ins a week",
    PLAN_DAILY: "the same with craving and mood scored every day",
    PLAN_QUIET: "the same scored every day almost without noise, to see what lack of knowledge costs",
}
"""What each rule does, and what its number is."""

PRICES = (1.0, 2.0, 4.0, 6.0, 8.0, 11.0, 15.0)
_PEOPLE_AT_ONCE = 250
_QUIET_GRID = Grid(129, 3.25)  # without noise tau_s is known better than 20 nodes can say

Progress = Callable[[str], None]
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Tried:
    """What every rule brought each person.

    Parameters
    ----------
    known : whether the engine held the population that the people came from; otherwise each person came from a fresh
        draw of it while the engine held its average
    responds, late : of those who start a series, whether ketamine helps at all, and whether it would late; (n,)
    series : curves over those who start a series, by rule
    maintenance : curves over those whom a series of six helped, by rule; empty where they are fewer than two
    other_scores : the same for the first of them, scored or asked more often than once a week; may be empty
    """

    seed: int
    known: bool
    responds: BoolArray
    late: BoolArray
    series: Mapping[str, Curve]
    maintenance: Mapping[str, Curve]
    other_scores: Mapping[str, Curve]


def try_rules(
    population: Population,
    n_people: int,
    *,
    by: Engine,
    seed: int,
    known: bool = True,
    threads: int = 1,
    n_other_scores: int = 0,
    said: Progress = lambda _: None,
) -> Tried:
    """Try every rule; the same seed gives the same figures on however many threads.

    Parameters
    ----------
    n_people : virtual people who start a series
    known : whether all people come from the average population, which the engine then knows (a clinic after a refit);
        otherwise each comes from a fresh draw
    n_other_scores : of those whom the series helped, so many are tried with more frequent scores and check-ins too
    said : told what is being tried
    """
    average = Settings.of([population.average()])
    settings = (
        average.take(np.zeros(n_people, dtype=np.int64))
        if known
        else population.draws(n_people, np.random.default_rng([seed, 0]))
    )
    work = _Work(threads, said)

    def clinic(schedule: Schedule, *, quiet: bool = False) -> Clinic:
        theirs, believed = (quieted(settings), quieted(average)) if quiet else (settings, average)
        grid = _QUIET_GRID if quiet else None
        return open_clinic(theirs, believed, schedule.scored, by, seed, grid=grid)

    everybody = open_clinic(settings, average, how_many.SCORED, by, seed)
    weekly = clinic(WEEKLY)
    rows = helped(weekly)
    rows = rows if len(rows) > 1 else rows[:0]  # of one person there is no mean with its error
    first = rows[:n_other_scores]
    return Tried(
        seed=seed,
        known=known,
        responds=everybody.people.responds,
        late=how_many.late_responders(everybody),
        series=_series(everybody, work),
        maintenance=_maintenance(weekly.take(rows), n_people, work) if len(rows) else {},
        other_scores=_other_scores(clinic, first, work) if len(first) else {},
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """Shares people among threads; each person's course stands alone."""

    threads: int
    said: Progress

    def over(self, clinic: Clinic, work: Callable[[Clinic], Outcome]) -> Outcome:
        return Outcome.joined(self.parts(clinic, work))

    def parts(self, clinic: Clinic, work: Callable[[Clinic], _Part]) -> list[_Part]:
        some = [
            clinic.take(np.arange(at, min(at + _PEOPLE_AT_ONCE, len(clinic))))
            for at in range(0, len(clinic), _PEOPLE_AT_ONCE)
        ]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(work, some))

    def curve(self, rule: str, numbers: Sequence[float], run: Callable[[float], Outcome]) -> Curve:
        outcomes = []
        for number in numbers:
            self.said(f"{rule}: {number:g}")
            outcomes.append(run(number))
        return Curve.of(rule, numbers, outcomes)


def _series(clinic: Clinic, work: _Work) -> dict[str, Curve]:
    def curve(name: str, numbers: Sequence[float], rule: Callable[[float], how_many.Rule]) -> Curve:
        def run(number: float) -> Outcome:
            return work.over(
                clinic,
                lambda some: how_many.outcome(how_many.series(some, rule(number)), how_many.late_responders(some)),
            )

        return work.curve(name, numbers, run)

    truth = np.concatenate(work.parts(clinic, how_many.clear_days_of_each_number), axis=1)

    def knowing(least: int) -> Callable[[float], how_many.Rule]:
        return lambda price: how_many.so_many(how_many.best_numbers(truth, price, least))

    curves = (
        curve(SAME_NUMBER, (3, 4, 5, 6), lambda number: how_many.fixed(int(number))),
        curve(NO_FALL, (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), how_many.unless_no_fall),
        curve(ODDS, (0.02, 0.05, 0.1, 0.2, 0.35, 0.5), how_many.while_odds_by_six),
        curve(ONE_MORE, (0.25, 0.5, *PRICES[:5]), how_many.while_one_more_pays),
        curve(LOOK_AHEAD, PRICES[:5], how_many.while_some_more_pay),
        curve(KNOWS_FROM_THREE, (0.0, *PRICES), knowing(how_many.LEAST)),
        curve(KNOWS, (0.0, *PRICES), knowing(0)),
    )
    return {curve.rule: curve for curve in curves}


def _maintenance(clinic: Clinic, n_people: int, work: _Work) -> dict[str, Curve]:
    def curve(name: str, numbers: Sequence[float], rule: Callable[[float], when.Rule]) -> Curve:
        return work.curve(name, numbers, lambda number: work.over(clinic, lambda some: maintenance(some, rule(number))))

    plans = _plans(clinic, n_people, WEEKLY, work)
    curves = (
        curve(SPACED, (2, 3, 4, 6, 8, 12), lambda weeks: when.every(int(weeks))),
        curve(CRAVING, (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0), when.when_craving_is_back),
        curve(FADED, (0.002, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5), when.when_it_has_faded),
        curve(PAYS, (2.0, 4.0, 5.5, 7.0, 8.5, 10.0, 14.0), when.when_one_pays),
        curve(BEST, (2.0, 4.0, 5.5, 7.0, 10.0, 14.0), when.when_now_is_best),
        curve(PLAN, (2.5, 4.0, 5.5, 7.0, 8.5, 11.0, 14.0), when.when_a_plan_begins_now),
        curve(KNOWS, PRICES, lambda price: when.follow(plans(price))),
    )
    return {curve.rule: curve for curve in curves}


def _other_scores(clinic: Callable[..., Clinic], rows: IntArray, work: _Work) -> dict[str, Curve]:
    def curve(name: str, some: Clinic, schedule: Schedule, prices: Sequence[float]) -> Curve:
        def run(price: float) -> Outcome:
            rule = when.when_a_plan_begins_now(price, schedule)
            return work.over(some, lambda part: maintenance(part, rule, schedule))

        return work.curve(name, prices, run)

    twice, daily = Schedule(days_between=3.5), Schedule(scores_per_check=7)
    curves = (
        curve(PLAN_TWICE, clinic(twice).take(rows), twice, (6.5, 8.0)),
        curve(PLAN_DAILY, clinic(daily).take(rows), daily, (5.5, 7.0)),
        curve(PLAN_QUIET, clinic(daily, quiet=True).take(rows), daily, (4.0, 6.0)),
    )
    return {curve.rule: curve for curve in curves}


def _plans(clinic: Clinic, n_people: int, schedule: Schedule, work: _Work) -> Callable[[float], BoolArray]:
    """The best plan of each person who starts a series (row by its number), at a price."""
    work.said("the best dates for each person, as somebody would set them who knows the truth")
    found = Foresight.joined(work.parts(clinic, lambda some: foresee(some, schedule)))

    def plans(price: float) -> BoolArray:
        rows = np.zeros((n_people, len(schedule.checks)), bool)
        rows[clinic.who] = found.at(price)
        return rows

    return plans
