"""Tidy CSV files that people write: what is wrong with the first line, and all wrong lines told at once."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import normalize

_PROBLEMS_SHOWN = 10


class CsvFileError(ValueError):
    """A file that cannot be read. `problems` names every line; the message shows the first of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = len(problems) - _PROBLEMS_SHOWN
        shown = " ".join(problems[:_PROBLEMS_SHOWN])
        super().__init__(f"{shown} And {more} more." if more > 0 else shown)


class NoCsvRowError(CsvFileError):
    """What follows is no row of a CSV file, so that nothing below it can be read."""


def numbered_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The first row and each later one that holds something, with the line on which it begins.

    A quoted cell may hold line breaks, so that a row may end on a later line. A letter that can be written in two ways
    is read in one, so that a name is one name however it was typed.

    Raises
    ------
    NoCsvRowError
        If what follows is no row; it names the line on which that begins.

    Examples
    --------
    >>> list(numbered_rows('patient,week\\n"A\\n",1\\n\\nB,1\\n'))
    [(1, ['patient', 'week']), (2, ['A\\n', '1']), (5, ['B', '1'])]
    """
    rows = csv.reader(io.StringIO(normalize("NFC", text.removeprefix("\ufeff")), newline=""), strict=True)
    while True:
        line = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise NoCsvRowError([f"Line {line}: this is not a row of a CSV file ({error})."]) from None
        if cells or line == 1:
            yield line, cells


def column_names(header: Iterable[str], known: Iterable[str]) -> list[str]:
    """The cells of the first line, stripped; a known name in capitals is that name.

    Examples
    --------
    >>> column_names(["Patient ", "WORD", "Site"], ["patient", "word"])
    ['patient', 'word', 'Site']
    """
    as_known = {name.casefold(): name for name in known}
    return [as_known.get(cell.strip().casefold(), cell.strip()) for cell in header]


def header_problem(
    header: Sequence[str], required: Sequence[str], optional: Sequence[str] = (), *, others: bool = False
) -> str | None:
    """What is wrong with the column names, None where nothing is.

    What stands there is not repeated: without column names it holds a patient.

    Parameters
    ----------
    header : the cells of the first line, stripped
    required, optional : names of columns that must and may stand in it
    others : whether columns of other names may stand there too

    Examples
    --------
    >>> header_problem(["patient", "week"], ["patient", "word"])
    'Line 1: the column word is missing; there are columns that are not known. Write patient,word.'
    >>> header_problem(["word", "patient", "site"], ["patient", "word"], others=True)
    """
    known = (*required, *optional)
    named = [name for name in header if name in known]
    rest = [name for name in header if name and name not in known]
    if len(header) == 1 and any(sign in header[0] for sign in ";\t"):
        seen = ["the cells are not separated by commas"]
    elif not named:
        seen = ["the columns are not named" if any(header) else "the columns are missing"]
    else:
        seen = [f"the column {name} stands twice" for name in known if named.count(name) > 1]
        seen += [f"the column {name} is missing" for name in required if name not in named]
        if not others and len(named) < len(header):
            seen.append("there are columns that are not known")
        elif len(set(rest)) < len(rest):
            seen.append("a column that is not known stands twice")
    if not seen:
        return None
    wanted = ",".join(required) + (f"[,{'][,'.join(optional)}]" if optional else "")
    return f"Line 1: {'; '.join(seen)}. Write {wanted}."
