"""The next-step card: the advice, the odds in words with their doubt, reasons, doubts and what stands behind them."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from sextant.clinic.charts import Odds, odds_svg
from sextant.clinic.pages.words import State, doubt_words, in_sentence, is_own, number_words
from sextant.evidence import Source, source
from sextant.instruments import instrument
from sextant.protocol.rules import suicidality
from sextant.units.words import count_words, odds_words

_TO_DECIDE = {"offer_infusion", "review", "maintenance_window", "stop_ketamine"}
# What speaks for an offer is a go; what bars it, asks or waits looks like it.
_REASON_SHAPES = {"ask": "ask", "clear_gate": "shut", "pause": "shut", "none": "shut", "wait": "later"}


_NOT_ESTABLISHED = "That ketamine works in addiction is not established."
# Odds of clear benefit below which its lasting is left out. A choice of words, not of medicine.
_WORTH_SAYING = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class OddsWords:
    """The odds of clear benefit: headline, the doubt about it, its picture, and how long it may last."""

    headline: str
    rest: str
    svg: SafeString
    lasting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the prescriber decided; `held` says what stands in its way, empty where nothing does."""

    state: State
    words: str
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceCard:
    """All that the card says."""

    code: str
    advice: str
    odds: OddsWords | None
    no_odds: str
    reasons: list[str]
    reasons_title: str
    reason_shape: str
    crisis: bool
    to_decide: bool
    doubts: list[str]
    sources: list[Source]
    basis: str
    model: dict[str, str]
    as_of: str
    decided: Decided | None = None

    @property
    def caveat(self) -> str:
        """What is read first wherever odds or a decision stand; a doubt that says it more fully takes its place."""
        if not (self.odds or self.to_decide):
            return ""
        own = next((doubt for doubt in self.doubts if _says_so(doubt)), _NOT_ESTABLISHED)
        odds = "The odds are an average over what is not known; the likely range holds 8 in 10 of it."
        return f"{own} {odds}" if self.odds else own

    @property
    def other_doubts(self) -> list[str]:
        """The doubts that do not stand in the caveat."""
        return [doubt for doubt in self.doubts if not (self.caveat and _says_so(doubt))]

    @property
    def doubts_title(self) -> str:
        """How many."""
        return _title(len(self.other_doubts), "doubt")


def advice_card(
    answer: dict[str, Any], *, as_of: str, decided: Decided | None = None, average: float | None = None
) -> AdviceCard:
    """The card of a stored answer.

    Parameters
    ----------
    answer : the answer as JSON of next-step/1
    as_of : when it was worked out, in words
    decided : what the prescriber decided since the last infusion; None before
    average : the average patient's odds of clear benefit by infusion 6, where known
    """
    step, forecast = answer["step"], answer["forecast"]
    crisis = any(gate["code"] == suicidality.RULE.code and gate["verdict"] == "closed" for gate in answer["gates"])
    offers = step["code"] not in {"none", "clear_gate"}
    return AdviceCard(
        code=step["code"],
        advice=step["advice"],
        odds=_odds(forecast, average) if offers and forecast else None,
        no_odds=_no_odds(forecast) if offers else "",
        reasons=step["reasons"],
        reasons_title=_title(len(step["reasons"]), "reason"),
        reason_shape="act" if crisis else _REASON_SHAPES.get(step["code"], "go"),
        crisis=crisis,
        to_decide=step["code"] in _TO_DECIDE,
        doubts=step["doubts"],
        sources=[source(one["key"]) for one in step["sources"]],
        basis=basis_words(forecast),
        model=answer["model"],
        as_of=as_of,
        decided=decided,
    )


def _says_so(doubt: str) -> bool:
    return "not established" in doubt


def _title(count: int, one: str) -> str:
    return f"{number_words(count)} {one}{'' if count == 1 else 's'}"


def _odds(forecast: dict[str, Any], average: float | None) -> OddsWords | None:
    odds = forecast["p_clear_by_six"]
    if odds is None or forecast["refused"]:
        return None
    own = is_own(forecast)
    name = in_sentence(instrument(forecast["target"]).name)
    headline = odds_words(odds["mean"])
    headline = headline[0].upper() + headline[1:]
    whose = "people like this one" if own else "average patients"
    all_given = forecast["one_more"] is not None
    reach = (
        f"{whose} have had clear benefit after infusion 6"
        if all_given
        else f"{whose} reach clear benefit if all six are given"
    )
    rest = [f"{reach}: {name} halved by ketamine alone.", doubt_words(odds["low80"], odds["high80"])]
    if (worse := forecast["p_worse"]) is not None:
        verb = "is" if 0.1 <= worse["mean"] < 0.15 else "are"
        words = odds_words(worse["mean"])
        rest.append(f"{words[0].upper()}{words[1:]} {verb} worse now than before the first.")
    title = (
        f"{headline}; 8 in 10 of the doubt lies from {10 * odds['low80']:.0f} to {10 * odds['high80']:.0f} in 10"
        + ("" if average is None or not own else f"; average patient {10 * average:.0f} in 10")
    )
    picture = Odds(
        title=title,
        mean=odds["mean"],
        low80=odds["low80"],
        high80=odds["high80"],
        average=average if own else None,
        whose="me" if own else "average",
    )
    return OddsWords(headline=headline, rest=" ".join(rest), svg=odds_svg(picture), lasting=lasting_words(forecast))


def lasting_words(forecast: dict[str, Any]) -> str:
    """How long clear benefit lasts, as a sentence; empty where that is not known or benefit is unlikely."""
    lasts, odds = forecast["lasts_days"], forecast["p_clear_by_six"]
    # Where benefit is unlikely, how long it would last only raises hope.
    if lasts is None or lasts["median"] is None or odds["mean"] < _WORTH_SAYING:
        return ""
    days = f"about {count_words(round(lasts['median']), 'day')}"
    if lasts["median"] < 1:
        days = "less than a day"
    return (
        f"Where benefit is clear it lasts {days} after the last infusion, "
        f"likely {lasts['low80']:.0f} to {count_words(round(lasts['high80']), 'day')}; not tested against real courses."
    )


def _no_odds(forecast: dict[str, Any] | None) -> str:
    if forecast is None:
        return "No forecast yet: it starts when patient and prescriber choose the score that treatment is judged by."
    if forecast["refused"]:
        return f"No forecast: {forecast['refused']}"
    return ""


def basis_words(forecast: dict[str, Any] | None) -> str:
    """How much of the forecast is this patient's own and how much the average patient's.

    Chances are said as so many in 10. These are shares of evidence and nobody's chance, so they are in %, everywhere.
    """
    if forecast is None or forecast["refused"]:
        return ""
    if forecast["kind"] == "average":
        return "The forecast is the average patient’s: there is no own score from before the first infusion."
    scores = count_words(forecast["n_own_scores"], "own score")
    waits = forecast["p_worse"] is None and forecast["p_clear_now"] is not None
    worse = "" if not waits else " Odds of getting worse wait for the clinic to set what counts as worse."
    if forecast["prior_share"] is None:
        return f"Built from {scores} and the average patient.{worse}"
    share = round(100 * forecast["prior_share"])
    return f"Built from {scores} ({100 - share} %) and the average patient ({share} %).{worse}"
