"""What the response model costs, beside what was asked of it: one patient, many patients, a bedside report, a refit.

    .venv/bin/python benchmarks/response.py [--nuts] [--refit] [--large-refit]

One virtual patient: 24 visits, 91 scores on four instruments, six infusions; 20 nodes. 'Plain' is the model of the
specification's first sections, 'full' the model as it is used: two speeds of waning, people who get worse, floor,
ceiling and outlier sites, days of use as steps. Each figure is the best of many repeats with the median beside it: on
a machine that does other work too, the best is what the code costs. A ratio of at most 1 meets the target.

--nuts adds NumPyro's sampler on the plain posterior (dependency group `judges`), --refit a refit of 1,000 patients,
--large-refit one of 10,000.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numba import njit

from sextant.response import (
    DEFAULT,
    PLAIN,
    CourseData,
    Engine,
    engine,
    forecast,
    quantities,
    shipped_population,
    trajectory,
)
from sextant.response.engine import Grid, kernel
from sextant.response.engine.compiled_engine import arguments
from sextant.response.individual import _individual, individual
from sextant.response.posterior import posterior
from sextant.response.reading import AS_NUMBERS, ROBUST, Reading
from sextant.response.refit import Cohort, fit
from sextant.response.settings import Settings
from sextant.response.timeline import Timelines, pack
from sextant.response.waning import ONE_SPEED
from sextant.virtual.people import courses_of, draw_people

INSTRUMENTS = ("craving", "phq9", "gad7", "use_days")
INFUSION_DAYS = (0.0, 3.0, 7.0, 10.0, 14.0, 17.0)
VISIT_DAYS = np.array([-14.0, -7.0, -1.0, *np.linspace(0.0, 84.0, 21)])
GRID = Grid(20, 3.25)
REPORT_DAYS = VISIT_DAYS[-1] + np.arange(51.0)
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
WORSE_POINTS = 10.0


@dataclass(frozen=True)
class Model:
    """A setting of the population and how scores are read under it."""

    name: str
    settings: Settings
    reading: Reading


PLAIN_MODEL = Model("plain", Settings.of([PLAIN], ONE_SPEED), AS_NUMBERS)
FULL_MODEL = Model("full", Settings.of([DEFAULT]), ROBUST)


def people(n: int, visit_days=VISIT_DAYS, infusion_days=INFUSION_DAYS, missing: int = 5) -> list[CourseData]:
    """Virtual people of the assumed population, each with so many scores missing."""
    rng = np.random.default_rng(24)
    doses = [(day, 0.5) for day in infusion_days]
    drawn = draw_people(Settings.of([DEFAULT] * n), INSTRUMENTS, rng, responds=True if n == 1 else None)
    points = drawn.scores(visit_days, doses, 0.8, rng)
    for one in points:
        one.reshape(-1)[4 + rng.choice(one.size - 4, missing, replace=False)] = np.nan
    return courses_of(drawn, points, visit_days, doses, 0.8)


def packed(courses: list[CourseData], model: Model) -> Timelines:
    return pack(courses, INSTRUMENTS, model.reading, model.settings)


# --- measuring -------------------------------------------------------------------------------------------------------


def times_s(work: Callable[[], object], for_s: float = 2.0, most: int = 400) -> tuple[float, float]:
    """Best and median seconds of repeats over some time; the first, which may compile, does not count."""
    work()
    taken: list[float] = []
    until = time.perf_counter() + for_s
    while len(taken) < 5 or (time.perf_counter() < until and len(taken) < most):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken), float(np.median(taken))


def show(what: str, taken: tuple[float, float], target_s: float | None = None, each: int = 1) -> None:
    best, median = taken[0] / each, taken[1] / each
    target = "" if target_s is None else f"{in_words(target_s):>10}   {best / target_s:5.2f}"
    print(f"{what:<66}{in_words(best):>10}{in_words(median):>10}{target}")


def in_words(seconds: float) -> str:
    units = (("s", 1.0), ("ms", 1e-3), ("us", 1e-6))
    unit, scale = next((one for one in units if seconds >= one[1]), units[-1])
    return f"{seconds / scale:.3g} {unit}"


def heading(words: str) -> None:
    print(f"\n{words:<66}{'best':>10}{'median':>10}{'target':>10}   ratio")


# --- one patient and many --------------------------------------------------------------------------------------------


@njit
def one_visit_more(
    n, kept_now, kept_shared, kept_square, kept_node, kept_running, now, shared, square, node, running, scores,
    explained, hyper, prior, log_class, loading, waning, rate, day, trend, first_score, column, value, low, high,
    dose_day, dose_effect, n_doses, last_visit, outlier_sds, plain, means, variances,
):  # fmt: skip
    """The last visit n times: the state before it is put back, the visit taken, all explanations weighed."""
    total = 0.0
    for _ in range(n):
        now[:], shared[:, :], square[:, :, :] = kept_now, kept_shared, kept_square
        node[:, :], running[:, :] = kept_node, kept_running
        kernel.go_on(
            *(now, shared, square, node, running, scores, explained, hyper, prior, log_class, loading, waning, rate),
            *(day, trend, first_score, column, value, low, high, dose_day, dose_effect, 0, n_doses),
            *(last_visit - 1, last_visit, outlier_sds, plain, means, variances),
        )
        total += kernel.solve(now, shared, square, node, explained, hyper, prior, log_class)
    return total


def new_visit(course: CourseData, model: Model) -> Callable[[int], float]:
    """What takes the patient's last visit n times."""
    of_patients, of_settings = np.split(
        np.array(arguments(packed([course], model), model.settings, GRID, model.reading), dtype=object), [11]
    )
    first_visit, day, trend, first_score, column, value, low, high, first_dose, dose_day, dose_effect = of_patients
    *tables, outlier_sds, plain = of_settings
    hyper, prior, log_class, loading, waning, rate = (table[0] for table in tables)
    s, g = len(INSTRUMENTS) + 2, GRID.nodes
    state = (
        np.zeros(11),
        np.zeros((10, s + 1)),
        np.zeros((2, s, s)),
        np.zeros((kernel.NODE_GRAM + 2 * s, g)),
        np.zeros((4, len(rate))),
    )
    scores, explained = np.zeros((2, 8)), np.zeros((2, g + 2))
    given = (scores, explained, hyper, prior, log_class, loading, waning, rate)
    seen = (day, trend, first_score, column, value, low, high, dose_day, dose_effect)
    n_visits = int(first_visit[1])
    none = (np.zeros((0, 0)), np.zeros(0))
    kernel.begin(*state, hyper)
    kernel.go_on(*state, *given, *seen, 0, int(first_dose[1]), 0, n_visits - 1, outlier_sds, plain, *none)
    kept = tuple(array.copy() for array in state)
    return lambda n: one_visit_more(
        n, *kept, *state, *given, *seen, int(first_dose[1]), n_visits, outlier_sds, plain, *none
    )


def replay(courses: list[CourseData], model: Model, n: int) -> Callable[[], object]:
    """What works out n cases of these patients from their first visit on, compiled, on one core."""
    given = arguments(packed(courses, model), model.settings, GRID, model.reading)
    rows = (np.arange(n) % len(courses), np.zeros(n, np.int64))
    room = (np.zeros(n), np.zeros(n), np.zeros((n, GRID.nodes + 2)))
    return lambda: kernel.weigh(*given, *rows, *room)


def weighed(courses: list[CourseData], model: Model, by: Engine, n: int) -> Callable[[], object]:
    """The same, as the engine is asked for it."""
    timelines, which = packed(courses, model), np.zeros(n, np.int64)
    who = np.arange(n) % len(courses)
    return lambda: by.weigh(timelines, model.settings, GRID, model.reading, who=who, which=which)


def measure_engine(course: CourseData) -> None:
    compiled, by_numpy = engine("compiled"), engine("numpy")
    heading("One patient, one setting of the population, 24 visits, 91 scores")
    for model, visit_s, replay_s in ((PLAIN_MODEL, 5e-6, 15e-6), (FULL_MODEL, None, 200e-6)):
        again = new_visit(course, model)
        show(f"one new visit, {model.name}, compiled", times_s(lambda: again(1000)), visit_s, each=1000)  # noqa: B023
        show(f"replay, {model.name}, compiled", times_s(replay([course], model, 100)), replay_s, each=100)
    for model, target_s in ((PLAIN_MODEL, 4e-3), (FULL_MODEL, None)):
        show(f"replay, {model.name}, NumPy", times_s(weighed([course], model, by_numpy, 1)), target_s)
    for model in (PLAIN_MODEL, FULL_MODEL):
        show(f"asked from Python with packing, {model.name}, compiled", times_s(asked(course, model, compiled)))
    s, g = len(INSTRUMENTS) + 2, GRID.nodes
    for model in (PLAIN_MODEL, FULL_MODEL):
        parts = model.settings.waning_parts()[0].shape[1]
        numbers = 11 + 2 * (s + 1) + s * (s + 1) // 2 + (3 + s) * g + 2 * parts * g
        print(f"{f'memory of a state between visits, {model.name}':<66}{8 * numbers:>8} B")

    heading("100,000 patients, two threads")
    many = people(10_000)
    for model, target_s in ((PLAIN_MODEL, 1.5), (FULL_MODEL, None)):
        show(f"100,000 patients, {model.name}, compiled", times_s(weighed(many, model, compiled, 100_000)), target_s)

    print("\nGrowth: a replay with more visits and infusions, compiled, microseconds a visit (best)")
    for times in (1, 2, 4):
        visits = np.array([-14.0, -7.0, -1.0, *np.linspace(0.0, 84.0 * times, 24 * times - 3)])
        infusions = [day + 84.0 * turn for turn in range(times) for day in INFUSION_DAYS]
        grown = people(1, visits, infusions, missing=5 * times)
        words = [
            f"{model.name} {1e6 * times_s(replay(grown, model, 100))[0] / 100 / len(visits):.2f}"
            for model in (PLAIN_MODEL, FULL_MODEL)
        ]
        print(f"{len(visits):4} visits, {len(infusions):2} infusions: {', '.join(words)}")


def asked(course: CourseData, model: Model, by: Engine) -> Callable[[], object]:
    return lambda: posterior(
        course, model.settings, target="craving", reading=model.reading, grid=GRID, by=by, keep_path=False
    )


# --- a bedside report ------------------------------------------------------------------------------------------------


def report(course: CourseData, settings: Settings, reading: Reading, by: Engine) -> None:
    """51 days ahead of benefit, score and new score with five quantiles each, survival of benefit, and all figures."""
    after = posterior(course, settings, target="craving", reading=reading, by=by)
    benefit = after.benefit_columns(REPORT_DAYS, course.infusions)
    score = after.score_columns(REPORT_DAYS, "craving", benefit)
    new_score = after.observed(score, REPORT_DAYS, course.infusions)
    for forms in (after.of(benefit).none_without_response(), after.of(score), new_score):
        forms.pooled().quantiles(LEVELS)
    quantities.p_lasts(after, "craving")
    quantities.p_clear_by_six(after, "craving")
    quantities.p_clear(after, "craving", REPORT_DAYS[:1], course.infusions)
    quantities.p_worse(after, "craving", float(REPORT_DAYS[0]), WORSE_POINTS)
    quantities.gain_unit_days(after, 0.5)


def page(course: CourseData, by: Engine, *, afresh: bool) -> None:
    """All that a patient's page asks for; `afresh` finds the patient's own settings of the population too."""
    if afresh:
        _individual.cache_clear()
    population = shipped_population()
    forecast(course, "craving", now_day=REPORT_DAYS[0], population=population, worse_points=WORSE_POINTS, by=by)
    trajectory(course, "craving", REPORT_DAYS, population=population, by=by)


def measure_report(course: CourseData) -> None:
    heading("A bedside report: 51 days, 5 quantiles, survival, all figures")
    for by, one_s, many_s in ((engine("compiled"), 3e-3, 60e-3), (engine("numpy"), None, 400e-3)):
        for model, target_s in ((PLAIN_MODEL, one_s), (FULL_MODEL, None)):
            taken = times_s(lambda: report(course, model.settings, model.reading, by))  # noqa: B023
            show(f"one setting, {model.name}, {by.name}", taken, target_s)
        own = individual(course, shipped_population(), by=by).settings
        show(f"32 settings, full, {by.name}", times_s(lambda: report(course, own, ROBUST, by)), many_s)  # noqa: B023
        show(f"the page (forecast and trajectory), {by.name}", times_s(lambda: page(course, by, afresh=False)))  # noqa: B023
        show(
            f"the page, finding the patient's own 32 settings too, {by.name}",
            times_s(lambda: page(course, by, afresh=True), for_s=4.0),  # noqa: B023
        )


# --- beside a sampler ------------------------------------------------------------------------------------------------


def measure_nuts(course: CourseData) -> None:
    from response_nuts import CHAINS, KEPT, WARM_UP, sample

    day = float(REPORT_DAYS[0])
    sampled = sample(packed([course], PLAIN_MODEL), PLAIN, day)
    best, _ = times_s(replay([course], PLAIN_MODEL, 100))
    ours = asked(course, PLAIN_MODEL, engine("compiled"))
    from_python, _ = times_s(ours)
    after = ours()
    benefit = after.benefit(np.array([day]), course.infusions).pooled()
    print(f"\nBeside NumPyro's NUTS on the plain posterior: {CHAINS} chains of {WARM_UP} + {KEPT}, compiled beforehand")
    print(
        f"NUTS:     P(non-responder) {sampled.p_nonresponder:.4f}, benefit {sampled.benefit_mean:.4f} "
        f"(SD {sampled.benefit_sd:.4f}), {sampled.seconds:.2f} s, least effective draws {sampled.least_effective:.0f}, "
        f"{sampled.divergences} divergences"
    )
    print(
        f"the engine: P(non-responder) {after.weights[0, 0]:.4f}, benefit {benefit.mean()[0]:.4f} "
        f"(SD {benefit.sd()[0]:.4f}), replay {in_words(best / 100)}, asked from Python {in_words(from_python)}"
    )
    ratio = sampled.seconds / (best / 100)
    print(f"times faster: replay {ratio:,.0f} (target 100,000), from Python {sampled.seconds / from_python:,.0f}")


# --- a refit ---------------------------------------------------------------------------------------------------------


def refitted(n: int, model: Model, sent: Connection) -> None:
    """In a process of its own, since the peak of memory is a process's: seconds, effective draws, k-hat, megabytes."""
    population = replace(shipped_population(), fixed=model.settings.one(0), waning=model.settings.waning)
    courses = people(n)
    before_mb = peak_of_memory_mb()
    start = time.perf_counter()
    found = fit(
        Cohort.of(courses, population, reading=model.reading),
        population,
        version="benchmark",
        sources=("RESPONSE-MODEL",),
    )
    seconds = time.perf_counter() - start
    sent.send((seconds, found.effective, found.k_hat, before_mb, peak_of_memory_mb()))


def peak_of_memory_mb() -> float:
    """Of this process so far, as Linux tells it."""
    (line,) = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def measure_refit(n: int, targets_s: dict[str, float]) -> None:
    print(f"\nRefit of {n:,} patients: 24 visits, 91 scores each; maximum, then weighed draws, packing included")
    for model in (PLAIN_MODEL, FULL_MODEL):
        here, there = multiprocessing.get_context("spawn").Pipe(duplex=False)
        child = multiprocessing.get_context("spawn").Process(target=refitted, args=(n, model, there))
        child.start()
        seconds, effective, k_hat, before_mb, peak_mb = here.recv()
        child.join()
        target = targets_s.get(model.name)
        asked_for = f", target {target:.0f} s, ratio {seconds / target:.2f}" if target else ""
        print(
            f"{model.name}: {seconds:.1f} s{asked_for}; effective draws {effective:.0f}, k-hat {k_hat:.2f}; "
            f"memory {before_mb:.0f} MB with the patients, {peak_mb:.0f} MB at its peak",
            flush=True,
        )


def main() -> None:
    """Print the tables."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag in ("--nuts", "--refit", "--large-refit"):
        given.add_argument(flag, action="store_true")
    asked_for = given.parse_args()
    (course,) = people(1)
    measure_engine(course)
    measure_report(course)
    if asked_for.nuts:
        measure_nuts(course)
    if asked_for.refit:
        measure_refit(1_000, {"plain": 20.0})
    if asked_for.large_refit:
        measure_refit(10_000, {"plain": 240.0})


if __name__ == "__main__":
    main()
