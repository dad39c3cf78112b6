"""The parts of a population file, each checked: numbers, plans, covariates, what it was tried on and made from."""

import re
from collections.abc import Mapping
from typing import Any, NoReturn, get_type_hints

import numpy as np

from sextant.record import ENTRIES
from sextant.use.belief import FURTHEST
from sextant.use.history import FloatArray
from sextant.use.population import Covariate, MadeFrom, Plan, Span, TriedOn
from sextant.use.weeks import FURTHEST_WEEK

COLUMNS_OF_WEEKS = ("patient", "week", "result", "self_report", "arm")
"""Names that a covariate cannot have: a WEEKS.csv has them already."""

_LARGEST_AMOUNT = 1e6
_AMOUNTS = ("reference", "mean", "sd", "lowest", "highest", "counts_to")
_TEXTS = ("unit", "source")
_SWITCHES = ("whole_number", "told_by_patient")
_MARK = re.compile("[0-9a-f]{64}")
_KINDS = ("test", "missed", "towards")
_MADE_FROM = ("parent", "substance", "n_weeks", "inputs_sha256")
_TRIED: dict[str, type] = get_type_hints(TriedOn)


class PopulationFileError(ValueError):
    """A population file that cannot be used; the message says what was seen and what to do."""


def numbers(value: Any, shape: tuple[int, ...], what: str) -> FloatArray:
    """Finite numbers of a shape."""
    try:
        found = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        _refuse(f"{what} is not made of numbers.")
    if found.shape != shape or not np.isfinite(found).all():
        _refuse(f"{what} has not the shape {shape} of finite numbers.")
    return found


def bounded(value: Any, shape: tuple[int, ...], what: str) -> FloatArray:
    """Numbers of a shape on the scale of log odds, none of them further from 0 than `FURTHEST`."""
    found = numbers(value, shape, what)
    if np.abs(found).max(initial=0.0) > FURTHEST:
        _refuse(f"{what} holds a number beyond {FURTHEST:g}, which no fit gives. Fit it again.")
    return found


def a_name(value: Any, what: str) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        _refuse(f"{what} is no text.")
    return value


def plans_of(told: Any) -> tuple[Plan, ...]:
    """The programmes, at least one, none of whose arms stands twice."""
    if not isinstance(told, list) or not told:
        _refuse("'plans' is not laid out as a list of programmes. Name at least one.")
    plans = tuple(_plan(one) for one in told)
    arms = [arm for plan in plans for arm in plan.arms]
    for arm in arms:
        if arms.count(arm) > 1:
            _refuse(f"The arm {arm!r} stands twice in 'plans'. Name each arm once.")
    return plans


def _plan(told: Any) -> Plan:
    if not isinstance(told, Mapping) or sorted(told) != sorted(("name", "arms", *_KINDS)):
        _refuse(f"A plan has exactly the names name, arms, {', '.join(_KINDS)}.")
    name = a_name(told["name"], "The name of a plan")
    if not isinstance(told["arms"], list) or not told["arms"]:
        _refuse(f"The plan {name!r} has no arms. Name at least one.")
    arms = tuple(a_name(arm, f"An arm of the plan {name!r}") for arm in told["arms"])
    return Plan(name, arms, **{kind: tuple(_span(one, name) for one in told[kind]) for kind in _KINDS})


def _span(told: Any, plan: str) -> Span:
    first, last = told if isinstance(told, list) and len(told) == 2 else (0, 0)
    if not _is_week(first) or not (last is None or (_is_week(last) and first <= last)):
        _refuse(f"A stretch of weeks of the plan {plan!r} is not right. Write it as [3, 5] or [3, null].")
    return Span(first, last)


def _is_week(value: Any) -> bool:
    return type(value) is int and 1 <= value <= FURTHEST_WEEK


def covariate_of(name: Any, told: Any) -> Covariate:
    """A covariate with its prior; a file from before the two switches may leave them out."""
    if name in COLUMNS_OF_WEEKS or not name.strip() or name != name.strip().lower() or not name.isprintable():
        _refuse(
            f"A covariate cannot be named {name!r}. Write a name in small letters that is none of "
            f"{', '.join(COLUMNS_OF_WEEKS)}."
        )
    needed = {*_AMOUNTS, *_TEXTS}
    if not isinstance(told, Mapping) or not needed <= set(told) <= needed | {*_SWITCHES}:
        _refuse(f"The covariate {name} has not the names {', '.join((*_AMOUNTS, *_TEXTS))}.")
    amounts = {key: told[key] for key in _AMOUNTS}
    for key, value in amounts.items():
        if type(value) not in (int, float) or not abs(value) <= _LARGEST_AMOUNT:
            _refuse(f"'{key}' of {name} is {value!r}. Write a number of at most {_LARGEST_AMOUNT:,.0f}.")
    for key in _TEXTS:
        a_name(told[key], f"'{key}' of {name}")
    if any(type(told[key]) is not bool for key in _SWITCHES if key in told):
        _refuse(f"The covariate {name} is or is not a {' or '.join(_SWITCHES)}: write true or false.")
    found = Covariate(**{**told, **{key: float(value) for key, value in amounts.items()}})
    if not (abs(found.mean) <= FURTHEST and 0 < found.sd <= FURTHEST):
        _refuse(
            f"The prior of {name} is not that of an effect on log odds: a mean and a positive sd of at most "
            f"{FURTHEST:g}."
        )
    if not found.lowest < found.highest:
        _refuse(f"'lowest' of {name} is not below 'highest'.")
    for key, value in (("reference", found.reference), ("counts_to", found.counts_to)):
        if not found.lowest <= value <= found.highest:
            _refuse(f"'{key}' of {name} is {value:g}, which lies outside {found.lowest:g} to {found.highest:g}.")
    return found


def tried_on_of(name: Any, told: Any) -> TriedOn:
    """How it foretold one substance that it was tried on."""
    if name not in ENTRIES:
        _refuse(f"It was tried on {name!r}, which is not known here. Write one of {', '.join(ENTRIES)}.")
    if not isinstance(told, Mapping) or sorted(told) != sorted(_TRIED):
        _refuse(f"What it says of {name} has not exactly the names {', '.join(_TRIED)}.")
    for key, kind in _TRIED.items():
        value = told[key]
        if kind is str:
            a_name(value, f"'{key}' of {name}")
        elif kind is bool and type(value) is not bool:
            _refuse(f"'{key}' of {name} is {value!r}. Write true or false.")
        elif kind is int and (type(value) is not int or value < 1):
            _refuse(f"'{key}' of {name} is {value!r}. Write a whole number from 1 on.")
        elif kind is float and (type(value) not in (int, float) or not 0 <= value <= FURTHEST):
            _refuse(f"'{key}' of {name} is {value!r}. Write a number from 0 to {FURTHEST:g}.")
    typed: dict[str, Any] = {key: float(told[key]) if kind is float else told[key] for key, kind in _TRIED.items()}
    return TriedOn(**typed)


def made_from_of(told: Any) -> MadeFrom:
    """What a clinic's own population was fitted to."""
    if not isinstance(told, Mapping) or sorted(told) != sorted(_MADE_FROM):
        _refuse(f"'made_from' has exactly the names {', '.join(_MADE_FROM)}.")
    a_name(told["parent"], "'parent' of 'made_from'")
    if told["substance"] not in ENTRIES:
        _refuse(f"'substance' of 'made_from' is not known here. Write one of {', '.join(ENTRIES)}.")
    if type(told["n_weeks"]) is not int or told["n_weeks"] < 1:
        _refuse("'n_weeks' of 'made_from' is no number of weeks.")
    if not isinstance(told["inputs_sha256"], str) or not _MARK.fullmatch(told["inputs_sha256"]):
        _refuse("'inputs_sha256' of 'made_from' is no SHA-256 mark.")
    return MadeFrom(**told)


def _refuse(sentence: str) -> NoReturn:
    raise PopulationFileError(sentence)
