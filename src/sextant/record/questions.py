"""The screening questions whose answers no code system carries well, with the answers that each allows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question as staff read it; `answers` maps each stored value to its words."""

    key: str
    text: str
    answers: dict[str, str]


_YES_NO = {"yes": "Yes", "no": "No"}

QUESTIONS: dict[str, Question] = {
    question.key: question
    for question in (
        Question("can_be_pregnant", "Can this person be or become pregnant?", _YES_NO),
        Question("unstable_cardiac", "Any unstable heart or vessel disease now?", _YES_NO),
        Question("cardiac_clearance", "Has a clearance note been received after treatment?", _YES_NO),
        Question(
            "psychosis",
            "Psychosis, now or in the past?",
            {"none": "Never", "past": "In the past", "current": "Now"},
        ),
        Question("psychosis_in_family", "Psychosis in a parent, brother, sister or child?", _YES_NO),
        Question("ketamine_allergy", "Ever an allergic reaction to ketamine or esketamine?", _YES_NO),
        Question(
            "suicidality",
            "Thoughts of suicide since the last contact?",
            {"none": "None", "thoughts": "Thoughts, no plan", "plan": "Plan, intent or behaviour"},
        ),
        Question("crisis_path", "Has the crisis path been walked and closed by a named clinician?", _YES_NO),
        Question("earlier_treatment", "Has other treatment for this addiction been tried?", _YES_NO),
        Question("counselling_agreed", "Is counselling agreed and its first date known?", _YES_NO),
        Question("capacity", "Is the person able to consent?", _YES_NO),
    )
}
