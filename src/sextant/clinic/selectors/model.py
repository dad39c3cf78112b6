"""What the stored next steps say of the forecast: for whom it does not know, and why."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sextant.clinic.models import Recommendation

NO_BASELINE = "No score from before the first infusion: the average patient alone"
NO_TARGET = "No target chosen yet"

# What a refusal is about, by words that it holds; the sentences themselves may tell of one person.
_ABOUT = (
    ("mg/kg of the studies", "A dose outside the studies"),
    ("was studied", "An age outside the studies"),
    ("another route", "Another route than a vein"),
    ("given elsewhere", "Ketamine given elsewhere"),
    ("not known in mg/kg", "A dose not known by weight"),
    ("cannot fall", "A target that began at the bottom of its scale"),
)


def does_not_know() -> list[tuple[str, int]]:
    """Why the forecast has no figure of a person's own, and of how many people here that is so, most first."""
    newest = Recommendation.objects.newest().values_list("answer", flat=True)
    reasons = Counter(filter(None, (_reason(answer) for answer in newest)))
    return reasons.most_common()


def _reason(answer: Mapping[str, Any]) -> str:
    forecast = answer["forecast"]
    if forecast is None:
        return NO_TARGET
    if refused := forecast["refused"]:
        return next((words for sign, words in _ABOUT if sign in refused), "For another reason, said on the card")
    return NO_BASELINE if forecast["kind"] == "average" else ""
