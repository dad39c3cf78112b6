"""The concentrations are those of the differential equations, to 1e-9 of the peak and better, by either engine."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from infusions import REGIMENS, TRIAL, WITH_A_BOLUS, average_patients, exact_curves, people, with_ke0
from sextant.pharmacology import (
    Bolus,
    Patients,
    Regimen,
    Segment,
    average_patient,
    concentrations,
    concentrations_in_chunks,
    drawn_patients,
    engine,
    exposure,
    model,
    models,
    repeated,
)
from sextant.pharmacology.disposition import disposition
from sextant.pharmacology.timeline import timeline

ENGINES = [
    "numpy",
    pytest.param(
        "compiled",
        marks=pytest.mark.skipif(find_spec("numba") is None, reason="no numba on this machine; it is the extra 'fast'"),
    ),
]
MODELS = [*models()]
TIMES = [0.0, 1.0, 5.0, 14.9, 40.0, 61.5, 97.3, 240.0]
BY_MINUTE = np.arange(0.0, 241.0)


def both(patients: Patients, regimen: Regimen, times, **how) -> np.ndarray:
    """Plasma and effect site, shape (2, patients, times)."""
    found = concentrations(patients, regimen, np.asarray(times, float), **how)
    return np.stack([found.plasma_ng_per_ml, found.effect_site_ng_per_ml])


def of_the_peak(found: np.ndarray, expected: np.ndarray) -> float:
    """The largest difference as a part of the peak of plasma or effect site."""
    return float(np.max(np.abs(found - expected) / expected.max(axis=-1, keepdims=True)))


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize("regimen", REGIMENS.values(), ids=[*REGIMENS])
@pytest.mark.parametrize("name", MODELS)
def test_every_model_agrees_with_matrix_exponentials_of_sixty_digits(name, regimen, by):
    patient = average_patient(model(name), 82.0)

    found = both(patient, regimen, TIMES, by=engine(by))[:, 0]

    assert of_the_peak(found, exact_curves(patient, regimen, TIMES)) < 1e-12


def test_a_solver_of_differential_equations_finds_the_same():
    one = average_patient(model("kamp2020_opentiva"), 70.0)
    v1, v2, v3, cl, q2, q3, ke0 = (float(getattr(one, name)[0]) for name in ("v1", "v2", "v3", "cl", "q2", "q3", "ke0"))

    def flow(_, y, rate):
        c, c2, c3, effect = y
        return [
            (rate - cl * c - q2 * (c - c2) - q3 * (c - c3)) / v1,
            q2 * (c - c2) / v2,
            q3 * (c - c3) / v3,
            ke0 * (c - effect),
        ]

    begun = solve_ivp(flow, (0, 40), [0.0] * 4, "Radau", args=(0.875,), rtol=1e-10, atol=1e-13)
    after = solve_ivp(flow, (40, 90), begun.y[:, -1], "Radau", args=(0.0,), rtol=1e-10, atol=1e-13)

    found = both(one, TRIAL, [40.0, 90.0])[:, 0]
    expected = 1000 * np.array([begun.y[[0, 3], -1], after.y[[0, 3], -1]]).T
    assert of_the_peak(found, expected) < 1e-8


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize("apart", [0.0, 1e-4, 1e-5, 1e-6, 1e-7, -1e-8, 1e-10, 1e-12])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_an_effect_site_as_fast_as_a_compartment_costs_no_digits(which, apart, by):
    patient = average_patient(model("kamp2020_opentiva"), 70.0)
    patient = with_ke0(patient, disposition(patient).rates[which, 0] * (1 + apart))
    fine = np.round(np.arange(2401) * 0.1, 1)

    found = both(patient, WITH_A_BOLUS, fine, by=engine(by))[:, 0]

    asked = [40.0, 61.5, 97.3, 240.0]
    expected = exact_curves(patient, WITH_A_BOLUS, asked)
    assert np.max(np.abs(found[:, np.searchsorted(fine, asked)] - expected)) < 1e-11 * expected.max()


@pytest.mark.parametrize("by", ENGINES)
def test_exposure_of_such_a_patient_among_others_is_that_of_the_curves(by):
    some = people(9)
    rates = disposition(some).rates
    ke0 = some.ke0.copy()
    ke0[[1, 4]] = rates[0, 1], rates[1, 4] * (1 + 1e-9)
    some = replace(some, ke0=ke0)

    _, effect = exposure(some, TRIAL, BY_MINUTE, (100.0, 100.0), by=engine(by))

    curves = both(some, TRIAL, BY_MINUTE)[1]
    assert effect.peak_ng_per_ml == pytest.approx(curves.max(axis=1), rel=1e-12)
    assert effect.peak_min == pytest.approx(BY_MINUTE[curves.argmax(axis=1)])


def test_a_compartment_of_months_beside_one_of_minutes_keeps_its_digits():
    """Its rate is a millionth of the fastest: as a root of a cubic it would have lost six digits."""
    patient = average_patient(model("domino1984"), 70.0)
    patient = replace(patient, v3=patient.v3 * 1e4)
    months = [1440.0, 200_000.0, 1_000_000.0]

    found = both(patient, WITH_A_BOLUS, months)[:, 0]

    assert found == pytest.approx(exact_curves(patient, WITH_A_BOLUS, months), rel=1e-12)


@pytest.mark.parametrize("by", ENGINES)
def test_they_go_back_to_their_own_places_in_every_block(by):
    some, times = people(4200), np.array([0.0, 20.0, 45.0])
    ke0 = some.ke0.copy()
    ke0[[7, 4150]] = disposition(some).rates[0, [7, 4150]]
    some = replace(some, ke0=ke0)
    assert disposition(some).is_degenerate.sum() == 2

    found = both(some, TRIAL, times, by=engine(by))
    _, effect = exposure(some, TRIAL, times, (1.0, 1.0), by=engine(by))

    for k in (7, 54, 4150):
        alone = both(some[np.array([k])], TRIAL, times)[:, 0]
        assert found[:, k] == pytest.approx(alone, rel=1e-12)
        assert effect.peak_ng_per_ml[k] == pytest.approx(alone[1].max(), rel=1e-12)


def test_two_rates_of_the_compartments_that_fall_together_go_by_matrix():
    """A third compartment that hardly takes part, and is as fast as the plasma itself."""
    patient = average_patient(model("kamp2020_opentiva"), 70.0)
    without = replace(patient, q3=patient.q2 * 1e-15, v3=patient.v2)
    patient = replace(without, v3=without.q3 / disposition(without).rates[0])
    assert disposition(patient).is_degenerate.all()

    found = both(patient, WITH_A_BOLUS, TIMES)[:, 0]

    assert of_the_peak(found, exact_curves(patient, WITH_A_BOLUS, TIMES)) < 1e-11


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize("ke0", [1e-6, 1e3, 5.9e7])
def test_a_very_slow_and_an_instant_effect_site(ke0, by):
    patient = with_ke0(average_patient(model("domino1984"), 70.0), ke0)

    plasma, effect = both(patient, WITH_A_BOLUS, TIMES, by=engine(by))[:, 0]

    if ke0 < 1:
        assert 0 < effect.max() < 1e-3 * plasma.max()
    else:
        after_a_bolus = np.isin(TIMES, [5.0, 61.5])
        assert effect[~after_a_bolus] == pytest.approx(plasma[~after_a_bolus], rel=3 / ke0 + 1e-12)


def test_both_engines_agree():
    pytest.importorskip("numba", reason="no numba on this machine; it is the extra 'fast'")
    some, regimen = people(300), repeated(WITH_A_BOLUS, [0.0, 3 * 1440.0])
    times = np.unique(np.concatenate([BY_MINUTE, 3 * 1440.0 + np.sort(np.random.default_rng(5).uniform(0, 300, 200))]))

    one, other = (both(some, regimen, times, by=engine(name)) for name in ("numpy", "compiled"))

    assert of_the_peak(other, one) < 1e-12
    shown = one > 1e-3
    assert np.max(np.abs(other[shown] / one[shown] - 1)) < 1e-12


def test_both_engines_sum_up_alike():
    pytest.importorskip("numba", reason="no numba on this machine; it is the extra 'fast'")
    some, regimen = people(300), repeated(TRIAL, [0.0, 1440.0, 4000.5])
    times = np.unique(np.concatenate([BY_MINUTE, 1440 + BY_MINUTE[::7], 4000 + BY_MINUTE]))

    one, other = (exposure(some, regimen, times, (120.0, 90.0), by=engine(name)) for name in ("numpy", "compiled"))

    for a, b in zip(one, other, strict=True):
        assert b.peak_ng_per_ml == pytest.approx(a.peak_ng_per_ml, rel=1e-12)
        assert np.array_equal(b.peak_min, a.peak_min)
        assert b.minutes_above == pytest.approx(a.minutes_above, rel=1e-9, abs=1e-9)


class TestUnits:
    """A slip of units shows when all of one kind are written in another: the curve must not change."""

    SOME = average_patients(70.0)

    def test_hours_for_minutes(self):
        clearances = {name: getattr(self.SOME, name) * 60 for name in ("cl", "q2", "q3", "ke0")}
        in_hours = Regimen(
            tuple(
                Segment(s.start_min / 60, s.duration_min / 60, s.rate_mg_per_min * 60) for s in WITH_A_BOLUS.segments
            ),
            tuple(Bolus(b.at_min / 60, b.mg) for b in WITH_A_BOLUS.boluses),
        )

        found = both(replace(self.SOME, **clearances), in_hours, BY_MINUTE / 60)

        assert of_the_peak(found, both(self.SOME, WITH_A_BOLUS, BY_MINUTE)) < 1e-12

    def test_micrograms_for_milligrams(self):
        found = both(self.SOME, WITH_A_BOLUS.scaled(1000.0), BY_MINUTE) / 1000

        assert of_the_peak(found, both(self.SOME, WITH_A_BOLUS, BY_MINUTE)) < 1e-12

    def test_millilitres_for_litres(self):
        in_ml = {name: getattr(self.SOME, name) * 1000 for name in ("v1", "v2", "v3", "cl", "q2", "q3")}

        found = both(replace(self.SOME, **in_ml), WITH_A_BOLUS, BY_MINUTE) * 1000

        assert of_the_peak(found, both(self.SOME, WITH_A_BOLUS, BY_MINUTE)) < 1e-12

    def test_milligrams_for_milligrams_per_kilogram(self):
        some = people(40)

        found = both(some, TRIAL.scaled(1 / 70), BY_MINUTE, per_kg=True)

        for k in (0, 17, 39):
            alone = both(some[np.array([k])], TRIAL.scaled(float(some.weight_kg[k]) / 70), BY_MINUTE)
            assert of_the_peak(found[:, [k]], alone) < 1e-12


class TestMassBalance:
    """What was given is in the three compartments or was cleared; to the last of it.

    A compartment holds what an effect site holds that follows the plasma at the compartment's own rate: that gives the
    amounts which the engine does not print.
    """

    @staticmethod
    def panels(edges: list[float]) -> tuple[np.ndarray, np.ndarray]:
        """Times and weights of Gauss and Legendre between each two edges."""
        at, weight = np.polynomial.legendre.leggauss(24)
        begin, half = np.array(edges[:-1]), np.diff(edges) / 2
        return (
            (begin[:, None] + half[:, None] * (1 + at)).ravel(),
            (half[:, None] * weight).ravel(),
        )

    @pytest.mark.parametrize("name", MODELS)
    @pytest.mark.parametrize("end", [3.0, 40.0, 60.0, 300.0])
    def test_given_is_held_and_cleared(self, name, end):
        patient = average_patient(model(name), 70.0)
        given = WITH_A_BOLUS.until(end).total_mg
        edges = sorted({0.0, 5.0, 55.0, 61.5, end, *np.arange(0, end, 5.0)})
        times, weights = self.panels([edge for edge in edges if edge <= end])

        held = (
            float(getattr(patient, volume)[0]) * found[-1] / 1000
            for volume, found in [
                ("v1", both(patient, WITH_A_BOLUS, [end])[0, 0]),
                ("v2", both(replace(patient, ke0=patient.q2 / patient.v2), WITH_A_BOLUS, [end])[1, 0]),
                ("v3", both(replace(patient, ke0=patient.q3 / patient.v3), WITH_A_BOLUS, [end])[1, 0]),
            ]
        )
        cleared = float(patient.cl[0]) * float(both(patient, WITH_A_BOLUS, times)[0, 0] @ weights) / 1000

        assert sum(held) + cleared == pytest.approx(given, rel=1e-10, abs=1e-12)

    @pytest.mark.parametrize("name", MODELS)
    def test_area_under_both_curves_times_clearance_is_the_dose(self, name):
        patient = average_patient(model(name), 70.0)
        times, weights = self.panels([0.0, *np.arange(1, 40, 3.0), 40.0, *(40 + np.geomspace(1, 40_000, 80))])

        area = both(patient, TRIAL, times)[:, 0] @ weights

        assert area * float(patient.cl[0]) / 1000 == pytest.approx([35.0, 35.0], rel=1e-9)


class TestLinearity:
    SOME = people(60)

    def test_twice_the_dose_is_twice_the_concentration(self):
        found = both(self.SOME, WITH_A_BOLUS.scaled(2.0), BY_MINUTE)

        assert of_the_peak(found, 2 * both(self.SOME, WITH_A_BOLUS, BY_MINUTE)) < 1e-13

    def test_parts_add_up(self):
        parts = [Regimen(WITH_A_BOLUS.segments), *(Regimen((), (one,)) for one in WITH_A_BOLUS.boluses)]

        found = sum(both(self.SOME, one, BY_MINUTE) for one in parts)

        assert of_the_peak(found, both(self.SOME, WITH_A_BOLUS, BY_MINUTE)) < 1e-13

    def test_an_hour_later_is_the_same_an_hour_later(self):
        found = both(self.SOME, repeated(WITH_A_BOLUS, [60.0]), BY_MINUTE + 60)

        assert of_the_peak(found, both(self.SOME, WITH_A_BOLUS, BY_MINUTE)) < 1e-13

    def test_one_rate_in_two_segments_is_one_segment(self):
        split = Regimen((Segment(0, 13.37, 0.875), Segment(13.37, 26.63, 0.875)))

        assert of_the_peak(both(self.SOME, split, BY_MINUTE), both(self.SOME, TRIAL, BY_MINUTE)) < 1e-13

    def test_a_pause_of_rate_zero_is_no_segment(self):
        told = Regimen((Segment(0, 15, 0.875), Segment(15, 10, 0.0), Segment(25, 50, 0.4375)))

        found = both(self.SOME, told, BY_MINUTE)

        assert np.array_equal(found, both(self.SOME, REGIMENS["paused and slowed"], BY_MINUTE))

    @pytest.mark.parametrize("by", ENGINES)
    def test_a_short_segment_tends_to_a_bolus(self, by):
        later = np.array([2.0, 10.0, 60.0])
        bolus = both(self.SOME, Regimen((), (Bolus(1.0, 7.7),)), later, by=engine(by))

        far = [
            of_the_peak(both(self.SOME, Regimen((Segment(1.0, s, 7.7 / s),)), later, by=engine(by)), bolus)
            for s in (1e-2, 1e-4, 1e-6)
        ]

        assert far[0] < 2e-2
        assert far[1] == pytest.approx(far[0] / 100, rel=0.02)
        assert far[2] == pytest.approx(far[0] / 10_000, rel=0.02)


@pytest.mark.parametrize("by", ENGINES)
def test_no_concentration_is_below_zero_however_early_or_late(by):
    times = np.concatenate([np.geomspace(1e-9, 1, 30), np.geomspace(2, 60_000, 60)])

    found = both(people(200), Regimen((), (Bolus(0, 7.7),)), times, by=engine(by))

    assert found.min() >= 0
    assert np.all(found[0] > 0)


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize("n", [1, 1023, 1024, 1025, 4097, 8193])
def test_neither_order_nor_borders_of_blocks_matter(n, by):
    some, times = people(n), np.array([0.0, 5.0, 40.0, 41.5])
    order = np.random.default_rng(8).permutation(n)

    chunks = [(which, np.stack([c.plasma_ng_per_ml, c.effect_site_ng_per_ml]).copy())
              for which, c in concentrations_in_chunks(some, WITH_A_BOLUS, times, by=engine(by))]  # fmt: skip
    found = both(some[order], WITH_A_BOLUS, times, by=engine(by))

    whole = np.concatenate([one for _, one in chunks], axis=1)
    assert [k for which, _ in chunks for k in range(n)[which]] == [*range(n)]
    assert np.allclose(found, whole[:, order], rtol=1e-13, atol=0)
    for k in {0, n // 2, n - 1}:
        assert np.allclose(both(some[np.array([k])], WITH_A_BOLUS, times), whole[:, [k]], rtol=1e-12, atol=0)


class TestTimes:
    PATIENT = average_patient(model("kamp2020_opentiva"), 70.0)

    @pytest.mark.parametrize("by", ENGINES)
    def test_which_times_are_asked_for_changes_none_of_them(self, by):
        rng = np.random.default_rng(4)
        few = np.sort(rng.uniform(0, 240, 40))
        many = np.unique(np.concatenate([few, rng.uniform(0, 240, 700), BY_MINUTE]))

        found = both(self.PATIENT, WITH_A_BOLUS, many, by=engine(by))[:, :, np.searchsorted(many, few)]

        assert of_the_peak(found, both(self.PATIENT, WITH_A_BOLUS, few, by=engine(by))) < 1e-12

    @pytest.mark.parametrize("by", ENGINES)
    def test_ten_thousand_times_of_a_thousandth_are_exact_too(self, by):
        times = np.arange(61_501) / 1000

        found = both(self.PATIENT, WITH_A_BOLUS, times, by=engine(by))[:, 0]

        asked = [5.0, 40.0, 61.5]
        expected = exact_curves(self.PATIENT, WITH_A_BOLUS, asked)
        assert np.max(np.abs(found[:, np.searchsorted(times, asked)] - expected)) < 1e-11 * expected.max()

    def test_times_crowded_together_keep_their_places(self):
        times = np.cumsum(np.random.default_rng(6).exponential(1e-8, 20_000))

        found = both(self.PATIENT, TRIAL, times)[0, 0]

        alone = both(self.PATIENT, TRIAL, times[[7_777, -1]])[0, 0]
        assert found[[7_777, -1]] == pytest.approx(alone, rel=1e-5)

    def test_before_the_first_segment_there_is_nothing(self):
        later = Regimen((Segment(30, 40, 0.875),))

        found = both(self.PATIENT, later, [0.0, 10.0, 30.0, 31.0])[:, 0]

        assert np.all(found[:, :3] == 0)
        assert np.all(found[:, 3] > 0)

    def test_a_bolus_at_an_asked_time_has_been_given(self):
        plasma, effect = both(self.PATIENT, Regimen((), (Bolus(0, 7.0), Bolus(2.1, 7.0))), [0.0, 2.0, 2.1])[:, 0]

        assert plasma[0] == pytest.approx(1000 * 7.0 / 25)
        assert effect[0] == 0
        assert plasma[2] - plasma[1] > 200

    def test_also_where_the_sum_of_steps_misses_it_by_a_digit(self):
        time = 3 * 0.7
        assert time < 2.1

        found = both(self.PATIENT, Regimen((), (Bolus(2.1, 7.0),)), [0.7, time])[0, 0]

        assert found == pytest.approx([0.0, 280.0])

    def test_steps_of_a_tenth_are_one_length(self):
        times = np.round(np.arange(2401) * 0.1, 1)

        steps = timeline(TRIAL, times)

        assert len(steps.rate) == 2401
        assert len(steps.lengths_min) <= 2

    def test_of_no_times_there_is_nothing(self):
        assert both(self.PATIENT, TRIAL, []).shape == (2, 1, 0)

    def test_of_nothing_given_there_is_nothing(self):
        assert np.all(both(self.PATIENT, Regimen(), BY_MINUTE) == 0)

    @pytest.mark.parametrize(
        "times", [[-1.0, 0.0], [0.0, 0.0], [1.0, 0.5], [0.0, float("nan")], [0.0, float("inf")], [[0.0, 1.0]]]
    )
    def test_times_that_do_not_rise_from_the_start_are_refused(self, times):
        for ask in (concentrations, exposure):
            with pytest.raises(ValueError, match="each 0 or more, each after the last"):
                ask(self.PATIENT, TRIAL, np.array(times))


def test_an_engine_of_another_name_is_refused():
    with pytest.raises(ValueError, match="Write 'numpy' or 'compiled'"):
        engine("fortran")


def test_draws_are_the_same_again_and_others_with_another_seed():
    first, again, other = (drawn_patients(model("domino1984"), 70.0, 100, seed) for seed in (1, 1, 2))

    assert np.array_equal(first.v1, again.v1)
    assert not np.array_equal(first.v1, other.v1)


@pytest.mark.parametrize("weight_kg", [0.0, -70.0, float("nan"), float("inf")])
def test_nobody_without_a_weight_is_worked_out(weight_kg):
    with pytest.raises(ValueError, match="not above 0"):
        average_patient(model(MODELS[0]), weight_kg)
    with pytest.raises(ValueError, match="not above 0"):
        drawn_patients(model(MODELS[0]), np.array([70.0, weight_kg]), 2, 1)


def test_time_above_a_level_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        exposure(average_patients(), TRIAL, np.arange(3.0), (float("nan"), 0.0))
