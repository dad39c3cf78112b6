"""Write the tables of docs/endpoints.md from the code: `make endpoint-tables`."""

from collections.abc import Iterable
from pathlib import Path

from page_tables import head, line, write
from sextant.outcomes import GROUPS, SYMBOLS, Endpoint

PAGE = Path(__file__).parent / "endpoints.md"
TARGET = "endpoint-tables"


def main() -> None:
    """Bring the page up to date."""
    write(PAGE, tables(), TARGET)


def tables() -> dict[str, list[str]]:
    """Lines of each table, by the name that marks its place."""
    return {"symbols": [*_symbols()], **{name: [*_endpoints(group)] for name, group in GROUPS.items()}}


def _symbols() -> Iterable[str]:
    yield from head("symbol", "the week is")
    for symbol, meaning in SYMBOLS.items():
        yield line(f"`{symbol}`", meaning)


def _endpoints(group: Iterable[Endpoint]) -> Iterable[str]:
    """Every endpoint of a group in the order in which it is printed."""
    yield from head("endpoint", "rule", "missing is", "none due is", "columns")
    for one in group:
        columns = ", ".join(f"`{column}`" for column in one.columns)
        yield line(f"`{one.name}`", one.rule, one.missing_is, one.none_due_is.value, columns)


if __name__ == "__main__":
    main()
