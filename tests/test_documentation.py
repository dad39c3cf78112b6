"""The documentation says what the code does."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from builders import NOW, clinic_limits, record
from sextant.protocol import RULES, Verdict, default_limits, read_policy

ROOT = Path(__file__).parents[1]
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_gate_stands_in_the_table_with_its_title_and_strength(rule):
    assert f"| {rule.code} | {rule.title} | {rule.strength.value}" in PROTOCOL


@pytest.mark.parametrize("limit", default_limits().by_name.values(), ids=lambda limit: limit.name)
def test_every_limit_stands_in_the_table_with_its_value_or_none(limit):
    row = next(line for line in PROTOCOL.splitlines() if line.startswith(f"| `{limit.name}` |"))

    value = row.split("|")[2].strip()

    assert value.startswith("none" if limit.value is None else f"{limit.value:g}")


def test_the_rule_of_the_contributing_page_works():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code is not None
    module: dict = {}

    exec(compile(code.group(1), "CONTRIBUTING.md", "exec"), module)  # noqa: S102 - our own page
    found = module["RULE"].find(record(without=["weight"]), clinic_limits(), NOW)

    assert found.verdict is Verdict.ASK


def test_the_policy_of_the_command_line_page_is_taken():
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    policy = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert policy is not None

    limits = read_policy(policy.group(1), today=date(2026, 11, 23))

    assert limits["days_sober"].value == 14


def test_the_readme_stays_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 1200


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/*.md")) + sorted(ROOT.glob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))

    missing = [link for link in links if not (page.parent / link).exists()]

    assert missing == []


def test_each_dependency_has_its_line():
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
        *project["dependency-groups"]["dev"],
    ]

    names = {re.split(r"[\[><=~ ]", one)[0] for one in wanted}

    assert [name for name in sorted(names) if name not in text] == []
