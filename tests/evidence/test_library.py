"""The library of studies takes what was published and refuses what cannot be, naming file, row and column."""

import csv
import re
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sextant.evidence.library import library, library_of, read_library, shipped_text
from sextant.evidence.rows import key_of
from sextant.evidence.sources import sources
from sextant.evidence.strength import graded, strength
from sextant.evidence.tables import FILE_OF, Kind, TableError, read_table


def table(kind: Kind, row: str, **cells: str) -> str:
    """One row of a shipped table, with some cells written over."""
    lines = list(csv.DictReader(StringIO(shipped_text(kind), newline="")))
    found = next(one for one in lines if row in one.values())
    written = StringIO()
    writer = csv.DictWriter(written, [*found, *(name for name in cells if name not in found)])
    writer.writeheader()
    writer.writerow(found | cells)
    return written.getvalue()


def refused(kind: Kind, text: str) -> tuple[str, ...]:
    """Why the table is refused."""
    with pytest.raises(TableError) as error:
        read_table(kind, text, FILE_OF[kind])
    return error.value.problems


def test_every_row_of_the_five_tables_is_on_file():
    sizes = {kind: len(library().rows(kind)) for kind in Kind}

    assert sizes == {
        Kind.TRIALS: 47,
        Kind.SERIES: 100,
        Kind.ADVERSE_EVENTS: 57,
        Kind.ONGOING: 10,
        Kind.REVIEWS: 6,
    }


def test_every_row_has_an_address_and_a_grade():
    for kind in Kind:
        for row in library().rows(kind):
            assert row.source_address.startswith("http"), key_of(row)
            assert strength(row).words


def test_no_address_is_the_bare_number_of_a_machine_or_the_door_of_a_library():
    addresses = [row.source_address for kind in Kind for row in library().rows(kind)]
    addresses += [row.verified_by or "" for row in (*library().trials, *library().series, *library().adverse_events)]
    addresses += [one.address for one in sources().values()]

    hosts = {urlsplit(one.split(" ")[0]).hostname or "" for one in addresses}

    closed = re.compile(r"[\d.]+|.*(webvpn|ezproxy|proxy\.).*")
    assert {host for host in hosts if closed.fullmatch(host)} == set()


def test_a_doi_that_stands_in_place_of_such_an_address_is_the_row_s_own():
    replaced = [
        row
        for row in (*library().trials, *library().series)
        if row.source_address.startswith("https://doi.org/") and "(read in" in row.source_address
    ]

    assert {row.row_id for row in replaced} == {"dakwar2018_cocaine_psychoactive#01", "cadss_anxiety_dose_18#01"}
    for row in replaced:
        assert row.source_address.split(" ")[0] == f"https://doi.org/{row.doi_or_pmid}"


def test_what_is_not_known_stays_unknown():
    pilot = next(row for row in library().trials if row.study_id == "tobacco_pilot_iv")

    assert (pilot.year, pilot.doi_or_pmid) == (None, None)
    assert pilot.first_author == "UNKNOWN (not visible)"
    without = read_table(Kind.TRIALS, table(Kind.TRIALS, "dakwar2019_cocaine#01", first_author="", year=""), "own.csv")
    assert (without[0].first_author, without[0].year) == (None, None)


def test_figures_are_numbers_and_ranges_stay_as_printed():
    trials = {row.row_id: row for row in library().trials}
    series = {row.row_id: row for row in library().series}

    assert (trials["dakwar2019_cocaine#01"].events, trials["dakwar2019_cocaine#01"].n) == (13, 27)
    assert trials["grabski2022_kare_alcohol#05"].unit == "percentage points of days"
    assert trials["azhari2021_cannabis#01"].dose_mg_per_kg == "0.71 (then 1.41 for non-responders)"
    assert series["murrough2013#03"].value == 18.0
    assert series["mcinnes2022#01"].n_infusions_planned == "4-8"


@pytest.mark.parametrize(
    ("kind", "row", "cells", "column", "why"),
    [
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"source_address": ""}, "source_address", "every row needs the address"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"source_address": "a book"}, "source_address", "no web address"),
        (Kind.REVIEWS, "jones2018", {"source_address": ""}, "source_address", "every row needs the address"),
        (Kind.ONGOING, "NCT06496750", {"source_address": "www.x.org"}, "source_address", "no web address"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"events": "28"}, "events", "28 exceeds n 27"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"events": "-1"}, "events", "-1 is below 0"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"events": "12.5"}, "events", "no whole number"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"n": "0"}, "n", "0 is below 1"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"n": ""}, "events", "given without n"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"year": "19"}, "year", "no year"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"year": "2019a"}, "year", "no whole number"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"better": "more"}, "better", "higher, lower"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"better": ""}, "better", "marked poolable"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"poolable": "maybe"}, "poolable", "yes, no, sensitivity_only"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"events": ""}, "events", "marked poolable"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"row_kind": "mechanism"}, "poolable", "does not go with"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"outcome_kind": "odd"}, "outcome_kind", "binary, continuous"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"study_id": "other"}, "row_id", "serial number"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"verification": "trust me"}, "verification", "is not known"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"verification": ""}, "verification", "is empty"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"substance": " "}, "substance", "is empty"),
        (Kind.TRIALS, "dakwar2019_cocaine#01", {"infusion_minutes": "0"}, "infusion_minutes", "not above 0"),
        (Kind.TRIALS, "dakwar2019_cocaine#04", {"ci_low": "0.5"}, "ci_low", "must lie around it"),
        (Kind.TRIALS, "dakwar2019_cocaine#04", {"ci_high": "0.4"}, "ci_high", "must lie around it"),
        (Kind.TRIALS, "dakwar2019_cocaine#04", {"ci_low": "0.92"}, "ci_low", "not below ci_high"),
        (Kind.TRIALS, "dakwar2019_cocaine#04", {"ci_low": "-0.1"}, "ci_low", "a ratio (HR) must be"),
        (Kind.TRIALS, "dakwar2019_cocaine#04", {"ci_low": "nan"}, "ci_low", "no number"),
        (Kind.TRIALS, "dakwar2019_cocaine#04", {"ci_high": "1e999"}, "ci_high", "no number"),
        (Kind.TRIALS, "dakwar2019_cocaine#04", {"effect_kind": ""}, "effect_kind", "needs its kind"),
        (Kind.TRIALS, "dakwar2019_cocaine#04", {"effect": ""}, "effect", "is empty although"),
        (Kind.TRIALS, "dakwar2019_cocaine#04", {"ci_low": ""}, "ci_low", "or se, are needed"),
        (Kind.TRIALS, "dakwar2019_cocaine#05", {"ci_high": "101"}, "ci_high", "above 100 percent"),
        (Kind.TRIALS, "azhari2021_cannabis#01", {"se": "0"}, "se", "not above 0"),
        (Kind.TRIALS, "azhari2021_cannabis#01", {"se": "", "sd": "-2"}, "sd", "not above 0"),
        (Kind.TRIALS, "azhari2021_cannabis#01", {"sd": "2"}, "se", "never mixed"),
        (Kind.TRIALS, "azhari2021_cannabis#01", {"outcome_name": "new_outcome"}, "mean", "has no unit"),
        (Kind.TRIALS, "grabski2022_kare_alcohol#05", {"outcome_name": "days"}, "effect", "has no unit"),
        (Kind.SERIES, "murrough2013#03", {"unit": ""}, "unit", "median_days_to_relapse needs one"),
        (Kind.SERIES, "murrough2013#01", {"value": "1.2"}, "value", "no proportion from 0 to 1"),
        (Kind.SERIES, "murrough2013#01", {"value": "0.6"}, "value", "17 of 24, which is 0.708"),
        (Kind.SERIES, "murrough2013#01", {"events": "25"}, "events", "25 exceeds denominator 24"),
        (Kind.SERIES, "murrough2013#02", {"sd": "0"}, "sd", "not above 0"),
        (Kind.SERIES, "murrough2013#02", {"value": "big"}, "value", "no number"),
        (Kind.SERIES, "ionescu2019#01", {"value": "1.5"}, "value", "no count"),
        (Kind.SERIES, "ionescu2019#01", {"value": "3"}, "value", "not the 2 in events"),
        (Kind.SERIES, "fava2018_dose#01", {"value": "2"}, "value", "neither 0 (no) nor 1 (yes)"),
        (Kind.SERIES, "bowdle1998_plasma#01", {"ci_high": "0.9"}, "ci_high", "must lie around it"),
        (Kind.SERIES, "jelovac2025_karmadep2#01", {"ci_low": "-3"}, "ci_low", "must lie around it"),
        (Kind.ADVERSE_EVENTS, "yale2024_bp#01", {"unit": ""}, "unit", "mean_change_at_peak needs one"),
        (Kind.ADVERSE_EVENTS, "yale2024_bp#05", {"value": "-1"}, "value", "a ratio must be"),
        (Kind.ADVERSE_EVENTS, "ekstrand2022_ketect#01", {"events": "92"}, "events", "92 exceeds denominator 91"),
        (Kind.ADVERSE_EVENTS, "ekstrand2022_ketect#01", {"comparator_events": "91"}, "comparator_events", "exceeds"),
        (Kind.ADVERSE_EVENTS, "singh2016#01", {"value": "20"}, "value", "no proportion"),
        (Kind.REVIEWS, "jones2018", {"n_studies": "0"}, "n_studies", "below 1"),
        (Kind.ONGOING, "NCT06496750", {"status": ""}, "status", "is empty"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_file_row_and_column(kind, row, cells, column, why):
    problems = refused(kind, table(kind, row, **cells))

    assert any(
        problem.startswith(f"{FILE_OF[kind]}, line 2, row {row!r}, column {column}: ") and why in problem
        for problem in problems
    ), problems


@pytest.mark.parametrize(
    ("kind", "row", "cells"),
    [
        (Kind.SERIES, "murrough2013#01", {"unit": ""}),  # a proportion
        (Kind.SERIES, "ionescu2019#01", {"unit": ""}),  # a count
        (Kind.SERIES, "phillips2019#04", {"unit": ""}),  # a ratio
        (Kind.ADVERSE_EVENTS, "yale2024_bp#05", {"unit": ""}),  # an odds ratio
        (Kind.TRIALS, "azhari2021_cannabis#01", {"outcome_name": "joints_per_day", "unit": "joints per day"}),
    ],
)
def test_proportions_ratios_and_counts_need_no_unit_and_a_new_outcome_brings_its_own(kind, row, cells):
    rows = read_table(kind, table(kind, row, **cells), "own.csv")

    assert len(rows) == 1


def test_all_faults_are_named_at_once():
    first = table(Kind.TRIALS, "dakwar2019_cocaine#01", events="28", year="20")
    second = table(Kind.TRIALS, "dakwar2019_cocaine#02", source_address="").splitlines(keepends=True)[1]

    problems = refused(Kind.TRIALS, first + second)

    assert [problem.split(", column ")[1].split(":")[0] for problem in problems] == ["year", "events", "source_address"]
    assert "line 3, row 'dakwar2019_cocaine#02'" in problems[2]


def test_two_rows_of_one_name_are_refused():
    text = table(Kind.TRIALS, "dakwar2019_cocaine#01")

    problems = refused(Kind.TRIALS, text + text.splitlines(keepends=True)[1])

    assert problems == (
        "trials.csv, line 3, row 'dakwar2019_cocaine#01', column row_id: 'dakwar2019_cocaine#01' stands in line 2 too; "
        "every row needs a name of its own.",
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_an_unknown_missing_or_repeated_column_is_refused(kind):
    header = shipped_text(kind).splitlines()[0].split(",")

    unknown = refused(kind, ",".join([*header, "colour"]) + "\n")
    missing = refused(kind, ",".join(header[:-1]) + "\n")
    repeated = refused(kind, ",".join([*header, header[0]]) + "\n")

    assert f"{FILE_OF[kind]}: the header names an unknown column 'colour'" in unknown[0]
    assert missing == (f"{FILE_OF[kind]}: the header lacks the column {header[-1]!r}.",)
    assert f"names the column {header[0]!r} twice" in repeated[0]


def test_a_row_with_a_cell_too_many_is_refused():
    text = table(Kind.REVIEWS, "jones2018").rstrip("\r\n") + ",more\n"

    assert "row 'jones2018': it has 9 cells where the header has 8 columns" in refused(Kind.REVIEWS, text)[0]


def test_an_empty_file_and_a_broken_quote_are_refused():
    assert "the file is empty" in refused(Kind.TRIALS, "")[0]
    assert "not comma-separated values" in refused(Kind.REVIEWS, shipped_text(Kind.REVIEWS) + '"jones')[0]


def test_adding_a_study_is_one_row(tmp_path: Path):
    row = table(Kind.TRIALS, "dakwar2019_cocaine#01", row_id="new2027#01", study_id="new2027").splitlines()[1]
    (tmp_path / "trials.csv").write_text(shipped_text(Kind.TRIALS).rstrip("\n") + f"\n{row}\n", encoding="utf-8")

    studies = read_library(tmp_path)

    assert len(studies.trials) == 48
    assert studies.trials[-1].study_id == "new2027"
    assert studies.series == library().series


def test_faults_of_several_tables_come_together():
    own = {
        Kind.TRIALS: table(Kind.TRIALS, "dakwar2019_cocaine#01", events="28"),
        Kind.REVIEWS: table(Kind.REVIEWS, "jones2018", year="1"),
    }

    with pytest.raises(TableError) as error:
        library_of(own)

    assert [problem.partition(",")[0] for problem in error.value.problems] == ["trials.csv", "reviews.csv"]


def test_a_folder_without_tables_or_not_in_utf8_is_refused(tmp_path: Path):
    with pytest.raises(TableError, match="holds none of the files"):
        read_library(tmp_path)

    (tmp_path / "reviews.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(TableError, match="not UTF-8"):
        read_library(tmp_path)


@pytest.mark.parametrize(
    ("level", "grade", "weigh_down"),
    [
        ("primary_abstract+second", "primary", False),
        ("primary_abstract+second; n and minutes from press", "primary", False),
        ("primary_table", "primary", False),
        ("secondary_abstract_copy", "copy", False),
        ("two_secondary", "secondary", False),
        ("single_secondary", "secondary", True),
        ("two_secondary_press", "press", True),
        ("single_secondary_press", "press", True),
        ("single_review_table", "review", True),
        ("cited_in_another_paper", "cited", True),
        ("registry", "registry", True),
    ],
)
def test_the_reading_is_graded_in_plain_words(level, grade, weigh_down):
    found = graded(level)

    assert found is not None
    assert (found.grade, found.weigh_down) == (grade, weigh_down)


def test_ongoing_studies_are_a_registers_and_reviews_are_for_orientation():
    assert strength(library().ongoing[0]).grade == "registry"
    assert "never pooled" in strength(library().reviews[0]).words
