"""Writing one entry into the text of a policy file; every other line, comments too, stays as it was written."""

import json
import tomllib
from collections.abc import Mapping
from datetime import date

EntryValue = float | bool | str | date


def with_entry(text: str, kind: str, name: str, entry: Mapping[str, EntryValue]) -> str:
    """The text of a policy file with one entry replaced, or added at its end.

    Parameters
    ----------
    text : a policy file, TOML; empty where there is none yet
    kind, name : the entry is `[kind.name]`, such as `[limit.days_sober]`
    entry : its parts

    Raises
    ------
    tomllib.TOMLDecodeError
        If the text is not TOML.

    Examples
    --------
    >>> print(with_entry('[limit.a]\\nvalue = 1\\n\\n# Ours.\\n[limit.b]\\nvalue = 2\\n', "limit", "a", {"value": 0.5}))
    [limit.a]
    value = 0.5
    <BLANKLINE>
    # Ours.
    [limit.b]
    value = 2
    <BLANKLINE>
    """
    meant = tomllib.loads(text)
    meant.setdefault(kind, {})[name] = dict(entry)
    written = _in_place(text, kind, name, entry)
    try:
        if tomllib.loads(written) == meant:
            return written
    except tomllib.TOMLDecodeError:
        pass
    # Written in another way than one heading an entry: all of it anew, since that is sure to say the same.
    return "\n".join(_entry_text(kind, name, one) for kind, entries in meant.items() for name, one in entries.items())


def _in_place(text: str, kind: str, name: str, entry: Mapping[str, EntryValue]) -> str:
    lines = text.split("\n")
    headings = [number for number, line in enumerate(lines) if line.lstrip().startswith("[")]
    start = next((number for number in headings if lines[number].split("#")[0].strip() == f"[{kind}.{name}]"), None)
    block = _entry_text(kind, name, entry)
    if start is None:
        before = text.rstrip("\n")
        return f"{before}\n\n{block}" if before else block
    end = next((number for number in headings if number > start), len(lines))
    # Empty lines and comments above the next heading belong to that one.
    while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return "\n".join([*lines[:start], block.rstrip("\n"), *lines[end:]])


def _entry_text(kind: str, name: str, entry: Mapping[str, EntryValue]) -> str:
    return "".join((f"[{kind}.{name}]\n", *(f"{part} = {_toml(value)}\n" for part, value in entry.items())))


def _toml(value: EntryValue) -> str:
    """A value as TOML writes it.

    >>> [_toml(value) for value in (14.0, 0.02, True, date(2026, 11, 23), 'a "quoted" word')]
    ['14', '0.02', 'true', '2026-11-23', '"a \\\\"quoted\\\\" word"']
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # A string of JSON is one of TOML, but for the delete character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(int(value)) if float(value).is_integer() else repr(value)
