"""`sextant endpoints`: what patients' weeks amount to, each figure with its rule and what a missing week means."""

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from sextant.cli.endpoint_output import COLUMNS, CONFIDENCE, Curve, print_csv, print_curve, print_json
from sextant.cli.files import read_text
from sextant.cli.refused import Refused
from sextant.outcomes import ENDPOINTS, Endpoint, Figure, ReturnOfSymptoms, TimeToEvent, Word, WordsCsvError, read_words
from sextant.outcomes.word import NONE_DUE

SCHEMA = "endpoints/1"
SURVIVAL_SCHEMA = "endpoints-survival/1"
LIST_COLUMNS = ("endpoint", "rule", "missing_is", "none_due_is", "columns")
_NO_FIGURE = (None, None, None)

_Answers = list[tuple[str, str, tuple[float | None, float | None, int | None]]]


def endpoints(options: argparse.Namespace) -> int:
    """Print the definitions, one row a patient and endpoint, or one row a time of a survival curve."""
    if options.confidence is not None and options.survival is None:
        raise Refused("--confidence is of a curve's interval. Add --survival NAME, or leave it out.")
    if options.return_of_symptoms is not None:
        from sextant.cli.return_of_symptoms import return_of_symptoms  # loads the response model for its COURSE.csv

        return return_of_symptoms(options)
    if options.well_at is not None or options.back_at is not None or options.survival == ReturnOfSymptoms.name:
        raise Refused("Say of which score: sextant endpoints COURSE.csv --return-of-symptoms phq9.")
    if options.survival is not None:
        return _survival(options)
    chosen = [_endpoint(name) for name in dict.fromkeys(options.endpoint or ENDPOINTS)]
    if options.list:
        if options.json:
            print_json({"schema": SCHEMA, "endpoints": [_definition(one) for one in chosen], "rows": []})
        else:
            print_csv(LIST_COLUMNS, (_definition(one, " ").values() for one in chosen))
        return 0
    answers = _answers(_words(options), chosen)
    _say_what_is_empty(answers)
    if options.json:
        keys = ("value", "time", "event")
        rows = [
            {"patient": patient, "endpoint": name, **dict(zip(keys, figure, strict=True))}
            for patient, name, figure in answers
        ]
        print_json({"schema": SCHEMA, "endpoints": [_definition(one) for one in chosen], "rows": rows})
        return 0
    said = {one.name: (one.rule, one.missing_is) for one in chosen}
    print_csv(COLUMNS, ((patient, name, *figure, *said[name]) for patient, name, figure in answers))
    return 0


def _survival(options: argparse.Namespace) -> int:
    """The curve of one time over all patients of the file."""
    if options.endpoint or options.list:
        raise Refused("--survival goes with neither --endpoint nor --list. Name one time: --survival NAME.")
    endpoint = _endpoint(options.survival)
    if not endpoint.is_time:
        times = ", ".join(one.name for one in ENDPOINTS.values() if one.is_time)
        raise Refused(f"--survival {endpoint.name} is a figure and no time. Times: {times}.")
    words = _words(options).values()
    watched = [(word, time) for word in words if (time := endpoint.watched(word)) is not None]
    known = [time for _, time in watched]
    if not known:
        raise Refused(f"{options.words}: no patient has a time, as no test was due in week 1 of any of them.")
    _say_who_is_watched_for_less([word for word, _ in watched], len(words), endpoint)
    curve = Curve(
        schema=SURVIVAL_SCHEMA,
        endpoint=_definition(endpoint),
        known=known,
        left_out=len(words) - len(known),
        confidence=options.confidence or CONFIDENCE,
    )
    print_curve(curve, as_json=options.json)
    return 0


def _say_who_is_watched_for_less(watched: Collection[Word], patients: int, endpoint: Endpoint) -> None:
    cut = sum(NONE_DUE in word.symbols[endpoint.first_week - 1 :] for word in watched)
    if cut:
        print(
            f"sextant: watched up to the week before the first in which no test was due: {cut} of {patients} patients.",
            file=sys.stderr,
        )
    if left_out := patients - len(watched):
        print(f"sextant: left out, as no test was due in week 1: {left_out} of {patients} patients.", file=sys.stderr)


def _endpoint(name: str) -> Endpoint:
    if name not in ENDPOINTS:
        close = get_close_matches(name, ENDPOINTS, n=3)
        meant = f"Did you mean {' or '.join(close)}?" if close else "`sextant endpoints --list` names them all."
        raise Refused(f"{name} is no endpoint. {meant}")
    return ENDPOINTS[name]


def _words(options: argparse.Namespace) -> dict[str, Word]:
    if options.words is None:
        raise Refused("Name a file: sextant endpoints WORDS.csv. `sextant endpoints --list` needs none.")
    try:
        return read_words(read_text(options.words))
    except WordsCsvError as error:
        raise Refused(f"{options.words}: {error}") from None


def _answers(words: Mapping[str, Word], chosen: Sequence[Endpoint]) -> _Answers:
    """All of them before any is printed."""
    return [(patient, one.name, _printed(one.of(word))) for patient, word in words.items() for one in chosen]


def _printed(figure: Figure) -> tuple[float | None, float | None, int | None]:
    """Value, time and event; yes and no as 1 and 0."""
    if isinstance(figure, TimeToEvent):
        return None, figure.time, int(figure.event)
    return (int(figure) if isinstance(figure, bool) else figure), None, None


def _say_what_is_empty(answers: _Answers) -> None:
    empty = sum(figure == _NO_FIGURE for _, _, figure in answers)
    if empty:
        print(
            "sextant: empty, as the rule does not say of so short a word or with weeks in which no test was due: "
            f"{empty} of {len(answers)} figures.",
            file=sys.stderr,
        )


def _definition(endpoint: Endpoint, joined: str | None = None) -> dict[str, Any]:
    columns: Any = [*endpoint.columns] if joined is None else joined.join(endpoint.columns)
    said = (endpoint.name, endpoint.rule, endpoint.missing_is, endpoint.none_due_is.value, columns)
    return dict(zip(LIST_COLUMNS, said, strict=True))
