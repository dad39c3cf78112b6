"""The curve of those without the event, judged by hand, by another program and by counting anew."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sextant.outcomes import TimeToEvent
from sextant.outcomes.survival import CONFIDENCE, kaplan_meier

# Weeks in remission of leukaemia on 6-mercaptopurine, a set that textbooks print: Freireich and others, Blood 1963.
REMISSION = [
    *(TimeToEvent(week, True) for week in (6, 6, 6, 7, 10, 13, 16, 22, 23)),
    *(TimeToEvent(week, False) for week in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)),
]
# lifelines 0.30.3: KaplanMeierFitter(alpha=...).fit(weeks, came).confidence_interval_
BY_LIFELINES = {
    95: {
        6: (0.6197179553, 0.9515517476),
        7: (0.5631465646, 0.9228090192),
        10: (0.5031995108, 0.8893618352),
        13: (0.4316102225, 0.8490659633),
        16: (0.3675108560, 0.8049121895),
        22: (0.2677789368, 0.7467907176),
        23: (0.1880520060, 0.6801426285),
        35: (0.1880520060, 0.6801426285),
    },
    80: {
        6: (0.7237597790, 0.9291355845),
        13: (0.5309812947, 0.8047897373),
        23: (0.2735143813, 0.6084494835),
    },
}
TIMES = st.lists(st.builds(TimeToEvent, st.integers(0, 12), st.booleans()), min_size=1, max_size=30)


def test_the_remission_table_of_the_textbooks():
    steps = kaplan_meier(REMISSION, confidence=95)

    assert [(step.time, step.at_risk, step.events, round(step.survival, 3)) for step in steps if step.events] == [
        (6, 21, 3, 0.857),
        (7, 17, 1, 0.807),
        (10, 15, 1, 0.753),
        (13, 12, 1, 0.690),
        (16, 11, 1, 0.627),
        (22, 7, 1, 0.538),
        (23, 6, 1, 0.448),
    ]


@pytest.mark.parametrize("confidence", CONFIDENCE)
def test_intervals_are_those_of_lifelines(confidence):
    steps = {step.time: step for step in kaplan_meier(REMISSION, confidence=confidence)}

    for week, interval in BY_LIFELINES[confidence].items():
        assert (steps[week].low, steps[week].high) == pytest.approx(interval, abs=1e-9)


@given(TIMES, st.sampled_from(CONFIDENCE))
def test_every_step_is_the_one_counted_anew(patients, confidence):
    z = NormalDist().inv_cdf(0.5 + confidence / 200)
    survival, greenwood = 1.0, 0.0

    steps = kaplan_meier(patients, confidence=confidence)

    assert [step.time for step in steps] == sorted({one.time for one in patients})
    for step in steps:
        at_risk = sum(one.time >= step.time for one in patients)
        events = sum(one.time == step.time and one.event for one in patients)
        survival *= 1 - events / at_risk
        assert (step.at_risk, step.events) == (at_risk, events)
        assert step.survival == pytest.approx(survival, abs=1e-12)
        if survival in (0, 1):
            assert (step.low, step.high) == (None, None)
            continue
        greenwood += events / (at_risk * (at_risk - events))
        width = z * math.sqrt(greenwood) / abs(math.log(survival))
        assert step.low == pytest.approx(survival ** math.exp(width), abs=1e-12)
        assert step.high == pytest.approx(survival ** math.exp(-width), abs=1e-12)


@given(TIMES)
def test_the_narrower_interval_lies_within_the_wider(patients):
    for narrow, wide in zip(kaplan_meier(patients, confidence=80), kaplan_meier(patients, confidence=95), strict=True):
        assert narrow.low is None or wide.low <= narrow.low <= narrow.survival <= narrow.high <= wide.high


def test_nobody_gives_no_curve():
    assert kaplan_meier([], confidence=95) == ()


def test_where_nobody_had_the_event_survival_is_1_and_no_interval_is_claimed():
    steps = kaplan_meier([TimeToEvent(3, False), TimeToEvent(5, False)], confidence=95)

    assert [(step.at_risk, step.survival, step.low, step.high) for step in steps] == [
        (2, 1, None, None),
        (1, 1, None, None),
    ]


def test_where_everybody_had_the_event_the_curve_ends_at_0_and_no_interval_is_claimed_there():
    *_, last = kaplan_meier([TimeToEvent(3, True), TimeToEvent(5, True)], confidence=95)

    assert (last.at_risk, last.events, last.survival, last.low, last.high) == (1, 1, 0, None, None)


def test_who_is_last_seen_when_another_has_the_event_is_at_risk_then():
    (step,) = kaplan_meier([TimeToEvent(3, True), TimeToEvent(3, False)], confidence=95)

    assert (step.at_risk, step.survival) == (2, 0.5)


@pytest.mark.parametrize("time", [-1, math.nan, math.inf])
def test_a_time_that_cannot_be_is_refused(time):
    with pytest.raises(ValueError, match="cannot be"):
        kaplan_meier([TimeToEvent(time, True)], confidence=95)


def test_an_interval_that_is_not_offered_is_refused():
    with pytest.raises(ValueError, match="80 or 95"):
        kaplan_meier(REMISSION, confidence=99)
