"""How often forecasts are right in virtual patients: where the model is the truth, and where it is not."""

from sextant.virtual.calibration.cohort import MOMENTS, Cohort, Moment, draw_cohort, draw_exact_cohort
from sextant.virtual.calibration.scores import Mixtures, coverage, crps, log_score, pit, reliability, uniformity
from sextant.virtual.calibration.simulated import Outcome, averaged, under_known_setting
from sextant.virtual.calibration.stress import Scenario, scenarios
from sextant.virtual.calibration.summary import stress_summary, summary

__all__ = [
    "MOMENTS",
    "Cohort",
    "Mixtures",
    "Moment",
    "Outcome",
    "Scenario",
    "averaged",
    "coverage",
    "crps",
    "draw_cohort",
    "draw_exact_cohort",
    "log_score",
    "pit",
    "reliability",
    "scenarios",
    "stress_summary",
    "summary",
    "under_known_setting",
    "uniformity",
]
