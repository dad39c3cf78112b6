"""Whether a new population foretold patients better than the one that stands."""

from dataclasses import dataclass

ERRORS_BETTER = 2.0


@dataclass(frozen=True, slots=True)
class Judged:
    """How much better the new population foretold held-out patients' scores than the old one.

    `gain` is the mean difference in log score a patient, `error` its standard error. The new one is `better` only if
    the gain is above `ERRORS_BETTER` standard errors.
    """

    n_patients: int
    gain: float
    error: float

    @property
    def better(self) -> bool:
        """Whether the new population may be used."""
        return self.gain > ERRORS_BETTER * self.error
