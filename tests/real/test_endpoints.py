"""Do the endpoints reproduce the values expected of real patients' words, every one of both conformance files?"""

import csv
import gzip
import io
from pathlib import Path

import pytest

from sextant.cli.main import main
from sextant.outcomes import ENDPOINTS

FILES = ("expected_words_v2022_sample", "expected_words_v2023_sample")
NOT_COLUMNS = ("who", "word")


@pytest.mark.parametrize("file", FILES)
def test_every_expected_value_is_reproduced_by_the_command(
    capsys: pytest.CaptureFixture[str], shared: Path, tmp_path: Path, file: str
):
    path = shared / "data" / "ctn0094" / "conformance" / f"{file}.csv.gz"
    if not path.is_file():
        pytest.skip(f"no {path.name} on this machine")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        expected = [*csv.DictReader(lines)]
    words = tmp_path / "words.csv"
    words.write_text("patient,word\n" + "".join(f"{row['who']},{row['word']}\n" for row in expected))

    assert main(["endpoints", str(words)]) == 0

    found = {row["who"]: {} for row in expected}
    for row in csv.DictReader(io.StringIO(capsys.readouterr().out)):
        figures = [row["value"]] if row["value"] or not row["time"] else [row["time"], row["event"]]
        columns = ENDPOINTS[row["endpoint"]].columns
        found[row["patient"]] |= {column: figures[n % len(figures)] for n, column in enumerate(columns)}
    wanted = {row["who"]: {name: row[name] for name in row if name not in NOT_COLUMNS} for row in expected}
    compared = [
        (found[who].get(name, "no such column"), value) for who in wanted for name, value in wanted[who].items()
    ]
    assert len(compared) == 62 * len(expected) == 24_800
    assert [pair for pair in compared if not same(*pair)] == []


def same(found: str, expected: str) -> bool:
    """Both empty, or equal to 1e-9."""
    if not found or not expected:
        return found == expected
    return abs(float(found) - float(expected)) <= 1e-9
