"""How an import says no: one sentence with what was seen, where, and what to do."""

SHOWN_LENGTH = 60  # characters of foreign text that an error repeats; enough to find the place


class BundleError(ValueError):
    """The bundle cannot be read safely; the message says what was seen, where, and what to do."""


class OutOfScopeError(BundleError):
    """The bundle was read, and this person is not one whom the clinic can treat."""


def refused(where: str, saw: str, do: str) -> BundleError:
    """The refusal to raise, in one form for all.

    >>> str(refused("Observation/12, status", "'done' is no status of FHIR", "Write 'final'."))
    "Observation/12, status: 'done' is no status of FHIR. Write 'final'."
    """
    return BundleError(f"{where}: {saw}. {do}")


def shown(value: object) -> str:
    """Foreign text as an error may repeat it: short, in quotes, without control characters.

    >>> shown("stone"), shown(12), shown({"a": 1})
    ("'stone'", '12', 'an object')
    """
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        short = value if len(value) <= SHOWN_LENGTH else value[:SHOWN_LENGTH] + "…"
        return ascii(short) if not short.isprintable() else repr(short)
    return "true" if value is True else "false" if value is False else repr(value)[:SHOWN_LENGTH]
