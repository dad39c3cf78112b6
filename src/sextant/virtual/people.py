"""Virtual people and their scores, drawn from the response model itself, or from a truth that it does not expect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sextant.instruments import instrument
from sextant.response import MODELLED, CourseData, Dose, ScoreAt
from sextant.response.report import BoolArray, FloatArray, IntArray
from sextant.response.settings import Settings, baselines
from sextant.response.timeline import trend

_PLAIN = 0.8  # share of the baseline

Doses = Sequence[tuple[float, float]]
"""(day, mg/kg) of each infusion, the same for all people."""

Remaining = Callable[[FloatArray, FloatArray, Settings], FloatArray]
"""What is left of slow benefit: from days since the infusion (n, n_days), tau_s (n, 1) and settings (n) to shares."""


def as_modelled(days: FloatArray, tau_s_days: FloatArray, settings: Settings) -> FloatArray:
    """Slow benefit wanes as the model says."""
    weights, multiples = settings.waning_parts()
    left = np.zeros(np.broadcast_shapes(days.shape, tau_s_days.shape))
    for weight, multiple in zip(weights.T, multiples.T, strict=True):
        left += weight[:, None] * np.exp(-days / (multiple[:, None] * tau_s_days))
    return left


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What is true of n virtual people and nobody can see: the parameters of the model, in scaled points.

    Parameters
    ----------
    settings : one row a person
    responds, worsens : of each person, never both; shape (n,)
    fast, slow, trend, tau_s_days : of each person, shape (n,); trend is h
    baselines : (n, n_instruments)
    remaining : how slow benefit wanes
    """

    instruments: tuple[str, ...]
    settings: Settings
    responds: BoolArray
    worsens: BoolArray
    fast: FloatArray
    slow: FloatArray
    trend: FloatArray
    tau_s_days: FloatArray
    baselines: FloatArray
    remaining: Remaining = as_modelled

    def __len__(self) -> int:
        return len(self.fast)

    def take(self, rows: IntArray | BoolArray) -> "People":
        """These people."""
        return People(
            instruments=self.instruments,
            settings=Settings(self.settings.table[rows], self.settings.waning),
            responds=self.responds[rows],
            worsens=self.worsens[rows],
            fast=self.fast[rows],
            slow=self.slow[rows],
            trend=self.trend[rows],
            tau_s_days=self.tau_s_days[rows],
            baselines=self.baselines[rows],
            remaining=self.remaining,
        )

    def benefit(self, days: FloatArray, doses: Doses) -> FloatArray:
        """B at each day, in units of 25 craving points, (n, n_days).

        Each infusion renews the fast part, of which a share of `fast_carry_over` stays; the slow part adds up.
        """
        fast, slow = np.zeros((2, len(self), len(days)))
        carry_over = self.settings["fast_carry_over"][:, None]
        for day, mg_per_kg in sorted(doses):
            quick, lasting = self.of_one(days - day, mg_per_kg)
            fast = np.where(days > day, carry_over * fast, fast) + quick
            slow += lasting
        return fast + slow

    def of_one(self, since: FloatArray, mg_per_kg: float) -> tuple[FloatArray, FloatArray]:
        """Fast and slow benefit of a single infusion so many days after it, 0 up to its time; (n, n_days) each."""
        on, off = self.settings["tau_on_days"][:, None], self.settings["tau_f_days"][:, None]
        gone = np.maximum(since, 0.0)[None, :]
        effect = float(self.settings.dose_effect(np.array([mg_per_kg]))[0])
        acts = effect * (self.responds[:, None] & (since > 0))
        waned = self.remaining(gone, self.tau_s_days[:, None], self.settings)
        fast = self.fast[:, None] * np.exp(-gone / off)
        return acts * fast, acts * self.slow[:, None] * (1 - np.exp(-gone / on)) * waned

    def level(self, days: FloatArray, doses: Doses, attendance: float) -> FloatArray:
        """Each instrument's scaled score free of noise and day-to-day variation, (n, n_days, n_instruments)."""
        programme = self.trend[:, None] * trend(days, [(0.0, attendance)], float(self.settings["trend_days"][0]))
        drop = programme + self.benefit(days, doses)
        return self.baselines[:, None, :] - self.settings.loadings(self.instruments)[:, None, :] * drop[:, :, None]

    def clear(self, days: FloatArray, doses: Doses, target: str, fraction: float = 0.5) -> BoolArray:
        """Whether benefit on the target is above that share of the own baseline, (n, n_days)."""
        column = self.instruments.index(target)
        shown, modelled = self.settings.loadings([target]) * self.benefit(days, doses), MODELLED[target]
        scale = modelled.scale_points
        return np.asarray(shown > modelled.fall(scale * self.baselines[:, column, None], fraction) / scale)

    def scores(
        self,
        days: FloatArray,
        doses: Doses,
        attendance: float,
        rng: np.random.Generator,
        *,
        degrees: float = np.inf,
    ) -> FloatArray:
        """Whole points of each instrument at each day, cut to its range; (n, n_days, n_instruments).

        Parameters
        ----------
        days : array of shape (n_days,), increasing; day 0 starts the programme
        doses : a score at exactly an infusion's day comes before it
        degrees : of freedom of the noise of one score; infinite is normal
        """
        scaled = self.level(days, doses, attendance) + self.swings(days, rng)[:, :, None]
        given = np.array([day for day, _ in doses] or [np.inf])
        since = days - np.array([max(given[given < day], default=-np.inf) for day in days])
        noise = self.settings["sd_e"][:, None] ** 2 + self.settings["sd_acute"][:, None] ** 2 * np.exp(
            -2 * since / self.settings["tau_acute_days"][:, None]
        )
        normal = np.isinf(degrees)
        errors = rng.standard_normal(scaled.shape) if normal else rng.standard_t(degrees, scaled.shape)
        return self._as_points(scaled + np.sqrt(noise)[:, :, None] * errors)

    def swings(self, days: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Day-to-day variation in scaled points, one for all instruments, (n, n_days)."""
        sd, tau = self.settings["sd_ou"], self.settings["tau_ou_days"]
        swings = np.empty((len(self), len(days)))
        now = sd * rng.standard_normal(len(self))
        for n, gap in enumerate(np.diff(days, prepend=days[:1])):
            kept = np.exp(-gap / tau)
            now = kept * now + sd * np.sqrt(1 - kept**2) * rng.standard_normal(len(self))
            swings[:, n] = now
        return swings

    def _as_points(self, scaled: FloatArray) -> FloatArray:
        points = np.empty_like(scaled)
        for column, key in enumerate(self.instruments):
            modelled, scale = MODELLED[key], instrument(key)
            raw = scaled[:, :, column] * modelled.scale_points
            steps = np.searchsorted(modelled.cuts, raw) if modelled.cuts else np.round(raw)
            points[:, :, column] = np.clip(steps, scale.lowest, scale.highest)
        return points


def draw_people(
    settings: Settings,
    instruments: Sequence[str],
    rng: np.random.Generator,
    *,
    responds: bool | None = None,
    remaining: Remaining = as_modelled,
) -> People:
    """One person from each setting of the population; `responds` fixes the class, None draws it too."""
    n = len(settings)
    chance = rng.random(n)
    usual, spread = baselines(instruments)
    worsens = (chance >= settings["pi0"]) & (chance < settings["pi0"] + settings["pi_worse"])
    drawn = chance >= settings["pi0"] + settings["pi_worse"]
    if responds is not None:
        worsens, drawn = np.zeros(n, bool), np.full(n, responds)
    normal = rng.standard_normal((4, n))
    trends = np.where(
        worsens,
        settings["mu_worse"] + settings["sd_worse"] * normal[0],
        settings["mu_h"] + settings["sd_h"] * normal[0],
    )
    return People(
        instruments=tuple(instruments),
        settings=settings,
        responds=drawn,
        worsens=worsens,
        fast=settings["mu_a"] + settings["sd_a"] * normal[1],
        slow=settings["mu_c"] + settings["sd_c"] * normal[2],
        trend=trends,
        tau_s_days=np.exp(settings["mu_ln_tau_s"] + settings["sd_ln_tau_s"] * normal[3]),
        baselines=usual + spread * rng.standard_normal((n, len(instruments))),
        remaining=remaining,
    )


def draw_helped(
    settings: Settings, instruments: Sequence[str], rng: np.random.Generator, doses: Doses, target: str
) -> People:
    """One person of that setting in whom benefit on the target is plain three days after the last infusion.

    Plain: most of the own baseline is gone (`_PLAIN`), so that the scores show it through their noise.
    """
    after = np.array([max(day for day, _ in doses) + 3.0])
    while True:
        person = draw_people(settings, instruments, rng, responds=True)
        if person.clear(after, doses, target, _PLAIN)[0, 0]:
            return person


def courses_of(
    people: People, points: FloatArray, days: FloatArray, doses: Doses, attendance: float
) -> list[CourseData]:
    """What a clinic would hold of these people; a score of NaN was not taken.

    Parameters
    ----------
    points : (n, n_days, n_instruments), as `People.scores` gives them
    """
    given = tuple(Dose(day, mg_per_kg) for day, mg_per_kg in doses)
    return [
        CourseData(
            scores=tuple(
                ScoreAt(float(day), key, float(points[n, t, j]))
                for t, day in enumerate(days)
                for j, key in enumerate(people.instruments)
                if not np.isnan(points[n, t, j])
            ),
            infusions=given,
            attendance=((0.0, attendance),),
        )
        for n in range(len(people))
    ]
