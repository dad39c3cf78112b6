"""The grid over ln tau_s."""

from dataclasses import dataclass

import numpy as np

from sextant.response.report import FloatArray

_MANY_VISITS = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """Nodes over ln tau_s, equally spaced in prior SDs on both sides of its mean, ends included."""

    nodes: int
    z_max: float

    def z(self) -> FloatArray:
        """The nodes, in prior SDs."""
        return np.linspace(-self.z_max, self.z_max, self.nodes)

    def log_prior(self) -> FloatArray:
        """Log prior weight of each node; the ends are not halved."""
        log_weight = -0.5 * self.z() ** 2
        return np.asarray(log_weight - np.log(np.exp(log_weight).sum()))


def default_grid(n_visits: int) -> Grid:
    """20 nodes, or 32 on a wider span beyond 60 visits, where the scores narrow tau_s more."""
    return Grid(20, 3.25) if n_visits <= _MANY_VISITS else Grid(32, 3.5)
