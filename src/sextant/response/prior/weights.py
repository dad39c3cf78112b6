"""On what each answer about the average patient rests: the share of each study, and of what was assumed before any.

With normal errors the precision of an answer is a sum over what was assumed and over studies. The share of a study is
its part of that sum, for the one direction in which the answer moves with the setting.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

from sextant.response.about import About
from sextant.response.course_data import INFUSIONS_IN_SERIES, Dose
from sextant.response.hyper_parameters import CLEAR_FRACTION_OF_BASELINE
from sextant.response.population import FITTED, settings_of
from sextant.response.prior.fitting import NAMES, Fitted
from sextant.response.prior.readings import USUAL_DAYS_BETWEEN, USUAL_MG_PER_KG
from sextant.response.prior.summaries import EDGE, Arm, fall
from sextant.response.prior.transfer import WIDER_IN_ADDICTION, discount_spread
from sextant.response.report import FloatArray
from sextant.response.settings import Settings

ASSUMED = "assumed"
"""What stands in the place of a study for what was assumed before any."""
_SERIES = Arm("craving", tuple(Dose(USUAL_DAYS_BETWEEN * n, USUAL_MG_PER_KG) for n in range(INFUSIONS_IN_SERIES)))
_SOON, _LATER = 3.0, 28.0  # days after the last infusion
_STEP = 0.05  # SDs, for slopes


def weights(fitted: Fitted) -> dict[About, dict[str, float]]:
    """For each answer the share of each study and of `ASSUMED`, largest first; the shares of one answer add up to 1.

    Of the prior that is carried over: what studies of depression tell counts less in addiction, and the doubt about the
    discount from open to controlled is assumed.
    """
    counts = WIDER_IN_ADDICTION**-2
    _, covariance = fitted.without(None, counts)
    found = {}
    for about, answer in _ANSWERS.items():
        slope = _slope(fitted, answer)
        spread = covariance @ slope
        whole = float(slope @ spread + slope @ discount_spread() @ slope)
        shares = {study: counts * float(spread @ fitted.told_by(study) @ spread) / whole for study in fitted.studies}
        shares[ASSUMED] = 1 - sum(shares.values())
        found[about] = dict(sorted(shares.items(), key=lambda one: -one[1]))
    return found


def _slope(fitted: Fitted, answer: Callable[[Settings], float]) -> FloatArray:
    """How an answer moves with the setting, (n_names,)."""
    slope = np.zeros(len(NAMES))
    for column in range(len(FITTED)):
        step = np.zeros(len(NAMES))
        step[column] = _STEP * fitted.start.sd[column]
        vectors = [(fitted.at + one)[None, : len(FITTED)] for one in (-step, step)]
        low, high = (answer(settings_of(one, fitted.fixed)) for one in vectors)
        slope[column] = (high - low) / (2 * step[column])
    return slope


def _clear(setting: Settings) -> float:
    return _clear_after(setting, _SOON)


def _lasting(setting: Settings) -> float:
    return _clear_after(setting, _LATER) / _clear_after(setting, _SOON)


def _clear_after(setting: Settings, days: float) -> float:
    """Share with clear benefit so long after a series of six, the programme's part taken off."""
    falls, shares, baseline = fall(setting, _SERIES, np.array([_SERIES.doses[-1].day + days]))
    benefit = (falls[1, :, 0] - falls[0, :, 0]) / baseline
    return float(shares[1] * ndtr((benefit - CLEAR_FRACTION_OF_BASELINE) / EDGE).mean())


def _one_more(setting: Settings) -> float:
    """Benefit of one more infusion over all days to come, on average (docs/response-model.md)."""
    hyper = setting.one(0)
    wanes = np.exp(hyper.mu_ln_tau_s + hyper.sd_ln_tau_s**2 / 2)
    wanes *= 1 + hyper.lasting_share * (hyper.lasting_ratio - 1)
    return float((1 - hyper.pi0 - hyper.pi_worse) * (hyper.mu_a * hyper.tau_f_days + hyper.mu_c * wanes))


def _worse(setting: Settings) -> float:
    return float(setting["pi_worse"][0])


_ANSWERS: dict[About, Callable[[Settings], float]] = {
    About.CLEAR: _clear,
    About.LASTING: _lasting,
    About.ONE_MORE: _one_more,
    About.WORSE: _worse,
}
