"""Which studies share people, a research group, or lack a control arm; `studies/dependence.csv` lists them.

Studies that share people are never pooled together: the same patients would count twice.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO


class OverlapError(ValueError):
    """Studies that share people were to be pooled together."""


@dataclass(frozen=True, slots=True)
class Dependence:
    """What ties studies together, or sets one apart.

    `kind` is 'overlap' (shared people), 'one_group' (one research group: not independent confirmation) or 'no_control'
    (both arms had ketamine).
    """

    kind: str
    studies: tuple[str, ...]
    says: str


@cache
def dependences() -> tuple[Dependence, ...]:
    """All that are on file."""
    text = files("sextant.evidence").joinpath("studies", "dependence.csv").read_text(encoding="utf-8")
    return tuple(
        Dependence(row["kind"], tuple(row["studies"].split()), row["says"]) for row in csv.DictReader(StringIO(text))
    )


def check_independent(studies: Iterable[str]) -> None:
    """Refuse studies that share people, or one study twice.

    Raises
    ------
    OverlapError
        With one sentence that names the studies and what they share.
    """
    named = list(studies)
    twice = sorted({study for study in named if named.count(study) > 1})
    if twice:
        raise OverlapError(f"{twice[0]} would be pooled with itself; its contrasts overlap. Take one of them.")
    for one in dependences():
        both = [study for study in named if study in one.studies]
        if one.kind == "overlap" and len(both) > 1:
            raise OverlapError(f"{' and '.join(both)} cannot be pooled together: {one.says}. Take one of them.")


def no_control(study: str) -> str | None:
    """Why the study has no control arm, or None."""
    return next((one.says for one in dependences() if one.kind == "no_control" and study in one.studies), None)


def one_group(studies: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each research group that brings more than one of these studies."""
    named = set(studies)
    return tuple(
        f"{' and '.join(study for study in one.studies if study in named)} come from one research group; their "
        f"agreement is not independent confirmation."
        for one in dependences()
        if one.kind == "one_group" and len(named & set(one.studies)) > 1
    )
