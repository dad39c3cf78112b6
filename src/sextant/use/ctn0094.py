"""The patients of CTN-0094 from its public tables (source CTN0094): the randomised people with their weeks.

Their weekly urines of opioids are in a table of their own. Those of other substances, and what was told of, are read
from the days of the other tables, by the same weeks.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sextant.use.weeks import TESTED, PatientWeeks, Week

TABLES = ("weekly", "randomization", "uds", "uds_temp", "tlfb", "psychiatric")
"""Those that are read, by their names at the source."""


@dataclass(frozen=True, slots=True)
class Substance:
    """How the tables name one substance.

    Parameters
    ----------
    looked_for : what its urine test finds, or what people told of
    urine : a positive in `uds`; None where no urine looked for it in all three trials
    told : a day of use in `tlfb`
    diagnosis : column of `psychiatric`: that the person has the use disorder
    """

    looked_for: str
    urine: str | None
    told: str
    diagnosis: str


SUBSTANCES = {
    "cocaine": Substance("cocaine", "Cocaine", "Cocaine", "has_cocaine_dx"),
    "cannabis": Substance("cannabis", "Thc", "THC", "has_cannabis_dx"),
    "sedatives": Substance("benzodiazepines", "Benzodiazepine", "Benzodiazepine", "has_sedatives_dx"),
    "stimulants": Substance("amphetamines", "Amphetamine", "Amphetamine", "has_amphetamines_dx"),
    "alcohol": Substance("alcohol", None, "Alcohol", "has_alcol_dx"),
}
"""By their names in `sextant.record`."""


def read_trial_patients(weekly: str, randomization: str) -> dict[str, PatientWeeks]:
    """The randomised patients by their number, each with the arm of the first randomisation and urines of opioids.

    Parameters
    ----------
    weekly : text of the table `weekly` (who, project, randomised, week, phase, uds, tlfb)
    randomization : text of the table `randomization` (who, treatment, which, when)
    """
    start = _randomised(randomization)
    weeks: dict[str, list[Week]] = defaultdict(list)
    for row in _rows(weekly):
        if row["who"] in start:
            weeks[row["who"]].append(Week(int(row["week"]), row["uds"], row["tlfb"] or "_"))
    return {who: PatientWeeks(tuple(one), start[who][0]) for who, one in weeks.items()}


def read_urines_of(substance: Substance, tables: Mapping[str, str]) -> dict[str, PatientWeeks]:
    """The same patients with what their urines showed of another substance, and the days of it that were told.

    A week was tested where the urine of that week was read for opioids: each panel looked for both. Of several urines
    in a week some may be positive and some not (`*`).

    Parameters
    ----------
    tables : texts by the names of `TABLES`
    """
    start = _randomised(tables["randomization"])
    given = _days(tables["uds_temp"], start)
    found = _days(tables["uds"], start, substance.urine)
    for place, days in _days(tables["uds"], start).items():
        given[place] |= days
    told = _days(tables["tlfb"], start, substance.told)
    weeks: dict[str, list[Week]] = defaultdict(list)
    for who, number, symbol in _weekly(tables["weekly"], start):
        place, result = (who, number), symbol
        if symbol in TESTED:
            result = "-" if not found[place] else "*" if given[place] - found[place] else "+"
        weeks[who].append(Week(number, result, _told(len(told[place]))))
    return {who: PatientWeeks(tuple(one), start[who][0]) for who, one in weeks.items()}


def read_told_of(substance: Substance, tables: Mapping[str, str]) -> dict[str, PatientWeeks]:
    """The same patients with what they told of a substance in weeks with a urine, in the place of a test's result.

    In weeks without one nobody was there to be asked, and what is on file was told later or by nobody.
    """
    start = _randomised(tables["randomization"])
    told = _days(tables["tlfb"], start, substance.told)
    weeks: dict[str, list[Week]] = defaultdict(list)
    for who, number, symbol in _weekly(tables["weekly"], start):
        weeks[who].append(Week(number, _told(len(told[who, number])) if symbol in TESTED else symbol))
    return {who: PatientWeeks(tuple(one), start[who][0]) for who, one in weeks.items()}


def with_disorder(substance: Substance, psychiatric: str) -> frozenset[str]:
    """Who has the use disorder; of some trials it was not asked, so that others may have it too."""
    return frozenset(row["who"] for row in _rows(psychiatric) if row[substance.diagnosis] == "Yes")


_Start = Mapping[str, tuple[str, int]]
"""The arm and the day of the first randomisation, by patient."""


def _rows(table: str) -> Iterator[dict[str, str]]:
    return iter(csv.DictReader(io.StringIO(table)))


def _randomised(randomization: str) -> _Start:
    return {row["who"]: (row["treatment"], int(row["when"])) for row in _rows(randomization) if int(row["which"]) == 1}


def _weekly(weekly: str, start: _Start) -> Iterator[tuple[str, int, str]]:
    return ((row["who"], int(row["week"]), row["uds"]) for row in _rows(weekly) if row["who"] in start)


def _days(table: str, start: _Start, what: str | None = None) -> defaultdict[tuple[str, int], set[int]]:
    """The days in a table, of everything or of one thing alone, by patient and week; week 1 begins a day after the
    first randomisation."""
    found: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for row in _rows(table):
        if row["who"] in start and row["when"] and what in (None, row.get("what")):
            day = int(row["when"]) - start[row["who"]][1]
            found[row["who"], -(-day // 7)].add(day)
    return found


def _told(days: int) -> str:
    return "-" if not days else "*" if days == 1 else "+"
