"""The response model: how one patient's scores answer ketamine, with doubt."""

from sextant.response.report import LEVELS, Band, Forecast, Lasting, Trajectory

__all__ = ["LEVELS", "Band", "Forecast", "Lasting", "Trajectory"]
