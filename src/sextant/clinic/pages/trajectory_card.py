"""The trajectory as a card: the finding as a sentence, the chart, what its marks mean, and the same as tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.safestring import SafeString

from sextant.clinic.charts import UseRun, reach, trajectory_svg
from sextant.clinic.pages.chart_data import ChartData, chart_data, finding_words
from sextant.clinic.pages.words import moment_words, short_day
from sextant.protocol import Limits
from sextant.record import DayUse, PatientRecord
from sextant.units.words import count_words

_USE_WORDS = {DayUse.USED: "used", DayUse.NOT: "did not use", DayUse.UNKNOWN: "not known"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrajectoryCard:
    """All that the card shows; without `svg` the sentence of `empty` stands in its place.

    `reach` says where a narrow screen opens: so many eighths of the drawing end a little after today.
    """

    finding: str
    empty: str = ""
    svg: SafeString = SafeString("")  # noqa: RUF009 - immutable
    reach: int = 8
    scale: str = ""
    measures: str = ""
    legend: str = ""
    has_patient: bool = False
    forecast_caption: str = ""
    forecast: Sequence[tuple[str, list[str]]] = ()
    observed: Sequence[tuple[str, str]] = ()
    use: Sequence[tuple[str, str]] = ()


def trajectory_card(
    record: PatientRecord, answer: dict[str, Any], limits: Limits, now: datetime, *, cache_key: str, withheld: str = ""
) -> TrajectoryCard:
    """The card of one patient at one moment; `withheld` says why the forecast is not shown yet."""
    data = chart_data(record, answer, limits, now, cache_key=cache_key, withheld=withheld)
    finding = finding_words(record, now)
    if data is None:
        return TrajectoryCard(
            finding=finding,
            empty="The course of one score will stand here, this patient over the average patient. It starts when "
            "patient and prescriber choose the score that treatment is judged by.",
        )
    chart, measured = data.chart, data.instrument
    return TrajectoryCard(
        finding=finding,
        svg=trajectory_svg(chart),
        reach=reach(chart),
        scale=f"{measured.lowest:g} to {measured.highest:g}, lower is better",
        measures=measured.name,
        legend=_legend(data, now),
        has_patient=chart.patient is not None,
        forecast_caption=_assumption(data, now),
        forecast=_forecast_rows(data, now),
        observed=[(moment_words(s.taken_at, now.date()), f"{s.points:g}") for s in reversed(data.scores)],
        use=_use_rows(chart.use, data, now),
    )


def _legend(data: ChartData, now: datetime) -> str:
    chart = data.chart
    said = ["Dots: observed scores."]
    if chart.patient is not None:
        said.append(
            "Blue line and bands: this patient without day-to-day swings, with half and 8 in 10 of likely courses. "
            "Dashed: the average patient under the same infusions."
        )
    elif chart.average is not None:
        said.append("Dashed line and grey band: the average patient, with 8 in 10 of likely courses.")
    if chart.average is not None:
        said.append(f"Drawn within the scale of {data.instrument.lowest:g} to {data.instrument.highest:g}.")
    if data.refused:
        said.append(f"No forecast: {data.refused}")
    else:
        said.append(_assumption(data, now) + ".")
    said.append(
        "Triangles: infusions, outlined when not given yet. Dotted: half of where it began. Clear benefit asks that "
        "ketamine alone takes half away; what the programme does lowers the lines too, and only a randomised trial can "
        "tell the two apart."
    )
    said.append(
        "Use of anything that bars: tall is used; half as tall is used on days not named, with their count where it is "
        "known; low is did not use; outlined is not known."
    )
    if data.scores and data.scores[0].taken_at.date() < chart.start:
        said.append("Earlier scores stand in the table.")
    return " ".join(said)


def _assumption(data: ChartData, now: datetime) -> str:
    """What the forecast counts in: one infusion at most."""
    if data.next is None:
        return "The forecast counts no further infusion in"
    when = short_day(data.next.at.date(), now.date())
    how = "as decided" if data.next.decided else "which is proposed and not decided"
    return f"The forecast counts infusion {data.next.number} on {when} in, {how}, and none beyond it"


def _forecast_rows(data: ChartData, now: datetime) -> list[tuple[str, list[str]]]:
    """Today, and each fortnight ahead."""
    chart = data.chart
    whole = chart.patient or chart.average
    if whole is None or chart.average is None:
        return []
    first = (chart.today - chart.start).days
    rows = []
    for day in range(first, chart.span_days + 1, 14):
        at = min(range(len(whole.days)), key=lambda index, day=day: abs(whole.days[index] - day))  # type: ignore[misc]
        cells = []
        if chart.patient is not None:
            mine = chart.patient
            cells = [
                _points(mine.median[at], data),
                _span(mine.low50[at], mine.high50[at], data),
                _span(mine.low80[at], mine.high80[at], data),
            ]
        cells.append(_points(chart.average.median[at], data))
        if chart.patient is None:
            cells.append(_span(chart.average.low80[at], chart.average.high80[at], data))
        rows.append((short_day(chart.start + timedelta(days=day), now.date()), cells))
    return rows


def _points(value: float, data: ChartData) -> str:
    held = min(max(value, data.instrument.lowest), data.instrument.highest)
    # Short scales need a decimal, long ones would only pretend to it.
    return f"{held:.1f}" if data.instrument.highest <= 30 else f"{held:.0f}"


def _span(low: float, high: float, data: ChartData) -> str:
    return f"{_points(low, data)} to {_points(high, data)}"


def _use_rows(runs: Sequence[UseRun], data: ChartData, now: datetime) -> list[tuple[str, str]]:
    rows = []
    for run in runs:
        first, last = (
            short_day(data.chart.start + timedelta(days=n), now.date()) for n in (run.first_day, run.last_day)
        )
        if run.use is DayUse.SOME:
            known = (
                "used, on days not named"
                if run.days_used is None
                else f"used on {count_words(run.days_used, 'day')}, not named"
            )
        else:
            known = _USE_WORDS[run.use]
        rows.append((first if first == last else f"{first} to {last}", known))
    return rows
