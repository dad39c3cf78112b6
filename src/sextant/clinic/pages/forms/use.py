"""What is known of use over a span of days; 'not known' is an answer."""

from datetime import date
from typing import Any, ClassVar
from unicodedata import normalize

from sextant.clinic.pages.forms.fact_form import FactForm
from sextant.clinic.pages.forms.fields import ChoiceField, DayField, NumberField, WordsField
from sextant.clinic.pages.words import short_day
from sextant.protocol.sobriety import treated
from sextant.record import ANY_PROBLEM, ENTRIES, PatientRecord, UseEvidence, UseReport, names_in, one_name, plain
from sextant.units.words import list_words

_USED = {"no": False, "yes": True, "unknown": None}
_EVIDENCE = {
    UseEvidence.SELF_REPORT: "The person says so",
    UseEvidence.URINE: "Urine test",
    UseEvidence.BREATH: "Breath test",
    UseEvidence.COLLATERAL: "Somebody close says so",
}


_OTHER = "something else"
# Ways of use that do not say of what, with what is most often meant.
_EITHER = {
    "smoking": "tobacco, cannabis or crack",
    "vaping": "nicotine or cannabis",
    "pills": "opioids, sedatives or stimulants",
}
_SAID = {"no": "No use of {} {}", "yes": "Use of {} {}", "unknown": "That use of {} {} is not known"}


def _span(first: date, last: date, today: date) -> str:
    """Two days of one month name it once."""
    begin, end = short_day(first, today), short_day(last, today)
    same = (first.year, first.month) == (last.year, last.month)
    return f"{first.day if same else begin} to {end}"


class UseForm(FactForm):
    """Use of the chosen substance or behaviour from one day to another, both included."""

    makes = UseReport
    title = "Use, or none"
    words = "Use"
    hint = "Asked kindly, written plainly. A day that nobody knows of stays unknown; it is never counted as sober."
    field_order = (
        "problem",
        "other",
        "used",
        "covers_from",
        "covers_to",
        "last_used_on",
        "days_used",
        "evidence",
        "taken_at",
    )

    about: ClassVar = {
        "USE-001": "covers_to",
        "USE-002": "last_used_on",
        "USE-003": "days_used",
        "USE-005": "covers_from",
        "USE-006": "evidence",
    }

    problem = ChoiceField((), label="Of what")
    other = WordsField(
        required=False,
        max_length=60,
        label="Which other substance or behaviour",
        help_text=f"Only with “Something else”. Known here: {list_words(list(ENTRIES))}. Another name is kept as you "
        "write it; use of it closes the gate until a prescriber has judged it.",
    )
    used = ChoiceField(
        (("no", "Did not use"), ("yes", "Used"), ("unknown", "Not known")),
        across=True,
        label="Over these days",
        help_text="Of a behaviour such as gambling, “used” means that it took place.",
    )
    covers_from = DayField(label="From", help_text="First day that the answer speaks of.")
    covers_to = DayField(label="To", help_text="Last day that the answer speaks of; not after today.")
    last_used_on = DayField(required=False, label="Last day of use", help_text="If used, and if known.")
    days_used = NumberField(
        required=False, whole=True, example="3", unit="days", label="Days with use", help_text="If counted."
    )
    evidence = ChoiceField(
        _EVIDENCE.items(),
        label="How we know",
        help_text="With a test write, as from and to, only the days that it can show.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = treated(self.record)
        named = dict.fromkeys([*asked, *_problems_of(self.record)])
        self.fields["problem"].choices = [  # type: ignore[attr-defined]
            *((problem, problem[:1].upper() + problem[1:]) for problem in named),
            (ANY_PROBLEM, "Anything at all"),
            (_OTHER, "Something else"),
        ]
        self.initial.setdefault("problem", asked[0] if asked else ANY_PROBLEM)
        reports = [report for report in self.record.all(UseReport) if report.covers_to <= self.now.date()]
        if reports:
            self.initial.setdefault("covers_from", max(report.covers_to for report in reports))
        self.initial.setdefault("covers_to", self.now.date())

    def clean(self) -> dict[str, Any]:
        """Something else is named exactly where it is chosen."""
        cleaned = super().clean() or {}
        problem, other = cleaned.get("problem"), normalize("NFKC", cleaned.get("other") or "").strip()
        cleaned["other"] = other
        if problem == _OTHER and not other:
            self.add_error("other", "Name it, in a word or two.")
        elif other.casefold() in {ANY_PROBLEM, _OTHER} or (other and not any(sign.isalpha() for sign in other)):
            self.add_error("other", "That is no name of a substance or behaviour. Write it in plain words.")
        elif (either := _EITHER.get(plain(other))) is not None:
            self.add_error("other", f"“{other}” may mean more than one thing. Write what it was: {either}.")
        if other and problem and problem != _OTHER:
            self.add_error("other", "Something else is named here, and not chosen above. Change one of the two.")
        return cleaned

    def said(self) -> str:
        """Use, none, or that nobody knows, of what, with its days and how we know: so that a slip is heard."""
        told, today = self.fact(), self.now.date()
        first, last = told.covers_from, told.covers_to
        days = f"on {short_day(last, today)}" if first == last else f"from {_span(first, last, today)}"
        of = "anything" if told.problem == ANY_PROBLEM else told.problem
        return f"{_SAID[self.cleaned_data['used']].format(of, days)} ({told.evidence.words}) is written down."

    def fact(self) -> UseReport:
        """The report."""
        cleaned = self.cleaned_data
        days_used = cleaned["days_used"]
        return UseReport(
            **self.stamp(),
            problem=cleaned["other"] if cleaned["problem"] == _OTHER else cleaned["problem"],
            covers_from=cleaned["covers_from"],
            covers_to=cleaned["covers_to"],
            used=_USED[cleaned["used"]],
            evidence=UseEvidence(cleaned["evidence"]),
            last_used_on=cleaned["last_used_on"],
            days_used=None if days_used is None else int(days_used),
        )


def _problems_of(record: PatientRecord) -> list[str]:
    """What else was asked about before, in the words in which it was."""
    known = {ANY_PROBLEM, *(one_name(name) for name in treated(record))}
    named: dict[str, str] = {}
    for one in record.all(UseReport):
        for name in names_in(one.problem):
            named.setdefault(one_name(name), name)
    return [problem for key, problem in named.items() if key not in known]
