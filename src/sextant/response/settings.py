"""Many settings of the population as arrays, one row a setting: what the engines read."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from sextant.response.hyper_parameters import MODELLED, HyperParameters
from sextant.response.report import FloatArray, IntArray
from sextant.response.waning import TWO_SPEED, Waning

FIELDS: tuple[str, ...] = tuple(field.name for field in fields(HyperParameters))


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the population.

    Parameters
    ----------
    table : array of shape (n_settings, n_fields), columns as `FIELDS`. Trend and dose curve are the same in all rows.
    waning : how slow benefit wanes once it has built up
    """

    table: FloatArray
    waning: Waning = TWO_SPEED

    @classmethod
    def of(cls, hypers: Sequence[HyperParameters], waning: Waning = TWO_SPEED) -> "Settings":
        """One row for each of these."""
        return cls(np.array([[getattr(one, name) for name in FIELDS] for one in hypers]), waning)

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, name: str) -> FloatArray:
        """The values of one hyper-parameter, shape (n_settings,)."""
        return self.table[:, FIELDS.index(name)]

    def take(self, rows: IntArray) -> "Settings":
        """These rows, in this order; a row may be taken more than once."""
        return Settings(self.table[rows], self.waning)

    def one(self, row: int) -> HyperParameters:
        """One setting as the record that people read."""
        return HyperParameters(**dict(zip(FIELDS, map(float, self.table[row]), strict=True)))

    def loadings(self, instruments: Sequence[str]) -> FloatArray:
        """lambda_j, shape (n_settings, n_instruments)."""
        loadings = np.ones((len(self), len(instruments)))
        for column, key in enumerate(instruments):
            if key != "craving":
                loadings[:, column] = self[f"lambda_{key}"]
        return loadings

    def waning_parts(self) -> tuple[FloatArray, FloatArray]:
        """Weights and multiples of tau_s of the exponentials that make up waning, each (n_settings, n_parts)."""
        return self.waning.parts(self["lasting_share"], self["lasting_ratio"])

    def tau_s_days(self, z: FloatArray) -> FloatArray:
        """tau_s at each node of a grid in prior SDs, shape (n_settings, n_nodes)."""
        return np.exp(self["mu_ln_tau_s"][:, None] + self["sd_ln_tau_s"][:, None] * z)

    def theta_prior(self, instruments: Sequence[str]) -> FloatArray:
        """Mean and precision of each baseline, h, a and c, in scaled points; (n_settings, 2, n_theta)."""
        usual, spread = baselines(instruments)
        n = len(self)
        means = np.column_stack([np.tile(usual, (n, 1)), self["mu_h"], self["mu_a"], self["mu_c"]])
        sds = np.column_stack([np.tile(spread, (n, 1)), self["sd_h"], self["sd_a"], self["sd_c"]])
        return np.stack([means, sds**-2.0], axis=1)

    def log_class(self, log_prior_of_nodes: FloatArray) -> FloatArray:
        """Log prior probability of each explanation, shape (n_settings, n_nodes + 2); minus infinity where it is 0."""
        pi0, pi_worse = self["pi0"], self["pi_worse"]
        respond = np.log1p(-pi0 - pi_worse)[:, None] + log_prior_of_nodes
        with np.errstate(divide="ignore"):
            return np.column_stack([np.log(pi0), respond, np.log(pi_worse)])

    def dose_effect(self, mg_per_kg: FloatArray) -> FloatArray:
        """f(d), the same for every setting."""
        half = self["dose_half_mg_per_kg"][0]
        reference = self["reference_dose_mg_per_kg"][0]
        return np.asarray(mg_per_kg / (mg_per_kg + half) * ((reference + half) / reference))


def baselines(instruments: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Mean and SD of usual baselines, in scaled points, each of shape (n_instruments,)."""
    modelled = [MODELLED[key] for key in instruments]
    return (
        np.array([one.prior_mean_points / one.scale_points for one in modelled]),
        np.array([one.prior_sd_points / one.scale_points for one in modelled]),
    )
