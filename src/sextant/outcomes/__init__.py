"""Outcomes: what a patient's weeks of tests, or scores, amount to, each figure with its rule and what missing means."""

from sextant.outcomes.endpoint import Endpoint, Figure, NoneDue, TimeToEvent
from sextant.outcomes.registry import ENDPOINTS, GROUPS
from sextant.outcomes.return_of_symptoms import ReturnOfSymptoms
from sextant.outcomes.word import SYMBOLS, Word, WordError
from sextant.outcomes.words_csv import WORD_COLUMNS, WordsCsvError, read_words

__all__ = [
    "ENDPOINTS",
    "GROUPS",
    "SYMBOLS",
    "WORD_COLUMNS",
    "Endpoint",
    "Figure",
    "NoneDue",
    "ReturnOfSymptoms",
    "TimeToEvent",
    "Word",
    "WordError",
    "WordsCsvError",
    "read_words",
]
