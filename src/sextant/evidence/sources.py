"""The sources by key: what each one says, where it was read and how strong it is."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO


class UnknownSourceError(LookupError):
    """A rule, limit or sentence names a source that is not on file."""


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that was read, at one address.

    `says` is the figure or rule as we understood it, in our words; `strength` is the kind of document.
    """

    key: str
    label: str
    address: str
    strength: str
    says: str

    @property
    def on_the_web(self) -> bool:
        """Whether its address can be opened from a page; documents that come with Sextant cannot."""
        return self.address.startswith(("https://", "http://"))


@cache
def sources() -> dict[str, Source]:
    """All sources on file, by key."""
    text = files("sextant.evidence").joinpath("sources.csv").read_text(encoding="utf-8")
    return {row["key"]: Source(**row) for row in csv.DictReader(StringIO(text))}


def source(key: str) -> Source:
    """The source of that key.

    Raises
    ------
    UnknownSourceError
        If nothing is on file under that key.
    """
    try:
        return sources()[key]
    except KeyError:
        raise UnknownSourceError(f"No source {key!r} on file; evidence/sources.csv lists {len(sources())}.") from None
