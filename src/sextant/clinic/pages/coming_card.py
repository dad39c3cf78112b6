"""The weeks ahead in words: the chance that use shows, with its doubt; or why none is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sextant.clinic.pages.words import short_day
from sextant.units.words import count_words, list_words, odds_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingWeek:
    """One week ahead; `hard` where use is more likely than not, by the odds that are said."""

    week: str
    odds: str
    span: str
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingCard:
    """The card; `told` where use shows by what the patient tells. Without `rows` the sentence of `refused` stands."""

    finding: str
    told: bool = False
    rests_on: str = ""
    rows: Sequence[ComingWeek] = ()
    refused: str = ""

    @property
    def hard(self) -> str:
        """The weeks ahead that are likely to be hard, by their first days; empty where none is."""
        weeks = [row.week for row in self.rows if row.hard]
        return f"the {'week' if len(weeks) == 1 else 'weeks'} from {list_words(weeks)}" if weeks else ""


def coming_card(answer: dict[str, Any], today: date) -> ComingCard | None:
    """What is likely in the weeks ahead of one patient, by the stored answer; None in answers of before it was kept."""
    ahead = _kept(answer)
    if ahead is None:
        return None
    if ahead["refused"]:
        return ComingCard(finding="The weeks ahead: not known", refused=ahead["refused"])
    rows = [
        ComingWeek(
            week=short_day(date.fromisoformat(week["from"]), today),
            odds=odds_words(week["p_use"]),
            span=f"{odds_words(week['low80'])} to {odds_words(week['high80'])}",
            hard=week["hard"],
        )
        for week in ahead["weeks"]
    ]
    return ComingCard(
        finding=f"{_which(ahead['weeks'][0], today)}: {_says(ahead, rows[0].odds)}",
        told=ahead["rests_on"]["tried_on"]["told"],
        rests_on=_rests_on(ahead["rests_on"]),
        rows=rows,
    )


def _kept(answer: dict[str, Any]) -> dict[str, Any] | None:
    """What the answer says of the weeks ahead; an older one that does not say how well it did is not shown."""
    ahead: dict[str, Any] | None = answer.get("use_ahead")
    return None if ahead and ahead["rests_on"] and "tried_on" not in ahead["rests_on"] else ahead


def _rests_on(of: dict[str, Any]) -> str:
    """Whose weeks the chances rest on, and how they fared where it is known what came."""
    tried = of["tried_on"]
    of_what, people = tried["looked_for"], f"{of['n_patients']:,} people in three trials of treatment for opioid use"
    if tried["told"]:
        mine = f"{count_words(of['known_weeks'], 'week')} that this patient told of"
        found = f"It rests on {mine} and, for what they do not say, on what {people} told of {of_what}."
    else:
        mine = f"{count_words(of['known_weeks'], 'tested week')} of this patient"
        found = f"It rests on {mine} and, for what they do not say, on {people}."
    if not tried["fitted"]:
        found += f" It learned from their opioid tests, and from none for {of_what}."
    said, seen, said_later, seen_later = (
        round(100 * tried[name]) for name in ("said", "seen", "said_later", "seen_later")
    )
    who = "them" if tried["n_patients"] == of["n_patients"] else "them with that use disorder"
    found += (
        f" Tried on {tried['n_patients']:,} of {who}, read as here: of 100 weeks it expected {said} with use a week "
        f"ahead, and {seen} had it; four weeks ahead {said_later}, and {seen_later}."
    )
    if gap := of["gap_weeks"]:
        which = "The week before is not known" if gap == 1 else f"The {gap} weeks before are not known"
        # Of what people tell that was not seen: said and seen lay as close after a gap as without one.
        found += f" {which}{'' if tried['told'] else ': after such a gap use was seen more often than is said'}."
    return found


def hard_week(answer: dict[str, Any]) -> date | None:
    """The first day of the coming week where that is likely to be hard; None where it is not, or nobody knows."""
    ahead = _kept(answer)
    if not ahead or not ahead["weeks"] or not ahead["weeks"][0]["hard"]:
        return None
    return date.fromisoformat(ahead["weeks"][0]["from"])


def hard_week_words(answer: dict[str, Any], today: date) -> str:
    """The chance of the coming week with its doubt, for the counsellor. Only where `hard_week` names one.

    >>> week = {"from": "2026-11-23", "p_use": 0.62, "low80": 0.31, "high80": 0.97, "hard": True}
    >>> of_tests, of_telling = ({"tried_on": {"told": told, "looked_for": "alcohol"}} for told in (False, True))
    >>> hard_week_words({"use_ahead": {"weeks": [week], "rests_on": of_tests}}, date(2026, 11, 25))
    'This week, from 23 Nov: a test shows use of alcohol in about 6 in 10, from 3 to more than 9.'
    >>> week |= {"low80": 0.6, "high80": 0.63}
    >>> hard_week_words({"use_ahead": {"weeks": [week], "rests_on": of_telling}}, date(2026, 11, 22))
    'Next week, from 23 Nov: use of alcohol is told of in about 6 in 10.'
    """
    ahead = answer["use_ahead"]
    soonest = ahead["weeks"][0]
    low, high = round(10 * soonest["low80"]), round(10 * soonest["high80"])
    # Never as certain as 0 or 10 in 10.
    doubt = f", from {low or 'fewer than 1'} to {high if high < 10 else 'more than 9'}" if low != high else ""
    since = short_day(date.fromisoformat(soonest["from"]), today)
    return f"{_which(soonest, today)}, from {since}: {_says(ahead, odds_words(soonest['p_use']) + doubt)}."


def _says(ahead: dict[str, Any], odds: str) -> str:
    """How use of a week ahead would show, and how likely."""
    tried = ahead["rests_on"]["tried_on"]
    of = tried["looked_for"]
    return f"use of {of} is told of in {odds}" if tried["told"] else f"a test shows use of {of} in {odds}"


def _which(week: dict[str, Any], today: date) -> str:
    return "Next week" if date.fromisoformat(week["from"]) > today else "This week"
