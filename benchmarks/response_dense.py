"""What one bedside report costs: a forecast and a 60-day trajectory, 32 draws of the population, 91 scores.

.venv/bin/python benchmarks/response_dense.py
"""

import time

import numpy as np

from sextant.response import CourseData, Dose, ScoreAt, bedside_draws, forecast, trajectory

REPEATS = 5
USUAL = {"craving": (70.0, 10.0), "phq9": (14.0, 3.0), "gad7": (11.0, 2.0), "use_days": (3.5, 0.7)}


def made_up_course() -> CourseData:
    """24 visits with 91 scores and six infusions, of nobody in particular."""
    rng = np.random.default_rng(24)
    days = [-14.0, -7.0, -1.0, *np.linspace(0.0, 84.0, 21)]
    scores = [
        ScoreAt(float(day), key, mean + sd * rng.uniform(-2.0, 2.0))
        for day in days
        for key, (mean, sd) in USUAL.items()
    ]
    doses = tuple(Dose(day, 0.5) for day in (0.0, 3.0, 7.0, 10.0, 14.0, 17.0))
    return CourseData(scores=tuple(scores[:91]), infusions=doses)


def main() -> None:
    """Print milliseconds of processor time for each part and for the whole report."""
    course, draws = made_up_course(), bedside_draws()
    days = course.last_day + np.arange(60.0)
    parts = {
        "forecast": lambda: forecast(course, "craving", now_day=84.0, hyper_draws=draws, worse_points=10.0),
        "trajectory": lambda: trajectory(course, "craving", days, hyper_draws=draws),
    }
    total = 0.0
    for name, compute in parts.items():
        times = []
        for _ in range(REPEATS):
            start = time.process_time()
            compute()
            times.append(time.process_time() - start)
        total += min(times)
        print(f"{name:>10}: {1000 * min(times):6.0f} ms")
    print(f"{'report':>10}: {1000 * total:6.0f} ms (32 draws, {len(course.scores)} scores, 60 days)")


if __name__ == "__main__":
    main()
