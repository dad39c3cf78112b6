"""`sextant refit`: the population fitted again to a clinic's own patients, alone or together with other clinics."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, TypeVar

from sextant.cli.files import check_can_write, check_not_read, read_text, write_text
from sextant.cli.population import population_file
from sextant.cli.progress import Progress
from sextant.cli.refit_report import Report, report_json, report_text
from sextant.cli.refit_words import counted_twice, left_out_words, population_name
from sextant.cli.refused import Refused
from sextant.response import CourseCsvError, CourseDataError, fastest, read_courses
from sextant.response.population_file import MadeFrom, PopulationFile, text_of
from sextant.response.refit import Cohort, FewPatientsError, UnreliableFitError, judge, mark_of
from sextant.response.refit import refit as fit_again
from sextant.response.refit.compared import compared
from sextant.response.refit.selection import Selection, kept_out, select
from sextant.response.refit.sharing import (
    Point,
    SharingError,
    combine,
    first_point,
    point_json,
    read_point,
    read_shared,
    share,
    shared_json,
)

LEAST_JUDGED = 25
"""Fewest patients, kept out of the sums, on whom a clinic may judge a population that it did not fit alone."""

_Found = TypeVar("_Found")


def refit(options: argparse.Namespace) -> int:
    """One of: fit and judge; share sums; combine the sums of several clinics; judge a population that was combined."""
    _check(options)
    if options.out is not None:
        check_can_write(options.out)
        read = (options.cohort, options.start, options.at, options.judge, *(options.combine or ()))
        check_not_read(options.out, [name for name in read if name is not None])
    stands = population_file(options.start)
    if stands.made_from is not None and not stands.better:
        _refuse(f"{options.start} does not say that it was better on patients whom it never saw. Judge it first.")
    if options.combine:
        return _combine(options, stands)
    selection = _selection(options.cohort)
    if options.share:
        return _share(options, stands, selection)
    if options.judge is not None:
        return _judge(options, stands, selection)
    return _fit(options, stands, selection)


def _fit(options: argparse.Namespace, stands: PopulationFile, selection: Selection) -> int:
    old, mark, name = stands.population, mark_of(selection.used), population_name(options.name)
    if stands.made_from is not None and stands.made_from.inputs_sha256 == mark:
        raise counted_twice(options.start)
    with Progress() as progress:
        try:
            fit, judged = fit_again(selection.used, old, name=name, by=fastest(), said=progress.say)
        except FewPatientsError as error:
            raise Refused(f"{error}{left_out_words(selection.left_out)}") from None
        except UnreliableFitError as error:
            raise Refused(str(error)) from None
    made_from = MadeFrom(
        n_patients=len(selection.used),
        n_scores=selection.n_scores,
        inputs_sha256=mark,
        effective_draws=fit.effective,
        k_hat=fit.k_hat,
        largest_k_hat=fit.largest_k_hat,
        held_out=judged,
        parent=old.version,
    )
    return _finish(options, stands, PopulationFile(fit.population, made_from), selection)


def _judge(options: argparse.Namespace, stands: PopulationFile, selection: Selection) -> int:
    """Judge a population that several clinics fitted, on the patients whom this clinic kept out of the sums."""
    new = population_file(options.judge)
    if new.made_from is None or new.made_from.inputs_sha256 is not None:
        _refuse(
            f"{options.judge} was not combined from several clinics' sums; a refit judges its own population itself."
        )
    if new.made_from.parent != stands.population.version:
        _refuse(
            f"{options.judge} started from {new.made_from.parent!r} and is judged against that one. Name its file with "
            "--from."
        )
    out = [course for course in selection.used if kept_out(course)]
    if len(out) < LEAST_JUDGED:
        _refuse(
            f"{len(out)} patients were kept out of the sums; at least {LEAST_JUDGED} are needed to judge. The "
            f"population that stands goes on until then.{left_out_words(selection.left_out)}"
        )
    with Progress() as progress:
        progress.say(f"judging on {len(out)} patients who were kept out of the sums")
        held_out = judge(stands.population, new.population, Cohort.of(out, stands.population, by=fastest()))
    judged = PopulationFile(new.population, replace(new.made_from, held_out=held_out))
    return _finish(options, stands, judged, Selection(tuple(out), selection.left_out))


def _finish(options: argparse.Namespace, stands: PopulationFile, new: PopulationFile, selection: Selection) -> int:
    written = options.out if new.better and options.out is not None else None
    if written is not None:
        write_text(written, text_of(new.population, new.made_from))
    report = Report(new, selection, compared(stands.population, new.population), written)
    print(json.dumps(report_json(report), indent=2, ensure_ascii=False) if options.json else report_text(report))
    return 0


def _share(options: argparse.Namespace, stands: PopulationFile, selection: Selection) -> int:
    point = first_point(stands.population) if options.at is None else _read(options.at, read_point)
    shared_patients = [course for course in selection.used if not kept_out(course)]
    cohort = Cohort.of(shared_patients, stands.population, by=fastest())
    try:
        part = share(cohort, stands.population, point)
    except SharingError as error:
        raise Refused(f"{error}{left_out_words(selection.left_out)}") from None
    _put(options.out, json.dumps(shared_json(part)) + "\n")
    return 0


def _combine(options: argparse.Namespace, stands: PopulationFile) -> int:
    parts = [_read(name, read_shared) for name in options.combine]
    try:
        found = combine(parts, stands.population, name=population_name(options.name))
    except SharingError as error:
        raise Refused(str(error)) from None
    if isinstance(found, Point):
        _put(options.out, json.dumps(point_json(found)) + "\n")
        _say(f"Not there yet. Send the point of round {found.number} to every clinic.")
        return 0
    made_from = MadeFrom(
        n_patients=found.n_patients,
        n_scores=None,
        inputs_sha256=None,
        effective_draws=None,
        k_hat=None,
        largest_k_hat=None,
        held_out=None,
        parent=stands.population.version,
    )
    _put(options.out, text_of(found.population, made_from))
    _say(f"There. {found.population.version!r} is to be judged by each clinic on patients kept out, with --judge.")
    return 0


def _check(options: argparse.Namespace) -> None:
    """Refuse options that do not go together, before any work."""
    modes = [bool(options.combine), options.share, options.judge is not None]
    if sum(modes) > 1:
        _refuse("Name one of --share, --combine and --judge; each is a command of its own.")
    if options.combine and options.cohort is not None:
        _refuse("--combine takes the clinics' parts alone. Leave COHORT.csv out.")
    if not options.combine and options.cohort is None:
        _refuse("Name the patients' file: sextant refit COHORT.csv.")
    if options.at is not None and not options.share:
        _refuse("--at is the point that --share answers. Add --share.")
    if options.json and (options.share or options.combine):
        _refuse("--share and --combine always print JSON. Leave --json out.")
    population_name(options.name)


def _selection(name: str) -> Selection:
    try:
        return select(read_courses(read_text(name)).values())
    except (CourseCsvError, CourseDataError) as error:
        raise Refused(f"{name}: {error}") from None


def _read(name: str, reader: Callable[[str], _Found]) -> _Found:
    try:
        return reader(read_text(name))
    except SharingError as error:
        raise Refused(f"{name}: {error}") from None


def _put(name: str | None, text: str) -> None:
    if name is None:
        print(text, end="")
    else:
        write_text(name, text)


def _say(text: str) -> None:
    print(f"sextant: {text}", file=sys.stderr)


def _refuse(sentence: str) -> NoReturn:
    raise Refused(sentence)
