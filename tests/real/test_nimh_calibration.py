"""The figures of real people that ship with the calibration: are they those that the ratings give today?"""

import json
import runpy
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
NAMES = ["Sextant", "last value carried forward", "mean of the others"]


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every number and word of nested figures, by where it stands."""
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(one, (*path, str(key)))
    else:
        yield path, value


@pytest.fixture(scope="module")
def command() -> dict[str, Any]:
    """What benchmarks/nimh_bands.py defines."""
    return runpy.run_path(str(PROJECT / "benchmarks" / "nimh_bands.py"))


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    text = files("sextant.response").joinpath("calibration.json").read_text(encoding="utf-8")
    return json.loads(text)["nimh"]


@pytest.mark.slow
def test_the_shipped_figures_are_those_that_the_ratings_give(shared: Path, command, shipped):
    computed = command["compared"](command["score_everyone"](shared / "data" / "nimh_ketamine"))

    assert dict(leaves(shipped)) == {
        path: pytest.approx(value, rel=1e-6) if isinstance(value, float) else value for path, value in leaves(computed)
    }


def test_the_shipped_figures_are_aggregates_of_18_people_under_three_forecasts(shipped):
    assert shipped["n"] == 18
    assert [one["name"] for one in shipped["forecasts"]] == NAMES
    assert [one["name"] for one in shipped["differences"]] == NAMES[1:]
    assert "sub-" not in json.dumps(shipped)


def test_the_page_shows_the_table_of_the_shipped_figures(command, shipped):
    page = (PROJECT / "docs" / "calibration.md").read_text(encoding="utf-8")

    assert "\n".join(command["table"](shipped)) in page
