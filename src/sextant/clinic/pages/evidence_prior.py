"""What became of each study in the average patient: how much it counts for each answer, and what goes without it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sextant.clinic.pages.evidence_words import name_of
from sextant.response import About
from sextant.response.prior.kept import kept_prior
from sextant.virtual.influence import ODDS_MOVED

LITTLE = "–"
"""What is written for a share of less than half of one percent."""
_LEAST = 0.005
_BESIDE_CONTROL, _OF_CONTROLS, _WORSE = "difference from control", "control: ", "worse than before"
"""Beginnings of what a figure is."""
ABOUT_WORDS = {
    About.CLEAR: "Clear benefit",
    About.LASTING: "How long it lasts",
    About.ONE_MORE: "One more infusion",
    About.WORSE: "Who gets worse",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InPrior:
    """One study in the prior: its share of each answer, in percent, and whom it moves."""

    name: str
    shares: tuple[str, ...]
    figures: int
    moves: str
    patients: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One published figure beside what new studies of its kind would find."""

    name: str
    words: str
    published: str
    new_study: str
    own: str
    within: bool


def prior_page() -> dict[str, Any]:
    """All that the page tells of the prior that ships."""
    told = kept_prior()
    answers = {one["about"]: one for one in told["weights"]}
    shares = {about: {one["study"]: one["share"] for one in answers[about.value]["studies"]} for about in ABOUT_WORDS}
    heaviest = sorted(told["influence"], key=lambda one: -max(each.get(one["study"], 0.0) for each in shares.values()))
    held = sum(one["within"] for one in told["figures"])
    return {
        "version": told["population"],
        "answers": [*ABOUT_WORDS.values()],
        "assumed": [percent(answers[about.value]["assumed"]) for about in ABOUT_WORDS],
        "studies": [
            _in_prior(one, [shares[about].get(one["study"], 0.0) for about in ABOUT_WORDS]) for one in heaviest
        ],
        "checks": [_checked(one) for one in told["figures"]],
        "held": held,
        "odds_moved": f"{10 * ODDS_MOVED:.0f}",
        "wrong": tuple(_wrong(told["figures"])),
        "due": round(0.8 * len(told["figures"])),
        "left_out": len(told["left_out"]),
    }


def percent(share: float) -> str:
    """A share as whole percent; a dash where it is next to nothing."""
    return f"{100 * share:.0f}" if share >= _LEAST else LITTLE


def _in_prior(influence: dict[str, Any], shares: list[float]) -> InPrior:
    changed = len(set(influence["odds_move"]) | set(influence["advice_changes"]))
    return InPrior(
        name=name_of(influence["study"]),
        shares=tuple(percent(one) for one in shares),
        figures=influence["figures"],
        moves=f"{abs(influence['moved_sds']):.1f}",
        patients=str(changed) if changed else "none",
    )


def _wrong(figures: list[dict[str, Any]]) -> Iterator[str]:
    """Where published figures speak against the average patient, in plain sentences."""
    for one in figures:
        if one["words"].startswith(_BESIDE_CONTROL) and one["published"] < one["low80"]:
            yield (
                f"Too hopeful beside a control: {name_of(one['study'])} found a difference of "
                f"{_figure(one['published'])} points. A new study like it is foretold {_figure(one['low80'])} to "
                f"{_figure(one['high80'])}."
            )
        if one["words"].startswith(_WORSE) and round(one["published"], 2) < round(one["low80"], 2):
            low, high = (f"{100 * one[end]:.0f}" for end in ("low80", "high80"))
            yield (
                f"Too gloomy about getting worse: {name_of(one['study'])} found {100 * one['published']:.0f} in 100. "
                f"A new study like it is foretold {low} to {high} in 100."
            )
    controls = [one["within"] for one in figures if one["words"].startswith(_OF_CONTROLS)]
    if controls and sum(controls) < round(0.8 * len(controls)):
        yield (
            f"What people do without ketamine is foretold badly: of {len(controls)} figures of control arms "
            f"{sum(controls)} lie in their bands of 8 in 10. Where control arms do better than foretold, too much is "
            "put down to ketamine."
        )


def _checked(figure: dict[str, Any]) -> Checked:
    return Checked(
        name=name_of(figure["study"]),
        words=figure["words"],
        published=_figure(figure["published"]),
        new_study=f"{_figure(figure['low80'])} to {_figure(figure['high80'])}",
        own=_figure(figure["own"]),
        within=figure["within"],
    )


def _figure(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"
