"""One entry is written into a policy file; whatever else stands there stays as it was written."""

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import POLICY
from sextant.protocol import with_entry

ENTRY = {"value": 21.0, "unit": "days", "source": "S077", "set_by": "Test director", "on": date(2026, 11, 23)}
WITH_COMMENTS = """\
# Agreed on the second of November.
[limit.days_sober]
value = 14  # two weeks
unit = "days"
source = "S077"
set_by = "Test director"
on = 2026-11-02

# The state asks for none.
[switch.prescription_monitoring]
value = false
source = "clinic: no duty here"
set_by = "Test director"
on = 2026-11-02
"""


def test_one_entry_is_replaced_and_every_other_line_stays():
    written = with_entry(WITH_COMMENTS, "limit", "days_sober", ENTRY)

    assert written == WITH_COMMENTS.replace("14  # two weeks", "21").replace("2026-11-02", "2026-11-23", 1)


def test_the_last_entry_is_replaced_in_its_place():
    off = {"value": True, "source": "S009", "set_by": "Test director", "on": date(2026, 11, 23)}

    written = with_entry(WITH_COMMENTS, "switch", "prescription_monitoring", off)

    assert written.startswith(WITH_COMMENTS.split("[switch")[0])
    assert tomllib.loads(written)["switch"]["prescription_monitoring"] == off


def test_a_new_entry_stands_at_the_end():
    written = with_entry(WITH_COMMENTS, "limit", "weight_valid_days", {"value": 7})

    assert written == f"{WITH_COMMENTS}\n[limit.weight_valid_days]\nvalue = 7\n"


def test_the_first_entry_makes_the_file():
    assert with_entry("", "limit", "days_sober", {"value": 14}) == "[limit.days_sober]\nvalue = 14\n"


@pytest.mark.parametrize(
    "text",
    [
        '[limit]\ndays_sober = { value = 14, source = "S077" }\n[limit.weight_valid_days]\nvalue = 7\n',
        "limit.days_sober.value = 14\nlimit.weight_valid_days.value = 7\n",
        "[ limit . days_sober ]\nvalue = 14\n[limit.weight_valid_days]\nvalue = 7\n",
        '[limit.weight_valid_days]\nsource = """clinic:\n[limit.days_sober]\nis no heading here"""\n',
    ],
)
def test_a_file_in_another_style_says_the_same_afterwards(text):
    meant = tomllib.loads(text)
    meant["limit"]["days_sober"] = ENTRY

    assert tomllib.loads(with_entry(text, "limit", "days_sober", ENTRY)) == meant


def test_ends_of_lines_from_another_system_are_read():
    written = with_entry(POLICY.replace("\n", "\r\n"), "limit", "days_sober", ENTRY)

    assert tomllib.loads(written)["limit"]["days_sober"] == ENTRY
    assert written.count("[limit.") == POLICY.count("[limit.")


@given(
    reason=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    value=st.floats(0, 10_000) | st.integers(0, 10_000),
)
def test_whatever_is_typed_is_read_back_as_it_was_typed(reason: str, value: float):
    entry = {**ENTRY, "value": value, "source": f"clinic: {reason}"}

    written = with_entry(WITH_COMMENTS, "limit", "days_sober", entry)

    read = tomllib.loads(written)
    assert read["limit"]["days_sober"] == entry
    assert read["switch"] == tomllib.loads(WITH_COMMENTS)["switch"]
    assert "# The state asks for none." in written
