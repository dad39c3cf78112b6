"""How odds, spans and states are said on a page: in words first, never as a bare figure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sextant.protocol import Sobriety
from sextant.units.words import count_words, day_words


def doubt_words(low: float, high: float) -> str:
    """The 80 % interval of a probability, in tenths.

    >>> doubt_words(0.2, 0.61), doubt_words(0.38, 0.42)
    ('Likely range 2 to 6 in 10.', 'The doubt is less than 1 in 10 either way.')
    >>> doubt_words(0.01, 0.99)
    'Likely range fewer than 1 to more than 9 in 10.'
    """
    lowest, highest = round(10 * low), round(10 * high)
    if lowest == highest:
        return "The doubt is less than 1 in 10 either way."
    # Never as certain as 0 or 10 in 10.
    return f"Likely range {lowest or 'fewer than 1'} to {highest if highest < 10 else 'more than 9'} in 10."


def sober_words(sobriety: Sobriety, today: date) -> str:
    """The sober interval: 'not known' when nobody asked, never a single tick.

    What is sure is counted up to the last day of which anybody spoke. Where that is before today, the most that it can
    be is counted so too, and the words say so: any day since may have been one of use.

    >>> def words(low, high, used=None, today=date(2026, 11, 23)): return sober_words(Sobriety(
    ...     low_days=low, high_days=high, unknown_days=0, known_to=date(2026, 11, 23), last_used_on=used, evidence=""),
    ...     today)
    >>> words(21, 24), words(None, None), words(30, None), words(1, 1), words(0, 0)
    ('21 to 24 days', 'not known', 'at least 30 days', '1 day', 'used today')
    >>> later = date(2026, 11, 26)
    >>> words(21, 24, today=later), words(21, 26, today=later), words(30, None, today=later)
    ('21 days when last known', '21 to 23 days when last known', 'at least 30 days when last known')
    >>> words(0, 36, date(2026, 10, 21), today=later), words(0, 3, date(2026, 11, 23), today=later)
    ('used, day not known', '0 to 3 days')
    """
    low, high, known_to = sobriety.low_days, sobriety.high_days, sobriety.known_to
    if low is None or known_to is None:
        return "not known"
    if low == 0:
        return _used_words(sobriety, high)
    since = max((today - known_to).days, 0)
    when = " when last known" if since else ""
    if high is None:
        return f"at least {count_words(low, 'day')}{when}"
    most = high - since
    return f"{count_words(low, 'day') if low >= most else f'{low} to {most} days'}{when}"


def _used_words(sobriety: Sobriety, high: int | None) -> str:
    """Of somebody of whom no day is surely sober."""
    if high == 0:
        return "used today"
    if high is None or sobriety.last_used_on != sobriety.known_to:
        # The last day that anybody spoke of lies in a span with use on a day that nobody named.
        return "used, day not known"
    return f"0 to {count_words(high, 'day')}"


def sober_sentence(sobriety: Sobriety, today: date) -> str:
    """The same as the heading of a page.

    >>> def said(low, high, used=None): return sober_sentence(Sobriety(
    ...     low_days=low, high_days=high, unknown_days=0, known_to=date(2026, 11, 23), last_used_on=used, evidence=""),
    ...     date(2026, 11, 23))
    >>> said(21, 24), said(30, None), said(None, None)
    ('Sober for 21 to 24 days', 'Sober for at least 30 days', 'Days sober: not known')
    >>> said(0, 0), said(0, 33, date(2026, 10, 21))
    ('Last use: today', 'Last use: day not known')
    """
    words = sober_words(sobriety, today)
    if sobriety.low_days is None:
        return f"Days sober: {words}"
    return f"Last use: {words.removeprefix('used').lstrip(', ')}" if words.startswith("used") else f"Sober for {words}"


def sober_evidence_words(sobriety: Sobriety, today: date) -> str:
    """Where the sober interval comes from and how much of it nobody knows."""
    parts = [sobriety.evidence]
    if sobriety.known_to is not None:
        parts[0] += f" up to {short_day(sobriety.known_to, today)}"
    if sobriety.unknown_days:
        parts.append(f"{count_words(sobriety.unknown_days, 'day')} not known")
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class State:
    """A state as a word and the class that gives it shape and colour."""

    word: str
    shape: str


GATE_STATES = {
    "open": State("Open", "go"),
    "passed": State("Passed", "later"),
    "closed": State("Closed", "shut"),
    "ask": State("To ask", "ask"),
    "caution": State("Caution", "care"),
}

STRENGTHS = {
    "absolute": "Nobody may pass it while it is closed.",
    "hard": "The prescriber and a second qualified person may pass it, each with a signed reason.",
    "soft": "The prescriber may pass it with a signed reason.",
}

MUST_ANSWER = "It must be answered."

STEP_WORDS = {
    "ask": "Ask for what is not known",
    "clear_gate": "Clear a closed gate first",
    "offer_infusion": "Offer the next infusion",
    "wait": "Wait",
    "review": "Review",
    "stop_ketamine": "Go on without ketamine",
    "maintenance_window": "Propose a maintenance infusion in its window",
    "pause": "Pause",
    "none": "No treatment with ketamine",
}


def gate_counts(gates: list[dict[str, Any]]) -> list[tuple[State, str]]:
    """How many gates are closed, to ask, cautioned and open, as (state, words); states without a gate are left out.

    >>> [words for _, words in gate_counts([{"verdict": "open"}, {"verdict": "ask"}, {"verdict": "open"}])]
    ['1 to ask', '2 open']
    """
    states = [state_of(gate) for gate in gates]
    return [
        (GATE_STATES[name], f"{states.count(name)} {GATE_STATES[name].word.lower()}")
        for name in ("closed", "ask", "passed", "caution", "open")
        if name in states
    ]


def state_of(gate: dict[str, Any]) -> str:
    """The verdict of a gate of an answer, or that it is closed and was passed today by those who may.

    >>> state_of({"verdict": "closed", "passed": True}), state_of({"verdict": "ask"})
    ('passed', 'ask')
    """
    return "passed" if gate.get("passed") else str(gate["verdict"])


def is_own(forecast: dict[str, Any]) -> bool:
    """Whether a forecast is this patient's own by a hundredth at least; below that it is the average patient's.

    >>> is_own({"kind": "individual", "prior_share": 0.8}), is_own({"kind": "individual", "prior_share": 0.998})
    (True, False)
    """
    share = forecast["prior_share"]
    return forecast["kind"] == "individual" and share is not None and round(100 * share) < 100


def short_day(day: date, today: date) -> str:
    """A day without its year where the year is this one.

    >>> short_day(date(2026, 11, 5), date(2026, 11, 23)), short_day(date(2025, 11, 5), date(2026, 11, 23))
    ('5 Nov', '5 Nov 2025')
    """
    words = day_words(day)
    return words.removesuffix(f" {today.year}")


def ago_words(day: date, today: date) -> str:
    """How long ago a day is; in years where the days would no longer be read.

    >>> ago_words(date(2026, 10, 29), date(2026, 11, 24)), ago_words(date(2019, 4, 21), date(2026, 11, 24))
    ('26 days ago', '7 years ago')
    """
    days = (today - day).days
    return f"{count_words(days // 365, 'year') if days >= 2 * 365 else count_words(days, 'day')} ago"


def moment_words(moment: datetime, today: date) -> str:
    """A day with its time of day, in the zone of the moment."""
    return f"{short_day(moment.date(), today)}, {moment:%H:%M}"


def iso_words(iso: str | None) -> str:
    """A day of an answer's JSON in words; empty where there is none.

    >>> iso_words("2026-11-05"), iso_words(None)
    ('5 Nov 2026', '')
    """
    return day_words(date.fromisoformat(iso)) if iso else ""


def number_words(count: int) -> str:
    """A small count as a word at the start of a heading.

    >>> number_words(3), number_words(12)
    ('Three', '12')
    """
    names = ("No", "One", "Two", "Three", "Four", "Five", "Six")
    return names[count] if count < len(names) else str(count)


def in_sentence(name: str) -> str:
    """The name of an instrument inside a sentence: an acronym stays, a word is written small.

    >>> in_sentence("Craving"), in_sentence("PHQ-9")
    ('craving', 'PHQ-9')
    """
    return name if name[1:] != name[1:].lower() else name.lower()
