"""The infusion as it was really given: pause, slow, resume, stop early; and what may come."""

from dataclasses import astuple
from itertools import pairwise

import numpy as np
import pytest

from infusions import TRIAL
from sextant.pharmacology import (
    AHEAD_MIN,
    Bolus,
    LiveInfusion,
    Next,
    Regimen,
    RegimenError,
    Rivals,
    Segment,
    concentrations,
    drawn_patients,
    rivals,
)
from sextant.pharmacology.band import _SEED, DRAWS

LIVE = LiveInfusion(70.0)
REALLY_GIVEN = Regimen(
    (Segment(0, 11.5, 0.875), Segment(19.25, 14.5, 0.4375), Segment(33.75, 100, 0.6)), (Bolus(0, 7.7),)
)
"""A push, paused at 11.5, resumed at half the rate at 19.25, faster from 33.75; still running."""


def directly(regimen: Regimen, times) -> np.ndarray:
    """Plasma of the average patients, by models, without a replay."""
    band = Rivals.of(70.0, [curve.model for curve in LIVE.replay(TRIAL, 0.0).so_far.curves]).band(regimen, times)
    return np.array([curve.plasma_ng_per_ml for curve in band.curves])


def plasma(band) -> np.ndarray:
    return np.array([curve.plasma_ng_per_ml for curve in band.curves])


class TestGiven:
    @pytest.mark.parametrize(
        ("now", "mg"),
        [
            (0.0, 7.7),
            (5.0, 7.7 + 4.375),
            (11.5, 7.7 + 10.0625),
            (15.0, 7.7 + 10.0625),
            (19.25, 7.7 + 10.0625),
            (33.75, 7.7 + 10.0625 + 6.34375),
            (40.1, 7.7 + 10.0625 + 6.34375 + 3.81),
        ],
    )
    def test_it_is_the_sum_of_the_segments_so_far(self, now, mg):
        assert LIVE.replay(REALLY_GIVEN, now).given_mg == pytest.approx(mg, abs=1e-9)

    def test_a_pump_log_of_many_entries_keeps_the_hundredth_of_a_milligram(self):
        turns = np.round(np.cumsum(np.random.default_rng(1).uniform(0.1, 1.0, 120)), 2)
        segments = tuple(Segment(a, b - a, 0.5 + 0.01 * k) for k, (a, b) in enumerate(pairwise(turns)))

        found = LIVE.replay(Regimen(segments), float(turns[-1])).given_mg

        by_hand = sum(round(b - a, 2) * (0.5 + 0.01 * k) for k, (a, b) in enumerate(pairwise(turns)))
        assert found == pytest.approx(by_hand, abs=1e-9)

    def test_stopped_early_nothing_more_is_given(self):
        stopped = TRIAL.until(13.0)

        assert stopped.total_mg == pytest.approx(11.375)
        assert stopped.rate_at(13.0) == 0.0
        assert LIVE.replay(stopped, 30.0).given_mg == pytest.approx(11.375)


class TestSoFarAndAhead:
    NOW = 36.4

    def test_so_far_is_what_was_given_whatever_was_planned(self):
        so_far = LIVE.replay(REALLY_GIVEN, self.NOW).so_far

        assert so_far.times_min[0] == 0.0
        assert so_far.times_min[-1] == self.NOW
        assert plasma(so_far) == pytest.approx(directly(REALLY_GIVEN, so_far.times_min), rel=1e-12)

    def test_the_futures_begin_where_the_past_ends(self):
        replay = LIVE.replay(REALLY_GIVEN, self.NOW, slow_to_mg_per_min=0.3)

        for band in replay.ahead.values():
            assert plasma(band)[:, 0] == pytest.approx(plasma(replay.so_far)[:, -1], rel=1e-12)
            assert band.plasma.low[0] == pytest.approx(replay.so_far.plasma.low[-1], rel=1e-12)
            assert band.times_min[[0, -1]] == pytest.approx([self.NOW, self.NOW + AHEAD_MIN])

    @pytest.mark.parametrize(("what", "rate"), [(Next.GO_ON, 0.6), (Next.PAUSE, 0.0), (Next.SLOW, 0.25)])
    def test_each_future_is_its_rate_from_now_on(self, what, rate):
        band = LIVE.replay(REALLY_GIVEN, self.NOW, slow_to_mg_per_min=0.25).ahead[what]

        then = Regimen((*REALLY_GIVEN.until(self.NOW).segments, Segment(self.NOW, 60, rate)), REALLY_GIVEN.boluses)
        assert plasma(band) == pytest.approx(directly(then, band.times_min), rel=1e-11)

    def test_going_on_ends_when_the_order_was_given(self):
        band = LIVE.replay(TRIAL, 30.0, ordered_mg=28.0).ahead[Next.GO_ON]

        assert plasma(band) == pytest.approx(directly(TRIAL.until(32.0), band.times_min), rel=1e-12)

    def test_slower_the_same_order_lasts_longer(self):
        band = LIVE.replay(TRIAL, 30.0, ordered_mg=28.0, slow_to_mg_per_min=0.4375).ahead[Next.SLOW]

        slower = Regimen((Segment(0, 30, 0.875), Segment(30, 4, 0.4375)))
        assert plasma(band) == pytest.approx(directly(slower, band.times_min), rel=1e-12)

    @pytest.mark.parametrize("ordered", [26.25, 20.0])
    def test_where_the_order_was_given_or_passed_nothing_is_added(self, ordered):
        ahead = LIVE.replay(TRIAL, 30.0, ordered_mg=ordered).ahead

        assert plasma(ahead[Next.GO_ON]) == pytest.approx(plasma(ahead[Next.PAUSE]), rel=1e-12)

    def test_during_a_pause_to_go_on_is_to_stay_paused(self):
        ahead = LIVE.replay(REALLY_GIVEN, 15.0).ahead

        assert [*ahead] == [Next.GO_ON, Next.PAUSE]
        assert np.array_equal(plasma(ahead[Next.GO_ON]), plasma(ahead[Next.PAUSE]))

    def test_what_is_planned_for_later_is_in_no_future(self):
        planned = Regimen((Segment(0, 20, 0.875), Segment(25, 20, 0.875)), (Bolus(22, 10.0),))

        ahead = LIVE.replay(planned, 20.0).ahead[Next.GO_ON]

        assert plasma(ahead) == pytest.approx(directly(planned.until(20.0), ahead.times_min), rel=1e-12)

    def test_to_go_on_is_never_lower_than_to_slow_nor_that_than_to_pause(self):
        ahead = LIVE.replay(TRIAL, 20.0, slow_to_mg_per_min=0.4).ahead

        for this, that in ((Next.GO_ON, Next.SLOW), (Next.SLOW, Next.PAUSE)):
            assert np.all(ahead[this].plasma.low >= ahead[that].plasma.low)
            assert np.all(ahead[this].effect_site.high >= ahead[that].effect_site.high)

    def test_at_the_very_start(self):
        replay = LIVE.replay(TRIAL, 0.0)

        assert replay.given_mg == 0.0
        assert plasma(replay.so_far).max() == 0.0
        assert plasma(replay.ahead[Next.GO_ON])[0, 40] == pytest.approx(253.05207, rel=1e-6)


class TestFall:
    """When it will have fallen, against people worked out minute by minute."""

    @pytest.mark.parametrize("level", [150.0, 100.0, 50.0, 20.0])
    @pytest.mark.parametrize("now", [20.0, 40.0, 45.0])
    def test_within_a_minute_of_the_minutes_themselves(self, now, level):
        after = np.arange(0.0, 1200.0, 0.25)

        found = LIVE.fall(TRIAL, now, level)

        soonest, latest = [], []
        for one in rivals():
            people = drawn_patients(one, 70.0, 2048, seed=7)
            curves = concentrations(people, TRIAL.until(now), now + after).plasma_ng_per_ml
            minutes = after[np.argmax(curves <= level, axis=1)]
            soonest.append(np.quantile(minutes, 0.025))
            latest.append(np.quantile(minutes, 0.975))
        # 200 people do not tell the outer fortieths exactly: beside the minute a twentieth.
        assert found.soonest_min == pytest.approx(min(soonest), abs=1.0, rel=0.05)
        assert found.latest_min == pytest.approx(max(latest), abs=1.0, rel=0.05)

    @pytest.mark.parametrize("level", [200.0, 120.0, 60.0, 30.0, 15.0])
    def test_of_the_very_same_people_within_a_quarter_of_a_minute_or_a_thousandth(self, level):
        after = np.arange(0.0, 1500.0, 0.125)
        found = LIVE.fall(TRIAL, 40.0, level)

        ends = []
        for one in rivals():
            curves = concentrations(drawn_patients(one, 70.0, DRAWS, _SEED), TRIAL, 40.0 + after).plasma_ng_per_ml
            ends.append(np.quantile(after[np.argmax(curves <= level, axis=1)], [0.025, 0.975]))
        assert found.soonest_min == pytest.approx(np.min(ends), abs=0.25, rel=1e-3)
        assert found.latest_min == pytest.approx(np.max(ends), abs=0.25, rel=1e-3)

    def test_who_is_not_above_waits_for_nothing(self):
        found = LIVE.fall(TRIAL, 40.0, 2000.0)

        assert (found.soonest_min, found.latest_min) == (0.0, 0.0)

    def test_what_lasts_beyond_two_days_is_not_told(self):
        found = LIVE.fall(TRIAL, 40.0, 1e-6)

        assert found.latest_min is None

    @pytest.mark.parametrize("now", [0.0, 20.0, 36.4, 120.0])
    def test_asked_for_with_the_replay_both_are_as_asked_for_alone(self, now):
        together = LIVE.replay(REALLY_GIVEN, now, ordered_mg=60.0, slow_to_mg_per_min=0.1, level_ng_per_ml=70.0)

        alone = LIVE.replay(REALLY_GIVEN, now, ordered_mg=60.0, slow_to_mg_per_min=0.1)
        assert alone.fall is None
        assert astuple(together.fall) == pytest.approx(astuple(LIVE.fall(REALLY_GIVEN, now, 70.0)), rel=1e-9)
        for what, band in alone.ahead.items():
            assert np.array_equal(together.ahead[what].times_min, band.times_min)
            assert together.ahead[what].plasma.high == pytest.approx(band.plasma.high, rel=1e-11)
            assert together.ahead[what].effect_site.low == pytest.approx(band.effect_site.low, rel=1e-11)

    def test_only_what_was_given_counts(self):
        assert LIVE.fall(TRIAL, 20.0, 50.0) == LIVE.fall(TRIAL.until(20.0), 20.0, 50.0)


class TestRefused:
    @pytest.mark.parametrize("now", [-0.1, float("nan"), float("inf"), 2881.0, 1.8e9])
    def test_a_time_that_is_none_of_the_infusion(self, now):
        for ask in (lambda: LIVE.replay(TRIAL, now), lambda: LIVE.fall(TRIAL, now, 50.0)):
            with pytest.raises(RegimenError, match="Write minutes since its start"):
                ask()

    @pytest.mark.parametrize("rate", [0.0, -1.0, 0.875, 1.0, float("nan")])
    def test_a_slower_rate_that_is_not(self, rate):
        with pytest.raises(RegimenError, match="is not slower"):
            LIVE.replay(TRIAL, 20.0, slow_to_mg_per_min=rate)

    @pytest.mark.parametrize("mg", [0.0, -35.0, float("nan"), float("inf")])
    def test_an_order_of_nothing(self, mg):
        with pytest.raises(RegimenError, match="Write milligrams above 0"):
            LIVE.replay(TRIAL, 20.0, ordered_mg=mg)

    @pytest.mark.parametrize("level", [0.0, -5.0, float("nan"), float("inf")])
    def test_a_level_that_nothing_falls_to(self, level):
        for ask in (lambda: LIVE.fall(TRIAL, 20.0, level), lambda: LIVE.replay(TRIAL, 20.0, level_ng_per_ml=level)):
            with pytest.raises(RegimenError, match="Write one above 0"):
                ask()
