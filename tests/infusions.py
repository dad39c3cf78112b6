"""Infusions that recur in the tests, and their concentrations worked out another way, with digits to spare."""

from dataclasses import replace
from decimal import Decimal, localcontext
from functools import cache

import numpy as np

from sextant.pharmacology import Bolus, Patients, Regimen, Segment, average_patient, drawn_patients, models, rivals

DIGITS = 60
TRIAL = Regimen((Segment(0, 40, 0.875),))
"""0.5 mg/kg over 40 minutes at 70 kg, in mg."""
PAUSED_AND_SLOWED = Regimen((Segment(0, 15, 0.875), Segment(25, 50, 0.4375)))
WITH_A_BOLUS = Regimen((Segment(5, 50, 0.84),), (Bolus(5, 7.7), Bolus(61.5, 3.0)))
REGIMENS = {"trial": TRIAL, "paused and slowed": PAUSED_AND_SLOWED, "with a bolus": WITH_A_BOLUS}

Matrix = list[list[Decimal]]


def people(n: int, *, seed: int = 3) -> Patients:
    """Half of each rival model, of many weights."""
    weights = np.random.default_rng(seed).uniform(45, 120, n)
    of_each = np.array_split(weights, len(rivals()))
    drawn = [drawn_patients(one, some, len(some), seed) for one, some in zip(rivals(), of_each, strict=True)]
    return Patients.together([one for one in drawn if len(one)])


def average_patients(weight_kg: float = 70.0) -> Patients:
    """The average patient of each model that ships."""
    return Patients.together([average_patient(one, weight_kg) for one in models().values()])


def with_ke0(patients: Patients, ke0_per_min: float) -> Patients:
    """The same with another effect site."""
    return replace(patients, ke0=np.full(len(patients), ke0_per_min))


def exact_curves(one: Patients, regimen: Regimen, times_min: list[float]) -> np.ndarray:
    """Plasma and effect site of one patient at each time, ng/mL, by matrix exponentials of 60 digits.

    Each volume and rate is taken as the binary figure that the engines have.
    """
    with localcontext() as context:
        context.prec = DIGITS
        found = [_exact(one, regimen, time) for time in times_min]
    return np.array(found).T


def _exact(one: Patients, regimen: Regimen, time: float) -> tuple[float, float]:
    v1, v2, v3, cl, q2, q3, ke0 = (
        Decimal(float(getattr(one, name)[0])) for name in ("v1", "v2", "v3", "cl", "q2", "q3", "ke0")
    )
    turns = {0.0, time, *(s.start_min for s in regimen.segments), *(s.end_min for s in regimen.segments)}
    turns = sorted(turn for turn in turns | {b.at_min for b in regimen.boluses} if turn <= time)
    state = [Decimal(0)] * 4 + [Decimal(1)]
    for begin, end in zip([0.0, *turns], turns, strict=False):
        rate = Decimal(next((s.rate_mg_per_min for s in regimen.segments if s.start_min <= begin < s.end_min), 0.0))
        flows = (
            (-(cl + q2 + q3) / v1, q2 / v2, q3 / v3, Decimal(0), rate),
            (q2 / v1, -q2 / v2, Decimal(0), Decimal(0), Decimal(0)),
            (q3 / v1, Decimal(0), -q3 / v3, Decimal(0), Decimal(0)),
            (ke0 / v1, Decimal(0), Decimal(0), -ke0, Decimal(0)),
            (Decimal(0),) * 5,
        )
        length = Decimal(end) - Decimal(begin)
        moved = _exponential(tuple(tuple(flow * length for flow in row) for row in flows))
        state = [sum((moved[i][j] * state[j] for j in range(5)), Decimal(0)) for i in range(5)]
        state[0] += sum((Decimal(b.mg) for b in regimen.boluses if b.at_min == end), Decimal(0))
    return float(1000 * state[0] / v1), float(1000 * state[3])


@cache
def _exponential(matrix: tuple[tuple[Decimal, ...], ...]) -> Matrix:
    """Scaling and squaring of the series."""
    halvings = 0
    while max(sum(map(abs, row)) for row in matrix) > 2**halvings:
        halvings += 1
    small = [[value / 2**halvings for value in row] for row in matrix]
    term = found = [[Decimal(int(i == j)) for j in range(5)] for i in range(5)]
    for k in range(1, 45):
        term = [[value / k for value in row] for row in _times(term, small)]
        found = [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(found, term, strict=True)]
    for _ in range(halvings):
        found = _times(found, found)
    return found


def _times(one: Matrix, other: Matrix) -> Matrix:
    return [[sum((row[k] * other[k][j] for k in range(5)), Decimal(0)) for j in range(5)] for row in one]
