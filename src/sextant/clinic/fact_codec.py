"""Facts of the record to plain JSON values and back, strictly: what does not fit is an error, never a guess.

The fields that every fact has (`fact_id`, `taken_at`, `source`) are columns of their own; the rest is the payload.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

from sextant import record

# PostgreSQL cannot store NUL, and half a surrogate pair is no text.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_COLUMNS = frozenset(field.name for field in fields(record.Fact))
_ABSTRACT = {record.Fact, record.Coded}

KINDS: dict[str, type[record.Fact]] = {
    kind.__name__: kind
    for kind in vars(record).values()
    if isinstance(kind, type) and issubclass(kind, record.Fact) and kind not in _ABSTRACT
}
"""Every kind of fact by the name under which it is stored."""


class FactShapeError(ValueError):
    """A fact, or a stored value, that has not the shape of its kind."""


def encode(fact: record.Fact) -> tuple[str, dict[str, Any]]:
    """Kind and payload of a fact.

    >>> from datetime import UTC
    >>> encode(record.Weight(fact_id="f", taken_at=datetime(2026, 11, 23, tzinfo=UTC), weight_kg=78.5))
    ('Weight', {'weight_kg': 78.5})
    """
    kind = type(fact).__name__
    return kind, {
        name: _plain(getattr(fact, name), hint, f"{kind}.{name}") for name, (_, hint) in _payload_fields(kind).items()
    }


def decode(kind: str, payload: Mapping[str, Any], *, fact_id: str, taken_at: datetime, source: str) -> record.Fact:
    """The fact of a stored kind and payload.

    Raises
    ------
    FactShapeError
        If the kind is unknown, a field is unknown or missing without a default, or a value is of another type.
    """
    expected = _payload_fields(kind)
    if unknown := sorted(set(payload) - set(expected)):
        raise FactShapeError(f"{kind} has no field {unknown[0]!r}. Its fields: {', '.join(expected)}.")
    missing = [name for name, (field, _) in expected.items() if name not in payload and field.default is MISSING]
    if missing:
        raise FactShapeError(f"{kind} lacks {', '.join(missing)}.")
    values = {name: _value(payload[name], expected[name][1], f"{kind}.{name}") for name in payload}
    return KINDS[kind](fact_id=fact_id, taken_at=taken_at, source=source, **values)


@cache
def _payload_fields(kind: str) -> dict[str, tuple[Field[Any], Any]]:
    try:
        cls = KINDS[kind]
    except KeyError:
        raise FactShapeError(f"No kind of fact is called {kind!r}. Known: {', '.join(sorted(KINDS))}.") from None
    hints = get_type_hints(cls)
    return {field.name: (field, hints[field.name]) for field in fields(cls) if field.name not in _COLUMNS}


def _plain(value: Any, hint: Any, where: str) -> Any:
    """A field's value as JSON; a whole number is written without a fraction, so that it reads the same everywhere."""
    if isinstance(value, StrEnum):
        plain: Any = value.value
    elif isinstance(value, date):
        plain = value.isoformat()
    elif isinstance(value, float) and isfinite(value) and value.is_integer():
        plain = int(value)
    else:
        plain = value
    _value(plain, hint, where)
    return plain


def _value(plain: Any, hint: Any, where: str) -> Any:
    if isinstance(hint, UnionType):
        if plain is None and NoneType in get_args(hint):
            return None
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    if hint is float and type(plain) in {int, float} and isfinite(plain):
        return float(plain)
    if hint in {int, bool} and type(plain) is hint:
        return plain
    if isinstance(plain, str):
        return _from_text(plain, hint, where)
    raise _misfit(plain, hint, where)


def _from_text(text: str, hint: type, where: str) -> Any:
    if hint is str:
        if _NO_TEXT.search(text):
            raise FactShapeError(f"{where} holds a sign that is no text. Type it again without it.")
        return text
    try:
        if hint is datetime:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise FactShapeError(f"{where} is {text!r}, a time without a zone. Example: 2026-11-23T09:00:00+00:00.")
            return moment
        if hint is date or (isinstance(hint, type) and issubclass(hint, StrEnum)):
            return date.fromisoformat(text) if hint is date else hint(text)
    except ValueError as error:
        if isinstance(error, FactShapeError):
            raise
        raise _misfit(text, hint, where) from None
    raise _misfit(text, hint, where)


def _misfit(plain: Any, hint: Any, where: str) -> FactShapeError:
    return FactShapeError(f"{where} is {plain!r}, which is no {getattr(hint, '__name__', hint)}.")
