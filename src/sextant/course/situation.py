"""All that one step is decided on."""

from dataclasses import dataclass
from datetime import datetime

from sextant.course.series import Series
from sextant.protocol import Finding, Limits, Verdict
from sextant.record import PatientRecord
from sextant.response import Forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One patient at one moment: the record as it stood, the gates, the series and the forecast.

    Parameters
    ----------
    prior_sources : keys of what the population of the forecast rests on
    """

    record: PatientRecord
    gates: tuple[Finding, ...]
    series: Series
    forecast: Forecast | None
    limits: Limits
    prior_sources: tuple[str, ...]
    now: datetime

    def gates_that(self, verdict: Verdict) -> tuple[Finding, ...]:
        """The gates of one verdict, in the order of their codes."""
        return tuple(gate for gate in self.gates if gate.verdict is verdict)

    @property
    def complete(self) -> bool:
        """Whether as many infusions were given as a series has at most."""
        return self.series.count >= (self.limits["infusions_in_series"].value or 0)

    @property
    def judged_from(self) -> float:
        """Infusions before non-response may be judged; built in, never below three."""
        return max(3.0, self.limits["infusions_before_judging"].value or 0.0)

    @property
    def maintenance_in_last_year(self) -> int:
        """Infusions beyond the series in the last 365 days."""
        beyond = self.series.given[int(self.limits["infusions_in_series"].value or 0) :]
        return sum((self.now - infusion.taken_at).days < 365 for infusion in beyond)

    @property
    def individual(self) -> Forecast | None:
        """The forecast, if it is this patient's own and not the average patient's or a refusal."""
        forecast = self.forecast
        return forecast if forecast is not None and forecast.kind == "individual" and not forecast.refused else None
