"""What a refit of the forecast of use found, in words and as the JSON object of the format refit-use/1."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from sextant.cli.refit_words import OLD_STANDS, left_out_lines, not_kept, wrapped
from sextant.units.words import count_words
from sextant.use import MODEL_VERSION, Population
from sextant.use.cross_validation import FIRST_WEEK, LAST_WEEK
from sextant.use.judge import Judgement
from sextant.use.own_programme import BETWEEN_PROGRAMMES_SD
from sextant.use.refit import ERRORS_BETTER, Gain, HeldOut, Selection

SCHEMA = "refit-use/1"
_READINGS = (("tested", "weeks with a result"), ("due", "due weeks, missing as use"))

_NONE_MISSED = (
    "None of these weeks was missed (o), so the gain in due weeks is to have learned that, and does not count. If some "
    "were missed, write them down."
)


@dataclass(frozen=True, slots=True)
class Report:
    """The new population and what it was judged by; `written` is the file that it was written to, if it was."""

    new: Population
    parent: str
    selection: Selection
    held_out: HeldOut
    written: str | None


def report_json(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    new, held_out, used = report.new, report.held_out, report.selection
    return {
        "schema": SCHEMA,
        "population": new.version,
        "used": {
            "patients": len(used.used),
            "weeks": used.n_weeks,
            "arms": [{"arm": arm, "patients": n} for arm, n in _arms(used).items()],
        },
        "left_out": [{"why": why, "patients": n} for why, n in used.left_out.items()],
        "made_from": None if new.made_from is None else asdict(new.made_from),
        "between_programmes_sd": BETWEEN_PROGRAMMES_SD,
        "parameter_sd": new.parameter_sd,
        "held_out": {
            "patients": held_out.n_patients,
            **{
                reading: {
                    "old": asdict(getattr(held_out.old, reading)),
                    "new": asdict(getattr(held_out.new, reading)),
                    "gain": getattr(held_out, reading).mean,
                    "error": getattr(held_out, reading).error,
                }
                for reading, _ in _READINGS
            },
        },
        "verdict": "new" if held_out.better else "old",
        "written": report.written,
        "model": MODEL_VERSION,
    }


def report_text(report: Report) -> str:
    """The report for people."""
    used, held_out = report.selection, report.held_out
    arms = _arms(used)
    lines = [
        f"Used: {count_words(len(used.used), 'patient')} with {count_words(used.n_weeks, 'due week')}"
        + (f" in {count_words(len(arms), 'arm')}." if arms else "; no arm is told."),
        *left_out_lines(used.left_out),
        "",
        f"On {count_words(held_out.n_patients, 'patient')} held out, a fifth at a time, weeks {FIRST_WEEK} to "
        f"{LAST_WEEK} after each one's first; before is {report.parent!r}:",
    ]
    for reading, words in _READINGS:
        old, new, gain = getattr(held_out.old, reading), getattr(held_out.new, reading), getattr(held_out, reading)
        lines += ["", f"{words} ({new.n})", *_rows(old, new), _gain_words(gain)]
    lines += [
        "",
        f"Gain is the log score of a patient's weeks, and above {ERRORS_BETTER:g} standard errors it is plain. The new "
        "population is better if one gain is plain and neither is below 0.",
        *([] if held_out.missed_weeks else [_NONE_MISSED]),
        f"Doubt of the fitted values: {report.new.parameter_sd:.2f} on a forecast's log odds.",
        "",
        _verdict(report),
    ]
    return wrapped(lines)


def _rows(old: Judgement, new: Judgement) -> list[str]:
    names = {
        "log_loss": ("log loss", 4),
        "slope": ("slope (1 is calibrated)", 3),
        "decile_error": ("gap over tenths, mean", 3),
        "largest_decile_error": ("gap over tenths, largest", 3),
    }
    return [
        f"  {'':<26}{'before':>9}{'after':>9}",
        *(
            f"  {words:<26}{getattr(old, name):>9.{digits}f}{getattr(new, name):>9.{digits}f}"
            for name, (words, digits) in names.items()
        ),
    ]


def _gain_words(gain: Gain) -> str:
    return f"  gain {gain.mean:+.3f} a patient, standard error {gain.error:.3f}"


def _verdict(report: Report) -> str:
    version = report.new.version
    if not report.held_out.better:
        return OLD_STANDS
    if report.written is None:
        return not_kept(version)
    return (
        f"The new population is better ({version}). It is in {report.written}: sextant forecast-use --population takes "
        "it. The clinic's pages go on with the shipped one."
    )


def _arms(selection: Selection) -> dict[str, int]:
    """People by the arm that is told; none where none is."""
    return dict(sorted(Counter(one.arm for one in selection.used if one.arm is not None).items()))
