"""A limit or switch in words: value, who set it and why, what others print, which gates compare with it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString

from sextant.clinic.charts import strictness_svg
from sextant.evidence import Source, source
from sextant.protocol import RULES, Limit, Limits, OtherValue, Part, Stricter, Switch, default_limits
from sextant.protocol.limits import span_words
from sextant.units.words import count_words, day_words, list_words

PART_WORDS = {
    Part.SCREENING: "At screening",
    Part.DAY: "On the day, before the dose",
    Part.INFUSION: "During and after an infusion",
    Part.COURSE: "The course",
    Part.MAINTENANCE: "Maintenance",
    Part.SHELF_LIFE: "How long answers and tests count",
}
_SHORT_WORDS = {
    Part.SCREENING: "Screening",
    Part.DAY: "On the day",
    Part.INFUSION: "The infusion",
    Part.COURSE: "The course",
    Part.MAINTENANCE: "Maintenance",
    Part.SHELF_LIFE: "Shelf lives",
}

_NAMED_GATES = 4
_COUNTED = frozenset({"days", "hours", "infusions", "minutes", "months", "points", "years"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What others print, of one kind of setting."""

    heading: str
    others: tuple[tuple[str, str, Source], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """One limit or switch, ready to be read. `value` is empty where nobody has set one."""

    name: str
    title: str
    part: Part
    is_switch: bool
    value: str
    unit: str
    bounds: str
    note: str
    set_by: str
    set_on: str
    reason: str
    cited: tuple[Source, ...]
    gates: str
    spans: str
    beside: tuple[str, ...]
    drawing: SafeString | str
    figures: tuple[Figures, ...]
    also_read: tuple[Source, ...]

    @property
    def n_read(self) -> int:
        """How many figures and further sources there are to look at."""
        return sum(len(one.others) for one in self.figures) + len(self.also_read)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRows:
    """The rows of one part of the protocol."""

    part: Part
    heading: str
    short: str
    rows: tuple[PolicyRow, ...]

    @property
    def anchor(self) -> str:
        """The part in an address."""
        return self.part.value.replace(" ", "-")


def policy_rows(limits: Limits) -> list[PolicyRow]:
    """Every limit, then every switch, in the order of the parts."""
    rows = [*map(limit_row, limits.by_name.values()), *map(switch_row, limits.switches.values())]
    order = list(Part)
    return sorted(rows, key=lambda row: order.index(row.part))


def by_part(rows: Sequence[PolicyRow]) -> list[PartRows]:
    """The rows under the heading of what they are for; parts without any are left out."""
    parts = (
        PartRows(
            part=part,
            heading=words,
            short=_SHORT_WORDS[part],
            rows=tuple(row for row in rows if row.part is part),
        )
        for part, words in PART_WORDS.items()
    )
    return [part for part in parts if part.rows]


def row_of(entry: Limit | Switch) -> PolicyRow:
    """One limit or switch in words."""
    return limit_row(entry) if isinstance(entry, Limit) else switch_row(entry)


def limit_row(limit: Limit) -> PolicyRow:
    """One limit in words."""
    published = default_limits()[limit.name]
    by_clinic = limit.on is not None
    figures = tuple(_figures(limit))
    shown = {one.key for each in figures for *_, one in each.others}
    return PolicyRow(
        name=limit.name,
        title=limit.title,
        part=limit.part,
        is_switch=False,
        value="" if limit.value is None else f"{limit.value:g}",
        unit=limit.unit,
        bounds=_bounds(limit),
        note=_sentence(published.source_note),
        set_by=limit.set_by if by_clinic else _shipped_words(limit.set_by),
        set_on=day_words(limit.on) if limit.on else "",
        reason=limit.source_note if by_clinic else "",
        cited=tuple(source(key) for key in limit.sources) if by_clinic else (),
        gates=_gates_words(limit),
        spans=_spans(limit),
        beside=tuple(_beside(limit)),
        drawing=_drawing(limit),
        figures=figures,
        also_read=tuple(source(key) for key in published.sources if key not in shown),
    )


def switch_row(switch: Switch) -> PolicyRow:
    """One switch in words."""
    published = default_limits().switches[switch.name]
    by_clinic = switch.since is not None
    return PolicyRow(
        name=switch.name,
        title=switch.title,
        part=switch.part,
        is_switch=True,
        value=value_words(switch),
        unit="",
        bounds="",
        note=_sentence(published.source_note),
        set_by=switch.set_by if by_clinic else _shipped_words(switch.set_by),
        set_on=day_words(switch.since) if switch.since else "",
        reason=switch.source_note if by_clinic else "",
        cited=tuple(source(key) for key in switch.sources) if by_clinic else (),
        gates="",
        spans="",
        beside=(),
        drawing="",
        figures=(),
        also_read=tuple(source(key) for key in published.sources),
    )


def value_words(entry: Limit | Switch) -> str:
    """The value with its unit, as in a sentence."""
    if isinstance(entry, Switch):
        return "On" if entry.on else "Off"
    return "not set" if entry.value is None else with_unit(entry.value, entry.unit)


def with_unit(value: float, unit: str) -> str:
    """A figure with its unit, one of a thing as one.

    >>> with_unit(1, "days"), with_unit(0.5, "days"), with_unit(1, "mmHg")
    ('1 day', '0.5 days', '1 mmHg')
    """
    one = value == 1 and unit in _COUNTED
    return f"{value:g} {unit.removesuffix('s') if one else unit}"


@cache
def gates_of(name: str) -> tuple[str, ...]:
    """The titles of the gates that compare with a limit."""
    return tuple(rule.title for rule in RULES if name in rule.limits)


def _gates_words(limit: Limit) -> str:
    """Which gates compare with it, and what they do until it is set.

    A shelf life is never waited for: until it is set, what is of the same day counts.
    """
    gates = gates_of(limit.name)
    if not gates:
        return "No gate waits for it." if limit.value is None else ""
    named = list(gates if len(gates) <= _NAMED_GATES else gates[: _NAMED_GATES - 1])
    if more := len(gates) - len(named):
        named.append(count_words(more, "more gate"))
    if limit.value is not None:
        return f"Gates: {list_words(named)}."
    if limit.part is Part.SHELF_LIFE:
        return f"Until it is set, only what is of the same day counts for: {list_words(named)}."
    asks = "this gate asks as soon as it needs it" if len(gates) == 1 else "these gates ask as soon as they need it"
    return f"Until it is set, {asks}: {list_words(named)}."


def _spans(limit: Limit) -> str:
    """How far the figures of others run, addiction and other settings apart.

    >>> _spans(default_limits()["fasting_solids_h"])
    'In other settings 2 to 6 hours (2 figures).'
    """
    said = (
        f"{where} {span_words(some)} {limit.unit} ({count_words(len(some), 'figure')})"
        for where, some in _split(limit.others)
        if some
    )
    words = "; ".join(said)
    return words and f"{words[0].upper()}{words[1:]}."


def _beside(limit: Limit) -> Iterator[str]:
    """How strict the value is; beside addiction alone only where that is another comparison."""
    if limit.beside_others:
        yield limit.beside_others
    (_, addiction), _ = _split(limit.others)
    if addiction and limit.beside_addiction and span_words(addiction) != span_words(limit.others):
        yield limit.beside_addiction


def _split(others: Sequence[OtherValue]) -> tuple[tuple[str, list[OtherValue]], ...]:
    return (
        ("in addiction", [other for other in others if other.addiction]),
        ("in other settings", [other for other in others if not other.addiction]),
    )


def _figures(limit: Limit) -> Iterator[Figures]:
    for where, some in _split(limit.others):
        if some:
            told = tuple(
                (with_unit(other.value, limit.unit), _sentence(other.setting), source(other.source))
                for other in sorted(some, key=lambda other: other.value)
            )
            yield Figures(heading=where[0].upper() + where[1:], others=told)


def _drawing(limit: Limit) -> SafeString | str:
    if limit.value is None or limit.stricter is None or {other.value for other in limit.others} <= {limit.value}:
        return ""
    counted = sorted(Counter(other.value for other in limit.others).items())
    others = list_words([f"{value:g}" + (f" ({count} times)" if count > 1 else "") for value, count in counted])
    return strictness_svg(
        limit.value,
        [value for value, _ in counted],
        lower_is_stricter=limit.stricter is Stricter.LOWER,
        finding=f"In force here {with_unit(limit.value, limit.unit)}; others print {others}",
    )


def _bounds(limit: Limit) -> str:
    """What a clinic may enter, where a bound is built in."""
    if limit.lowest is not None and limit.highest is not None:
        return f"From {limit.lowest:g} to {limit.highest:g} {limit.unit}."
    if limit.lowest is not None:
        return f"At least {limit.lowest:g} {limit.unit}."
    return "" if limit.highest is None else f"At most {limit.highest:g} {limit.unit}."


def _shipped_words(set_by: str) -> str:
    """Where the value of an entry comes from that the clinic has not set."""
    if not set_by:
        return ""
    return "Built in" if set_by == "built in" else "Ships with Sextant"


def _sentence(words: str) -> str:
    return words and words[0].upper() + words[1:] + ("" if words.endswith(".") else ".")
