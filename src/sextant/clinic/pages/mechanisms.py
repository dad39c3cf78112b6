"""The four proposed mechanisms: what was measured or worked out in this patient, and what speaks for and against."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from sextant.clinic.charts import Observed, ScoreCourse, score_course_svg
from sextant.clinic.pages.access import Opened, for_staff, open_patient
from sextant.clinic.pages.advice_card import basis_words, lasting_words
from sextant.clinic.pages.at_hand import still_running
from sextant.clinic.pages.chart import withheld_from
from sextant.clinic.pages.evidence_words import Address, address_of, name_of
from sextant.clinic.pages.exposure_card import NOT_BENEFIT
from sextant.clinic.pages.exposure_words import peak_of, sites_words
from sextant.clinic.pages.infusion_table import infusion_rows
from sextant.clinic.pages.words import short_day
from sextant.evidence.mechanisms import Mechanism, Side, Told
from sextant.evidence.mechanisms import mechanisms as proposed
from sextant.instruments import instrument
from sextant.pharmacology import Rivals, models, rivals
from sextant.record import Infusion, PatientRecord, Score
from sextant.units.words import list_words
from sextant.visit import regimen_of

MOOD = ("phq9", "madrs", "gad7")
"""What is asked of mood and anxiety, by instrument."""

_SIDES = (
    (Side.FOR, "Speaks for it", "go"),
    (Side.AGAINST, "Speaks against it", "shut"),
    (Side.OPEN, "Asked, and not answered", "ask"),
)
_SEEN_AFTER_MIN = 30.0  # the effect site is at its highest soon after the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding with its study, its row and its address."""

    words: str
    name: str
    row_id: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What speaks on one side."""

    title: str
    shape: str
    findings: list[Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One questionnaire over time: its name, its drawing, and the same in words, newest first."""

    name: str
    svg: SafeString
    scores: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What was measured or worked out in this patient.

    `columns` head `rows`; `unknown` are sentences on what nobody has recorded.
    """

    sentences: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    drawings: tuple[Drawing, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One mechanism."""

    mechanism: Mechanism
    here: Here
    sides: list[Findings]


@for_staff
def mechanisms(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The four, one below the other."""
    opened = open_patient(request, patient_id, "mechanisms")
    withheld = withheld_from(request, opened)
    here: dict[str, Callable[[], Here]] = {
        "plasticity": lambda: _lasting_change(opened.answer["forecast"], withheld),
        "glutamate": lambda: _exposure(opened.record, opened.now),
        "distance": lambda: _craving(opened.record, opened.now),
        "mood": lambda: _mood(opened),
    }
    page = {
        "here": "mechanisms",
        "strip": opened.strip,
        "cards": [Card(mechanism=one, here=here[one.key](), sides=_sides(one)) for one in proposed().values()],
    }
    return render(request, "clinic/mechanisms.html", page)


def _sides(one: Mechanism) -> list[Findings]:
    return [
        Findings(title=title, shape=shape, findings=[_finding(told) for told in one.on(side)])
        for side, title, shape in _SIDES
        if one.on(side)
    ]


def _finding(told: Told) -> Finding:
    return Finding(
        words=told.words,
        name=name_of(told.study_id) if told.study_id else told.name,
        row_id=told.row_id,
        address=address_of(told.address),
    )


def _lasting_change(forecast: dict[str, Any] | None, withheld: str) -> Here:
    if withheld:
        return Here(unknown=(f"The forecast is not shown yet. {withheld}",))
    if forecast is None:
        return Here(unknown=("No forecast yet: it starts when patient and prescriber choose the score.",))
    if forecast["refused"]:
        return Here(unknown=(f"No forecast: {forecast['refused']}",))
    words = lasting_words(forecast)
    if words:
        return Here(sentences=(words, basis_words(forecast)))
    if forecast["lasts_days"] is None:
        return Here(unknown=("Not known yet: how long benefit lasts is worked out once an infusion was given.",))
    return Here(unknown=("Not shown: clear benefit is too unlikely here to say how long it would last.",))


def _exposure(record: PatientRecord, now: datetime) -> Here:
    rows, unknown = [], []
    for name, infusion in _named(record, now):
        given = regimen_of(infusion, record)
        if given.regimen is None or given.weight is None:
            are = "is" if len(given.missing) == 1 else "are"
            unknown.append(f"Infusion {name}: {list_words(given.missing)} {are} not on record.")
            continue
        until = given.regimen.ends_min + _SEEN_AFTER_MIN
        times = np.unique([*np.arange(0.0, until, 2.0), given.regimen.ends_min])
        band = Rivals.of(given.weight.weight_kg, tuple(models().values())).band(given.regimen, times)
        peaks = (
            f"{levels} (minute {at})" for levels, at in (peak_of(times, of) for of in (band.plasma, band.effect_site))
        )
        mg = f"{given.regimen.total_mg:.2f}"
        if (ran_min := still_running(infusion, now)) is not None:
            mg = f"{given.regimen.until(ran_min).total_mg:.2f} of {mg} so far"
            unknown.append(f"Infusion {name} still runs by the record; its levels are those if it goes on as recorded.")
        rows.append((name, mg, *peaks))
    if not rows and not unknown:
        unknown.append("No infusion was given yet. Each stands here with its highest level, once it was.")
    return Here(
        sentences=(f"Worked out by rival models, and not measured. {NOT_BENEFIT}", sites_words(rivals()))
        if rows
        else (),
        columns=("Infusion", "Given, mg", "Highest in the blood, ng/mL", "Highest at the effect site, ng/mL")
        if rows
        else (),
        rows=tuple(rows),
        unknown=tuple(unknown),
    )


def _craving(record: PatientRecord, now: datetime) -> Here:
    scores = [one for one in record.all(Score) if one.instrument == "craving"]
    rows = tuple((name, *(_points(one, now) for one in around)) for name, around in _around(record, scores, now))
    return Here(
        columns=("Infusion", "Craving before", "Craving after") if rows else (),
        rows=rows,
        unknown=(
            *(() if rows else ("No infusion was given yet. Craving before and after each will stand here.",)),
            "Dissociation and the quality of the experience are not recorded yet, so nothing is known of them: that is "
            "not the same as none. A score of each session will stand here.",
        ),
    )


def _mood(opened: Opened) -> Here:
    record, now = opened.record, opened.now
    measured = {key: [one for one in record.all(Score) if one.instrument == key] for key in MOOD}
    days = [one.day for scores in measured.values() for one in scores]
    never = [instrument(key).name for key, scores in measured.items() if not scores]
    drawings = tuple(
        _drawing(key, scores, record.infusions, min(days), now) for key, scores in measured.items() if scores
    )
    unknown = (f"Not on record: {list_words(never)}.",) if never else ()
    if not drawings:
        unknown = (f"Nobody has asked yet: {list_words(never)} will stand here over time, beside the infusions.",)
    return Here(drawings=drawings, unknown=unknown)


def _drawing(key: str, scores: list[Score], given: tuple[Infusion, ...], start: Any, now: datetime) -> Drawing:
    of = instrument(key)
    first, last = scores[0], scores[-1]
    moved = f"from {first.points:g} to {last.points:g}" if len(scores) > 1 else f"{first.points:g}, once"

    def day(moment: datetime) -> float:
        local = moment.astimezone(now.tzinfo)
        midnight = datetime.combine(start, datetime.min.time(), tzinfo=now.tzinfo)
        return (local - midnight) / timedelta(days=1)

    return Drawing(
        name=f"{of.name}, {of.measures}: {moved}",
        svg=score_course_svg(
            ScoreCourse(
                key=f"score-{key}",
                finding=f"{of.name} over time, {moved}",
                figures=f"{len(scores)} scores on a scale of {of.lowest:g} to {of.highest:g}, lower is better; "
                "triangles are infusions. The list below has each score.",
                lowest=of.lowest,
                highest=of.highest,
                start=start,
                end=now.date(),
                observed=[Observed(day=day(one.taken_at), points=one.points) for one in scores],
                infusions=[day(one.taken_at) for one in given if one.day >= start],
            )
        ),
        scores=[(short_day(one.day, now.date()), f"{one.points:g}") for one in reversed(scores)],
    )


def _named(record: PatientRecord, now: datetime) -> Iterator[tuple[str, Infusion]]:
    """Each infusion with its number in its series and its day."""
    for row, infusion in zip(infusion_rows(record, now), record.infusions, strict=True):
        yield f"{row.number}, {row.day}{' (earlier series)' if row.earlier else ''}", infusion


def _around(
    record: PatientRecord, scores: list[Score], now: datetime
) -> Iterator[tuple[str, tuple[Score | None, Score | None]]]:
    """The last score before each infusion, and the first one after it and before the next."""
    following = dict(pairwise(record.infusions))
    for name, infusion in _named(record, now):
        until = following[infusion].taken_at if infusion in following else now
        before = next((one for one in reversed(scores) if one.taken_at <= infusion.taken_at), None)
        after = next((one for one in scores if infusion.taken_at < one.taken_at <= until), None)
        yield name, (before, after)


def _points(score: Score | None, now: datetime) -> str:
    return "not known" if score is None else f"{score.points:g} ({short_day(score.day, now.date())})"
