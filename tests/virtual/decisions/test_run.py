"""A run: what is given, what it does in truth, and what the engine is told of it."""

from dataclasses import fields

import numpy as np
import pytest

from sextant.response.reading import ROBUST
from sextant.response.timeline import pack
from sextant.virtual.decisions.clinic import ATTENDANCE, INSTRUMENTS, MG_PER_KG, Clinic
from sextant.virtual.decisions.run import Run
from sextant.virtual.decisions.series import DOSE_DAYS, SCORED
from sextant.virtual.people import courses_of

DAYS = np.array([-1.0, 0.0, 0.5, 3.5, 3.6, 9.0, 40.0, 120.0])
POINTS_A_UNIT = np.array([25.0, 5.0])  # a scaled point is 25 points of craving or 5 of PHQ-9


@pytest.fixture(scope="module", params=[0.0, 0.5, 1.0])
def course(opened, request: pytest.FixtureRequest) -> Run:
    """Forty people: person p got the infusions that the bits of p say, each renewing fast benefit more or less."""
    run = Run(opened(40, carry_over=request.param))
    who = np.arange(40)
    for n, day in enumerate(DOSE_DAYS):
        run.infuse(float(day), (who >> n) % 2 == 1)
    return run


def doses_of(person: int) -> list[tuple[float, float]]:
    return [(float(day), MG_PER_KG) for n, day in enumerate(DOSE_DAYS) if (person >> n) % 2]


def truth(clinic: Clinic, days: np.ndarray) -> np.ndarray:
    """Benefit of each person by the virtual people's own account."""
    return np.concatenate([clinic.people.take(np.array([p])).benefit(days, doses_of(p)) for p in range(len(clinic))])


def test_benefit_is_that_of_the_people_from_their_own_infusions(course: Run):
    expected = truth(course.clinic, DAYS)

    np.testing.assert_allclose(course.benefit(DAYS), expected, rtol=0, atol=1e-12)
    assert (np.abs(expected[:, -1]) > 0).sum() > 10


def test_scores_are_lowered_by_benefit_from_the_day_after_an_infusion(course: Run):
    clinic = course.clinic
    loadings = clinic.people.settings.loadings(INSTRUMENTS)[:, None, :]
    scaled = clinic.undosed - loadings * truth(clinic, SCORED)[:, :, None]

    points = course.scores(len(SCORED))

    expected = np.clip(np.round(scaled * POINTS_A_UNIT), 0, [100, 27])
    np.testing.assert_array_equal(points, expected)
    np.testing.assert_array_equal(course.scores(5), points[:, :5])


def test_a_score_on_the_day_of_an_infusion_comes_before_it(opened):
    clinic = opened(30, np.array([-1.0, 0.0, 1.0]))
    run, never = Run(clinic), Run(clinic)

    run.infuse(0.0, np.ones(30, bool))

    np.testing.assert_array_equal(run.scores(2), never.scores(2))
    assert (run.scores(3)[:, 2] != never.scores(3)[:, 2]).any()


def test_clear_days_are_those_on_which_the_people_are_clear(course: Run):
    days = np.arange(0.5, 60.0)
    expected = [
        course.clinic.people.take(np.array([p])).clear(days, doses_of(p), "craving").sum()
        for p in range(40)
        if course.clinic.people.baselines[p, 0] > 0
    ]

    found = course.clear_days(days)[course.clinic.people.baselines[:, 0] > 0]

    np.testing.assert_array_equal(found, expected)
    assert found.max() > 10


def test_nobody_infused_leaves_no_trace(opened):
    run = Run(opened(3))

    run.infuse(0.0, np.zeros(3, bool))

    assert len(run.dose_days) == 0
    assert not run.benefit(DAYS).any()


def test_the_engine_is_told_what_a_clinic_would_have_written_down(course: Run):
    clinic = course.clinic
    points = course.scores(len(SCORED))
    courses = [
        courses_of(clinic.people.take(np.array([p])), points[[p]], SCORED, doses_of(p), ATTENDANCE)[0]
        for p in range(len(clinic))
    ]

    packed, told = pack(courses, INSTRUMENTS, ROBUST, clinic.believed), course.timelines(len(SCORED))

    for field in fields(packed):
        if field.name != "instruments":
            np.testing.assert_allclose(
                getattr(told, field.name), getattr(packed, field.name), rtol=0, atol=1e-12, err_msg=field.name
            )
    assert told.instruments == packed.instruments
    assert np.isneginf(packed.low).any()  # somebody is at a floor
    assert np.isposinf(packed.high).any()  # and somebody at a ceiling
