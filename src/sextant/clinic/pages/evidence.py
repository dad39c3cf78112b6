"""What does research say of ketamine in addiction, and how sure is it? All figures are worked out from the library."""

from collections.abc import Collection
from functools import cache
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sextant.clinic.charts import ratio_words
from sextant.clinic.pages.access import for_staff
from sextant.clinic.pages.evidence_forest import forests, people_of, pooled_answers, unseen_of
from sextant.clinic.pages.evidence_harms import harms, shared_people
from sextant.clinic.pages.evidence_prior import prior_page
from sextant.clinic.pages.evidence_studies import KINDS, SUBSTANCES, grades, registered, studies
from sextant.clinic.pages.evidence_words import design_words, name_of, treated_words
from sextant.evidence.library import Kind, library
from sextant.evidence.pools import Answer
from sextant.evidence.sobriety import NOT_ESTABLISHED, sobriety_prior
from sextant.units.words import count_words, list_words

_LEADING = "abstinence"
_SENSITIVITY = "sensitivity"

NOT_KNOWN = (
    "How craving or use changes from infusion to infusion in addiction. No trial tells it; depression stands in, and "
    "the forecast is made wider for that.",
    "How craving moves from day to day after an infusion. There are single readings and no curve.",
    "Whether a series of six keeps people from relapse. No trial in addiction on file gave six.",
    "How far apart maintenance infusions should be. No controlled trial compared intervals.",
    "Whether it helps with gambling, gaming or other behaviours. There is one case report.",
    "Whether it helps with methamphetamine. Trials are registered; none has a result that could be read.",
    "Who is helped more than others. No study on file is large enough to tell people apart.",
    "How much of a difference is expectation. People feel ketamine, so they often know what they were given.",
    "What years of it do to bladder, memory and the wish for more. The studies were too short.",
)


@for_staff
def evidence(request: HttpRequest) -> HttpResponse:
    """The short answer, the forest plots, how well it was read, what is not known, and every study.

    Nothing of a patient or of this clinic stands here, so that everybody on the staff may open it and no entry is
    added to the audit trail.
    """
    view, not_a_view = _chosen(request, "with", {_SENSITIVITY})
    kind, not_a_kind = _chosen(request, "kind", [one.value for one in KINDS])
    substance, not_a_substance = _chosen(request, "substance", SUBSTANCES)
    shown = Kind(kind or Kind.TRIALS.value)
    with_sensitivity = view == _SENSITIVITY
    plots = forests(with_sensitivity=with_sensitivity)
    found = studies(shown, substance)
    not_understood = [sentence for sentence in (not_a_view, not_a_kind, not_a_substance) if sentence]
    page = {
        "here": "evidence",
        "headline": NOT_ESTABLISHED,
        "short": short_answer(),
        "not_understood": not_understood,
        "with_sensitivity": with_sensitivity,
        "without_link": _address(kind=kind, substance=substance),
        "with_link": _address(view=_SENSITIVITY, kind=kind, substance=substance),
        "heaviest": heaviest() if with_sensitivity else "",
        "leading": plots[0],
        "others": plots[1:],
        "prior": prior_page(),
        "grades": grades(),
        "n_rows": sum(one.rows for one in grades()),
        "not_known": NOT_KNOWN,
        "kinds": [(one.value, words) for one, words in KINDS.items()],
        "kind": shown.value,
        "kind_words": KINDS[shown],
        "substances": list(SUBSTANCES),
        "substance": substance,
        "studies": found,
        "n_of_kind": len(studies(shown)),
        "all_link": _address(view=view, kind=kind),
        "registered": registered(),
        "registered_here": len(registered(substance)) if substance else 0,
        "harms": harms(),
        "shared_people": shared_people(),
    }
    return render(request, "clinic/evidence.html", page, status=400 if not_understood else 200)


def _chosen(request: HttpRequest, name: str, known: Collection[str]) -> tuple[str, str]:
    """What was chosen in the address, and a sentence where it is none of what can be."""
    asked = request.GET.get(name, "").strip()
    if not asked or asked in known:
        return asked, ""
    shown = asked if len(asked) <= 40 else f"{asked[:40]}…"
    return "", f"‘{shown}’ is no choice for ‘{name}’. It can be: {', '.join(known)}."


def _address(*, view: str = "", kind: str = "", substance: str = "") -> str:
    """This page with the same choices."""
    chosen = {name: one for name, one in (("with", view), ("kind", kind), ("substance", substance)) if one}
    return f"?{urlencode(chosen)}" if chosen else "?"


@cache
def short_answer() -> tuple[str, ...]:
    """What the controlled trials say of abstinence, and how wide the doubt is, in plain sentences."""
    found = pooled_answers(with_sensitivity=False)[_LEADING]
    told: list[str] = []
    if found.pooled is not None:
        low, high = found.pooled.interval or found.pooled.wald
        narrow = "" if found.pooled.interval else f", and with {found.pooled.k} trials even that is too narrow"
        told.append(
            f"{count_words(len(found.effects), 'controlled trial')} ({_who(found)}) can be pooled for abstinence. On "
            f"average the odds of abstinence were {ratio_words(found.pooled.mean)} times those of the control arms; "
            f"{ratio_words(low)} to {ratio_words(high)} times fits as well{narrow}."
        )
    for one in unseen_of(found):
        about = one.about.replace("(", "").replace(")", "")
        told.append(
            f"{one.name} ({about}) saw no difference between its groups. Its counts could not be read, so it is not in "
            "the pool, which is too hopeful without it."
        )
    if found.effects:
        prior = sobriety_prior(found.question, library().trials)
        low, high = prior.interval
        assumed = ", partly by assumption" if "design assumption" in prior.rule else ""
        held = ": harm, no effect and benefit" if low < 0 < high else ""
        told.append(
            f"In a new place the odds could be {ratio_words(low)} to {ratio_words(high)} times those of a control"
            f"{assumed}{held}."
        )
    uncounted = [name_of(one.study) for one in found.effects if one.rows[0].row_kind == "contrast"]
    if uncounted:
        told.append(
            f"How many more of ten people that is cannot be said: of {list_words(uncounted)} a ratio was "
            "read and no counts."
        )
    return tuple(told)


@cache
def heaviest() -> str:
    """Which of the press and non-randomised studies weighs most in the pool, and how it was made."""
    found = pooled_answers(with_sensitivity=True)[_LEADING]
    weights = found.pooled.weights if found.pooled else ()
    let_in = [
        (weight, one.rows[0])
        for weight, one in zip(weights, found.effects, strict=False)
        if any(row.poolable == "sensitivity_only" for row in one.rows)
    ]
    if not let_in:
        return ""
    weight, row = max(let_in, key=lambda pair: pair[0])
    return (
        f"{name_of(row.study_id)} alone has {100 * weight:.0f} % of the weight for abstinence and was "
        f"{design_words(row.design)}."
    )


def _who(found: Answer) -> str:
    people = [people_of(one.rows) for one in found.effects]
    substances = list_words(sorted({treated_words(one.rows[0].substance) for one in found.effects}))
    known = [n for n in people if n is not None]
    return f"{sum(known)} people, {substances}" if len(known) == len(people) else substances
