"""WORDS.csv: one row a patient, with one symbol a week."""

from collections.abc import Sequence

from sextant.outcomes.word import Word, WordError
from sextant.units.csv_file import CsvFileError, NoCsvRowError, column_names, header_problem, numbered_rows
from sextant.units.words import count_words

WORD_COLUMNS = ("patient", "word")
_PERHAPS_A_FORMULA = "A spreadsheet may have taken a word for a formula: save that column as text."


class WordsCsvError(CsvFileError):
    """A file of words that cannot be read. `problems` names every line; the message shows the first of them."""


def read_words(text: str) -> dict[str, Word]:
    """The word of each patient in a WORDS.csv, in the order of the file. Every line is checked before any answer.

    Raises
    ------
    WordsCsvError
        If the columns are not patient and word, or any line cannot be right; it names them all.

    Examples
    --------
    >>> read_words("patient,word\\nA,--+o\\n")
    {'A': Word(symbols='--+o')}
    """
    rows = numbered_rows(text)
    words: dict[str, Word] = {}
    line_of: dict[str, int] = {}
    problems: list[str] = []
    try:
        header = column_names(next(rows, (1, []))[1], WORD_COLUMNS)
        if wrong := header_problem(header, WORD_COLUMNS):
            raise WordsCsvError([wrong])
        for line, cells in rows:
            try:
                patient, word = _read_line(header, cells)
                earlier = line_of.setdefault(patient, line)
                if earlier != line:
                    raise WordError(f"This patient is already on line {earlier}. Keep one word a patient.")
                words[patient] = word
            except WordError as error:
                problems.append(f"Line {line}: {error}")
    except NoCsvRowError as error:
        problems += error.problems
    if problems:
        raise WordsCsvError(problems)
    if not words:
        raise WordsCsvError(["The file has columns but no rows. Write one row a patient, such as A,--+o-."])
    return words


def _read_line(header: Sequence[str], cells: Sequence[str]) -> tuple[str, Word]:
    if len(cells) != len(WORD_COLUMNS):
        raise WordError(f"The line has {count_words(len(cells), 'cell')}. Write two: {','.join(WORD_COLUMNS)}.")
    row = dict(zip(header, cells, strict=True))
    patient, symbols = row["patient"].strip(), row["word"].strip()
    if not patient:
        raise WordError("The patient is missing. Write whose word it is.")
    if not patient.isprintable():
        raise WordError("The patient's name holds a sign that cannot be seen. Write letters and digits.")
    if symbols.startswith(("#", "=")):
        raise WordError(f"The word is no row of weeks. {_PERHAPS_A_FORMULA}")
    return patient, Word(symbols)
