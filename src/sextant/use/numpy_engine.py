"""The engine in NumPy: no second to load, and quick enough for some thousand patients."""

import numpy as np

from sextant.use.coding import SideBySide
from sextant.use.follower import Follower
from sextant.use.history import FloatArray
from sextant.use.population import Population


class NumpyEngine:
    """Patients side by side, all take their weeks together; see `Engine`."""

    name = "numpy"

    @staticmethod
    def figures(patients: SideBySide, population: Population) -> FloatArray:
        """What was foretold of each week; see `Engine`."""
        follower = Follower(patients, population)
        found = np.empty((*patients.result.shape, 4))
        for k in range(patients.result.shape[1]):
            found[:, k] = np.stack(follower.look(), axis=-1)
            follower.take(patients.result[:, k], patients.told[:, k])
            follower.covariates(*patients.shift(k + 1))
        return found

    @staticmethod
    def steps(patient: SideBySide, population: Population) -> "NumpySteps":
        """One patient, week by week; see `Engine`."""
        return NumpySteps(patient, population)


class NumpySteps:
    """One patient of whom nothing is known but the weeks before week 1; see `Steps`."""

    def __init__(self, patient: SideBySide, population: Population) -> None:
        """Before week 1."""
        self._follower = Follower(patient, population)

    def look(self) -> list[float]:
        """The coming week; see `Steps`."""
        return [float(one[0]) for one in self._follower.look()]

    def update(self, result: int, told: int, shift: float, shift_sd: float) -> list[float]:
        """The week taken and the next foretold; see `Steps`."""
        self._follower.take(np.array([result]), np.array([told]))
        self._follower.covariates(np.array([shift]), np.array([shift_sd]))
        return self.look()
