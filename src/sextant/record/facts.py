"""What is known of one patient, as frozen values.

Every fact says when it was taken, when it was entered and where it came from. A fact is never changed: a
correction is a new fact that names the one it replaces. Unknown is the absence of a fact, never a 'no'.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any


class Sex(StrEnum):
    """Administrative sex as FHIR names it; it does not say who can be pregnant."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who the record is about."""

    patient_id: str
    birth_date: date
    sex: Sex
    name: str = ""
    deceased_at: datetime | None = None

    def age_on(self, day: date) -> int:
        """Full years of age on a day.

        >>> Patient(patient_id="p", birth_date=date(2000, 2, 29), sex=Sex.FEMALE).age_on(date(2018, 2, 28))
        17
        """
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday


@cache
def _moments(kind: Any) -> tuple[str, ...]:
    """The fields of a kind that may hold a time; a clinic has many facts, and few fields are one."""
    return tuple(field.name for field in fields(kind) if "datetime" in str(field.type))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Anything that was seen, said, measured or done at one time.

    Parameters
    ----------
    fact_id : stable name of the fact within the record
    taken_at : timezone-aware time at which it held
    source : who or what says so, for people ('FHIR Observation/12', 'entered by Demo nurse 1')
    """

    fact_id: str
    taken_at: datetime
    source: str = ""

    def __post_init__(self) -> None:
        for name in _moments(type(self)):  # type: ignore[arg-type]
            value = getattr(self, name)
            if isinstance(value, datetime) and value.tzinfo is None:
                raise ValueError(
                    f"{type(self).__name__}.{name} is {value!r}, a time without a zone. "
                    "Example: datetime(2026, 11, 23, 9, 0, tzinfo=UTC)."
                )

    @property
    def day(self) -> date:
        """The calendar day of the fact, in the zone that it was recorded in."""
        return self.taken_at.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded(Fact):
    """A fact whose meaning is a code of a public code system, with the text that people read."""

    code: str
    system: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Coded):
    """A diagnosis or finding on the problem list; `clinical_status` is FHIR's, empty when not given.

    `onset_at` is when it began (else `taken_at`), `abated_at` when it ended, where that is known. `verification` is
    FHIR's code for how sure whoever recorded it was ('confirmed', 'provisional', ...), empty when not given.
    """

    clinical_status: str = ""
    onset_at: datetime | None = None
    abated_at: datetime | None = None
    verification: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether the diagnosis stands without a stated doubt."""
        return self.verification in {"", "confirmed"}

    def present_at(self, moment: datetime) -> bool:
        """Whether the condition had begun and not ended at a moment.

        The dates win over the status: a condition that is resolved today was present before it abated. Without an
        end date only the status can say that it is over.
        """
        if (self.onset_at or self.taken_at) > moment:
            return False
        if self.abated_at is not None:
            return self.abated_at > moment
        return self.clinical_status not in {"inactive", "remission", "resolved"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication(Coded):
    """A medicine ordered or taken; `status` is FHIR's ('active', 'stopped', ...)."""

    status: str
    ended_at: datetime | None = None

    def present_at(self, moment: datetime) -> bool:
        """Whether the medicine was ordered and not known to have ended at a moment."""
        if self.taken_at > moment:
            return False
        if self.ended_at is not None:
            return self.ended_at > moment
        return self.status not in {"stopped", "completed", "cancelled", "entered-in-error", "draft"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BenzodiazepineDose(Fact):
    """What is taken of one benzodiazepine in a day, on average; the name as the tables of equivalents print it."""

    drug: str
    mg_per_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy(Coded):
    """An allergy or intolerance; `clinical_status` as FHIR gives it, empty when not given."""

    clinical_status: str = ""
    reaction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BloodPressure(Fact):
    """One reading of both pressures, mmHg."""

    systolic_mmhg: float
    diastolic_mmhg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight(Fact):
    """Body weight, kg."""

    weight_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement(Fact):
    """Any other vital sign or laboratory value, in the canonical unit of its kind.

    `kind` carries the unit in its name, as everywhere: 'heart_rate_per_min', 'oxygen_saturation_percent',
    'height_cm', 'alt_u_per_l', 'breath_alcohol_g_per_210l'.
    """

    kind: str
    value: float


class QualitativeResult(StrEnum):
    """Outcome of a qualitative test."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class PregnancyTest(Fact):
    """A test for pregnancy, in urine or serum."""

    result: QualitativeResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Fact):
    """The total of one questionnaire or rating, in its own points.

    `item_nine` is PHQ-9's answer about being better off dead or self-harm (0 to 3), where it is known.
    """

    instrument: str
    points: float
    item_nine: int | None = None


class UseEvidence(StrEnum):
    """How we know of use."""

    SELF_REPORT = "self-report"
    URINE = "urine"
    BREATH = "breath"
    COLLATERAL = "collateral"

    @property
    def words(self) -> str:
        """The same for people, the person and those close among them.

        >>> UseEvidence.URINE.words, UseEvidence.COLLATERAL.words
        ('urine', 'somebody close')
        """
        return "somebody close" if self is UseEvidence.COLLATERAL else self.value

    @property
    def is_test(self) -> bool:
        """Whether a sample says so, and no person."""
        return self in (UseEvidence.URINE, UseEvidence.BREATH)


ANY_PROBLEM = "any"
"""The problem of a report of use that speaks of every substance and behaviour."""


BEHAVIOURS = frozenset({"gambling", "gaming", "internet"})
"""Problems that are no substance: nothing of them is in breath or urine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReport(Fact):
    """What is known of use of the substance or behaviour over a span of days, both ends included.

    `used` None means asked and not known. `last_used_on` is the last day of use in the span, where it is known;
    `days_used` counts days with use, where they were counted.
    """

    problem: str
    covers_from: date
    covers_to: date
    used: bool | None
    evidence: UseEvidence
    last_used_on: date | None = None
    days_used: int | None = None

    @property
    def known_use_on(self) -> date | None:
        """The last day that is known as a day of use: named, or the last of a report all of whose days were used."""
        if not self.used:
            return None
        span = (self.covers_to - self.covers_from).days + 1
        return self.covers_to if span == 1 or self.days_used == span else self.last_used_on

    @property
    def use_reaches(self) -> date | None:
        """The last day on which use may have been; None where there was none or nobody knows."""
        if not self.used:
            return None
        return self.known_use_on or self.covers_to


@dataclass(frozen=True, slots=True, kw_only=True)
class UseJudged(Fact):
    """A prescriber's judgement that use told of under a name that is not known here bars no infusion.

    It speaks of the reports that the prescriber saw, for the target of its time; what is told or entered later, or
    corrected, is judged anew. `problem` is the name as it was written, `reason` the prescriber's own, `reports` the
    `fact_id` of each report.
    """

    problem: str
    reason: str
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Infusion(Fact):
    """An infusion of ketamine that was given; `taken_at` is its start.

    `dose_mg_per_kg` is None where an import gives milligrams and no weight near enough to divide by.
    """

    dose_mg_per_kg: float | None
    duration_min: float | None
    route: str = "intravenous"
    given_elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Fact):
    """The answer to one question of `record.questions`, as a value that the question allows.

    `on` is the day that the answer tells of, where the question asks for one ('Last time'); None where nobody knows.
    """

    question: str
    value: str
    note: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Fact):
    """What patient and prescriber chose to judge the treatment by.

    `problem` names the substance or behaviour in plain words; `instrument` is the id of the score.
    """

    problem: str
    instrument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Support(Fact):
    """A contact of counselling, group or other help that stands beside the infusions."""

    kind: str
    attended: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance(Fact):
    """Share (0 to 1) of the agreed counselling and groups attended, from this time on."""

    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Fact):
    """Consent to treatment, given or withdrawn; consent to disclose is another object."""

    given: bool
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Fact):
    """What the prescriber decided after reading a next step, in the prescriber's own words.

    `step` and `infusion` name what was decided (not what was advised); `planned_on` is the one next date, if any.
    With an infusion, `dose_mg_per_kg` and `duration_min` are the order: of that one infusion and of no other, on
    the day that is planned; without one, on the day on which it was decided.
    """

    choice: str
    step: str
    infusion: int | None
    reasons: str
    planned_on: date | None = None
    dose_mg_per_kg: float | None = None
    duration_min: float | None = None

    @property
    def for_day(self) -> date:
        """The one day that an ordered infusion is for: an order does not outlast it."""
        return self.planned_on or self.day


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnView(Fact):
    """What a prescriber expected and would have done before seeing the forecast; kept to compare, never read by it.

    `odds_in_ten` is the own guess of clear benefit by the sixth infusion, 0 to 10; `step` what would have been chosen.
    """

    seen_by: str
    odds_in_ten: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeries(Fact):
    """A new series begins: what was given before belongs to earlier ones. `reason` is the prescriber's own."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Override(Fact):
    """One person's signature that passes one closed gate as it stood, for the rest of the visit.

    Parameters
    ----------
    code : the gate
    saw : what the gate said when it was signed; once it says anything else, the signature is void
    reason : why, in the signer's own words
    signed_by : who signed, by a name that no two people share
    role : what the signer does in the clinic
    ends_at : when it lapses, at the latest at the end of the day
    """

    code: str
    saw: str
    reason: str
    signed_by: str
    role: str
    ends_at: datetime
