"""The page on endpoints says what the code does, and its examples are run."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from endpoint_tables import TARGET, tables
from page_tables import with_tables
from sextant.cli.main import main
from sextant.outcomes import ENDPOINTS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "endpoints.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```\n(sextant endpoints [^\n]*)\n```\n\n```csv\n(.*?)```", PAGE, re.DOTALL)


def test_the_tables_are_those_that_the_code_gives():
    assert with_tables(PAGE, tables(), TARGET) == PAGE, "run make endpoint-tables"


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=lambda one: one.name)
def test_each_endpoint_stands_in_one_row_with_its_rule_and_its_columns(endpoint):
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{endpoint.name}` |")]

    assert endpoint.rule in row
    assert re.findall(r"`(\w+)`", row.split("|")[-2]) == [*endpoint.columns]


@pytest.mark.parametrize(("command", "printed"), EXAMPLES)
def test_a_command_of_the_page_prints_what_stands_below_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command, printed
):
    for name, columns in (("words.csv", "patient,word"), ("course.csv", "patient,day,what,value")):
        file = re.search(rf"```csv\n({columns}\n.*?)```", PAGE, re.DOTALL)
        assert file is not None
        (tmp_path / name).write_text(file.group(1))
    monkeypatch.chdir(tmp_path)

    assert main(shlex.split(command)[1:]) == 0

    assert capsys.readouterr().out == printed


def test_the_page_shows_figures_and_a_curve_of_weeks_and_of_scores():
    shown = [("--return-of-symptoms" in command, "--survival" in command) for command, _ in EXAMPLES]

    assert shown == [(False, False), (False, True), (True, False), (True, True)]


def test_the_python_of_the_page_gives_what_it_says():
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code is not None
    example = doctest.DocTestParser().get_doctest(code.group(1), {}, "endpoints.md", None, None)

    assert doctest.DocTestRunner().run(example).failed == 0
