"""The course of treatment: which step now, and why."""

from sextant.course.next_step import ModelVersions, NextStep, Step, StepCode

__all__ = ["ModelVersions", "NextStep", "Step", "StepCode"]
