"""The screening questions whose answers no code system carries well, with the answers that each allows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sextant.record.concepts import Concept


class Group(StrEnum):
    """Where a question stands on the form: what belongs together is asked together."""

    ADDICTION = "The addiction"
    BODY = "Body"
    MIND = "Mind"
    MEDICINES = "Medicines"
    AGREED = "Agreed"
    ON_THE_DAY = "On the day of an infusion"
    LONG_TERM = "After many infusions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question as staff read it.

    Parameters
    ----------
    answers : each stored value with its words
    about : what is asked about, to stand in 'nobody has asked about ...'
    safe : values after which the gate can open; only they grow old, since evidence of danger does not
    day : the label of the day that an answer may tell of ('Last time'), empty where the question asks for none
    lasting : values that no later answer takes back, since what once was stays so ('Ever an aneurysm?'): such an
        answer is corrected where it was wrong
    listed : what an entry of the problem list or of the medicines stands for that speaks against a 'no' here
    ever : whether such an entry speaks against it when it is over, too
    judged : whether the answer is the prescriber's own judgement, so that nobody else gives it
    """

    key: str
    text: str
    answers: dict[str, str]
    group: Group
    about: str
    safe: frozenset[str]
    day: str = ""
    lasting: frozenset[str] = frozenset()
    listed: Concept | None = None
    ever: bool = False
    judged: bool = False

    @property
    def opening(self) -> str:
        """The first answer after which the gate can open."""
        return next(value for value in self.answers if value in self.safe)


_YES_NO = {"yes": "Yes", "no": "No"}


def _yes_no(key: str, text: str, about: str, group: Group, *, safe: str = "no", **more: Any) -> Question:
    return _one_of(key, text, about, group, _YES_NO, safe, **more)


def _one_of(
    key: str,
    text: str,
    about: str,
    group: Group,
    answers: dict[str, str],
    *safe: str,
    lasting: Collection[str] = (),
    **more: Any,
) -> Question:
    return Question(
        key=key,
        text=text,
        answers=answers,
        group=group,
        about=about,
        safe=frozenset(safe),
        lasting=frozenset(lasting),
        **more,
    )


def _addiction() -> Iterator[Question]:
    group = Group.ADDICTION
    yield _yes_no(
        "earlier_treatment",
        "Has other treatment for this addiction been tried?",
        "which treatments of this addiction were tried",
        group,
        safe="yes",
    )
    yield _yes_no(
        "other_dependence",
        "Another severe dependence, now or in the past?",
        "another severe dependence",
        group,
        lasting={"yes"},
    )
    yield _yes_no(
        "ketamine_misuse",
        "Ketamine ever taken outside of treatment?",
        "ketamine taken outside of treatment",
        group,
        day="Last time",
        lasting={"yes"},
    )
    yield _yes_no(
        "ketamine_elsewhere",
        "Ketamine ever given as a treatment at another place?",
        "ketamine given as a treatment at another place",
        group,
        day="Last time",
    )


def _body() -> Iterator[Question]:
    group = Group.BODY
    yield _yes_no("unstable_cardiac", "Any unstable heart or vessel disease now?", "unstable heart disease", group)
    yield _yes_no(
        "cardiac_clearance",
        "Has a clearance note been received after treatment?",
        "a clearance note",
        group,
        safe="yes",
        judged=True,
    )
    yield _yes_no(
        "vessel_malformation",
        "Ever an aneurysm, an arteriovenous malformation or bleeding in the brain?",
        "aneurysm, malformed vessels and bleeding in the brain",
        group,
        lasting={"yes"},
        listed=Concept.VESSEL_MALFORMATION,
        ever=True,
    )
    yield _yes_no(
        "major_event",
        "Ever a severe head injury, a stroke or a heart attack?",
        "head injury, stroke and heart attack",
        group,
        day="Last time",
        listed=Concept.MAJOR_EVENT,
        ever=True,
    )
    yield _yes_no(
        "raised_pressure",
        "Raised pressure in the head or in an eye?",
        "raised pressure in head or eye",
        group,
        listed=Concept.RAISED_PRESSURE,
    )
    yield _one_of(
        "ecg",
        "What does the ECG show?",
        "an ECG",
        group,
        {
            "normal": "Nothing of note",
            "abnormal": "Long QT, ischaemia, block or another rhythm disturbance",
            "not_done": "Not done, and the prescriber holds it not needed",
        },
        "normal",
        judged=True,
    )
    yield _one_of(
        "liver_impairment",
        "Liver disease?",
        "liver disease",
        group,
        {"none": "None", "moderate": "Mild or moderate", "severe": "Severe"},
        "none",
        listed=Concept.LIVER_DISEASE,
    )
    yield _one_of(
        "hyperthyroidism",
        "Overactive thyroid?",
        "an overactive thyroid",
        group,
        {"no": "No", "treated": "Treated", "untreated": "Not treated"},
        "no",
        "treated",
        listed=Concept.HYPERTHYROIDISM,
    )
    yield _one_of(
        "sleep_apnoea",
        "Sleep apnoea?",
        "sleep apnoea",
        group,
        {"no": "No", "treated": "Treated, with a device", "untreated": "Known or suspected, not treated"},
        "no",
        "treated",
        listed=Concept.SLEEP_APNOEA,
    )
    yield _yes_no(
        "serious_illness",
        "Mass in the head, porphyria, kidney failure, cirrhosis or obstructive lung disease?",
        "mass in the head, porphyria, kidney failure, cirrhosis and obstructive lung disease",
        group,
        listed=Concept.SERIOUS_ILLNESS,
    )
    yield _one_of(
        "seizures",
        "Ever a seizure?",
        "seizures",
        group,
        {"no": "Never", "withdrawal": "In withdrawal from alcohol", "other": "Another seizure"},
        "no",
        lasting={"withdrawal", "other"},
        listed=Concept.SEIZURES,
        ever=True,
    )
    yield _yes_no(
        "ketamine_allergy",
        "Ever an allergic reaction to ketamine or esketamine?",
        "an allergic reaction to ketamine",
        group,
        lasting={"yes"},
    )
    yield _yes_no(
        "emergence_reaction",
        "Ever a severe reaction while waking from ketamine?",
        "a severe reaction while waking from ketamine",
        group,
        lasting={"yes"},
    )
    yield _yes_no(
        "urinary_symptoms",
        "Pain on passing water, urgency, frequency or blood in the urine?",
        "urinary symptoms",
        group,
    )
    yield _yes_no("can_be_pregnant", "Can this person be or become pregnant?", "whether pregnancy is possible", group)
    yield _yes_no("breastfeeding", "Breastfeeding?", "breastfeeding", group)
    yield _yes_no(
        "contraception",
        "Effective contraception, until 6 weeks after the last dose?",
        "contraception",
        group,
        safe="yes",
    )
    yield _yes_no(
        "baseline_tests",
        "Blood count, liver, kidney and blood sugar tests read by the prescriber?",
        "baseline tests",
        group,
        safe="yes",
        judged=True,
    )


def _mind() -> Iterator[Question]:
    group = Group.MIND
    yield _one_of(
        "psychosis",
        "Psychosis, now or in the past?",
        "psychosis in the person",
        group,
        {"none": "Never", "past": "In the past", "current": "Now"},
        "none",
        lasting={"past", "current"},
    )
    yield _one_of(
        "psychosis_in_family",
        "Psychosis in a parent, brother, sister or child?",
        "psychosis in the near family",
        group,
        {**_YES_NO, "cannot_know": "Asked; the person cannot know"},
        "no",
        lasting={"yes"},
    )
    yield _one_of(
        "bipolar",
        "Bipolar disorder?",
        "bipolar disorder",
        group,
        {"no": "No", "no_mania": "Yes, and no mania now", "mania": "Yes, with mania now"},
        "no",
        listed=Concept.BIPOLAR,
        ever=True,
    )
    yield _one_of(
        "suicidality",
        "Thoughts of suicide since the last contact?",
        "thoughts of suicide",
        group,
        {"none": "None", "thoughts": "Thoughts, no plan", "plan": "Plan, intent or behaviour"},
        "none",
    )
    yield _yes_no(
        "crisis_path",
        "Has the crisis path been walked and closed by a named clinician?",
        "the crisis path",
        group,
        safe="yes",
        judged=True,
    )


def _medicines() -> Iterator[Question]:
    group = Group.MEDICINES
    yield _yes_no("mao_inhibitor", "An MAO inhibitor, now or in the last 14 days?", "MAO inhibitors", group)
    yield _yes_no("benzodiazepine", "A benzodiazepine or another sleeping medicine, now?", "benzodiazepines", group)
    yield _yes_no(
        "depressants",
        "An opioid or another medicine that slows breathing or wakefulness?",
        "opioids and other depressants",
        group,
        listed=Concept.OPIOID_MEDICINE,
    )
    yield _yes_no(
        "theophylline",
        "Theophylline, aminophylline or St John's wort?",
        "theophylline and St John's wort",
        group,
    )
    yield _yes_no("stimulant", "A prescribed stimulant?", "prescribed stimulants", group)
    yield _yes_no(
        "blunting_medicine",
        "Lamotrigine or an antipsychotic?",
        "lamotrigine and antipsychotics",
        group,
    )
    yield _yes_no(
        "enzyme_medicine",
        "A strong inhibitor or inducer of CYP3A4 or CYP2B6?",
        "medicines that change how ketamine is broken down",
        group,
    )


def _agreed() -> Iterator[Question]:
    group = Group.AGREED
    yield _yes_no(
        "counselling_agreed", "Is counselling agreed and its first date known?", "counselling", group, safe="yes"
    )
    yield _yes_no(
        "capacity",
        "Is the person able to consent?",
        "whether the person is able to consent",
        group,
        safe="yes",
        judged=True,
    )
    yield _one_of(
        "prescription_monitoring",
        "What did the prescription monitoring programme show?",
        "the prescription monitoring programme",
        group,
        {"as_told": "What the person told us", "otherwise": "Something that the person had not told"},
        "as_told",
    )


def _on_the_day() -> Iterator[Question]:
    group = Group.ON_THE_DAY
    yield _yes_no("intoxicated", "Any sign of intoxication?", "signs of intoxication", group)
    yield _yes_no("withdrawal", "Any sign of withdrawal?", "signs of withdrawal", group)
    yield _yes_no(
        "medicines_changed", "A medicine begun, stopped or changed since the last visit?", "changed medicines", group
    )
    yield _yes_no(
        "escort", "Is somebody here to take the person home, who will not drive?", "the way home", group, safe="yes"
    )
    yield _yes_no(
        "prescriber_on_site",
        "Is the prescriber on site until the end of the stay?",
        "whether the prescriber is on site",
        group,
        safe="yes",
    )
    yield _yes_no(
        "monitoring_ready",
        "Is somebody at the chair to monitor, with a pulse oximeter?",
        "monitoring",
        group,
        safe="yes",
    )
    yield _yes_no(
        "resuscitation_ready",
        "Is resuscitation equipment at hand and checked today?",
        "resuscitation equipment",
        group,
        safe="yes",
    )


def _long_term() -> Iterator[Question]:
    group = Group.LONG_TERM
    yield _yes_no(
        "cognition_worse", "Memory or attention worse than before the first infusion?", "memory and attention", group
    )
    yield _yes_no(
        "ketamine_craved",
        "Signs that ketamine itself is craved or misused?",
        "misuse of ketamine itself",
        group,
    )


QUESTIONS: dict[str, Question] = {
    question.key: question
    for group in (_addiction, _body, _mind, _medicines, _agreed, _on_the_day, _long_term)
    for question in group()
}
"""Every question by its key, in the order of the form."""
