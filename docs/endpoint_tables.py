"""Write the tables of docs/endpoints.md from the code: `make endpoint-tables`."""

import re
from collections.abc import Iterable
from pathlib import Path

from sextant.outcomes import GROUPS, SYMBOLS, Endpoint

PAGE = Path(__file__).parent / "endpoints.md"
_BEGINS = "<!-- {name}: written by make endpoint-tables, not by hand -->"
_ENDS = "<!-- end of {name} -->"


def main() -> None:
    """Bring the page up to date."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def with_tables(page: str) -> str:
    """The page with each of its tables written anew; what stands outside of the marks is left alone.

    Raises
    ------
    ValueError
        If a table has no place on the page.
    """
    for name, lines in tables().items():
        begins, ends = _BEGINS.format(name=name), _ENDS.format(name=name)
        if page.count(begins) != 1 or page.count(ends) != 1:
            raise ValueError(f"The page needs each of these lines once: {begins} and {ends}")
        before, _, rest = page.partition(begins)
        _, _, after = rest.partition(ends)
        page = "\n".join([before + begins, "", *lines, "", ends + after])
    return page


def tables() -> dict[str, list[str]]:
    """Lines of each table, by the name that marks its place."""
    return {"symbols": [*_symbols()], **{name: [*_endpoints(group)] for name, group in GROUPS.items()}}


def _symbols() -> Iterable[str]:
    yield from _head("symbol", "the week is")
    for symbol, meaning in SYMBOLS.items():
        yield _line(f"`{symbol}`", meaning)


def _endpoints(group: Iterable[Endpoint]) -> Iterable[str]:
    """Every endpoint of a group in the order in which it is printed."""
    yield from _head("endpoint", "rule", "missing is", "none due is", "columns")
    for one in group:
        columns = ", ".join(f"`{column}`" for column in one.columns)
        yield _line(f"`{one.name}`", one.rule, one.missing_is, one.none_due_is.value, columns)


def _head(*titles: str) -> Iterable[str]:
    yield _line(*titles)
    yield "|" + "---|" * len(titles)


def _line(*cells: str) -> str:
    return "| " + " | ".join(re.sub(r"\|", "&#124;", cell) for cell in cells) + " |"


if __name__ == "__main__":
    main()
