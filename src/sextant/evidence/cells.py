"""How one cell of a table of studies is read; a cell that cannot be is refused with the reason."""

import re
from collections.abc import Callable
from math import isfinite

Cell = str | int | float | None
ReadCell = Callable[[str], Cell]

FIRST_YEAR, LAST_YEAR = 1950, 2100
"""Bounds against slips of the pen, not a claim about when ketamine was first studied."""

_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?", re.ASCII)


def text(cell: str) -> str | None:
    """Words, or None where nothing is known."""
    return cell.strip() or None


def needed_text(cell: str) -> str:
    """Words that must be there."""
    if not cell.strip():
        raise ValueError("is empty; it must be filled in")
    return cell.strip()


def address(cell: str) -> str:
    """A web address, with or without a remark behind it."""
    if not cell.strip():
        raise ValueError("is empty; every row needs the address where its figure was read")
    if not _ADDRESS.match(cell.strip()):
        raise ValueError(f"{cell.strip()!r} is no web address; it must begin with https:// or http://")
    return cell.strip()


def whole(cell: str) -> int | None:
    """A whole number, or None."""
    if not cell.strip():
        return None
    if not _WHOLE.fullmatch(cell.strip()):
        raise ValueError(f"{cell.strip()!r} is no whole number of up to nine digits")
    return int(cell)


def count(cell: str) -> int | None:
    """A number of events, 0 or more, or None."""
    found = whole(cell)
    if found is not None and found < 0:
        raise ValueError(f"{found} is below 0")
    return found


def size(cell: str) -> int | None:
    """A number of people or infusions, 1 or more, or None."""
    found = whole(cell)
    if found is not None and found < 1:
        raise ValueError(f"{found} is below 1; leave it empty where it is not known")
    return found


def year(cell: str) -> int | None:
    """A year in four digits, or None."""
    found = whole(cell)
    if found is not None and not FIRST_YEAR <= found <= LAST_YEAR:
        raise ValueError(f"{found} is no year from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def number(cell: str) -> float | None:
    """A number, or None."""
    if not cell.strip():
        return None
    if not _NUMBER.fullmatch(cell.strip()) or not isfinite(float(cell)):
        raise ValueError(f"{cell.strip()!r} is no number")
    return float(cell)


def not_negative(cell: str) -> float | None:
    """A number of 0 or more, or None."""
    found = number(cell)
    if found is not None and found < 0:
        raise ValueError(f"{found:g} is below 0")
    return found


def above_zero(cell: str) -> float | None:
    """A number above 0 (a standard deviation, a standard error, minutes), or None."""
    found = number(cell)
    if found is not None and found <= 0:
        raise ValueError(f"{found:g} is not above 0")
    return found


def one_of(*choices: str, needed: bool = True) -> ReadCell:
    """One of the words that are known."""

    def read(cell: str) -> str | None:
        found = cell.strip()
        if not found and not needed:
            return None
        if found not in choices:
            raise ValueError(f"{found!r} is not known; write one of: {', '.join(choices)}")
        return found

    return read
