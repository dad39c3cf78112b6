"""Real ratings after one real infusion: does the documentation state the figure that the command computes?"""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
COMMAND = PROJECT / "benchmarks" / "nimh_bands.py"


@pytest.fixture(scope="module")
def printed(shared: Path) -> list[str]:
    run = subprocess.run(
        [sys.executable, COMMAND, shared / "data" / "nimh_ketamine"],
        capture_output=True,
        text=True,
        check=True,
        timeout=400,
    )
    return run.stdout.splitlines()


@pytest.mark.slow
def test_the_documentation_states_the_coverage_that_the_command_computes(printed):
    figure = printed[-1].removeprefix("All: ")

    assert figure.endswith("inside the 95 % band")
    assert f"> {figure}\n" in (PROJECT / "docs" / "response-model.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_of_23_people_with_a_baseline_and_a_day_2_rating_five_cannot_be_scored_and_are_named(printed):
    (sentence,) = [line for line in printed if "not scorable (" in line]
    forecasts = [line for line in printed if line.startswith("sub-")]
    unrated = [line.split()[0] for line in forecasts if line.endswith("no day-10 rating")]

    assert len(forecasts) == 23
    assert len(unrated) == 5
    assert sentence.startswith("23 with")
    assert sentence.endswith(": " + ", ".join(unrated))


@pytest.mark.slow
def test_both_orders_of_the_crossover_are_shown_apart(printed):
    assert any(line.startswith("ketamine first: ") for line in printed)
    assert any(line.startswith("placebo first: ") for line in printed)


def test_without_the_data_the_command_says_what_to_name(tmp_path):
    run = subprocess.run([sys.executable, COMMAND, tmp_path], capture_output=True, text=True, timeout=60)

    assert run.returncode == 2
    assert "Name the folder that holds ratings.csv" in run.stderr
