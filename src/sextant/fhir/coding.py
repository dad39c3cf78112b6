"""Codes of a resource, and which of them carries the meaning that the rules ask about."""

from dataclasses import dataclass

from sextant.fhir.element import Element
from sextant.record.concepts import RXNORM, Concept, concepts_of_code

LOINC = "http://loinc.org"


@dataclass(frozen=True, slots=True)
class Coding:
    """One code of one code system; all three parts may be empty."""

    system: str
    code: str
    display: str

    @property
    def concepts(self) -> frozenset[Concept]:
        """The clinical ideas that the code stands for."""
        return concepts_of_code(self.system, self.code)


@dataclass(frozen=True, slots=True)
class CodedWords:
    """A FHIR CodeableConcept: its codes, and the words that people read."""

    codings: tuple[Coding, ...]
    words: str

    def codes(self, system: str) -> tuple[str, ...]:
        """The codes of one system, in order."""
        return tuple(coding.code for coding in self.codings if coding.system == system and coding.code)

    def meanings(self) -> tuple[Coding, ...]:
        """The fewest codings, in order, that carry every concept the codes stand for; at least one.

        One diagnosis is often coded twice (SNOMED CT and ICD-10). Both are kept only where each adds a concept.
        """
        coded = [coding for coding in self.codings if coding.code]
        chosen: list[Coding] = []
        carried: frozenset[Concept] = frozenset()
        for coding in coded:
            if coding.concepts - carried:
                chosen.append(coding)
                carried |= coding.concepts
        return tuple(chosen or coded[:1]) or (Coding("", "", ""),)

    def says(self, word: str) -> bool:
        """Whether the text or a display contains a word."""
        return any(word in text.casefold() for text in (self.words, *(coding.display for coding in self.codings)))


KETAMINE_INGREDIENT = Coding(RXNORM, "6130", "ketamine")
NOTHING = CodedWords((), "")


def coding_of(element: Element) -> Coding:
    """The parts of one Coding."""
    return Coding(element.text("system"), element.text("code"), element.text("display"))


def coded_words(element: Element, name: str) -> CodedWords:
    """The CodeableConcept of that name; `NOTHING` when it is not given."""
    concept = element.child(name)
    return NOTHING if concept is None else _coded(concept)


def coded_list(element: Element, name: str) -> tuple[CodedWords, ...]:
    """The CodeableConcepts of a list."""
    return tuple(_coded(concept) for concept in element.children(name))


def _coded(concept: Element) -> CodedWords:
    codings = tuple(coding_of(coding) for coding in concept.children("coding"))
    words = concept.text("text") or next((c.display or c.code for c in codings if c.display or c.code), "")
    return CodedWords(codings, words)


def status_code(element: Element, name: str) -> str:
    """The first code of a status that FHIR keeps as a CodeableConcept; empty when it is not given."""
    return next((coding.code for coding in coded_words(element, name).codings if coding.code), "")
