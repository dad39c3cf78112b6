"""What the refits of both forecasts ask and say alike."""

import textwrap
from collections.abc import Iterable, Mapping

from sextant.cli.refused import Refused
from sextant.units.words import count_words

OLD_STANDS = "The old population stands: the new one is not better on patients that it never saw. Nothing was written."

_LONGEST_NAME = 60
_WIDTH = 100


def population_name(told: str) -> str:
    """What a new population is to be called, without the blanks around it."""
    name = told.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Refused(f"--name is not a line of 1 to {_LONGEST_NAME} characters. Write one such as 'Our clinic 2027'.")
    return name


def counted_twice(start: str) -> Refused:
    """A start that these very patients have made already."""
    return Refused(
        f"{start} was made from these very patients, who would count twice. Start from the population that it was made "
        "from, or send the patients who came since."
    )


def left_out_words(left_out: Mapping[str, int]) -> str:
    """Who was left out and why, to stand after a refusal; empty where nobody was."""
    return f" Left out: {'; '.join(f'{n} with {why}' for why, n in left_out.items())}." if left_out else ""


def left_out_lines(left_out: Mapping[str, int]) -> list[str]:
    """The same as lines of a report."""
    return [f"  left out: {count_words(n, 'patient')} with {why}" for why, n in left_out.items()]


def not_kept(version: str) -> str:
    """A new population that is better, and for which no file was named."""
    return f"The new population is better ({version}). Nothing was written; name a file with --out to keep it."


def wrapped(lines: Iterable[str]) -> str:
    """The lines of a report, none of them too wide for a terminal."""
    return "\n".join(textwrap.fill(line, _WIDTH) if len(line) > _WIDTH else line for line in lines)
