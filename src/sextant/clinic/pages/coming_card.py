"""The weeks ahead in words: the chance that a test shows use, with its doubt; or why none is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sextant.clinic.pages.words import short_day
from sextant.record import PatientRecord
from sextant.units.words import count_words, list_words, odds_words
from sextant.use import coming, refusal, shipped_population


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingWeek:
    """One week ahead; `hard` where use is more likely than not, by the odds that are said."""

    week: str
    odds: str
    span: str
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingCard:
    """The card; without `rows` the sentence of `refused` stands in their place."""

    finding: str
    rests_on: str = ""
    rows: Sequence[ComingWeek] = ()
    refused: str = ""

    @property
    def hard(self) -> str:
        """The weeks ahead that are likely to be hard, by their first days; empty where none is."""
        weeks = [row.week for row in self.rows if row.hard]
        return f"the {'week' if len(weeks) == 1 else 'weeks'} from {list_words(weeks)}" if weeks else ""


_EVEN = 5  # in ten: the mark agrees with the words


def coming_card(record: PatientRecord, now: datetime) -> ComingCard:
    """What is likely in the weeks ahead of one patient."""
    if (why := refusal(record, now)) is not None:
        return ComingCard(finding="The weeks ahead: not known", refused=why)
    population = shipped_population()
    found = coming(record, population, now)
    rows = [
        ComingWeek(
            week=short_day(found.first_day + timedelta(weeks=n), now.date()),
            odds=odds_words(one.p_use),
            span=f"{odds_words(one.p_use_low)} to {odds_words(one.p_use_high)}",
            hard=round(10 * one.p_use) > _EVEN,
        )
        for n, one in enumerate(found.weeks)
    ]
    which = "Next week" if found.first_day > now.date() else "This week"
    finding = f"{which}: a test shows use in {rows[0].odds}"
    rests_on = (
        f"It rests on {count_words(found.tested_weeks, 'tested week')} of this patient and, for what they do not say, "
        f"on {population.n_patients:,} people in three trials of treatment for opioid use."
    )
    return ComingCard(finding=finding, rests_on=rests_on, rows=rows)
