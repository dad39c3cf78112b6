"""What a name that somebody wrote down stands for: the plain words of the substances and behaviours known here.

The entries are the substances of the diagnoses that a clinic records here (ICD-10-CM F10 to F17), ketamine, and the
behaviours. A word stands for the whole entry or for a kind of it: that there was no beer does not say that there was no
alcohol. Words that may mean more than one thing ('smoking') stand for nothing. The words of a diagnosis around one name
('alcohol use disorder, severe') change nothing of what it names, and several known things in one name ('alcohol and
cocaine use disorder') are each of them. What was written down stays as it was; only its reading is decided here.
"""

import re
from dataclasses import dataclass
from unicodedata import normalize

from sextant.record.facts import ANY_PROBLEM, BEHAVIOURS


@dataclass(frozen=True, slots=True)
class Known:
    """The entry that a name stands for; `whole` where the name means all of it and not one kind."""

    entry: str
    whole: bool


TOBACCO = "tobacco"

# Each entry with other words for the whole of it, and with words for kinds of it.
_WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "alcohol": (("alcoholic drinks", "drinking"), ("beer", "wine", "spirits", "vodka", "whisky", "whiskey", "liquor")),
    "opioids": (
        ("opioid",),
        ("opiates", "opiate", "heroin", "fentanyl", "oxycodone", "morphine", "codeine", "methadone", "buprenorphine"),
    ),
    "cannabis": (("marijuana",), ("weed", "hashish", "hash")),
    "sedatives": ((), ("benzodiazepines", "benzodiazepine", "benzos")),
    "cocaine": ((), ("crack", "crack cocaine")),
    "stimulants": (
        ("stimulant",),
        ("amphetamines", "amphetamine", "methamphetamine", "crystal meth", "meth", "speed"),
    ),
    "ketamine": ((), ()),
    TOBACCO: (
        ("nicotine",),
        ("cigarettes", "cigarette", "cigars", "cigar", "smoking cigarettes", "smoking tobacco", "snuff", "snus"),
    ),
    **dict.fromkeys(sorted(BEHAVIOURS), ((), ())),
}
ENTRIES = tuple(_WORDS)
"""The substances and behaviours known here, by their names."""

_KNOWN = {
    word: Known(entry, word not in kinds) for entry, (same, kinds) in _WORDS.items() for word in (entry, *same, *kinds)
}

# What a diagnosis (DSM-5, ICD-10) says around the one thing that it names. Nothing that turns its meaning, as 'free' or
# 'in remission' does, may stand here.
_OF_DIAGNOSIS = frozenset(
    {
        *("use", "disorder", "dependence", "addiction", "abuse", "misuse", "syndrome"),
        *("harmful", "pathological", "mild", "moderate", "severe", "of", "the"),
    }
)

_JOINING = frozenset({"and", "or", "with", "without", "in", "on", "no", "not", "a", "an", "to", "for", "other"})
"""Words that tell nothing of what is named."""

_WAYS_OF_TOBACCO = frozenset({"smoking", "smoke", "smoker", "vaping", "vape", "vapes"})

_BETWEEN_WORDS = re.compile(r"[\s,;:./+&|()\[\]]+")
"""A hyphen is none ('alcohol-free' is no alcohol), and neither is a sign of doubt ('cocaine?')."""

_BETWEEN_THINGS = re.compile(r"[,;/&+]|\band\b")
"""What joins two things that one name holds. 'Or' is none: nobody can say which of the two is meant."""


def plain(name: str) -> str:
    """A name without the differences that say nothing: capitals and spaces.

    >>> plain(" Crack  Cocaine ")
    'crack cocaine'
    """
    return " ".join(name.casefold().split())


def known_as(name: str) -> Known | None:
    """What a name stands for, or None for a name that is not known here.

    >>> known_as("Cigarettes")
    Known(entry='tobacco', whole=False)
    >>> known_as("coffee")
    """
    return _KNOWN.get(_without_diagnosis(name))


def one_name(name: str) -> str:
    """One name for all names that mean the same; of a name that is not known here, its plain form.

    >>> one_name("Opioid use disorder, severe"), one_name("Nicotine"), one_name("heroin"), one_name("Coffee")
    ('opioids', 'tobacco', 'heroin', 'coffee')
    """
    known = known_as(name)
    if known is None:
        return plain(name)
    return known.entry if known.whole else _without_diagnosis(name)


def names_in(name: str) -> tuple[str, ...]:
    """The names of several known things that one name holds, each once; of any other name, the name itself.

    One part that is not known here, or that turns the meaning, leaves the whole a name that is not known.

    >>> names_in("Alcohol and cocaine use disorder"), names_in("Alcohol and coffee")
    (('alcohol', 'cocaine'), ('Alcohol and coffee',))
    """
    if known_as(name) is not None:
        return (name,)
    parts = [" ".join(part.split()) for part in _BETWEEN_THINGS.split(plain(name))]
    named = dict.fromkeys(_without_diagnosis(part) for part in parts if not set(part.split()) <= _OF_DIAGNOSIS)
    return tuple(named) if len(named) > 1 and all(part in _KNOWN for part in named) else (name,)


def entries_in(words: str) -> frozenset[str]:
    """The entries that are named in a few words, such as those of a diagnosis.

    >>> entries_in("Alcohol use disorder")
    frozenset({'alcohol'})
    >>> sorted(entries_in("tobacco; alcohol"))
    ['alcohol', 'tobacco']
    """
    parts = _words_of(words)
    named = (plain(words), _without_diagnosis(words), *parts)
    return frozenset(known.entry for name in named if (known := _KNOWN.get(name)) is not None)


def share_a_word(name: str, other: str) -> bool:
    """Whether two names have a telling word in common, however it is joined to others; doubt about a word counts.

    For names that are not known here, of which nobody can say how far they mean the same.

    >>> share_a_word("GHB", "alcohol and GHB use disorder"), share_a_word("tea with milk", "alcohol with depression")
    (True, False)
    """
    return bool(_telling_words(name) & _telling_words(other))


def names_a_known_thing(name: str) -> bool:
    """Whether anything known here is named, also with a sign of doubt or joined by a hyphen.

    >>> names_a_known_thing("crack-cocaine"), names_a_known_thing("cocaine?"), names_a_known_thing("coffee")
    (True, True, False)
    """
    return bool(entries_in(name)) or any(word in _KNOWN for word in _telling_words(name))


def may_be_tobacco(name: str) -> bool:
    """Whether tobacco is named, or a way of use that may be of tobacco."""
    return TOBACCO in entries_in(name) or bool(_telling_words(name) & _WAYS_OF_TOBACCO)


def use_is_of(name: str, of: str) -> bool:
    """Whether use of `name` is use of `of`; of several things in one name, whether each is of one of the other.

    >>> use_is_of("beer", "alcohol"), use_is_of("alcohol", "beer")
    (True, False)
    """
    return all(any(_is_of(one, other) for other in names_in(of)) for one in names_in(name))


def _is_of(name: str, of: str) -> bool:
    if one_name(name) == one_name(of):
        return True
    stands, wanted = known_as(name), known_as(of)
    return stands is not None and wanted is not None and wanted.whole and stands.entry == wanted.entry


def none_is_none_of(name: str, of: str) -> bool:
    """Whether 'no use of `name`' says that there was none of `of`.

    >>> none_is_none_of("opioids", "heroin"), none_is_none_of("heroin", "opioids")
    (True, False)
    """
    return plain(name) == ANY_PROBLEM or use_is_of(of, name)


def _telling_words(name: str) -> frozenset[str]:
    words = "".join(sign if sign.isalnum() else " " for sign in normalize("NFKC", name).casefold()).split()
    return frozenset(words) - _OF_DIAGNOSIS - _JOINING


def _words_of(name: str) -> list[str]:
    return _BETWEEN_WORDS.sub(" ", plain(name)).split()


def _without_diagnosis(name: str) -> str:
    """A plain name without the words of a diagnosis around it, where what they leave is known here."""
    whole = plain(name)
    if whole in _KNOWN:
        return whole
    left = " ".join(word for word in _words_of(name) if word not in _OF_DIAGNOSIS)
    return left if left in _KNOWN else whole
