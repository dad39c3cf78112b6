"""The course of treatment: which step now, and why."""

from sextant.course.advise import advise
from sextant.course.answer import SCHEMA, SCREEN_SCHEMA, answer_json, findings_of, gates_json
from sextant.course.next_step import ModelVersions, NextStep, Step, StepCode
from sextant.course.place import Place, State, place_of
from sextant.course.series import Series, assumed_plan, series_of, studied_ages
from sextant.course.start import bars_start, gates_at_start
from sextant.course.use_ahead import UseAhead, UseWeek, use_ahead

__all__ = [
    "SCHEMA",
    "SCREEN_SCHEMA",
    "ModelVersions",
    "NextStep",
    "Place",
    "Series",
    "State",
    "Step",
    "StepCode",
    "UseAhead",
    "UseWeek",
    "advise",
    "answer_json",
    "assumed_plan",
    "bars_start",
    "findings_of",
    "gates_at_start",
    "gates_json",
    "place_of",
    "series_of",
    "studied_ages",
    "use_ahead",
]
