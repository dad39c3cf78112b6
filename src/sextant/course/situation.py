"""All that one step is decided on."""

from dataclasses import dataclass
from datetime import datetime

from sextant.course.series import Series
from sextant.protocol import Finding, Limits, Verdict
from sextant.record import PatientRecord
from sextant.response import Forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One patient at one moment: the record as it stood, the gates, the series and the forecast."""

    record: PatientRecord
    gates: tuple[Finding, ...]
    series: Series
    forecast: Forecast | None
    limits: Limits
    now: datetime

    def gates_that(self, verdict: Verdict) -> tuple[Finding, ...]:
        """The gates of one verdict, in the order of their codes."""
        return tuple(gate for gate in self.gates if gate.verdict is verdict)

    @property
    def complete(self) -> bool:
        """Whether as many infusions were given as a series has at most."""
        return self.series.count >= (self.limits["infusions_in_series"].value or 0)

    @property
    def individual(self) -> Forecast | None:
        """The forecast, if it is this patient's own and not the average patient's or a refusal."""
        forecast = self.forecast
        return forecast if forecast is not None and forecast.kind == "individual" and not forecast.refused else None
