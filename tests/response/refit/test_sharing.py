"""Clinics that fit one population together send each other sums over patients and nothing else."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from cohorts import narrow, simulated, truth
from sextant.response import CourseData, Dose, ScoreAt, design_assumptions
from sextant.response.population import FITTED
from sextant.response.refit import Cohort, maximum
from sextant.response.refit.search import Question
from sextant.response.refit.sharing import (
    Combined,
    Point,
    SharingError,
    combine,
    first_point,
    point_json,
    read_point,
    read_shared,
    share,
    shared_json,
)

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
SHIPPED = design_assumptions()
DOSE = (Dose(0.0, 0.5),)
ELSEWHERE = truth(mu_a=1.5, pi0=-1.0)


@pytest.fixture(scope="module")
def clinics() -> tuple[Cohort, Cohort]:
    return tuple(Cohort.of(simulated(60, seed, ELSEWHERE), SHIPPED) for seed in (1, 2))


def sent(value: dict) -> str:
    """What goes over the wire."""
    return json.dumps(value)


def together(clinics: tuple[Cohort, Cohort]) -> tuple[Combined, int]:
    """All rounds to the end, every message written out and read again; and how many rounds there were."""
    point = first_point(SHIPPED)
    while True:
        parts = [read_shared(sent(shared_json(share(clinic, SHIPPED, point)))) for clinic in clinics]
        found = combine(parts, SHIPPED, name="network")
        if isinstance(found, Combined):
            return found, point.number
        point = read_point(sent(point_json(found)))


def test_clinics_that_send_sums_find_the_maximum_of_their_patients_together(clinics: tuple[Cohort, Cohort]):
    pooled = Cohort.of(simulated(60, 1, ELSEWHERE) + simulated(60, 2, ELSEWHERE), SHIPPED)

    found, rounds = together(clinics)

    top = maximum(lambda at: pooled.contribution(SHIPPED, at), np.zeros(len(FITTED)))
    shift = (found.population.mean - SHIPPED.mean) / np.sqrt(np.diag(SHIPPED.covariance))
    assert shift == pytest.approx(top.shift, abs=1e-6)
    assert found.n_patients == 120
    assert found.population.version.startswith("network, 120 patients, ")
    assert rounds <= 20


def test_nothing_but_sums_leaves_a_clinic(clinics: tuple[Cohort, Cohort]):
    n = len(FITTED)

    part = shared_json(share(clinics[0], SHIPPED, first_point(SHIPPED)))

    assert list(part) == ["schema", "point", "n_patients", "log_evidence", "gradient", "products"]
    assert (len(part["gradient"]), np.array(part["products"]).shape) == (n, (n, n))
    assert part["point"] == point_json(first_point(SHIPPED))
    backwards = clinics[0].take(np.arange(60)[::-1])
    again = shared_json(share(backwards, SHIPPED, first_point(SHIPPED)))
    assert np.allclose(again["gradient"], part["gradient"], atol=1e-8)


def test_part_and_point_follow_their_schemas(clinics: tuple[Cohort, Cohort]):
    parts = [share(clinic, SHIPPED, first_point(SHIPPED)) for clinic in clinics]
    following = combine(parts, SHIPPED, name="network")

    assert isinstance(following, Point)
    for name, value in (
        ("contribution", shared_json(parts[0])),
        ("point", point_json(first_point(SHIPPED))),
        ("point", point_json(following)),
        ("contribution", shared_json(share(clinics[0], SHIPPED, following))),
    ):
        schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(json.loads(sent(value)))


def test_a_clinic_with_few_patients_shares_nothing(clinics: tuple[Cohort, Cohort]):
    with pytest.raises(SharingError, match="would stand for 49 patients; at least 50 are needed"):
        share(clinics[0].take(np.arange(49)), SHIPPED, first_point(SHIPPED))


def test_a_point_of_another_prior_is_not_answered(clinics: tuple[Cohort, Cohort]):
    with pytest.raises(SharingError, match="starts from the population 'narrow'"):
        share(clinics[0], SHIPPED, first_point(narrow(truth())))


def test_parts_that_do_not_belong_together_are_refused(clinics: tuple[Cohort, Cohort]):
    one, other = (share(clinic, SHIPPED, first_point(SHIPPED)) for clinic in clinics)
    following = combine([one, other], SHIPPED, name="network")
    later = share(clinics[1], SHIPPED, following)

    for parts, says in (
        ([one, one], "Parts 1 and 2 are the same"),
        ([one, later], "Part 2 answers another point"),
        ([one], "60 patients behind all parts; a refit needs at least 100"),
    ):
        with pytest.raises(SharingError, match=says):
            combine(parts, SHIPPED, name="network")


def test_a_clinic_whose_patients_changed_between_rounds_is_noticed(clinics: tuple[Cohort, Cohort]):
    following = combine([share(clinic, SHIPPED, first_point(SHIPPED)) for clinic in clinics], SHIPPED, name="network")
    parts = [share(clinics[0], SHIPPED, following), share(clinics[1].take(np.arange(59)), SHIPPED, following)]

    with pytest.raises(SharingError, match="119 patients stand behind these parts and 120 behind the round before"):
        combine(parts, SHIPPED, name="network")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"schema": "contribution/9"}, "Its schema is 'contribution/9'"),
        ({"n_patients": 10}, "It stands for 10 patients"),
        ({"gradient": [0.0]}, "does not have 19 entries"),
        ({"log_evidence": float("nan")}, "no number, or larger"),
        ({"point": {}}, "does not hold the point"),
        ({"products": (-np.eye(19)).tolist()}, "no sums of outer products"),
    ],
)
def test_a_part_that_cannot_be_right_is_refused(clinics: tuple[Cohort, Cohort], change: dict, says: str):
    part = shared_json(share(clinics[0], SHIPPED, first_point(SHIPPED))) | change

    with pytest.raises(SharingError, match=says):
        read_shared(sent(part))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"schema": "population/1"}, "Its schema is 'population/1'"),
        ({"model": "response 1"}, "of the model 'response 1'"),
        ({"fitted": ["mu_a"]}, "does not fit the names"),
        ({"shift": [float("inf")] * 19}, "no number, or larger"),
        ({"step": {}}, "not whole"),
        ({"round": 0}, "no whole number"),
        ({"round": 2}, "not one that its round can have"),
        ({"shift": [10**400] * 19}, "no number, or larger"),
    ],
)
def test_a_point_that_cannot_be_right_is_refused(change: dict, says: str):
    with pytest.raises(SharingError, match=says):
        read_point(sent(point_json(first_point(SHIPPED)) | change))


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 100_000])
def test_what_is_no_json_object_is_refused(text: str):
    with pytest.raises(SharingError):
        read_point(text)


def test_a_point_far_from_the_prior_is_not_answered():
    point = replace(first_point(SHIPPED), question=Question(np.full(19, -8.0)))

    with pytest.raises(SharingError, match="single people out"):
        share(Cohort.of(simulated(60, 1), SHIPPED), SHIPPED, point)


def test_sums_that_one_patient_rules_are_not_shared():
    usual = [
        CourseData(scores=(ScoreAt(-1.0, "craving", 70.0 - n), ScoreAt(30.0, "craving", 60.0)), infusions=DOSE)
        for n in range(59)
    ]
    swinging = tuple(ScoreAt(day, "craving", 100.0 * (day % 2)) for day in np.arange(-7.0, 60.0))

    cohort = Cohort.of([*usual, CourseData(scores=swinging, infusions=DOSE)], SHIPPED)

    with pytest.raises(SharingError, match="One patient makes up more than 20%"):
        share(cohort, SHIPPED, first_point(SHIPPED))
