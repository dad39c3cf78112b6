"""`sextant refit-use`: the population of the forecast of use fitted again to a clinic's own weeks."""

import argparse
import json
import sys

from sextant.cli.files import check_can_write, check_not_read, write_text
from sextant.cli.progress import Progress
from sextant.cli.refit_use_report import Report, report_json, report_text
from sextant.cli.refit_words import counted_twice, left_out_words, population_name
from sextant.cli.refused import Refused
from sextant.cli.weeks_file import reading_notes, use_population, weeks_file
from sextant.use import Population, text_of
from sextant.use.refit import RefitError, mark_of, select
from sextant.use.refit import refit as fit_again


def refit_use(options: argparse.Namespace) -> int:
    """Fit, judge on held-out people, say what was found, and write the new population if it was better."""
    name = population_name(options.name)
    if options.out is not None:
        check_can_write(options.out)
        check_not_read(options.out, [one for one in (options.weeks, options.start) if one is not None])
    start = use_population(options.start, options.of)
    read = weeks_file(options.weeks, start)
    selection = select(read.patients.values())
    if start.made_from is not None and start.made_from.inputs_sha256 == mark_of(selection.used):
        raise counted_twice(options.start)
    for sentence in reading_notes(read, start):
        print(f"sextant: {sentence}", file=sys.stderr)
    with Progress() as progress:
        try:
            new, held_out = fit_again(
                selection.used, start, name=name, substance=_substance(options, start), said=progress.say
            )
        except RefitError as error:
            raise Refused(f"{error}{left_out_words(selection.left_out)}") from None
    written = options.out if held_out.better and options.out is not None else None
    if written is not None:
        write_text(written, text_of(new))
    report = Report(new, start.version, selection, held_out, written)
    print(json.dumps(report_json(report), indent=2, ensure_ascii=False) if options.json else report_text(report))
    return 0


def _substance(options: argparse.Namespace, start: Population) -> str:
    """Of which the weeks are: as asked, or as those of the start."""
    if options.of is not None:
        return str(options.of)
    return "opioids" if start.made_from is None else start.made_from.substance
