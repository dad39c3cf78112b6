"""What an engine returns."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from sextant.response.report import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """How well each explanation fits, for n cases (a case is one patient under one setting of the population).

    `log_evidence_total` (n,) is that of the sites, equal to that of the scores where all are plain numbers;
    `correction` (n,) added to it gives (nearly) that of the scores, whatever they were read as. `weights` (n, e) are
    the posterior probabilities of the e explanations.
    """

    log_evidence_total: FloatArray
    correction: FloatArray
    weights: FloatArray

    @property
    def log_evidence_of_scores(self) -> FloatArray:
        """What settings of the population are compared by, shape (n,)."""
        return self.log_evidence_total + self.correction

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The cases of all parts, one after the other."""
        columns: dict[str, Any] = {}
        for field in fields(cls):
            cells = [getattr(part, field.name) for part in parts]
            columns[field.name] = None if cells[0] is None else np.concatenate(cells)
        return cls(**columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtered(Weighed):
    """The whole posterior of n cases.

    Shared columns are the s = n_instruments + 2 baselines, h and a; g is the number of nodes, e = g + 2 that of
    explanations. `factor` is the lower Cholesky factor of the shared columns' precision, `shared` the whitened
    posterior mean in it (the mean itself is the solution of factor' x = shared). For each node `row` and `pivot` are
    the last row of its factor, `node` the last entry of its whitened mean. `worse_pivot` and `worse` take the place of
    the row of h where the person gets worse.

    Shapes: factor (n, s, s); shared (n, s); row (n, s, g); pivot, node (n, g); worse_pivot, worse (n,);
    log_evidence (n, e).

    `means` and `variances` say what was known of day-to-day variation after each visit, for every column of the
    design (shared ones, then the scores themselves, then nodes): shapes (n, n_visits, s + 1 + g) and (n, n_visits);
    None unless asked for.
    """

    factor: FloatArray
    shared: FloatArray
    row: FloatArray
    pivot: FloatArray
    node: FloatArray
    worse_pivot: FloatArray
    worse: FloatArray
    log_evidence: FloatArray
    means: FloatArray | None = None
    variances: FloatArray | None = None
