"""What became of each row of the protocol tables, and the page that is written from it."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from page_tables import with_tables
from protocol_tables import TARGET, tables
from sextant.evidence import sources
from sextant.protocol import RULES, default_limits
from sextant.protocol.rows import COLUMNS, PARTS_TO_COME, Became, RowsError, read_rows, rows

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "protocol.md").read_text(encoding="utf-8")
TABLES = tables()

LISTED = {(row.row, row.became, row.name) for row in rows()}
LIMITS = default_limits().by_name
SWITCHES = default_limits().switches


def is_a_row(key: str) -> bool:
    """Whether a key is one of the tables of screening, session and course, or a point of regulation."""
    return re.fullmatch(r"[SDC]\d{3}|REGULATION-\d", key) is not None


def table(*lines: str) -> str:
    return "\n".join([",".join(COLUMNS), *lines])


class TestTheTableThatShips:
    def test_every_row_on_file_became_something(self):
        on_file = [key for key in sources() if is_a_row(key)]

        assert len(on_file) == 270
        assert {row.row for row in rows()} == set(on_file)

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
    def test_every_row_that_a_rule_names_is_listed_as_that_rule(self, rule):
        named = {(key, Became.RULE, rule.code) for key in rule.sources if is_a_row(key)}

        assert named - LISTED == set()

    @pytest.mark.parametrize("limit", LIMITS.values(), ids=lambda limit: limit.name)
    def test_every_row_that_a_limit_names_or_shows_is_listed_as_that_limit(self, limit):
        keys = [*limit.sources, *(other.source for other in limit.others)]
        named = {(key, Became.LIMIT, limit.name) for key in keys if is_a_row(key)}

        assert named - LISTED == set()

    def test_a_row_listed_as_a_rule_is_named_by_it(self):
        by_code = {rule.code: rule for rule in RULES}
        listed = [row for row in rows() if row.became is Became.RULE]

        assert [row for row in listed if row.row not in by_code[row.name].sources] == []

    def test_a_row_listed_as_a_limit_is_named_or_shown_by_it(self):
        listed = [row for row in rows() if row.became is Became.LIMIT and row.name not in SWITCHES]

        assert [
            row
            for row in listed
            if row.row not in {*LIMITS[row.name].sources, *(other.source for other in LIMITS[row.name].others)}
        ] == []

    def test_a_row_that_is_no_rule_is_nothing_else_either(self):
        no_rule = {row.row for row in rows() if row.became is Became.NOT_A_RULE}

        assert {row.row for row in rows() if row.row in no_rule and row.became is not Became.NOT_A_RULE} == set()

    def test_what_a_row_became_stands_together(self):
        in_order = [row.row for row in rows()]
        begun = [key for before, key in pairwise(["", *in_order]) if key != before]

        assert len(begun) == len(set(begun))


class TestATableThatCannotBeTaken:
    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            (["S999,rule,GATE-010,Above 60 the prescriber is warned."], "Line 2: No source 'S999' on file"),
            (["S001,gate,GATE-010,Above 60 the prescriber is warned."], "Line 2: 'gate' is none of rule, limit"),
            (["S001,rule,GATE-999,Above 60 the prescriber is warned."], "no rule called 'GATE-999'"),
            (["S001,limit,oldest_age,Above 60 the prescriber is warned."], "no limit called 'oldest_age'"),
            (["S001,shown,somewhere,Above 60 the prescriber is warned."], "no shown called 'somewhere'"),
            (["S001,kept_for,some day,Above 60 the prescriber is warned."], "no kept_for called 'some day'"),
            (["S001,not_a_rule,GATE-010,Above 60 the prescriber is warned."], "Known: nothing"),
            (["S001,rule,GATE-010,"], "which is no sentence"),
            (["S001,rule,GATE-010"], "Line 2: 3 parts in place of 4"),
            (
                ["S001,rule,GATE-010,One.", "S001,rule,GATE-010,Two."],
                "Line 3: S001 as rule 'GATE-010' stands there twice",
            ),
        ],
    )
    def test_it_is_refused_by_line(self, lines, words):
        with pytest.raises(RowsError, match=re.escape(words)):
            read_rows(table(*lines))

    @pytest.mark.parametrize("text", ["", "row,became,why\nS001,rule,Age.\n"])
    def test_it_begins_with_its_columns(self, text):
        with pytest.raises(RowsError, match="begins with the line row,became,name,why"):
            read_rows(text)

    def test_a_line_that_can_be_taken_is_taken(self):
        (row,) = read_rows(table('S010,not_a_rule,,"In addiction, a mood score shuts nobody out."'))

        assert (row.row, row.became, row.name) == ("S010", Became.NOT_A_RULE, "")


class TestThePage:
    def test_its_tables_are_those_of_the_code(self):
        assert with_tables(PAGE, TABLES, TARGET) == PAGE, "docs/protocol.md is stale: make protocol-tables"

    def test_a_table_that_is_changed_by_hand_is_written_anew(self):
        by_hand = PAGE.replace("| GATE-002 | Blood pressure | absolute |", "| GATE-002 | Blood pressure | soft |")

        assert by_hand != PAGE
        assert with_tables(by_hand, TABLES, TARGET) == PAGE

    def test_a_table_without_its_place_is_said(self):
        with pytest.raises(ValueError, match="end of rows"):
            with_tables(PAGE.replace("<!-- end of rows -->", ""), TABLES, TARGET)

    def test_every_row_that_a_limit_refers_to_can_be_found(self):
        set_by = [one.set_by for one in (*LIMITS.values(), *SWITCHES.values())]
        numbers = {number for words in set_by for number in re.findall(r"docs/protocol\.md row (\d+)", words)}

        assert numbers
        assert {number for number in numbers if f"- **Row {number}, " not in PAGE} == set()

    def test_every_source_that_its_prose_names_is_on_file(self):
        prose = re.sub(r"<!-- (\w+): written.*?<!-- end of \1 -->", "", PAGE, flags=re.DOTALL)
        named = re.findall(r"\b(?:[SDC]\d{3}|REGULATION-\d)\b", prose)

        assert len(set(named)) > 50
        assert set(named) - set(sources()) == set()

    @pytest.mark.parametrize("part", sorted(PARTS_TO_COME))
    def test_every_part_to_come_waits_for_a_row(self, part):
        assert any(row.name == part for row in rows() if row.became is Became.KEPT_FOR)
