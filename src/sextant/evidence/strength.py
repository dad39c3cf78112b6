"""How strong the reading behind a row is, in plain words.

The grade is about where the figure was read, not about the design of the study: a figure of a good trial that was seen
in a press account alone is still weak.
"""

from dataclasses import dataclass

from sextant.evidence.rows import OngoingTrial, Review, Row


@dataclass(frozen=True, slots=True)
class Strength:
    """A grade, what it means, and whether the figure should be weighed down."""

    grade: str
    words: str
    weigh_down: bool


_REGISTRY = Strength("registry", "a register, funder or site lists the study; no result was readable", True)
_REVIEW_ARTICLE = Strength("review", "a review article; for orientation, never pooled with its own trials", True)

# The first beginning that fits decides. What stands after a semicolon is a remark on single cells, not the level.
_BY_BEGINNING = (
    ("primary_", Strength("primary", "read in the publisher's, PubMed's or PMC's copy", False)),
    ("computed_from_open_data", Strength("computed", "worked out from the study's own open data", False)),
    ("registry", _REGISTRY),
    ("review_", Strength("review", "read in a review by other authors", True)),
    ("single_review", Strength("review", "read in one review by other authors", True)),
    ("cited_in_another_paper", Strength("cited", "read where another paper cites it", True)),
    ("secondary_abstract_copy", Strength("copy", "read in a copy of the abstract at another address", False)),
    ("abstract_copy", Strength("copy", "read in a copy of the abstract at another address", False)),
    ("two_secondary", Strength("secondary", "read at two addresses, neither the paper's own", False)),
    ("single_secondary", Strength("secondary", "read at one address, not the paper's own", True)),
    ("secondary", Strength("secondary", "figures read at second hand, confirmed in part", False)),
)
_PRESS = Strength("press", "read in a press account, not in the paper", True)


def graded(verification: str) -> Strength | None:
    """The grade of a verification level; None for a level that is not known.

    >>> graded("single_secondary_press").grade
    'press'
    """
    level = verification.partition(";")[0].strip()
    for beginning, strength in _BY_BEGINNING:
        if level.startswith(beginning):
            if level.endswith("_press"):
                return _PRESS
            if "+second" in level:
                return Strength(strength.grade, f"{strength.words} and at a second address", strength.weigh_down)
            return strength
    return None


def strength(row: Row) -> Strength:
    """How strong the reading behind a row is.

    Raises
    ------
    ValueError
        If the level is none that is known; the tables on file have no such row.
    """
    if isinstance(row, OngoingTrial):
        return _REGISTRY
    if isinstance(row, Review):
        return _REVIEW_ARTICLE
    found = graded(row.verification)
    if found is None:
        raise ValueError(f"{row.row_id}: no grade for the verification {row.verification!r}.")
    return found


def levels() -> tuple[str, ...]:
    """The beginnings of all verification levels that are known."""
    return tuple(beginning for beginning, _ in _BY_BEGINNING)
