"""Server-drawn SVG: scales, marks and the clinic's two charts, with classes only and every name escaped."""

from sextant.clinic.charts.kept import Group, said_and_happened_svg
from sextant.clinic.charts.odds import Odds, odds_svg
from sextant.clinic.charts.trajectory import (
    Bands,
    Given,
    Observed,
    TrajectoryChart,
    Use,
    UseRun,
    trajectory_svg,
)

__all__ = [
    "Bands",
    "Given",
    "Group",
    "Observed",
    "Odds",
    "TrajectoryChart",
    "Use",
    "UseRun",
    "odds_svg",
    "said_and_happened_svg",
    "trajectory_svg",
]
