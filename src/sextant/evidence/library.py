"""The library of studies: five tables of published figures, each row with the address where it was read.

The tables lie in `evidence/studies`. Adding a study is one row in one of them; nothing else is edited.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from sextant.evidence.rows import AdverseEvent, OngoingTrial, Review, Row, SeriesRow, Trial
from sextant.evidence.tables import FILE_OF, Kind, TableError, read_table

__all__ = [
    "AdverseEvent",
    "Kind",
    "Library",
    "OngoingTrial",
    "Review",
    "Row",
    "SeriesRow",
    "TableError",
    "Trial",
    "library",
    "library_of",
    "read_library",
    "shipped_text",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All rows, table by table, in the order of the files."""

    trials: tuple[Trial, ...]
    series: tuple[SeriesRow, ...]
    adverse_events: tuple[AdverseEvent, ...]
    ongoing: tuple[OngoingTrial, ...]
    reviews: tuple[Review, ...]

    def rows(self, kind: Kind) -> tuple[Row, ...]:
        """The rows of one table."""
        tables: dict[Kind, tuple[Row, ...]] = {
            Kind.TRIALS: self.trials,
            Kind.SERIES: self.series,
            Kind.ADVERSE_EVENTS: self.adverse_events,
            Kind.ONGOING: self.ongoing,
            Kind.REVIEWS: self.reviews,
        }
        return tables[kind]


@cache
def library() -> Library:
    """The library that is shipped."""
    return library_of({})


def library_of(own: Mapping[Kind, str]) -> Library:
    """The library with tables of one's own, given as text, in place of the shipped ones of the same kind.

    Raises
    ------
    TableError
        With every fault of every table.
    """
    problems: list[str] = []
    found: dict[Kind, tuple[Row, ...]] = {}
    for kind, name in FILE_OF.items():
        try:
            found[kind] = read_table(kind, own[kind] if kind in own else shipped_text(kind), name)
        except TableError as error:
            problems += error.problems
    if problems:
        raise TableError(tuple(problems))
    return Library(
        trials=tuple(row for row in found[Kind.TRIALS] if isinstance(row, Trial)),
        series=tuple(row for row in found[Kind.SERIES] if isinstance(row, SeriesRow)),
        adverse_events=tuple(row for row in found[Kind.ADVERSE_EVENTS] if isinstance(row, AdverseEvent)),
        ongoing=tuple(row for row in found[Kind.ONGOING] if isinstance(row, OngoingTrial)),
        reviews=tuple(row for row in found[Kind.REVIEWS] if isinstance(row, Review)),
    )


def read_library(folder: Path) -> Library:
    """The library with the tables of a folder (`trials.csv` and so on) in place of the shipped ones.

    Raises
    ------
    TableError
        With every fault of every table, or where the folder holds none of the five files or one that is not UTF-8.
    """
    own = {kind: folder / name for kind, name in FILE_OF.items() if (folder / name).is_file()}
    if not own:
        raise TableError((f"{folder} holds none of the files {', '.join(FILE_OF.values())}.",))
    texts: dict[Kind, str] = {}
    for kind, path in own.items():
        try:
            texts[kind] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise TableError((f"{path.name} is not UTF-8 text (byte {error.start}). Save it as UTF-8.",)) from None
    return library_of(texts)


def shipped_text(kind: Kind) -> str:
    """The shipped table as it stands, for one's own rows to be added to."""
    return files("sextant.evidence").joinpath("studies", FILE_OF[kind]).read_text(encoding="utf-8")
