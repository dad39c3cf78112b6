"""Everything on record of one patient: who entered what and when, with all that was corrected or taken back."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sextant import record
from sextant.clinic.models import User
from sextant.clinic.pages.access import for_staff, open_patient, staff
from sextant.clinic.pages.fact_words import KIND_WORDS, fact_words
from sextant.clinic.pages.words import moment_words
from sextant.clinic.selectors.history import Entered, facts_of
from sextant.clinic.services import access
from sextant.units.words import day_words

_ON_A_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One fact in words. `struck` says why it no longer holds, `corrects` why it stands in place of another."""

    pk: UUID
    kind: str
    words: str
    day: str
    time: str
    entered: str
    source: str
    corrects: str
    state: str
    struck: str
    may_take_back: bool
    may_end: bool


@for_staff
def facts(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """All facts, newest first; `?kind=` shows those of one kind alone."""
    opened = open_patient(request, patient_id, "facts")
    entered = facts_of(opened.patient)
    told = [one for one in entered if one.fact is not None]
    counts = Counter(one.row.kind for one in told)
    kind = request.GET.get("kind", "")
    shown = [one for one in told if one.row.kind == kind] if kind in counts else told
    instead = {one.replaces.pk: one for one in entered if one.replaces is not None}
    on_page = Paginator(shown, _ON_A_PAGE).get_page(request.GET.get("page"))
    page = {
        "here": "facts",
        "strip": opened.strip,
        "kind": kind if kind in counts else "",
        "kinds": [(name, words, counts[name]) for name, words in KIND_WORDS.items() if name in counts],
        "n_all": len(told),
        "on_page": on_page,
        "rows": [_row(one, instead.get(one.row.pk), staff(request), opened.now) for one in on_page],
    }
    return render(request, "clinic/facts.html", page)


def _row(one: Entered, instead: Entered | None, user: User, now: datetime) -> FactRow:
    fact = one.fact
    if fact is None:
        raise ValueError("A row that takes a fact back is told with the fact that it takes back.")
    taken_at = fact.taken_at.astimezone(now.tzinfo)
    may_change = one.holds and access.may_enter(user, one.row.kind)
    return FactRow(
        pk=one.row.pk,
        kind=KIND_WORDS[one.row.kind],
        words=fact_words(fact),
        day=day_words(taken_at.date()),
        time=f"{taken_at:%H:%M}",
        entered=_who_when(one, now),
        source="" if fact.source.startswith("entered by ") else fact.source,
        corrects=one.reason,
        state="" if instead is None else "Taken back" if instead.row.withdrawn else "Corrected",
        struck="" if instead is None else f"{_who_when(instead, now)}: “{instead.reason}”",
        may_take_back=may_change,
        may_end=may_change and isinstance(fact, record.Condition) and fact.present_at(now),
    )


def _who_when(one: Entered, now: datetime) -> str:
    return f"{moment_words(one.entered_at.astimezone(now.tzinfo), now.date())} by {one.entered_by}"
