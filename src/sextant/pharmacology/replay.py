"""One infusion as it was really given: what is there now, and over the next hour whatever is done next."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from sextant.pharmacology.band import Band, Rivals
from sextant.pharmacology.model import FloatArray, Model, models
from sextant.pharmacology.regimen import Regimen, RegimenError, Segment

AHEAD_MIN = 60.0
_LONGEST_MIN = 48 * 60.0
_AFTER_MIN = np.concatenate(
    [np.arange(*part) for part in ((0.0, 20, 0.5), (20.0, 60, 1), (60.0, 240, 5), (240.0, 720, 20))]
    + [np.linspace(720.0, _LONGEST_MIN, 25)]
)
"""Where a fall is looked for: finely while it is quick. Few lengths of step, since each costs exponentials."""
_STEP_MIN = 1.0
_AHEAD = np.arange(0.0, AHEAD_MIN + _STEP_MIN, _STEP_MIN)
_AHEAD_OF_AFTER = np.searchsorted(_AFTER_MIN, _AHEAD)
"""Each minute of the next hour is also a moment at which a fall is looked for, so that both are worked out at once."""


class Next(StrEnum):
    """What may be done next."""

    GO_ON = "go on"
    PAUSE = "pause"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Fall:
    """Minutes from now until a level is reached if nothing more is given: the lowest and the highest over people and
    rival models, as of the band; 0 where it is not above. None: not within two days."""

    level_ng_per_ml: float
    soonest_min: float | None
    latest_min: float | None
    site_soonest_min: float | None
    site_latest_min: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """An infusion up to now and after.

    Parameters
    ----------
    given : what was given until now
    given_mg : the sum of its segments and boluses
    so_far : from the start until now
    ahead : over the next hour, by what is done next, minute by minute from now
    fall : when it will have fallen to the level that was asked for; None where none was
    """

    given: Regimen
    given_mg: float
    so_far: Band
    ahead: dict[Next, Band]
    fall: Fall | None = None


class LiveInfusion:
    """One person's infusion; what does not change from minute to minute is worked out once."""

    def __init__(self, weight_kg: float, between: Sequence[Model] | None = None) -> None:
        """Of a person of this weight, in kg; `between` as for `Rivals.of`."""
        self._rivals = Rivals.of(weight_kg, tuple(models().values()), between)

    def replay(
        self,
        regimen: Regimen,
        now_min: float,
        *,
        ordered_mg: float | None = None,
        slow_to_mg_per_min: float | None = None,
        level_ng_per_ml: float | None = None,
    ) -> Replay:
        """What is there now and may be in the next hour.

        Parameters
        ----------
        regimen : every segment and bolus up to now; a segment in force may reach past it
        now_min : minutes since the start of the first infusion
        ordered_mg : of all that the regimen holds; at the rate in force, or at the slower one, it ends when this much
            was given, and at once where it was. None: it goes on for the hour, past the end of its segment.
        slow_to_mg_per_min : the slower rate; None leaves that future out
        level_ng_per_ml : as for `fall`; None leaves that out

        Raises
        ------
        RegimenError
            If now lies before the start or days after it, the order or the level is not above 0, or the slower rate is
            not slower.
        """
        _check_now(now_min)
        if level_ng_per_ml is not None:
            _check_level(level_ng_per_ml)
        if ordered_mg is not None and not 0 < ordered_mg < float("inf"):
            raise RegimenError(f"The order is of {ordered_mg:g} mg. Write milligrams above 0, such as 35.")
        given = regimen.until(now_min)
        rate = regimen.rate_at(now_min)
        if slow_to_mg_per_min is not None and not 0 < slow_to_mg_per_min < rate:
            raise RegimenError(
                f"Slowing to {slow_to_mg_per_min:g} mg/min from {rate:g} is not slower. Write a rate above 0 and below "
                "the one in force."
            )
        futures = {Next.GO_ON: rate, Next.PAUSE: 0.0}
        if slow_to_mg_per_min is not None:
            futures[Next.SLOW] = slow_to_mg_per_min
        left = float("inf") if ordered_mg is None else ordered_mg - given.total_mg
        # What was given is followed once, through now; what a future adds to it is worked out by itself.
        before = minutes(0.0, now_min)
        after = _AHEAD if level_ng_per_ml is None else _AFTER_MIN
        alone = self._rivals.everybody(given, np.concatenate([before, now_min + after[1:]]))
        so_far, then = alone[:, : len(before)], alone[:, len(before) - 1 :]
        hour = then if level_ng_per_ml is None else then[:, _AHEAD_OF_AFTER]
        return Replay(
            given=given,
            given_mg=given.total_mg,
            so_far=self._rivals.band_of(so_far, before),
            ahead={
                what: self._rivals.band_of(hour + self._added(to_rate, left), now_min + _AHEAD)
                for what, to_rate in futures.items()
            },
            fall=None if level_ng_per_ml is None else self._fall(then, level_ng_per_ml),
        )

    def fall(self, given: Regimen, now_min: float, level_ng_per_ml: float) -> Fall:
        """When the plasma will have fallen to a level, in ng/mL, if nothing more is given from now on.

        Raises
        ------
        RegimenError
            If now lies before the start or days after it, or the level is not above 0.
        """
        _check_now(now_min)
        _check_level(level_ng_per_ml)
        return self._fall(self._rivals.everybody(given.until(now_min), now_min + _AFTER_MIN), level_ng_per_ml)

    def _added(self, rate_mg_per_min: float, left_mg: float) -> FloatArray | float:
        """What one rate brings from now on, for the hour or until the order is given."""
        lasts = AHEAD_MIN if rate_mg_per_min == 0 else min(AHEAD_MIN, max(left_mg, 0.0) / rate_mg_per_min)
        if rate_mg_per_min == 0 or lasts <= 0:
            return 0.0
        return self._rivals.everybody(Regimen((Segment(0.0, lasts, rate_mg_per_min),)), _AHEAD)

    def _fall(self, falling: FloatArray, level_ng_per_ml: float) -> Fall:
        (soonest, latest), (site_soonest, site_latest) = (
            self._rivals.outer(_reached(of[:, : len(self._rivals.drawn)].T, _AFTER_MIN, level_ng_per_ml))
            for of in falling
        )
        return Fall(
            level_ng_per_ml,
            soonest_min=_within(float(soonest)),
            latest_min=_within(float(latest)),
            site_soonest_min=_within(float(site_soonest)),
            site_latest_min=_within(float(site_latest)),
        )


def _check_now(now_min: float) -> None:
    if not 0 <= now_min <= _LONGEST_MIN:
        raise RegimenError(
            f"Now is minute {now_min:g} of the infusion. Write minutes since its start, from 0 to {_LONGEST_MIN:g}: "
            "what began before is no longer followed."
        )


def _check_level(level_ng_per_ml: float) -> None:
    if not 0 < level_ng_per_ml < float("inf"):
        raise RegimenError(f"The level is {level_ng_per_ml:g} ng/mL. Write one above 0.")


def minutes(first: float, last: float) -> FloatArray:
    """Whole minutes from one time to another, with both ends as they are."""
    whole = np.arange(np.floor(first / _STEP_MIN) + 1, np.ceil(last / _STEP_MIN)) * _STEP_MIN
    return np.unique(np.concatenate([[first], whole, [last]]))


def _reached(falling: FloatArray, after_min: FloatArray, level: float) -> FloatArray:
    """When each row falls to a level for good, its logarithm straight between the times; beyond the last where it does
    not. An effect site may rise above it first."""
    over = falling > level
    last = np.where(over.any(axis=1), over.shape[1] - 1 - np.argmax(over[:, ::-1], axis=1), -1)
    k = np.clip(last, 0, len(after_min) - 2)
    rows = np.arange(len(falling))
    begin, end = (np.log(np.maximum(falling[rows, at], np.finfo(float).tiny)) for at in (k, k + 1))
    share = (begin - np.log(level)) / np.where(begin > end, begin - end, 1.0)
    found = after_min[k] + share * (after_min[k + 1] - after_min[k])
    return np.where(last < 0, 0.0, np.where(last > len(after_min) - 2, 2 * _LONGEST_MIN, found))


def _within(minutes_after: float) -> float | None:
    return minutes_after if minutes_after <= _LONGEST_MIN else None
