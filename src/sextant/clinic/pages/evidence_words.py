"""How the library's names, codes and reasons are written for people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sextant.evidence.library import library

_NOT_READ = "Author not read"
_STUDY = re.compile(r"\b[a-z]+[0-9]{4}(?:_\w+)?\b")
_CODES = (
    (re.compile(r"\bPCT_LOWER\b"), "percent lower"),
    (re.compile(r"\bSMD\b"), "standardised mean difference"),
    (re.compile(r"\bMD\b"), "mean difference"),
    (re.compile(r"\bOR\b"), "odds ratio"),
    (re.compile(r"\bHR\b"), "hazard ratio"),
    (re.compile(r" v "), " against "),
    (re.compile(r"\(0\.5 added\)"), "(half a case added)"),
    (re.compile(r"it counts with --with-sensitivity alone"), "it counts in the second view alone"),
    (re.compile(r"--with-sensitivity lets them in"), "the second view lets them in"),
)
# A longer code stands before the shorter one that it begins with.
_DESIGNS = {
    "open label": "open-label,",
    "open induction": "open induction,",
    "open series": "an open series,",
    "open": "open,",
    "rct": "randomised,",
    "parallel": "parallel groups,",
    "crossover": "crossover,",
    "double blind": "double blind,",
    "single blind": "single blind,",
    "single arm": "one arm",
    "3arm": "three arms",
    "2x2": "two by two",
    "non placebo": "without placebo",
    "noninferiority": "non-inferiority",
    "v": "against",
}
_DESIGN = re.compile(rf"\b(?:{'|'.join(_DESIGNS)})\b")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a figure was read: the address, its site for people, and what the table remarks of it."""

    href: str
    site: str
    remark: str


def name_of(study_id: str) -> str:
    """First author and year, as people cite a study; where an author was not read, the table's own name beside it.

    >>> name_of("dakwar2019_cocaine"), name_of("mgh2020_maintenance")
    ('Dakwar 2019', 'Author not read 2020 (mgh2020_maintenance)')
    >>> name_of("nimh_ds005917")
    'Evans, year not read (nimh_ds005917)'
    """
    return _names().get(study_id, study_id)


def plain(sentence: str) -> str:
    """A sentence of the library without codes.

    >>> plain("its effect is printed as HR; krupitsky2007 compares three sessions with one")
    'its effect is printed as hazard ratio; Krupitsky 2007 compares three sessions with one'
    """
    for code, words in _CODES:
        sentence = code.sub(words, sentence)
    return _STUDY.sub(
        lambda found: _names().get(found.group(), _short_names().get(found.group(), found.group())), sentence
    )


def design_words(design: str) -> str:
    """A study's design in words.

    >>> design_words("rct_parallel_double_blind")
    'randomised, parallel groups, double blind'
    >>> design_words("rct_open_label_v_ECT")
    'randomised, open-label, against ECT'
    """
    words = _DESIGN.sub(lambda found: _DESIGNS[found.group()], design.replace("_", " "))
    return plain(words.rstrip(","))


def treated_words(treated: str) -> str:
    """What was treated, in words.

    >>> treated_words("opioid_heroin")
    'opioid (heroin)'
    """
    first, _, second = treated.partition("_")
    return f"{first} ({second})" if second and "(" not in treated else treated.replace("_", " ")


def address_of(printed: str) -> Address:
    """An address of the table, which may carry a remark behind it.

    >>> address_of("http://www.ncbi.nlm.nih.gov/pubmed/1 (a copy)")
    Address(href='http://www.ncbi.nlm.nih.gov/pubmed/1', site='ncbi.nlm.nih.gov', remark='(a copy)')
    """
    href, _, remark = printed.partition(" ")
    return Address(href, href.split("/")[2].removeprefix("www."), remark)


def addresses_of(printed: Iterable[str]) -> tuple[Address, ...]:
    """Addresses, each once."""
    return tuple(address_of(one) for one in dict.fromkeys(printed))


@cache
def _names() -> dict[str, str]:
    on_file = library()
    names: dict[str, str] = {}
    for row in (*on_file.trials, *on_file.series, *on_file.adverse_events):
        names.setdefault(row.study_id, _name(row.study_id, row.first_author, row.year))
    return names


def _name(study_id: str, author: str | None, year: int | None) -> str:
    """Two studies whose author or year was not read must still be told apart."""
    if author is None or author.startswith(("(", "UNKNOWN")):
        return f"{_NOT_READ}{'' if year is None else f' {year}'} ({study_id})"
    return f"{author}, year not read ({study_id})" if year is None else f"{author} {year}"


@cache
def _short_names() -> dict[str, str]:
    """Names by the part of a study's id before its subject, where no other study shares it."""
    short: dict[str, set[str]] = {}
    for study_id, name in _names().items():
        short.setdefault(study_id.partition("_")[0], set()).add(name)
    return {part: next(iter(names)) for part, names in short.items() if len(names) == 1}
