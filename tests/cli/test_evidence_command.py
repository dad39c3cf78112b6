"""`sextant evidence` as somebody who doubts a figure uses it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sextant.cli.main import main
from sextant.evidence.library import library, shipped_text
from sextant.evidence.questions import QUESTIONS
from sextant.evidence.tables import Kind

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    """Runs `sextant evidence` and gives back what it printed."""

    def run(*arguments: str) -> str:
        assert main(["evidence", *arguments]) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]):
    """Runs `sextant evidence`, which must refuse, and gives back the sentence."""

    def run(*arguments: str) -> str:
        assert main(["evidence", *arguments]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        return printed.err

    return run


def follows(schema: str, answer: dict[str, Any]) -> None:
    Draft202012Validator(json.loads((SCHEMAS / schema).read_text(encoding="utf-8"))).validate(answer)


@pytest.mark.parametrize("kind", [None, *Kind])
def test_the_list_follows_its_schema(said, kind):
    found = json.loads(said("list", "--json", *(["--kind", kind.value] if kind else [])))

    follows("evidence-list.json", found)
    for name, rows in found["tables"].items():
        assert len(rows) == len(library().rows(Kind(name)))


def test_every_row_is_listed_with_its_address_and_its_verification(said):
    text = said("list")

    for kind in Kind:
        for row in library().rows(kind):
            assert f"    {row.source_address}\n" in text
    assert "trials: 47 of 47 rows" in text
    assert "    primary: read in the publisher's, PubMed's or PMC's copy [primary_abstract]\n" in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        (["--kind", "trials", "--poolable", "sensitivity_only"], 4),
        (["--kind", "trials", "--poolable", "no"], 33),
        (["--kind", "trials", "--study", "DAKWAR2019"], 7),
        (["--kind", "trials", "--substance", "gambling"], 1),
        (["--kind", "trials", "--design", "crossover"], 6),
        (["--kind", "trials", "--outcome", "relapse", "--study", "grabski"], 1),
        (["--kind", "series", "--outcome", "response_rate"], 19),
        (["--kind", "adverse-events", "--outcome", "headache"], 2),
        (["--kind", "reviews", "--substance", "withdrawal"], 1),
        (["--kind", "ongoing", "--study", "NCT06496750"], 1),
    ],
)
def test_filters_look_for_a_part_of_the_word(said, filters, rows):
    found = json.loads(said("list", "--json", *filters))

    assert sum(len(table) for table in found["tables"].values()) == rows


def test_a_table_that_lacks_a_column_is_not_looked_into_and_this_is_said(said, refused):
    text = said("list", "--design", "crossover")

    assert "Not looked into, because they have no column for a filter: adverse-events, ongoing, reviews." in text
    assert "The table reviews has no column for --design." in refused("list", "--kind", "reviews", "--design", "rct")


def test_nothing_found_is_an_answer(said):
    assert "No row matches." in said("list", "--study", "nobody1900")


@pytest.mark.parametrize("name", [one.name for one in QUESTIONS])
@pytest.mark.parametrize("sensitivity", [[], ["--with-sensitivity"]])
@pytest.mark.parametrize("how", [[], ["--method", "EE"], ["--method", "DL", "--interval", "wald"], ["--method", "PM"]])
def test_the_pool_follows_its_schema(said, name, sensitivity, how):
    found = json.loads(said("pool", name, *sensitivity, *how, "--json"))

    follows("evidence-pool.json", found)
    assert found["question"] == name
    if found["pooled"]:
        assert sum(one["weight"] for one in found["studies"]) == pytest.approx(1)


def test_the_pool_of_four_studies_prints_metafors_figures(said):
    text = said("pool", "abstinence", "--with-sensitivity")

    # metafor 3.8.1, REML with Hartung-Knapp, back-transformed: 3.50 (0.905 to 13.55), prediction 0.264 to 46.50.
    assert "Pooled (restricted maximum likelihood): 3.50 (0.91 to 13.55), Hartung-Knapp" in text
    assert "Between studies: tau2 0.479, I2 64 %; Q 8.75 on 3, p 0.033" in text
    assert "In a new setting (95 % prediction interval): 0.26 to 46.50" in text
    assert "73 of 111 v 24 of 100" in text
    assert "Without each study in turn:\n  dakwar2019_cocaine" in text
    assert "Benefit of ketamine in addiction is not established" in text


def test_the_pool_of_two_studies_prints_walds_interval_as_what_it_is(said):
    text = said("pool", "abstinence")

    # metafor 3.8.1, REML: 2.88, Wald 0.485 to 17.06; its Hartung-Knapp interval runs from 0.00003 to 300,000.
    assert "2.88 (0.49 to 17.06), Wald interval of two studies, too" in text
    assert "2955" not in text
    assert "In a new setting: no prediction interval can be given." in text
    assert "A Hartung-Knapp interval would have" in text


def test_one_study_is_shown_and_not_pooled(said):
    text = said("pool", "percent-days-abstinent")

    assert "MD 10.1 (1.1 to 19)" in text
    assert "Not pooled." in text


def test_each_study_in_a_pool_has_its_address(said):
    text = said("pool", "abstinence")

    assert "  dakwar2019_cocaine: https://psychiatryonline.org/doi/full/10.1176/appi.ajp.2019.18101123" in text


def test_without_a_question_the_questions_are_listed(said, refused):
    text = said("pool")

    assert all(one.name in text and one.title in text for one in QUESTIONS)
    assert "Name the question for --json" in refused("pool", "--json")


def test_an_unknown_question_is_refused_with_those_that_are_known(refused):
    sentence = refused("pool", "sleep")

    assert sentence == (
        "sextant: There is no question 'sleep'. Ask one of: abstinence, abstinence-six-months, relapse, "
        "relapse-hazard, percent-days-abstinent, repeating, craving.\n"
    )


def test_a_wrong_row_is_refused_with_a_sentence(refused, tmp_path: Path):
    wrong = shipped_text(Kind.TRIALS).replace("binary,higher,35,13,", "binary,higher,35,31,")
    (tmp_path / "trials.csv").write_text(wrong, encoding="utf-8")

    sentence = refused("pool", "abstinence", "--studies", str(tmp_path))

    assert sentence == ("sextant: trials.csv, line 2, row 'dakwar2019_cocaine#01', column events: 31 exceeds n 27.\n")


def test_an_own_row_moves_the_pool(said, tmp_path: Path):
    null = (
        "new2027#01,new2027,Somebody,2027,,alcohol,rct,contrast,ketamine_vs_midazolam,200,0.5,iv,40,6,3,,midazolam,"
        "relapse_by_180_days,binary,lower,180,,,,,1.0,OR,0.5,2.0,,https://example.org/new2027,,primary_abstract,yes,\n"
    )
    (tmp_path / "trials.csv").write_text(shipped_text(Kind.TRIALS).rstrip("\n") + "\n" + null, encoding="utf-8")

    before = json.loads(said("pool", "abstinence", "--json"))
    after = json.loads(said("pool", "abstinence", "--studies", str(tmp_path), "--json"))

    assert (before["pooled"]["k"], after["pooled"]["k"]) == (2, 3)
    assert after["pooled"]["mean"] < before["pooled"]["mean"]
    assert after["pooled"]["prediction_interval"] is not None


def test_people_who_are_pooled_already_are_refused(refused, tmp_path: Path):
    lines = shipped_text(Kind.TRIALS).splitlines(keepends=True)
    kare = next(line for line in lines if line.startswith("grabski2022_kare_alcohol#08"))
    again = kare.replace("grabski2022_kare_alcohol", "bloy2026_kare_psychoactive")
    (tmp_path / "trials.csv").write_text("".join([*lines, again]), encoding="utf-8")

    assert "bloy2026 analyses the people of KARE again" in refused("pool", "relapse", "--studies", str(tmp_path))


DOCUMENTED = [
    *("2.88, Wald 0.49 to 17.06", "3.50 (0.91 to 13.55)", "5.79, Wald 0.18 to 190.42", "4.86 (0.09 to 260.02)"),
    *("1.25 (0.48 to 3.25)", "2.85 (0.35 to 23.38)", "2.13 (1.09 to 4.17)", "10.10 (1.15 to 19.05)"),
    "3.50 (1.07 to 11.50)",
]


def test_the_page_prints_what_the_command_prints(said):
    page = (SCHEMAS.parent / "evidence.md").read_text(encoding="utf-8")
    printed = "\n".join(said("pool", one.name, *more) for one in QUESTIONS for more in ([], ["--with-sensitivity"]))
    flat = " ".join(printed.split())

    for figure in DOCUMENTED:
        assert figure in page
        assert figure.replace(", Wald ", " (").rstrip(")") in flat
    for line in page.splitlines():
        if " | " in line and line.startswith("| `") and line.count("|") == 6:
            _, _, _, mean, sd, interval, _ = (cell.strip() for cell in line.split("|"))
            assert f"mean {mean}, SD {sd} (95 % as odds ratio {interval})" in flat


def test_a_folder_that_is_not_there_or_has_no_table_is_refused(refused, tmp_path: Path):
    assert "There is no folder" in refused("list", "--studies", str(tmp_path / "nowhere"))
    assert "holds none of the tables" in refused("list", "--studies", str(tmp_path))
