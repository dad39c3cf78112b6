"""Real weeks of people in opioid trials: are the cuts between days of use that ship those that the command computes?"""

import subprocess
import sys
from pathlib import Path

import pytest

from sextant.evidence import source
from sextant.response import MODELLED

COMMAND = Path(__file__).parents[2] / "benchmarks" / "use_days.py"


@pytest.mark.slow
def test_the_shipped_cuts_are_those_fitted_to_the_weeks_of_real_people(shared):
    run = subprocess.run(
        [sys.executable, COMMAND, shared / "data" / "ctn0094", "--cuts"],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    people, *_, cuts = run.stdout.splitlines()

    assert people == "1,544 people, 22,523 weeks"
    assert cuts == "Cuts: " + ", ".join(f"{cut:.2f}" for cut in MODELLED["use_days"].cuts)


def test_the_source_of_the_cuts_names_the_weeks_that_they_were_fitted_to():
    on_file = source("CTN0094")

    assert on_file.address == "https://github.com/CTN-0094/public.ctn0094data"
    assert "22,523 weeks of 1,544 people" in on_file.says


def test_without_the_data_the_command_says_what_to_name(tmp_path):
    run = subprocess.run([sys.executable, COMMAND, tmp_path], capture_output=True, text=True, timeout=60)

    assert run.returncode == 2
    assert "there is no tables/tlfb.csv.gz" in run.stderr
