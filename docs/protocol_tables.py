"""Write the tables of docs/protocol.md from the code and its data: `make protocol-tables`."""

import sys
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from page_tables import head, line, write
from sextant.evidence import source
from sextant.protocol import RULES, Limit, Rule, Stage, default_limits
from sextant.protocol.rows import Became, Row, rows

PAGE = Path(__file__).parent / "protocol.md"
TARGET = "protocol-tables"
_STAGES = {
    Stage.SCREENING: "every step",
    Stage.ARRIVAL: "start of an infusion",
    Stage.MAINTENANCE: "maintenance",
}
_BECAME = {Became.KEPT_FOR: "kept for", Became.NOT_A_RULE: "no rule"}


def main() -> None:
    """Bring the page up to date."""
    write(PAGE, tables(), TARGET)


def tables() -> dict[str, list[str]]:
    """Lines of each table, by the name that marks its place."""
    return {
        "rules": [*_rules()],
        "limits": [*_limits()],
        "switches": [*_switches()],
        "figures": [*_figures()],
        "rows": [*_rows()],
    }


def _rules() -> Iterable[str]:
    """Every gate in the order of its code."""
    stages = Counter(rule.stage for rule in RULES)
    counted = ", ".join(f"{stages[stage]} at {words}" for stage, words in _STAGES.items())
    yield f"{len(RULES)} gates: {counted}."
    yield ""
    yield from head("code", "gate", "strength", "asked at", "the question", "limits", "sources")
    for rule in RULES:
        names = ", ".join(f"`{name}`" for name in rule.limits)
        yield line(
            rule.code,
            rule.title,
            rule.strength.value,
            _STAGES[rule.stage],
            _question(rule),
            names,
            ", ".join(rule.sources),
        )


def _question(rule: Rule) -> str:
    """What the gate asks: the first line of its file."""
    return (sys.modules[rule.check.__module__].__doc__ or "").partition("\n")[0]


def _limits() -> Iterable[str]:
    limits = default_limits().by_name.values()
    unset = sum(limit.value is None for limit in limits)
    yield f"{len(limits)} limits; {unset} have no value until the clinic enters one."
    yield ""
    yield from head("name", "value without a policy", "what it is", "beside other sources", "sources")
    for limit in limits:
        note = f" ({limit.source_note})" if limit.source_note else ""
        yield line(
            f"`{limit.name}`",
            _value(limit),
            f"{limit.title}{note}",
            _beside_others(limit),
            ", ".join(limit.sources) or "none",
        )


def _value(limit: Limit) -> str:
    if limit.value is None:
        return f"none: the clinic enters it, in {limit.unit}"
    bounds = [("at least", limit.lowest), ("at most", limit.highest)]
    told = " and ".join(f"{words} {bound:g}" for words, bound in bounds if bound is not None)
    return f"{limit.value:g} {limit.unit}" + (f"; may be {told}" if told else "")


def _beside_others(limit: Limit) -> str:
    if limit.beside_others or not limit.others:
        return limit.beside_others
    figures = sorted(other.value for other in limit.others)
    span = f"{figures[0]:g}" if figures[0] == figures[-1] else f"{figures[0]:g} to {figures[-1]:g}"
    return f"Printed elsewhere: {span} {limit.unit}."


def _switches() -> Iterable[str]:
    yield from head("name", "without a policy", "what it is", "why")
    for switch in default_limits().switches.values():
        yield line(f"`{switch.name}`", "on" if switch.on else "off", switch.title, switch.source_note)


def _figures() -> Iterable[str]:
    """What the sources print for one limit, in the order of `limits.toml`."""
    yield from head("limit", "figure", "setting", "source")
    for limit in default_limits().by_name.values():
        name = f"`{limit.name}`"
        for other in limit.others:
            yield line(name, f"{other.value:g} {limit.unit}", other.setting, other.source)
            name = ""


def _rows() -> Iterable[str]:
    """What became of each row; what became of it for the same reason stands on one line."""
    ways = Counter(row.became for row in rows())
    counted = ", ".join(f"{_words(became)} {ways[became]}" for became in Became)
    yield f"{len({row.row for row in rows()})} rows, each of which may have become several things: {counted}."
    yield ""
    yield from head("row", "became", "where", "why")
    last = ""
    for (key, why), same in groupby(rows(), key=lambda row: (row.row, row.why)):
        together = [*same]
        became = dict.fromkeys(_words(row.became) for row in together)
        where = ", ".join(map(_where, together))
        yield line("" if key == last else _linked(key), ", ".join(became), where, why)
        last = key


def _words(became: Became) -> str:
    return _BECAME.get(became, became.value)


def _where(row: Row) -> str:
    return f"`{row.name}`" if row.became is Became.LIMIT else row.name


def _linked(key: str) -> str:
    """The key with the address where it was read; documents that come with Sextant have none."""
    read = source(key)
    return f"[{key}](<{read.address}>)" if read.on_the_web else key


if __name__ == "__main__":
    main()
