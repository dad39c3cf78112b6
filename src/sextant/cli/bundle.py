"""`sextant next-step` and `sextant screen`: the main job for one FHIR bundle."""

import argparse
import json
import textwrap
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sextant.cli.files import read_bytes, read_text
from sextant.cli.population import population_of
from sextant.cli.refused import OUT_OF_SCOPE, Refused
from sextant.course import SCHEMA, SCREEN_SCHEMA, advise, answer_json, gates_json
from sextant.fhir import MAX_BYTES, BundleError, Imported, OutOfScopeError, read_bundle
from sextant.protocol import Finding, Limits, PolicyError, Verdict, default_limits, read_policy
from sextant.protocol import screen as screen_gates
from sextant.protocol.rules import age
from sextant.units.words import count_words, list_words, odds_words

_WIDTH = 100
_SHAPE = {"open": "●", "closed": "■", "ask": "▲", "caution": "◆"}


def next_step(options: argparse.Namespace) -> int:
    """Print gates, forecast, step, reasons, doubts and sources."""
    population = population_of(options.population)
    imported, limits, moment = _asked(options)
    answer = advise(imported.record, limits, now=moment, population=population)
    _refuse_under_age(answer.gates)
    whole = {"schema": SCHEMA, **_who(imported), **answer_json(answer)}
    print(json.dumps(whole, indent=2, ensure_ascii=False) if options.json else _step_text(whole))
    return 0


def screen(options: argparse.Namespace) -> int:
    """Print the gates."""
    imported, limits, moment = _asked(options)
    gates = screen_gates(imported.record, limits, moment)
    _refuse_under_age(gates)
    whole = {
        "schema": SCREEN_SCHEMA,
        **_who(imported),
        "as_of": moment.date().isoformat(),
        "gates": gates_json(gates),
    }
    print(json.dumps(whole, indent=2, ensure_ascii=False) if options.json else _gates_text(whole))
    return 0


def _asked(options: argparse.Namespace) -> tuple[Imported, Limits, datetime]:
    now = datetime.now(_zone(options.zone))
    moment = now if options.as_of is None else _end_of(options.as_of, now)
    limits = default_limits() if options.policy is None else _policy(options.policy, now.date())
    data = read_bytes(options.bundle, MAX_BYTES)
    try:
        return read_bundle(data, now=now, as_of=moment), limits, moment
    except OutOfScopeError as error:
        raise Refused(str(error), OUT_OF_SCOPE) from None
    except BundleError as error:
        raise Refused(str(error)) from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"--zone {name} is no time zone known here. Write one such as America/Chicago.") from None


def _end_of(text: str, now: datetime) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(f"--as-of {text} is not a day. Write it as YYYY-MM-DD, such as 2019-02-01.") from None
    if day > now.date():
        raise Refused(f"--as-of {text} is after today ({now.date()}). Give today or an earlier day.")
    return min(now, datetime.combine(day, time.max, now.tzinfo))


def _policy(name: str, today: date) -> Limits:
    try:
        return read_policy(read_text(name), today=today)
    except PolicyError as error:
        raise Refused(f"{name}: {error}") from None


def _refuse_under_age(gates: tuple[Finding, ...]) -> None:
    gate = next(gate for gate in gates if gate.code == age.RULE.code)
    if gate.verdict is Verdict.CLOSED and gate.limit is not None:
        raise Refused(
            f"This patient is {gate.saw.rstrip('.')}, under the clinic's age of {gate.limit.value:g}. "
            "Sextant gives no advice for this age.",
            OUT_OF_SCOPE,
        )


def _who(imported: Imported) -> dict[str, Any]:
    patient = imported.record.patient
    return {
        "patient": {
            "id": patient.patient_id,
            "birth_date": patient.birth_date.isoformat(),
            "sex": patient.sex.value,
        },
        "imported": {
            "used": dict(sorted(imported.used.items())),
            "set_aside": [{"what": one.what, "why": one.why} for one in imported.set_aside],
        },
    }


def _step_text(whole: dict[str, Any]) -> str:
    step = whole["step"]
    lines = [step["advice"] + ".", ""]
    lines += _points("Reasons", step["reasons"]) + _points("Doubts", step["doubts"])
    lines += _forecast_lines(whole["forecast"])
    lines += [_wrapped(_use_line(whole["use_ahead"]), "", "  "), ""]
    lines += [_gates_text(whole), ""]
    lines += _points(
        "Sources of the step", [f"{one['key']}: {one['label']}, {one['address']}" for one in step["sources"]]
    )
    model = whole["model"]
    lines.append(
        f"Advice only; the prescriber decides. {model['version']}; prior: {model['prior']}; {model['policy']}."
    )
    return "\n".join(lines)


def _points(title: str, points: list[str]) -> list[str]:
    if not points:
        return []
    return [f"{title}:", *(_wrapped(point, "  - ", "    ") for point in points), ""]


def _forecast_lines(forecast: dict[str, Any] | None) -> list[str]:
    if forecast is None:
        return ["Forecast: none, since no target was chosen.", ""]
    if forecast["refused"]:
        return [f"Forecast: {forecast['refused']}", ""]
    odds = forecast["p_clear_by_six"]
    whose = "this patient" if forecast["kind"] == "individual" else "the average patient, not this one"
    lines = [f"Forecast ({forecast['target']}; {whose}):"]
    if odds is not None:
        lines.append(
            f"  clear benefit by infusion 6: {odds_words(odds['mean'])} "
            f"({odds['mean']:.0%}; 80 % band {odds['low80']:.0%} to {odds['high80']:.0%})"
        )
    share = forecast["prior_share"]
    if share is not None:
        lines.append(
            f"  built from {count_words(forecast['n_own_scores'], 'own score')}; {share:.0%} is the average patient"
        )
    return [*lines, ""]


def _use_line(ahead: dict[str, Any]) -> str:
    if ahead["refused"]:
        return f"Use in the weeks ahead: {ahead['refused']}"
    soonest = ahead["weeks"][0]
    hard = [week["from"] for week in ahead["weeks"] if week["hard"]]
    odds = odds_words(soonest["p_use"])
    doubt = f"({soonest['p_use']:.0%}; 80 % band {soonest['low80']:.0%} to {soonest['high80']:.0%})"
    likely = f"; likely to be hard: the weeks from {list_words(hard)}" if hard else ""
    tried = ahead["rests_on"]["tried_on"]
    shows = "it is told of" if tried["told"] else "a test shows it"
    return f"Use of {tried['looked_for']} in the week from {soonest['from']}: {shows} in {odds} {doubt}{likely}."


def _gates_text(whole: dict[str, Any]) -> str:
    patient = whole["patient"]
    lines = [
        f"Gates of patient {patient['id']}, {patient['sex']}, born {patient['birth_date']}, as of {whole['as_of']}:"
    ]
    for gate in whole["gates"]:
        verdict = gate["verdict"]
        lines.append(f"  {_SHAPE[verdict]} {verdict:<8}{gate['title']} [{gate['code']}, {gate['strength']}]")
        lines.append(_wrapped(gate["saw"], "      saw: ", "        "))
        if gate["opens_when"]:
            lines.append(_wrapped(gate["opens_when"], "      opens when: ", "        "))
    used = ", ".join(f"{count} {kind}" for kind, count in whole["imported"]["used"].items())
    lines += ["", _wrapped(f"Used from the bundle: {used or 'nothing'}.", "", "  "), "Set aside:"]
    lines += [_wrapped(f"{one['what']}: {one['why']}", "  - ", "    ") for one in whole["imported"]["set_aside"]]
    return "\n".join(lines)


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
