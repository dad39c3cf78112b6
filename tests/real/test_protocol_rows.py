"""Every row of the protocol tables beside the project became something, and was read at the address on file."""

import csv
from html import unescape
from pathlib import Path

import pytest

from sextant.evidence import source
from sextant.protocol.rows import rows

TABLES = ("screening", "session", "course")


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest, shared: Path) -> list[dict[str, str]]:
    """The rows of one table."""
    path = shared / "protocol" / f"{request.param}.csv"
    if not path.is_file():
        pytest.skip(f"no protocol table {path.name} beside the project on this machine")
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def test_every_row_became_something(table: list[dict[str, str]]):
    became = {row.row for row in rows()}

    assert table
    assert [row["id"] for row in table if row["id"] not in became] == []


def test_no_row_is_told_in_the_words_of_the_table(table: list[dict[str, str]]):
    written = {words.strip(" .").casefold() for row in table for words in row.values() if len(words.split()) > 3}

    assert [row for row in rows() if row.why.strip(" .").casefold() in written] == []


def test_the_address_of_every_row_is_the_one_on_file(table: list[dict[str, str]]):
    # Some addresses of the tables were copied from a page with '&' written as '&amp;'.
    elsewhere = {row["id"]: row["source"] for row in table if unescape(row["source"]) != source(row["id"]).address}

    assert elsewhere == {}


def test_every_address_stands_on_the_page_of_the_protocol(table: list[dict[str, str]]):
    page = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")

    missing = [row["id"] for row in table if f"[{row['id']}](<{unescape(row['source'])}>)" not in page]

    assert missing == []
