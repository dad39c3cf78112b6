"""Peak, its minute and the minutes above a level, without keeping a curve."""

from importlib.util import find_spec

import numpy as np
import pytest

from infusions import PAUSED_AND_SLOWED, REGIMENS, TRIAL, WITH_A_BOLUS, average_patients, people
from sextant.pharmacology import Bolus, Regimen, Segment, concentrations, engine, exposure, repeated

ENGINES = [
    "numpy",
    pytest.param(
        "compiled",
        marks=pytest.mark.skipif(find_spec("numba") is None, reason="no numba on this machine; it is the extra 'fast'"),
    ),
]
BY_MINUTE = np.arange(0.0, 241.0)
UNEVEN = np.unique(np.concatenate([np.random.default_rng(2).uniform(0, 240, 90), [0.0, 40.0, 240.0]]))


def minutes_above(curve: np.ndarray, times: np.ndarray, level: float) -> float:
    """By hand: the curve with straight lines between its times, cut finely."""
    crossings = []
    for k in np.flatnonzero((curve[:-1] > level) != (curve[1:] > level)):
        crossings.append(times[k] + (level - curve[k]) / (curve[k + 1] - curve[k]) * (times[k + 1] - times[k]))
    edges = np.unique([times[0], *crossings, times[-1]])
    middles = (edges[:-1] + edges[1:]) / 2
    return float(np.diff(edges)[np.interp(middles, times, curve) > level].sum())


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize("times", [BY_MINUTE, UNEVEN], ids=["by minute", "uneven"])
@pytest.mark.parametrize("levels", [(0.0, 0.0), (100.0, 70.0), (220.0, 185.0), (9000.0, 9000.0)])
@pytest.mark.parametrize("regimen", [*REGIMENS.values(), repeated(TRIAL, [0.0, 90.0])], ids=[*REGIMENS, "twice"])
def test_it_is_that_of_the_curves(regimen, levels, times, by):
    some = people(30)
    curves = concentrations(some, regimen, times)

    found = exposure(some, regimen, times, levels, by=engine(by))

    for one, curve, level in zip(found, (curves.plasma_ng_per_ml, curves.effect_site_ng_per_ml), levels, strict=True):
        assert one.peak_ng_per_ml == pytest.approx(curve.max(axis=1), rel=1e-12)
        assert np.take_along_axis(curve, np.searchsorted(times, one.peak_min)[:, None], 1)[:, 0] == pytest.approx(
            curve.max(axis=1), rel=2e-9
        )
        assert one.minutes_above == pytest.approx([minutes_above(row, times, level) for row in curve], abs=1e-8)


@pytest.mark.parametrize("by", ENGINES)
def test_of_infusions_alike_the_first_peak_is_the_peak(by):
    six = repeated(TRIAL, [day * 1440.0 for day in (0, 3, 7, 10, 14, 17)])
    times = np.concatenate([day * 1440.0 + BY_MINUTE for day in (0, 3, 7, 10, 14, 17)])
    apart = repeated(TRIAL, [day * 14_400.0 for day in range(3)])

    plasma, _ = exposure(average_patients(), apart, np.arange(0.0, 30_000.0, 20.0), by=engine(by))
    carried, _ = exposure(average_patients(), six, times, by=engine(by))

    assert np.all(plasma.peak_min == 40.0)
    assert np.all((carried.peak_min % 1440.0) == 40.0)


@pytest.mark.parametrize("by", ENGINES)
def test_a_second_infusion_that_rises_further_moves_the_peak(by):
    higher = Regimen((*TRIAL.segments, Segment(200, 40, 1.0)))

    plasma, effect = exposure(people(50), higher, BY_MINUTE, (100.0, 100.0), by=engine(by))

    assert np.all(plasma.peak_min == 240.0)
    assert np.all(effect.peak_min == 240.0)


@pytest.mark.parametrize("by", ENGINES)
def test_an_effect_site_that_rises_after_the_end_is_followed_of_each_alone(by):
    """Alone, for what is skipped when nobody's concentration can rise depends on who is in the block."""
    regimen = Regimen((Segment(20, 3, 4.0),), (Bolus(0, 20.0), Bolus(50, 25.0)))
    some, times = people(25), np.arange(0.0, 120.0, 2.5)
    curves = concentrations(some, regimen, times).effect_site_ng_per_ml

    for k, curve in enumerate(curves):
        _, effect = exposure(some[np.array([k])], regimen, times, (0.0, 150.0), by=engine(by))

        assert effect.peak_min == times[curve.argmax()] > 0
        assert effect.peak_ng_per_ml == pytest.approx(curve.max(), rel=1e-12)
        assert effect.minutes_above == pytest.approx(minutes_above(curve, times, 150.0), abs=1e-8)


@pytest.mark.parametrize("by", ENGINES)
def test_above_at_the_first_and_at_the_last_time(by):
    during = np.arange(30.0, 41.0)

    plasma, _ = exposure(average_patients(), TRIAL, during, (100.0, 100.0), by=engine(by))

    assert plasma.minutes_above == pytest.approx([10.0] * len(average_patients()))


@pytest.mark.parametrize("by", ENGINES)
def test_who_is_never_above_has_no_minutes_and_nothing_given_no_peak(by):
    some = average_patients()

    none, _ = exposure(some, Regimen(), BY_MINUTE, (1.0, 1.0), by=engine(by))
    below, _ = exposure(some, PAUSED_AND_SLOWED, BY_MINUTE, (5000.0, 5000.0), by=engine(by))

    assert np.all(none.peak_ng_per_ml == 0)
    assert np.all(none.minutes_above == 0)
    assert np.all(below.minutes_above == 0)


@pytest.mark.parametrize("by", ENGINES)
def test_of_one_time_and_of_none(by):
    some = average_patients()

    one, _ = exposure(some, WITH_A_BOLUS, np.array([40.0]), (1.0, 1.0), by=engine(by))
    none, _ = exposure(some, WITH_A_BOLUS, np.array([]), (1.0, 1.0), by=engine(by))

    assert np.all(one.peak_min == 40.0)
    assert np.all(one.minutes_above == 0)
    assert np.all(none.peak_ng_per_ml == 0)
