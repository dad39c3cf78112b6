"""Today: who needs what now, and what of it waits for me?"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from sextant.clinic.models import Fact, Role
from sextant.clinic.pages.access import for_staff, staff
from sextant.clinic.pages.coming_card import hard_week, hard_week_words
from sextant.clinic.pages.lapse_words import lapse_of, talk_words
from sextant.clinic.pages.standing import Standing, standing_of
from sextant.clinic.pages.words import State, doubt_words, is_own, short_day
from sextant.clinic.selectors.today import NextAction, patients_by_next_action
from sextant.clinic.services import access, audit, policy, views
from sextant.clinic.services.recommendations import refresh_stale
from sextant.protocol.rules import suicidality
from sextant.record import Decision
from sextant.units.words import count_words, odds_words

_CARE = frozenset({Role.PRESCRIBER, Role.NURSE, Role.COUNSELLOR})
_PRESCRIBER = frozenset({Role.PRESCRIBER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One patient: the state, where the course stands, the next action and its button."""

    name: str
    chart: str
    state: State
    stands: str
    advice: str
    more: str
    button: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A group of Today: what it is called, how it looks, whom it waits for and where its button leads."""

    key: str
    title: str
    state: State
    waits_for: frozenset[Role]
    button: str
    leads_to: str
    holds: Callable[[NextAction, "_Decided"], bool]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The rows of one group; `open` for those that wait for this person, folded otherwise. `note` says who is in it."""

    key: str
    title: str
    note: str
    rows: list[Row]
    open: bool


_Decided = dict[UUID, Standing]


def _gate_closed(row: NextAction, code: str) -> bool:
    gates = row.recommendation.answer["gates"] if row.recommendation else []
    return any(gate["code"] == code and gate["verdict"] == "closed" for gate in gates)


def _in_crisis(row: NextAction, _: _Decided) -> bool:
    return _gate_closed(row, suicidality.RULE.code)


def _talk_is_owed(row: NextAction, _: _Decided) -> bool:
    lapse = lapse_of(row.recommendation.answer) if row.recommendation else None
    return lapse is not None and lapse["talked_on"] is None


def _hard_week_from(row: NextAction) -> date | None:
    return hard_week(row.recommendation.answer) if row.recommendation else None


def _hard_week_is_likely(row: NextAction, _: _Decided) -> bool:
    return _hard_week_from(row) is not None


def _to_infuse(row: NextAction, decided: _Decided) -> bool:
    standing = decided.get(row.patient.pk)
    # With a day still to come the step is to wait for it; the gates are asked again on the day.
    return standing is not None and standing.goes and row.code != "wait"


def _step_is(*codes: str) -> Callable[[NextAction, _Decided], bool]:
    return lambda row, _: row.code in codes


# The first that fits a patient holds it.
_KINDS = (
    _Kind(
        key="crisis",
        title="Crisis path first",
        state=State("Act now", "act"),
        waits_for=_CARE,
        button="Open the chart",
        leads_to="chart",
        holds=_in_crisis,
    ),
    _Kind(
        key="infuse",
        title="Ordered: the gates of the day, then the infusion",
        state=State("Decided", "go"),
        waits_for=frozenset({Role.PRESCRIBER, Role.NURSE}),
        button="Gates of the day",
        leads_to="screening",
        holds=_to_infuse,
    ),
    _Kind(
        key="decide",
        title="A prescriber reads and decides",
        state=State("To decide", "ask"),
        waits_for=_PRESCRIBER,
        button="Read and decide",
        leads_to="review",
        holds=_step_is("offer_infusion", "review", "maintenance_window", "stop_ketamine"),
    ),
    _Kind(
        key="ask",
        title="Something must be asked",
        state=State("To ask", "ask"),
        waits_for=_CARE,
        button="See what to ask",
        leads_to="chart",
        holds=_step_is("ask"),
    ),
    _Kind(
        key="closed",
        title="A gate is closed",
        state=State("Closed", "shut"),
        waits_for=frozenset(),
        button="See what opens it",
        leads_to="chart",
        holds=_step_is("clear_gate", "pause"),
    ),
    _Kind(
        key="quiet",
        title="Nothing to do today",
        state=State("Waiting", "later"),
        waits_for=frozenset(),
        button="Chart",
        leads_to="chart",
        holds=_step_is("wait", "none"),
    ),
)


_TALK = _Kind(
    key="lapse",
    title="After use: we owe a talk",
    state=State("To talk", "ask"),
    waits_for=frozenset({Role.COUNSELLOR}),
    button="The way back",
    leads_to="use",
    holds=_talk_is_owed,
)
_HARD_WEEK = _Kind(
    key="hard-week",
    title="A hard week is likely: support early",
    state=State("Likely hard", "ask"),
    waits_for=frozenset({Role.COUNSELLOR}),
    button="The weeks ahead",
    leads_to="use",
    holds=_hard_week_is_likely,
    note="Of 10 people with such weeks more than 5 would show use in a test of the coming week or, of alcohol, tell of "
    "it. It is a chance and no verdict, and says nothing of anybody’s will.",
)
_BESIDE = (_TALK, _HARD_WEEK)
"""Beside the group of the next step: these wait for nothing, and nothing waits for them."""


@for_staff
def today(request: HttpRequest) -> HttpResponse:
    """All patients by what they need; a search narrows them by name."""
    person = staff(request)
    if person.role == Role.ADMINISTRATOR:
        # Charts are not this role's; what is, stands on the audit page.
        return redirect("audit")
    audit.saw(person, None, "today")
    now = timezone.localtime()
    for _ in refresh_stale(now):
        pass
    searched = request.GET.get("q", "").strip()
    everybody = patients_by_next_action(now)
    found = [row for row in everybody if searched.casefold() in row.patient.name.casefold()]
    limits = policy.current_limits(now).by_name.values()
    page = {
        "here": "today",
        "now": now,
        "searched": searched,
        "n_patients": len(everybody),
        "n_found": len(found),
        "groups": _groups(found, Role(person.role), now.date(), views.awaited_of(person, now), unfold=bool(searched)),
        "may_import": person.role in access.MAY_IMPORT,
        "n_unset": sum(limit.value is None for limit in limits) if person.role == Role.DIRECTOR else 0,
    }
    return render(request, "clinic/today.html", page)


def _groups(
    rows: list[NextAction], role: Role, today: date, awaits_view: Callable[[UUID], bool], *, unfold: bool
) -> list[Group]:
    """The groups that hold anybody, those that wait for this role first. A crisis waits for everybody."""
    decided = _decisions(rows, today)
    shown = (_KINDS[0], *_BESIDE, *_KINDS[1:])
    held: dict[str, list[NextAction]] = {kind.key: [] for kind in shown}
    for row in sorted(rows, key=_waited_longest):
        kinds = [next(kind for kind in _KINDS if kind.holds(row, decided))]
        kinds += [kind for kind in _BESIDE if kind.holds(row, decided)]
        for kind in kinds:
            held[kind.key].append(row)
    held[_HARD_WEEK.key].sort(key=lambda row: _hard_week_from(row) or date.max)
    withheld = {
        row.patient.pk
        for row in rows
        if _has_forecast(row) and row.code in views.TO_DECIDE and awaits_view(row.patient.pk)
    }
    ordered = sorted(shown, key=lambda kind: kind.key != "crisis" and role not in kind.waits_for)
    return [
        Group(
            key=kind.key,
            title=kind.title,
            note=kind.note,
            rows=[
                _row(row, kind, role, decided.get(row.patient.pk), today, withheld=row.patient.pk in withheld)
                for row in held[kind.key]
            ],
            open=unfold or kind.key == "crisis" or role in kind.waits_for,
        )
        for kind in ordered
        if held[kind.key]
    ]


def _waited_longest(row: NextAction) -> tuple[bool, date, list[tuple[int, str]]]:
    """Those whose last infusion is longest ago first, then those without one; names by their numbers."""
    last = row.last_infusion_at
    name = [
        (int(part), "") if part.isdecimal() and len(part) < 10 else (0, part)
        for part in re.split(r"(\d+)", row.patient.name)
    ]
    return last is None, last.date() if last else date.max, name


def _has_forecast(row: NextAction) -> bool:
    forecast = row.recommendation.answer["forecast"] if row.recommendation else None
    return bool(forecast) and not forecast["refused"]


def _row(row: NextAction, kind: _Kind, role: Role, standing: Standing | None, today: date, *, withheld: bool) -> Row:
    """One patient's row; `withheld` keeps advice and odds back until the prescriber has written down an own view."""
    chart = reverse("chart", args=[row.patient.pk])
    mine = role in kind.waits_for
    addresses = {
        "chart": chart,
        "review": reverse("review", args=[row.patient.pk]),
        "screening": reverse("screening", args=[row.patient.pk]),
        "use": reverse("use", args=[row.patient.pk]),
    }
    return Row(
        name=row.patient.name,
        chart=chart,
        state=kind.state,
        stands=_stands(row, today),
        advice=_advice(row, kind, standing, withheld=withheld),
        more=_more(row, kind, standing, today, withheld=withheld),
        button=kind.button if mine else "Chart",
        url=addresses[kind.leads_to] if mine else chart,
    )


def _advice(row: NextAction, kind: _Kind, standing: Standing | None, *, withheld: bool) -> str:
    if kind.key == "hard-week":
        return "Plan support early, together with this person"
    if standing and kind.key == "infuse":
        return _decided_words(standing)
    return "Your own view first" if withheld else row.advice


def _decided_words(standing: Standing) -> str:
    return f"{standing.what}, by {standing.decision.source.removeprefix('entered by ')}"


def _more(row: NextAction, kind: _Kind, standing: Standing | None, today: date, *, withheld: bool) -> str:
    """What was seen, for a crisis; by when a talk is owed; the coming week; else, unless `withheld`, a decision that is
    held or put off, or the odds."""
    if kind.key == "crisis" and row.recommendation is not None:
        return " ".join(row.recommendation.step["reasons"])
    if kind.key == "lapse" and row.recommendation and (lapse := lapse_of(row.recommendation.answer)):
        return talk_words(lapse, today)
    if kind.key == "hard-week" and row.recommendation is not None:
        return hard_week_words(row.recommendation.answer, today)
    if withheld:
        return ""
    if standing is not None and not standing.goes:
        return standing.short
    return _odds(row) if kind.key == "decide" else ""


def _odds(row: NextAction) -> str:
    """The odds of clear benefit in words, with their doubt."""
    forecast = row.recommendation.answer["forecast"] if row.recommendation else None
    odds = forecast and forecast["p_clear_by_six"]
    if not odds:
        return ""
    whose = "" if is_own(forecast) else " for the average patient"
    doubt = doubt_words(odds["low80"], odds["high80"])
    return f"Clear benefit by infusion 6: {odds_words(odds['mean'])}{whose}. {doubt}"


def _stands(row: NextAction, today: date) -> str:
    if row.last_infusion_at is None:
        return "Screening"
    when = short_day(timezone.localtime(row.last_infusion_at).date(), today)
    return f"{count_words(row.infusions_given, 'infusion')}, last {when}"


def _decisions(rows: list[NextAction], today: date) -> _Decided:
    """What the newest decision of each patient since the last infusion is worth now; one query."""
    by_patient = {row.patient.pk: row for row in rows}
    last: dict[UUID, datetime | None] = {row.patient.pk: row.last_infusion_at for row in rows}
    newest: dict[UUID, Decision] = {}
    for fact in Fact.objects.current().filter(kind="Decision", patient__in=last).order_by("taken_at"):
        since = last[fact.patient_id]
        decision = fact.as_record
        if isinstance(decision, Decision) and (since is None or fact.taken_at > since):
            newest[fact.patient_id] = decision
    standing = {key: _standing(by_patient[key], decision, today) for key, decision in newest.items()}
    return {key: one for key, one in standing.items() if one is not None}


def _standing(row: NextAction, decision: Decision, today: date) -> Standing | None:
    if row.recommendation is None:
        return None
    # The step counts the infusions of this treatment alone; without one to offer, the list's own count has to do.
    following = row.recommendation.step["infusion"] or row.infusions_given + 1
    return standing_of(decision, following - 1, row.recommendation.answer, today)
