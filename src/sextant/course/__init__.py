"""The course of treatment: which step now, and why."""

from sextant.course.advise import advise
from sextant.course.answer import SCHEMA, SCREEN_SCHEMA, answer_json, gates_json
from sextant.course.next_step import ModelVersions, NextStep, Step, StepCode
from sextant.course.series import Series, assumed_plan, series_of, studied_ages

__all__ = [
    "SCHEMA",
    "SCREEN_SCHEMA",
    "ModelVersions",
    "NextStep",
    "Series",
    "Step",
    "StepCode",
    "advise",
    "answer_json",
    "assumed_plan",
    "gates_json",
    "series_of",
    "studied_ages",
]
