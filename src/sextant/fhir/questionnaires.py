"""Totals of questionnaires and ratings, and PHQ-9's item nine, which is never lost."""

from dataclasses import dataclass, replace
from datetime import datetime

from sextant.fhir.coding import coding_of
from sextant.fhir.element import Element
from sextant.fhir.reading import Context, Left, Taken, one
from sextant.fhir.refusal import refused, shown
from sextant.fhir.times import When
from sextant.fhir.ucum import plain_number
from sextant.instruments import Instrument, InstrumentError, instrument, instrument_of_loinc
from sextant.record import Answer, Fact, Score

ITEM_NINE = "44260-8"  # LOINC: thoughts of being better off dead, or of self-harm
# LOINC answers of PHQ-9 and GAD-7, from 'not at all' to 'nearly every day'.
_ANSWERS = {"LA6568-5": 0, "LA6569-3": 1, "LA6570-1": 2, "LA6571-9": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemNine(Fact):
    """PHQ-9's item nine on its way to the total of the same time."""

    answer: int


def read_score(resource: Element, when: When, one_of: Instrument) -> Taken | Left:
    """The total that an Observation holds."""
    points = plain_number(resource, one_of.name)
    if points is None:
        return Left("it has no exact value")
    return one(_score(resource, when, one_of, points))


def read_item_nine(resource: Element, when: When) -> Taken | Left:
    """The answer to item nine that an Observation holds."""
    concept = resource.child("valueCodeableConcept")
    codings = [coding_of(coding) for coding in concept.children("coding")] if concept else []
    answer = next((_ANSWERS[coding.code] for coding in codings if coding.code in _ANSWERS), None)
    if answer is None:
        value = None if concept else plain_number(resource, "PHQ-9 item nine")
        if value is None:
            return Left("its answer is not one of PHQ-9")
        answer = _item_answer(resource, value)
    return one(_item_nine(resource, when, answer))


def read_response(resource: Element, context: Context) -> Taken | Left:
    """A QuestionnaireResponse: the total by its LOINC code, and item nine of PHQ-9."""
    status = resource.text("status")
    if status not in {"completed", "amended"}:
        return Left("it was entered in error" if status == "entered-in-error" else f"it is {status or 'not finished'}")
    facts: list[Fact] = []
    when = context.clock.when(resource, "authored")
    for item in _items(resource):
        code = item.text("linkId").rstrip("/").split("/")[-1]
        known = instrument_of_loinc(code)
        answers = item.children("answer")
        if not answers or (known is None and code != ITEM_NINE):
            continue
        if when is None or when.partial:
            return Left("a score without a day cannot be placed")
        if known is not None:
            points = plain_number(answers[0], known.name)
            if points is not None:
                facts.append(_score(resource, when, known, points))
        else:
            facts.append(_item_nine(resource, when, _response_answer(answers[0])))
    return Taken(tuple(facts)) if facts else Left("no total of an instrument that is on file")


def join_item_nine(outcomes: list[Taken | Left]) -> list[Taken | Left]:
    """Scores with their item nine; one without a total of its time still speaks, as an answer about suicide.

    The same total twice (an Observation and the questionnaire that it was taken from) is one score.

    Raises
    ------
    BundleError
        If two totals of one instrument at one time differ.
    """
    facts = [fact for outcome in outcomes if isinstance(outcome, Taken) for fact in outcome.facts]
    nines = {fact.taken_at: fact for fact in facts if isinstance(fact, ItemNine)}
    scores: dict[tuple[str, datetime], Score] = {}
    for fact in facts:
        if isinstance(fact, Score):
            first = scores.setdefault((fact.instrument, fact.taken_at), fact)
            _same_total(first, fact)
    totals = {taken_at for instrument_key, taken_at in scores if instrument_key == "phq9"}
    joined: list[Taken | Left] = []
    for outcome in outcomes:
        if isinstance(outcome, Left):
            joined.append(outcome)
            continue
        kept: list[Fact] = []
        for fact in outcome.facts:
            if isinstance(fact, ItemNine):
                if fact.taken_at not in totals and fact is nines[fact.taken_at]:
                    kept += [_thoughts(fact)] if fact.answer > 0 else []
            elif not isinstance(fact, Score):
                kept.append(fact)
            elif scores[fact.instrument, fact.taken_at] is fact:
                nine = nines.get(fact.taken_at) if fact.instrument == "phq9" else None
                kept.append(replace(fact, item_nine=nine.answer) if nine else fact)
        joined.append(replace(outcome, facts=tuple(kept)))
    return joined


def _same_total(first: Score, second: Score) -> None:
    if first.points != second.points:
        raise refused(
            second.fact_id,
            f"{instrument(second.instrument).name} is {second.points:g} here and {first.points:g} in {first.fact_id}, "
            "at the same time",
            "Correct the one that is wrong.",
        )


def _thoughts(nine: ItemNine) -> Answer:
    return Answer(
        fact_id=nine.fact_id,
        taken_at=nine.taken_at,
        source=nine.source,
        question="suicidality",
        value="thoughts",
        note=f"PHQ-9 item nine answered {nine.answer}, without a total",
    )


def _score(resource: Element, when: When, one_of: Instrument, points: float) -> Score:
    try:
        one_of.check(points)
    except InstrumentError as error:
        raise refused(resource.resource, str(error).removesuffix("."), "Correct the total.") from None
    return Score(
        fact_id=resource.resource,
        taken_at=when.start,
        source=f"FHIR {resource.resource}",
        instrument=one_of.key,
        points=points,
    )


def _item_nine(resource: Element, when: When, answer: int) -> ItemNine:
    return ItemNine(
        fact_id=f"{resource.resource}#item-nine", taken_at=when.start, source=f"FHIR {resource.resource}", answer=answer
    )


def _item_answer(element: Element, value: float) -> int:
    if value not in {0, 1, 2, 3}:
        raise refused(element.resource, f"PHQ-9 item nine is {value:g}", "Its answers are 0, 1, 2 and 3.")
    return int(value)


def _response_answer(answer: Element) -> int:
    coding = answer.child("valueCoding")
    if coding is None:
        value = plain_number(answer, "PHQ-9 item nine")
        return _item_answer(answer, -1 if value is None else value)
    code = coding.text("code")
    if code not in _ANSWERS:
        raise refused(
            coding.at("code"), f"{shown(code)} is no answer of PHQ-9", f"Its answers are {', '.join(_ANSWERS)}."
        )
    return _ANSWERS[code]


def _items(resource: Element) -> list[Element]:
    """All items, those inside groups too."""
    waiting = list(resource.children("item"))
    found: list[Element] = []
    while waiting:
        item = waiting.pop(0)
        found.append(item)
        waiting += item.children("item")
    return found
