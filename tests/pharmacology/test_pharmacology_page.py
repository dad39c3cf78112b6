"""The page on pharmacology says what the code does, and its examples are run."""

import doctest
import re
from pathlib import Path

import numpy as np
import pytest

from infusions import TRIAL
from page_tables import with_tables
from pharmacology_tables import TARGET, tables
from sextant.pharmacology import Rivals, models, observations

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "pharmacology.md").read_text(encoding="utf-8")


def test_the_tables_are_those_that_the_code_gives():
    assert with_tables(PAGE, tables(), TARGET) == PAGE, "run make pharmacology-tables"


@pytest.mark.parametrize("one", models().values(), ids=[*models()])
def test_each_model_says_aloud_what_is_borrowed_or_not_known(one):
    assert f"`{one.name}` ({one.title})" in PAGE
    for sentence in one.said_aloud:
        assert sentence in PAGE


def test_the_python_of_the_page_gives_what_it_says():
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code is not None
    example = doctest.DocTestParser().get_doctest(code.group(1), {}, "pharmacology.md", None, None)

    assert doctest.DocTestRunner().run(example).failed == 0


def test_how_the_quoted_peak_lies_to_the_band():
    """The page says that it lies below at 40 minutes, and within two minutes after the end."""
    (zarate, _) = observations()
    band = Rivals.of(70.0, tuple(models().values())).band(TRIAL, np.array([40.0, 42.0])).plasma

    assert zarate.highest_ng_per_ml < band.low[0]
    assert band.low[1] < zarate.lowest_ng_per_ml < band.high[1]
    for k, minute in enumerate(("40 minutes** (201 to 288)", "when the band is 92 to 222")):
        assert f"{band.low[k]:.0f} to {band.high[k]:.0f}" in minute
        assert minute in PAGE
