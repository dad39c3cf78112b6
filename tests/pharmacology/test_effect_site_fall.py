"""When a level is left for good, in the blood and at the effect site that follows it."""

import numpy as np
import pytest

from sextant.pharmacology import LiveInfusion, Regimen, Rivals, Segment, models
from sextant.pharmacology.concentration import concentrations

LIVE = LiveInfusion(70.0)
PAUSED = Regimen((Segment(0.0, 15.0, 0.875),))


def over_by_hand(regimen: Regimen, now_min: float, level: float) -> tuple[float, float]:
    """The last tenth of a minute at which each person's effect site is above the level, as the band takes people."""
    people = Rivals.of(70.0, tuple(models().values()))
    after = np.arange(0.0, 300.0, 0.1)
    site = concentrations(people.drawn, regimen, now_min + after).effect_site_ng_per_ml
    last = np.where((site > level).any(axis=1), after[site.shape[1] - 1 - np.argmax(site[:, ::-1] > level, axis=1)], 0)
    soonest, latest = people.outer(last)
    return float(soonest), float(latest)


@pytest.mark.parametrize(("ran_min", "level"), [(15.0, 70.0), (15.0, 100.0), (3.0, 40.0)])
def test_the_effect_site_leaves_a_level_when_it_is_last_above_it_even_if_it_rises_first(ran_min: float, level: float):
    given = PAUSED.until(ran_min)

    found = LIVE.fall(given, ran_min, level)

    soonest, latest = over_by_hand(given, ran_min, level)
    assert found.site_soonest_min == pytest.approx(soonest, abs=0.3)
    assert found.site_latest_min == pytest.approx(latest, abs=0.3)


def test_after_a_stop_the_effect_site_is_over_a_level_for_longer_than_the_blood():
    found = LIVE.fall(PAUSED, 15.0, 70.0)

    assert found.latest_min is not None
    assert found.site_latest_min is not None
    assert found.site_latest_min > found.latest_min + 5
