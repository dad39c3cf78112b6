"""Tables that are written into the pages of this folder from the code, each between two marks of its own."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

_BEGINS = "<!-- {name}: written by make {target}, not by hand -->"
_ENDS = "<!-- end of {name} -->"

Tables = Mapping[str, Iterable[str]]
"""Lines of each table, by the name that marks its place."""


def write(page: Path, tables: Tables, target: str) -> None:
    """Bring a page up to date; `target` is that of the Makefile which does so."""
    page.write_text(with_tables(page.read_text(encoding="utf-8"), tables, target), encoding="utf-8")


def with_tables(page: str, tables: Tables, target: str) -> str:
    """The page with each of its tables written anew; what stands outside of the marks is left alone.

    Raises
    ------
    ValueError
        If a table has no place on the page.
    """
    for name, lines in tables.items():
        begins, ends = _BEGINS.format(name=name, target=target), _ENDS.format(name=name)
        if page.count(begins) != 1 or page.count(ends) != 1:
            raise ValueError(f"The page needs each of these lines once: {begins} and {ends}")
        before, _, rest = page.partition(begins)
        _, _, after = rest.partition(ends)
        page = "\n".join([before + begins, "", *lines, "", ends + after])
    return page


def head(*titles: str) -> Iterable[str]:
    """The first two lines of a table."""
    yield line(*titles)
    yield "|" + "---|" * len(titles)


def line(*cells: str) -> str:
    """One row."""
    return "| " + " | ".join(re.sub(r"\|", "&#124;", cell) for cell in cells) + " |"
