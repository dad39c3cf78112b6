"""Facts of the record to plain JSON values and back, strictly: what does not fit is an error, never a guess.

The fields that every fact has (`fact_id`, `taken_at`, `source`) are columns of their own; the rest is the payload.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

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
    payload = {}
    for name, read in _shape_of(kind).readers.items():
        payload[name] = _plain(getattr(fact, name))
        read(payload[name])
    return kind, payload


def decode(kind: str, payload: Mapping[str, Any], *, fact_id: str, taken_at: datetime, source: str) -> record.Fact:
    """The fact of a stored kind and payload.

    Raises
    ------
    FactShapeError
        If the kind is unknown, a field is unknown or missing without a default, or a value is of another type.
    """
    shape = _shape_of(kind)
    if not shape.required <= payload.keys() <= shape.readers.keys():
        raise _other_fields(kind, shape, payload)
    values = {name: shape.readers[name](plain) for name, plain in payload.items()}
    return KINDS[kind](fact_id=fact_id, taken_at=taken_at, source=source, **values)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the fields of one kind are read, and which must be there; found once, for a clinic has many facts."""

    readers: Mapping[str, Callable[[Any], Any]]
    required: frozenset[str]


@cache
def _shape_of(kind: str) -> _Shape:
    try:
        cls = KINDS[kind]
    except KeyError:
        raise FactShapeError(f"No kind of fact is called {kind!r}. Known: {', '.join(sorted(KINDS))}.") from None
    hints = get_type_hints(cls)
    own = [field for field in fields(cls) if field.name not in _COLUMNS]
    return _Shape(
        readers={field.name: _reader(hints[field.name], f"{kind}.{field.name}") for field in own},
        required=frozenset(field.name for field in own if field.default is MISSING),
    )


def _other_fields(kind: str, shape: _Shape, payload: Mapping[str, Any]) -> FactShapeError:
    if unknown := sorted(payload.keys() - shape.readers.keys()):
        return FactShapeError(f"{kind} has no field {unknown[0]!r}. Its fields: {', '.join(shape.readers)}.")
    missing = [name for name in shape.readers if name in shape.required and name not in payload]
    return FactShapeError(f"{kind} lacks {', '.join(missing)}.")


def _plain(value: Any) -> Any:
    """A field's value as JSON; a whole number is written without a fraction, so that it reads the same everywhere."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and isfinite(value) and value.is_integer():
        return int(value)
    return value


def _reader(hint: Any, where: str) -> Callable[[Any], Any]:
    """What reads one field; it raises `FactShapeError` for a value that does not fit."""
    if isinstance(hint, UnionType):
        (inner,) = (one for one in get_args(hint) if one is not NoneType)
        read_inner = _reader(inner, where)
        return lambda plain: None if plain is None else read_inner(plain)
    if get_origin(hint) is tuple:
        read_one = _reader(get_args(hint)[0], where)

        def read_each(plain: Any) -> tuple[Any, ...]:
            if not isinstance(plain, list):
                raise FactShapeError(f"{where} is {plain!r}, which is no list.")
            return tuple(read_one(one) for one in plain)

        return read_each
    from_text = {str: _text, datetime: _moment, date: date.fromisoformat}.get(hint, hint)

    def read(plain: Any) -> Any:
        if hint is float and type(plain) in {int, float} and isfinite(plain):
            return float(plain)
        if hint in {int, bool} and type(plain) is hint:
            return plain
        if isinstance(plain, str) and hint not in {float, int, bool}:
            try:
                return from_text(plain)
            except FactShapeError as error:
                raise FactShapeError(f"{where} {error}") from None
            except ValueError:
                pass
        raise FactShapeError(f"{where} is {plain!r}, which is no {getattr(hint, '__name__', hint)}.")

    return read


def _text(text: str) -> str:
    if _NO_TEXT.search(text):
        raise FactShapeError("holds a sign that is no text. Type it again without it.")
    return text


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise FactShapeError(f"is {text!r}, a time without a zone. Example: 2026-11-23T09:00:00+00:00.")
    return moment
