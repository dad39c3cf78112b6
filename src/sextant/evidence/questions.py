"""The questions that can be put to the trials, each with the rule that chooses its rows."""

from dataclasses import dataclass
from enum import StrEnum

from sextant.evidence.rows import Trial

SIX_MONTHS_DAYS = 150
"""From here on a follow-up counts as six months or longer; published follow-ups are nominal."""

_THROUGHOUT = ("remained_abstinent", "total_abstinence")
"""Outcome names that say abstinent for the whole time, so that everybody else relapsed."""


class Scale(StrEnum):
    """The scale on which a question's effects add up."""

    LOG_ODDS_RATIO = "log odds ratio"
    LOG_HAZARD_RATIO = "log hazard ratio"
    MEAN_DIFFERENCE = "mean difference"
    STANDARDISED = "standardised mean difference"

    @property
    def is_ratio(self) -> bool:
        """Whether people read it as a ratio, after taking the exponential."""
        return self in (Scale.LOG_ODDS_RATIO, Scale.LOG_HAZARD_RATIO)


class Against(StrEnum):
    """What the treated arm is compared with."""

    CONTROL = "control"
    FEWER_SESSIONS = "fewer sessions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to the trials.

    `rule` says in words which rows it takes. Effects are turned so that above 0 (a ratio above 1) is good for the
    patient; `good` says what is then more frequent or larger. `words` and `without` are parts of outcome names that a
    row must have one of, and must not have. `sobriety` marks the questions from which a prior for sobriety is made.
    """

    name: str
    title: str
    good: str
    rule: str
    scale: Scale
    words: tuple[str, ...]
    without: tuple[str, ...] = ()
    against: Against = Against.CONTROL
    longer_than_days: float = 0.0
    relapse_turned: bool = False
    throughout_turned: bool = False
    sobriety: bool = False
    unit: str | None = None

    def asks(self, row: Trial) -> bool:
        """Whether the row's outcome is what the question is about, usable or not."""
        outcome = row.outcome_name.lower()
        if row.follow_up_days is not None and row.follow_up_days < self.longer_than_days:
            return False
        if any(word in outcome for word in self.without):
            return False
        if any(word in outcome for word in self.words):
            return True
        if self.relapse_turned and "relapse" in outcome and row.outcome_kind == "binary":
            return True
        return self.throughout_turned and outcome.startswith(_THROUGHOUT)


_PERCENT_DAYS = "percent_days_abstinent"

QUESTIONS = (
    Question(
        name="abstinence",
        title="Are people abstinent more often after ketamine than after a control?",
        good="odds of abstinence",
        rule="Abstinence counted in people, at the first follow-up that a trial gives; a relapse contrast counts as "
        "abstinence turned. Arms with counts come before adjusted contrasts of the same trial.",
        scale=Scale.LOG_ODDS_RATIO,
        words=("abstinen",),
        without=(_PERCENT_DAYS,),
        relapse_turned=True,
        sobriety=True,
    ),
    Question(
        name="abstinence-six-months",
        title="Are people abstinent more often half a year or longer after ketamine than after a control?",
        good="odds of abstinence",
        rule=f"As abstinence, at the first follow-up of {SIX_MONTHS_DAYS} days or more.",
        scale=Scale.LOG_ODDS_RATIO,
        words=("abstinen",),
        without=(_PERCENT_DAYS,),
        longer_than_days=SIX_MONTHS_DAYS,
        relapse_turned=True,
        sobriety=True,
    ),
    Question(
        name="relapse",
        title="Do people stay free of relapse more often after ketamine than after a control?",
        good="odds of no relapse",
        rule="Relapse counted in people, turned; abstinence for the whole time counts as no relapse. Time to relapse "
        "is a question of its own.",
        scale=Scale.LOG_ODDS_RATIO,
        words=("relapse",),
        throughout_turned=True,
        sobriety=True,
    ),
    Question(
        name="relapse-hazard",
        title="Does relapse come later after ketamine than after a control?",
        good="hazard of relapse in control over ketamine",
        rule="Hazard ratios of time to relapse, turned.",
        scale=Scale.LOG_HAZARD_RATIO,
        words=("relapse",),
    ),
    Question(
        name="percent-days-abstinent",
        title="Are more days abstinent after ketamine than after a control?",
        good="share of days abstinent",
        rule="Mean differences in the share of days abstinent between ketamine and control in all people of a trial.",
        scale=Scale.MEAN_DIFFERENCE,
        words=(_PERCENT_DAYS,),
        without=("mediator",),
        unit="percentage points of days",
    ),
    Question(
        name="repeating",
        title="Are people abstinent more often after several sessions than after one?",
        good="odds of abstinence",
        rule="Trials in which both arms had ketamine, one of them more sessions than the other.",
        scale=Scale.LOG_ODDS_RATIO,
        words=("abstinen",),
        without=(_PERCENT_DAYS,),
        against=Against.FEWER_SESSIONS,
    ),
    Question(
        name="craving",
        title="Is craving lower after ketamine than after a control?",
        good="fall in craving, in standard deviations",
        rule="Arms with mean and standard deviation of a craving score. Scales differ between trials, so differences "
        "are standardised.",
        scale=Scale.STANDARDISED,
        words=("craving",),
    ),
)


def question(name: str) -> Question | None:
    """The question of that name, or None."""
    return next((one for one in QUESTIONS if one.name == name), None)
