"""Tidy CSV files that people write: what is wrong with the first line, and all wrong lines told at once."""

from collections.abc import Sequence

_PROBLEMS_SHOWN = 10


class CsvFileError(ValueError):
    """A file that cannot be read. `problems` names every line; the message shows the first of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = len(problems) - _PROBLEMS_SHOWN
        shown = " ".join(problems[:_PROBLEMS_SHOWN])
        super().__init__(f"{shown} And {more} more." if more > 0 else shown)


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
