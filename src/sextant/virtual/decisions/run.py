"""One run of a rule over a clinic: who got what so far, and what their scores are then."""

from dataclasses import dataclass, field

import numpy as np

from sextant.response.hyper_parameters import MODELLED
from sextant.response.report import BoolArray, FloatArray
from sextant.response.timeline import LIMIT_POINTS, Timelines, trend
from sextant.virtual.decisions.clinic import ATTENDANCE, INSTRUMENTS, MG_PER_KG, Clinic

_HIGHEST = np.array([100.0, 27.0])
_SCALE = np.array([MODELLED[key].scale_points for key in INSTRUMENTS])


@dataclass(slots=True)
class Run:
    """The course of one clinic under one rule.

    dose_days : days on which somebody got an infusion, increasing
    given : who got each, (n, n_doses)
    """

    clinic: Clinic
    dose_days: FloatArray = field(init=False)
    given: BoolArray = field(init=False)
    _fast: FloatArray = field(init=False)
    _slow: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.dose_days = np.zeros(0)
        self.given = np.zeros((len(self.clinic), 0), bool)
        self._fast, self._slow = np.zeros((2, len(self.clinic), len(self.clinic.days)))

    def infuse(self, day: float, whom: BoolArray) -> None:
        """An infusion for these people, (n,), after that day's score; later than those before."""
        if not whom.any():
            return
        self.dose_days = np.append(self.dose_days, day)
        self.given = np.column_stack([self.given, whom])
        self._add(self._fast, self._slow, self.clinic.days, -1)

    def scores(self, until: int) -> FloatArray:
        """Whole points of the first so many days, (n, until, n_instruments)."""
        clinic = self.clinic
        loadings = clinic.people.settings.loadings(INSTRUMENTS)[:, None, :]
        benefit = self._fast[:, :until] + self._slow[:, :until]
        scaled = clinic.undosed[:, :until] - loadings * benefit[:, :, None]
        return np.asarray(np.clip(np.round(scaled * _SCALE), 0, _HIGHEST))

    def benefit(self, days: FloatArray) -> FloatArray:
        """B in truth on these days, (n, n_days)."""
        fast, slow = np.zeros((2, len(self.clinic), len(days)))
        for dose in range(len(self.dose_days)):
            self._add(fast, slow, days, dose)
        return np.asarray(fast + slow)

    def clear_days(self, days: FloatArray) -> FloatArray:
        """On how many of these days benefit is clear in truth, (n,).

        Benefit is ketamine's alone: what the programme brings would come without it, and counts for no rule.
        """
        return np.asarray((self.benefit(days) > self.clinic.threshold[:, None]).sum(axis=1), dtype=float)

    def timelines(self, until: int) -> Timelines:
        """What the engine reads: the scores of the first so many days and what was given before them."""
        clinic, n, h = self.clinic, len(self.clinic), len(INSTRUMENTS)
        points = self.scores(until)
        floor, ceiling = points <= LIMIT_POINTS, points >= _HIGHEST - LIMIT_POINTS
        low = np.where(floor, -np.inf, np.where(ceiling, _HIGHEST - LIMIT_POINTS, np.nan)) / _SCALE
        high = np.where(floor, LIMIT_POINTS, np.where(ceiling, np.inf, np.nan)) / _SCALE
        programme = trend(clinic.days[:until], [(0.0, ATTENDANCE)], float(clinic.believed["trend_days"][0]))
        dose_day = np.broadcast_to(self.dose_days, self.given.shape)[self.given]
        effect = clinic.believed.dose_effect(np.array([MG_PER_KG]))
        return Timelines(
            instruments=INSTRUMENTS,
            first_visit=np.arange(n + 1) * until,
            day=np.tile(clinic.days[:until], n),
            trend=np.tile(programme, n),
            first_score=np.arange(n * until + 1) * h,
            column=np.tile(np.arange(h), n * until),
            value=(points / _SCALE).ravel(),
            low=low.ravel(),
            high=high.ravel(),
            first_dose=np.concatenate([[0], np.cumsum(self.given.sum(axis=1))]),
            dose_day=dose_day,
            dose_effect=np.repeat(effect, len(dose_day)),
        )

    def _add(self, fast: FloatArray, slow: FloatArray, days: FloatArray, dose: int) -> None:
        """Renew fast and add slow benefit of those who got one dose; the doses before it are in them."""
        rows, later = np.flatnonzero(self.given[:, dose]), days > self.dose_days[dose]
        if later.any():
            whom, here = self.clinic.people.take(rows), np.ix_(rows, later)
            quick, lasting = whom.of_one(days[later] - self.dose_days[dose], MG_PER_KG)
            fast[here] = whom.settings["fast_carry_over"][:, None] * fast[here] + quick
            slow[here] += lasting
