"""The four proposed mechanisms: the idea of each, and what was read for and against it, with its row or address.

None of them is established. The figures in the sentences are those of the rows, so that a corrected row corrects them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from sextant.evidence.library import SeriesRow, Trial, library


class Side(StrEnum):
    """What a finding speaks for."""

    FOR = "for"
    AGAINST = "against"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One finding in our words.

    `row_id` and `study_id` name it in the tables of studies and are empty where it stands in none; then `name` says
    what it is. `address` is where it was read.
    """

    side: Side
    words: str
    row_id: str
    study_id: str
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """One proposed mechanism; `stand_in` says what is shown in place of a measurement, empty where none is needed."""

    key: str
    title: str
    idea: str
    stand_in: str
    told: tuple[Told, ...]

    def on(self, side: Side) -> tuple[Told, ...]:
        """What speaks on one side."""
        return tuple(one for one in self.told if one.side is side)


@cache
def mechanisms() -> Mapping[str, Mechanism]:
    """The four by their keys, in the order of the file.

    Raises
    ------
    ValueError
        If a sentence names a row that is not on file.
    """
    text = files("sextant.evidence").joinpath("mechanisms.toml").read_text(encoding="utf-8")
    on_file: tuple[Trial | SeriesRow, ...] = (*library().trials, *library().series)
    rows = {row.row_id: row for row in on_file}
    return {
        one["key"]: Mechanism(
            key=one["key"],
            title=one["title"],
            idea=one["idea"],
            stand_in=one["stand_in"],
            told=tuple(_told(said, rows) for said in one["said"]),
        )
        for one in tomllib.loads(text)["mechanism"]
    }


def _told(said: Mapping[str, Any], rows: Mapping[str, Trial | SeriesRow]) -> Told:
    if "row" not in said:
        return Told(
            side=Side(said["side"]),
            words=said["words"],
            row_id="",
            study_id="",
            name=said["name"],
            address=said["address"],
        )
    row, beside = _row(said["row"], rows), _row(said.get("beside", said["row"]), rows)
    return Told(
        side=Side(said["side"]),
        words=said["words"].format_map(_Figures(row, beside)),
        row_id=row.row_id,
        study_id=row.study_id,
        name="",
        address=row.source_address,
    )


def _row(row_id: str, rows: Mapping[str, Trial | SeriesRow]) -> Trial | SeriesRow:
    try:
        return rows[row_id]
    except KeyError:
        raise ValueError(f"mechanisms.toml names the row {row_id!r}, which no table of studies has.") from None


class _Figures(dict[str, str]):
    """The cells of a row, and of the one beside it, as they are written in a sentence; an empty cell cannot be."""

    def __init__(self, row: Trial | SeriesRow, beside: Trial | SeriesRow) -> None:
        super().__init__()
        self._row, self._beside = row, beside

    def __missing__(self, name: str) -> str:
        row = self._beside if name.startswith(_BESIDE) else self._row
        value = getattr(row, name.removeprefix(_BESIDE))
        if value is None:
            raise ValueError(f"mechanisms.toml asks for {name} of {row.row_id}, which the table leaves empty.")
        return f"{value:g}".replace("-", "−") if isinstance(value, int | float) else str(value)


_BESIDE = "beside_"
