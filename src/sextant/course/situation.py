"""All that one step is decided on."""

from dataclasses import dataclass
from datetime import datetime

from sextant.course.series import Series
from sextant.protocol import Finding, Limits, Stage, Verdict, passed
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
        """The gates before every step that have one verdict, in the order of their codes.

        A closed gate that was passed today by those who may is not among them.
        """
        return tuple(
            gate
            for gate in self.before_every_step
            if gate.verdict is verdict and (verdict is not Verdict.CLOSED or not passed(gate, self.record, self.now))
        )

    @property
    def before_every_step(self) -> tuple[Finding, ...]:
        """The gates without those that only a maintenance infusion asks for; in a new series those of long use too."""
        if not self.complete:
            return self.gates
        return tuple(gate for gate in self.gates if gate.stage is Stage.SCREENING)

    @property
    def complete(self) -> bool:
        """Whether as many infusions were given as a series has at most."""
        return self.series.count >= (self.limits["infusions_in_series"].value or 0)

    @property
    def judged_from(self) -> float:
        """Infusions before non-response may be judged; built in, never below three."""
        return max(3.0, self.limits["infusions_before_judging"].value or 0.0)

    def gate(self, code: str) -> Finding:
        """One gate by its code."""
        return next(gate for gate in self.gates if gate.code == code)

    @property
    def individual(self) -> Forecast | None:
        """The forecast, if it is this patient's own and not the average patient's or a refusal."""
        forecast = self.forecast
        return forecast if forecast is not None and forecast.kind == "individual" and not forecast.refused else None
