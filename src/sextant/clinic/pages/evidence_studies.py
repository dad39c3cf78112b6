"""The studies on file as a list: who, what was treated, how, how many, how well it was read, and where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sextant.clinic.pages.evidence_words import (
    Address,
    address_of,
    addresses_of,
    design_words,
    name_of,
    plain,
    treated_words,
)
from sextant.evidence.library import Kind, library
from sextant.evidence.rows import AdverseEvent, OngoingTrial, SeriesRow, Trial
from sextant.evidence.strength import Strength, strength

KINDS = {
    Kind.TRIALS: "Studies in addiction",
    Kind.SERIES: "Series, mostly in depression",
    Kind.ADVERSE_EVENTS: "Reports of harm",
    Kind.REVIEWS: "Reviews",
}
"""What the list can show; registered studies have a list of their own."""

SUBSTANCES = {
    "alcohol": ("alcohol",),
    "cocaine": ("cocaine",),
    "methamphetamine": ("methamphetamine",),
    "opioids": ("opioid", "heroin"),
    "nicotine": ("nicotine", "tobacco"),
    "cannabis": ("cannabis",),
    "gambling": ("gambling",),
    "depression": ("depress", "mdd", "trd", "bipolar", "mood"),
    "other": (),
}
"""What can be chosen, and the parts of words by which it is found; 'other' is whatever has none of them."""

_SECOND = " and at a second address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study of one table, or one review."""

    name: str
    reference: str
    treated: str
    design: str
    people: str
    grades: str
    weighed_down: bool
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A registered study without a result that could be read."""

    name: str
    treated: str
    plan: str
    people: str
    status: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a grade means for some of its rows; `twice` of them were read at a second address too."""

    words: str
    rows: int
    twice: int
    weighed_down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How well figures were read: the grade, how many rows have it, and what it means."""

    name: str
    rows: int
    meanings: tuple[Meaning, ...]


def studies(kind: Kind, substance: str = "") -> tuple[Study, ...]:
    """The studies of one table that are about a substance; all of them where none is named."""
    return tuple(study for study in _studies(kind) if not substance or substance in groups_of(study.treated))


def registered(substance: str = "") -> tuple[Registered, ...]:
    """The registered studies about a substance; all of them where none is named."""
    return tuple(
        _registered(one) for one in library().ongoing if not substance or substance in groups_of(one.substance)
    )


def groups_of(treated: str) -> frozenset[str]:
    """The names in `SUBSTANCES` that a study belongs to.

    >>> sorted(groups_of("alcohol (with major depression)"))
    ['alcohol', 'depression']
    """
    words = treated.lower()
    return frozenset(name for name, parts in SUBSTANCES.items() if any(part in words for part in parts)) or {"other"}


@cache
def grades() -> tuple[Grade, ...]:
    """All grades with their counts over the whole library, the strongest first."""
    found: Counter[Strength] = Counter(strength(row) for kind in Kind for row in library().rows(kind))
    merged: dict[tuple[str, str, bool], list[int]] = {}
    for one, rows in found.items():
        counts = merged.setdefault((one.grade, one.words.removesuffix(_SECOND), one.weigh_down), [0, 0])
        counts[0] += rows
        counts[1] += rows if one.words.endswith(_SECOND) else 0
    meanings: dict[str, list[Meaning]] = {}
    for (name, words, down), (rows, twice) in sorted(merged.items(), key=lambda one: (one[0][2], -one[1][0])):
        meanings.setdefault(name, []).append(Meaning(words=words, rows=rows, twice=twice, weighed_down=down))
    return tuple(
        Grade(name=name, rows=sum(one.rows for one in meanings[name]), meanings=tuple(meanings[name]))
        for name in sorted(meanings, key=_rank)
    )


@cache
def _studies(kind: Kind) -> tuple[Study, ...]:
    on_file = library()
    if kind is Kind.REVIEWS:
        return tuple(
            Study(
                name="Review" if one.year is None else f"Review {one.year}",
                reference=one.doi_or_pmid or "",
                treated=one.scope,
                design=plain(one.finding),
                people=_review_people(one.n_studies, one.n_participants),
                grades=strength(one).grade,
                weighed_down=strength(one).weigh_down,
                addresses=addresses_of([one.source_address]),
            )
            for one in sorted(on_file.reviews, key=lambda one: -(one.year or 0))
        )
    rows: dict[str, list[Trial | SeriesRow | AdverseEvent]] = {}
    for row in (*on_file.trials, *on_file.series, *on_file.adverse_events):
        if row in on_file.rows(kind):
            rows.setdefault(row.study_id, []).append(row)
    told = [(of_study[0].year or 0, _study(of_study)) for of_study in rows.values()]
    return tuple(study for _, study in sorted(told, key=lambda one: -one[0]))


def _study(rows: Sequence[Trial | SeriesRow | AdverseEvent]) -> Study:
    first = rows[0]
    found = sorted({strength(row) for row in rows}, key=lambda one: _rank(one.grade))
    return Study(
        name=name_of(first.study_id),
        reference=first.doi_or_pmid or "",
        treated=treated_words(first.substance) if isinstance(first, Trial) else first.population,
        design="report of harm" if isinstance(first, AdverseEvent) else design_words(first.design),
        people=_people(rows),
        grades=", ".join(dict.fromkeys(one.grade for one in found)),
        weighed_down=any(one.weigh_down for one in found),
        addresses=addresses_of(row.source_address for row in rows),
    )


def _people(rows: Sequence[Trial | SeriesRow | AdverseEvent]) -> str:
    """The largest size of a study that is on file: of the whole, or of its arms together."""
    if isinstance(rows[0], AdverseEvent):
        sizes = [row.n_patients for row in rows if isinstance(row, AdverseEvent) and row.n_patients is not None]
        return f"{max(sizes):,}" if sizes else "not read"
    wholes: list[int] = []
    arms: dict[str, int] = {}
    for row in rows:
        if isinstance(row, AdverseEvent) or row.n is None:
            continue
        if isinstance(row, Trial) and row.row_kind != "contrast" and "crossover" not in row.design:
            arms[row.arm or ""] = max(row.n, arms.get(row.arm or "", 0))
        else:
            wholes.append(row.n)
    # The arms of a series are given with the size of the whole study, but for one that gives each arm its own.
    own = {(row.arm, row.n) for row in rows if isinstance(row, SeriesRow) and row.n and "crossover" not in row.design}
    if len(own) == len({arm for arm, _ in own}) > 1 and len({n for _, n in own}) > 1:
        wholes = [sum(n for _, n in own)]
    together = sum(arms.values())
    if not wholes and not together:
        return "not read"
    one_arm = not wholes and len(arms) == 1 and rows[0].design.startswith("rct") and " v " not in next(iter(arms))
    return f"{max([*wholes, together]):,}" + (" in one arm" if one_arm else "")


def _review_people(n_studies: int | None, n_people: int | None) -> str:
    people = "people not counted" if n_people is None else f"{n_people:,} people"
    return people if n_studies is None else f"{n_studies} studies, {people}"


def _registered(one: OngoingTrial) -> Registered:
    return Registered(
        name=plain(one.registration),
        treated=treated_words(one.substance),
        plan=plain(one.plan),
        people="not read" if one.planned_n is None else f"{one.planned_n}",
        status=one.status,
        address=address_of(one.source_address),
    )


def _rank(grade: str) -> int:
    order = ("primary", "computed", "copy", "secondary", "review", "cited", "press", "registry")
    return order.index(grade) if grade in order else len(order)
