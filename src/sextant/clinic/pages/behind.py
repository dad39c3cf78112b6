"""What stands behind one patient's advice: each sentence with its studies, their weight, and how like they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sextant.clinic.pages.access import for_staff, open_patient
from sextant.clinic.pages.advice_card import basis_words
from sextant.clinic.pages.chart import withheld_from
from sextant.clinic.pages.evidence_prior import ABOUT_WORDS, LITTLE, percent
from sextant.clinic.pages.evidence_words import Address, addresses_of, design_words, name_of
from sextant.clinic.pages.words import is_own
from sextant.course.likeness import Feature, Like, likeness
from sextant.evidence import Source, source
from sextant.evidence.library import SeriesRow, library
from sextant.record import PatientRecord
from sextant.response import About
from sextant.response.prior.kept import kept_prior
from sextant.units.words import list_words

_SHOWN = 5  # heaviest studies behind an answer
_MOSTLY = 0.5  # a larger share is called most of it
# Where the forecast has such a figure, the card says it.
_FIGURES = {
    About.CLEAR: "p_clear_by_six",
    About.LASTING: "lasts_days",
    About.ONE_MORE: "one_more",
    About.WORSE: "p_worse",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Sentences of the card that rest on the same."""

    words: list[str]
    forecast: str
    anchor: str
    sources: list[Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study behind an answer, beside this patient."""

    name: str
    design: str
    share: str
    features: tuple[Feature, ...]
    alike: str
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What one answer of the forecast rests on."""

    title: str
    anchor: str
    mostly: str
    assumed: str
    studies: tuple[Study, ...]
    others: str


@for_staff
def behind(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Sentence by sentence, then answer by answer."""
    opened = open_patient(request, patient_id, "behind")
    if withheld_from(request, opened):
        return redirect("review", patient_id)
    forecast = opened.answer["forecast"]
    page = {
        "here": "chart",
        "strip": opened.strip,
        "advice": opened.answer["step"]["advice"],
        "sentences": list(sentences(opened.answer["step"])),
        "basis": basis_words(forecast),
        "own": bool(forecast) and is_own(forecast),
        "answers": answers(forecast, opened.record),
        "prior": opened.answer["model"]["prior"],
        "of_studies": opened.answer["model"]["prior"] == kept_prior()["population"],
        "kept": kept_prior()["population"],
    }
    return render(request, "clinic/behind.html", page)


def sentences(step: dict[str, Any]) -> Iterator[Said]:
    """The sentences of a stored step by what they rest on; none of one that was stored before this was kept."""
    together: dict[tuple[str | None, tuple[str, ...]], list[str]] = {}
    for one in step.get("rests_on", []):
        together.setdefault((one["forecast"], tuple(one["sources"])), []).append(one["sentence"])
    for (forecast, keys), words in together.items():
        about = About(forecast) if forecast else None
        yield Said(
            words=words,
            forecast=ABOUT_WORDS[about] if about else "",
            anchor=about.name.lower() if about else "",
            sources=[source(key) for key in keys],
        )


def answers(forecast: dict[str, Any] | None, record: PatientRecord) -> list[Behind]:
    """Each answer that the forecast gives, with the studies behind the average patient."""
    if forecast is None or forecast["refused"]:
        return []
    rows: dict[str, list[SeriesRow]] = {}
    for row in library().series:
        rows.setdefault(row.study_id, []).append(row)
    told = {one["about"]: one for one in kept_prior()["weights"]}
    return [_behind(about, told[about.value], rows, record) for about in About if forecast[_FIGURES[about]] is not None]


def _behind(about: About, told: dict[str, Any], rows: dict[str, list[SeriesRow]], record: PatientRecord) -> Behind:
    shown, others = told["studies"][:_SHOWN], told["studies"][_SHOWN:]
    return Behind(
        title=ABOUT_WORDS[about],
        anchor=about.name.lower(),
        mostly="Mostly assumption." if told["assumed"] > _MOSTLY else "",
        assumed=_share(told["assumed"]),
        studies=tuple(_study(one, rows[one["study"]], record) for one in shown),
        others=_share(sum(one["share"] for one in others)) if others else "",
    )


def _study(weighed: dict[str, Any], rows: list[SeriesRow], record: PatientRecord) -> Study:
    features = likeness(rows, record)
    return Study(
        name=name_of(weighed["study"]),
        design=design_words(rows[0].design),
        share=_share(weighed["share"]),
        features=features,
        alike=_alike_words(features),
        addresses=addresses_of(row.source_address for row in rows),
    )


def _share(share: float) -> str:
    return "less than half of 1 %" if percent(share) == LITTLE else f"{percent(share)} %"


def _alike_words(features: tuple[Feature, ...]) -> str:
    """What is unlike comes first: it is what a hopeful reader passes over."""
    alike = [one.name.lower() for one in features if one.like is Like.ALIKE]
    in_part = [f"in part {one.name.lower()}" for one in features if one.like is Like.IN_PART]
    unlike = [one.name.lower() for one in features if one.like is Like.UNLIKE]
    unknown = [one.name.lower() for one in features if one.like is Like.UNKNOWN]
    said = (("Unlike", unlike), ("Alike", [*alike, *in_part]), ("Not known", unknown))
    return ". ".join(f"{word}: {list_words(names)}" for word, names in said if names)
