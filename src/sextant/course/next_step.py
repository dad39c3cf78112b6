"""The one next step, as the value that page, letter, API and command line share."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sextant.course.lapse import LapseCare
from sextant.course.place import Place
from sextant.course.use_ahead import UseAhead
from sextant.protocol import Finding
from sextant.response import About, Forecast


class StepCode(StrEnum):
    """The nine things that a next step can be; there is never more than one."""

    ASK = "ask"
    CLEAR_GATE = "clear_gate"
    OFFER_INFUSION = "offer_infusion"
    WAIT = "wait"
    REVIEW = "review"
    STOP_KETAMINE = "stop_ketamine"
    MAINTENANCE_WINDOW = "maintenance_window"
    PAUSE = "pause"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """On what one sentence of a step rests.

    Parameters
    ----------
    sentence : the advice, a reason or a doubt
    sources : keys of `sextant.evidence`
    forecast : the answer of the forecast that it speaks of, None where it speaks of none
    """

    sentence: str
    sources: tuple[str, ...] = ()
    forecast: About | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What to do next, why, what speaks against being sure, and where that was read.

    `advice` is one sentence. At most three reasons and two doubts. `sources` are keys of `sextant.evidence`.
    `rests_on` tells the same by sentence. `window` is the first and last day of a maintenance window, else None.
    """

    code: StepCode
    infusion: int | None
    advice: str
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    sources: tuple[str, ...]
    rests_on: tuple[Basis, ...]
    window: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersions:
    """Which model, prior and policy stood behind an answer."""

    version: str
    prior: str
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The whole explained answer for one patient at one moment.

    `passed` names closed gates that were signed today, `lapse` the talk that is owed or was held after use,
    `use_ahead` how likely use is in the weeks ahead.
    """

    as_of: datetime
    gates: tuple[Finding, ...]
    passed: frozenset[str]
    forecast: Forecast | None
    step: Step
    course: Place
    lapse: LapseCare | None
    use_ahead: UseAhead
    model: ModelVersions
