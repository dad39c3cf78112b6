"""The command line: `sextant --help`.

Commands are imported when they are called, so that help answers at once. Exit codes: 0 an answer, 2 the input was
refused, 3 the patient is out of scope, 1 a fault of ours.
"""

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from sextant import __version__
from sextant.cli.refused import Refused

_BUNDLE = "a FHIR R4 bundle of one patient, .json or .json.gz; - reads standard input"
_OF = "of which the weeks are: cocaine, alcohol as told ... (default: opioids, or as the named population)"
_POPULATION = "answer with this population (population.json) in place of the shipped one"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without our shapes still gets the words
    try:
        if arguments[:1] == ["manage"]:
            # Django parses its own arguments.
            return int(import_module("sextant.cli.clinic").manage(arguments[1:]))
        options = _parser().parse_args(arguments)
        module, _, function = options.run.partition(":")
        return int(getattr(import_module(f"sextant.cli.{module}"), function)(options))
    except Refused as refused:
        print(f"sextant: {refused}", file=sys.stderr)
        return refused.exit_code
    except BrokenPipeError:
        # The reader of our output has gone; that is its right, and flushing once more must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as fault:  # noqa: BLE001 - the border: people get a sentence, never a traceback
        if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            print(f"sextant: the output cannot be written: {fault.strerror}. Make room, run it again.", file=sys.stderr)
            return 2
        print(
            f"sextant: a fault of ours ({type(fault).__name__}). Nothing was changed. Please report the command and "
            "the version; do not send patients' data.",
            file=sys.stderr,
        )
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sextant",
        description="One explained next step for clinics that treat addiction with ketamine infusions.",
        epilog="Exit codes: 0 an answer (also 'closed' and 'ask'); 2 the input was refused; 3 the patient is out of "
        "scope; 1 a fault of ours; 4 the audit chain does not hold, or a stored answer is not the same again.",
    )
    parser.add_argument("--version", action="version", version=f"sextant {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    next_step = commands.add_parser("next-step", help="gates, forecast and the one next step for a FHIR bundle")
    _about_a_bundle(next_step)
    next_step.add_argument("--population", metavar="FILE", help=_POPULATION)
    next_step.set_defaults(run="bundle:next_step")

    screen = commands.add_parser("screen", help="the gates of screening alone")
    _about_a_bundle(screen)
    screen.set_defaults(run="bundle:screen")

    forecast = commands.add_parser("forecast", help="benefit forecast for tidy rows (patient,day,what,value)")
    forecast.add_argument("course", metavar="COURSE.csv", help="the rows; - reads standard input")
    forecast.add_argument("--at", metavar="DAY,DAY,...", help="days to forecast; without it, each patient's last day")
    forecast.add_argument("--target", default="craving", help="the score to forecast (default: craving)")
    forecast.add_argument("--population", metavar="FILE", help=_POPULATION)
    forecast.add_argument(
        "--json", action="store_true", help="one JSON object, with the figures of next-step's forecast"
    )
    forecast.set_defaults(run="forecast:forecast")

    use = commands.add_parser("forecast-use", help="chance of use in each due week, from a patient's earlier weeks")
    use.add_argument("weeks", metavar="WEEKS.csv", help="rows patient,week,result; - reads standard input")
    use.add_argument("--of", metavar="SUBSTANCE", help=_OF)
    use.add_argument("--population", metavar="FILE", help="a population of the forecast of use, not the shipped one")
    use.add_argument("--json", action="store_true", help="one JSON object (schema in docs/schemas)")
    use.set_defaults(run="forecast_use:forecast_use")

    own = commands.add_parser("refit-use", help="the forecast of use fitted again to a clinic's own weeks")
    own.add_argument("weeks", metavar="WEEKS.csv", help="rows patient,week,result; - reads standard input")
    own.add_argument("--of", metavar="SUBSTANCE", help=_OF)
    own.add_argument("--name", required=True, help="what the programme and its population are called")
    own.add_argument("--from", dest="start", metavar="POPULATION.json", help="what was known before (default: shipped)")
    own.add_argument("--out", metavar="FILE", help="written only if the new population is better")
    own.add_argument("--json", action="store_true", help="one JSON object (schema in docs/schemas)")
    own.set_defaults(run="refit_use:refit_use")

    infusion = commands.add_parser("infusion", help="ketamine in plasma and effect site, minute by minute, by model")
    infusion.add_argument(
        "regimen", metavar="REGIMEN.json", help="weight, segments and boluses; - reads standard input"
    )
    infusion.add_argument("--times", required=True, metavar="FIRST:LAST:STEP", help="minutes, such as 0:240:1")
    infusion.add_argument(
        "--model", default="kamp2020_opentiva", metavar="NAME", help="a model, or all (default: %(default)s)"
    )
    infusion.set_defaults(run="infusion:infusion")

    _about_a_refit(commands.add_parser("refit", help="the population fitted again to a clinic's own patients"))
    _about_endpoints(
        commands.add_parser("endpoints", help="what weeks of tests amount to (patient,word), each by its rule")
    )
    _about_evidence(commands.add_parser("evidence", help="the published studies: listed, and pooled by question"))

    virtual = commands.add_parser("virtual-clinic", help="rules for series and maintenance, tried on virtual people")
    virtual.add_argument("--people", type=int, default=1_000, help="who start a series (default: 1000)")
    virtual.add_argument("--seed", type=int, default=1, help="the same seed gives the same figures (default: 1)")
    virtual.add_argument(
        "--unknown-population", action="store_true", help="each person from a fresh draw of the population"
    )
    virtual.add_argument("--population", metavar="FILE", help=_POPULATION)
    virtual.add_argument("--json", action="store_true", help="one JSON object (schema in docs/schemas)")
    virtual.set_defaults(run="virtual_clinic:virtual_clinic")

    demo = commands.add_parser("demo", help="a made-up clinic with virtual patients at every stage")
    demo.add_argument("--port", type=int, default=8000, help="port to serve on (default: 8000)")
    demo.add_argument("--patients", type=int, default=44, help="how many virtual patients (default: 44)")
    demo.add_argument("--data", metavar="DIR", default="demo-data", help="folder of its own (default: demo-data)")
    demo.add_argument("--no-serve", action="store_true", help="make the clinic and stop")
    demo.set_defaults(run="clinic:demo")

    serve = commands.add_parser("serve", help="the clinic")
    serve.add_argument("--port", type=int, default=8000, help="port to serve on (default: 8000)")
    serve.add_argument("--bind", default="127.0.0.1", help="address to serve on (default: this machine only)")
    serve.set_defaults(run="clinic:serve")

    commands.add_parser("manage", help="Django's own commands")

    replay = commands.add_parser("replay", help="a stored next step again, under the limits and model of its day")
    replay.add_argument("decision", metavar="DECISION", help="the id of a decision, or of the next step itself")
    replay.add_argument("--json", action="store_true", help="one JSON object (schema in docs/schemas)")
    replay.set_defaults(run="replay:replay")

    audit = commands.add_parser("audit", help="the audit chain")
    audit.add_argument("action", choices=["verify"], help="verify: recompute every hash of the chain")
    audit.add_argument("--json", action="store_true", help="one JSON object")
    audit.set_defaults(run="clinic:audit")
    return parser


def _about_a_bundle(command: argparse.ArgumentParser) -> None:
    command.add_argument("bundle", metavar="BUNDLE", help=_BUNDLE)
    command.add_argument(
        "--as-of", metavar="YYYY-MM-DD", help="answer as of the end of that day; later facts set aside"
    )
    command.add_argument("--zone", default="UTC", help="the clinic's time zone, such as America/Chicago (default: UTC)")
    command.add_argument("--policy", metavar="FILE", help="the clinic's limits (TOML) over those of published sources")
    command.add_argument("--json", action="store_true", help="one JSON object (schema in docs/schemas)")


def _about_a_refit(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "cohort", metavar="COHORT.csv", nargs="?", help="rows of many patients; - reads standard input"
    )
    command.add_argument(
        "--from", dest="start", metavar="POPULATION.json", help="what was known before (default: shipped)"
    )
    command.add_argument("--name", default="own record", help="what the new population is called (default: own record)")
    command.add_argument("--out", metavar="FILE", help="written only if the new population is better")
    command.add_argument("--json", action="store_true", help="one JSON object (schema in docs/schemas)")
    together = command.add_argument_group("with other clinics, sharing nothing but sums over patients")
    together.add_argument("--share", action="store_true", help="print this clinic's sums at a point")
    together.add_argument("--at", metavar="POINT.json", help="the point that --share answers (default: the first)")
    together.add_argument("--combine", metavar="PART.json", nargs="+", help="add up: the next point, or the population")
    together.add_argument("--judge", metavar="POPULATION.json", help="judge what was combined on patients kept out")
    command.set_defaults(run="refit:refit")


def _about_endpoints(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "words",
        metavar="WORDS.csv",
        nargs="?",
        help="one row a patient, one symbol a week (with --return-of-symptoms a COURSE.csv); - reads standard input",
    )
    command.add_argument("--endpoint", metavar="NAME", action="append", help="this one alone; may be given again")
    command.add_argument("--list", action="store_true", help="the names with their rules, without a file")
    command.add_argument(
        "--survival", metavar="NAME", help="the curve of one time over all patients, with numbers at risk"
    )
    command.add_argument(
        "--confidence", type=int, choices=[80, 95], help="per cent of the interval of --survival (default: 95)"
    )
    command.add_argument("--json", action="store_true", help="one JSON object (schema in docs/schemas)")
    symptoms = command.add_argument_group("how long patients stay well, from the scores of a COURSE.csv")
    symptoms.add_argument(
        "--return-of-symptoms", metavar="SCORE", help="such as phq9; it has no default of what is well"
    )
    symptoms.add_argument("--well-at", type=float, metavar="POINTS", help="well is a score of so much or less")
    symptoms.add_argument("--back-at", type=float, metavar="POINTS", help="symptoms are back at so much or more")
    command.set_defaults(run="endpoints:endpoints")


def _about_evidence(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="the rows on file, each with its address and how strong it is")
    listed.add_argument(
        "--kind", choices=["trials", "series", "adverse-events", "ongoing", "reviews"], help="one table"
    )
    listed.add_argument("--substance", metavar="WORD", help="substance or population holds this word")
    listed.add_argument("--study", metavar="WORD", help="the study's name holds this word")
    listed.add_argument("--design", metavar="WORD", help="the design holds this word, such as double_blind")
    listed.add_argument("--outcome", metavar="WORD", help="outcome, measure or event holds this word")
    listed.add_argument("--poolable", choices=["yes", "no", "sensitivity_only"], help="trials marked so")
    listed.set_defaults(run="evidence:list_rows")
    pooled = actions.add_parser("pool", help="one question put to the trials; without QUESTION, the questions")
    pooled.add_argument("question", metavar="QUESTION", nargs="?", help="such as abstinence or relapse")
    pooled.add_argument("--with-sensitivity", action="store_true", help="press figures and non-randomised studies too")
    pooled.add_argument("--method", choices=["REML", "DL", "PM", "EE"], default="REML", help="default: REML")
    pooled.add_argument("--interval", choices=["hk", "wald"], default="hk", help="Hartung-Knapp (default) or Wald")
    pooled.set_defaults(run="evidence_pool:pool")
    prior = actions.add_parser("prior", help="the average patient as the studies leave it, and what each study moves")
    prior.add_argument("--out", metavar="FILE", help="where to write it as population.json")
    prior.set_defaults(run="evidence_prior:prior")
    for action in (listed, pooled, prior):
        action.add_argument("--studies", metavar="DIR", help="tables of this folder in place of the shipped ones")
        action.add_argument("--json", action="store_true", help="one JSON object (schema in docs/schemas)")


if __name__ == "__main__":
    sys.exit(main())
