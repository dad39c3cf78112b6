"""The expected rise of blood pressure as a card. Information alone: no gate reads it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from sextant.clinic.charts import Rise, rise_svg
from sextant.clinic.pages.evidence_words import Address, address_of, name_of
from sextant.clinic.pages.words import moment_words, short_day
from sextant.record import PatientRecord
from sextant.units.words import count_words
from sextant.visit import Expected, OwnRise, PressureRise, pressure_rise


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureCard:
    """All that the card shows."""

    finding: str
    diastolic: str
    peak: str
    rests_on: str
    svg: SafeString
    own: list[tuple[str, str]]
    silent: list[tuple[str, str]]
    notes: tuple[str, ...]
    rows: list[tuple[str, str, Address]]


def pressure_card(record: PatientRecord, now: datetime) -> PressureCard:
    """How far pressure may rise in the next infusion of one patient."""
    found = pressure_rise(record, now)
    today = now.date()
    finding = f"Systolic may rise by {_signed(found.systolic.rise.median)} mmHg, 8 in 10 from {_span(found.systolic)}"
    diastolic = f"Diastolic by {_signed(found.diastolic.rise.median)}, 8 in 10 from {_span(found.diastolic)}."
    return PressureCard(
        finding=finding,
        diastolic=diastolic,
        peak=_peak(found, now),
        rests_on=_rests_on(found),
        svg=rise_svg(
            [
                _drawn("Systolic, mmHg", found.systolic, [one.systolic_mmhg for one in found.own]),
                _drawn("Diastolic, mmHg", found.diastolic, [one.diastolic_mmhg for one in found.own]),
            ],
            finding,
            diastolic,
        ),
        own=[(short_day(one.started_at.date(), today), _own(one)) for one in found.own],
        silent=[(short_day(one.started_at.date(), today), one.why) for one in found.silent],
        notes=found.notes,
        rows=[(row.row_id, name_of(row.study_id), address_of(row.source_address)) for row in found.rows],
    )


def _drawn(name: str, of: Expected, own: list[float]) -> Rise:
    return Rise(
        name=name,
        median=of.rise.median,
        low80=of.rise.low80,
        high80=of.rise.high80,
        usual=of.before_own.median if own else None,
        own=own,
    )


def _peak(found: PressureRise, now: datetime) -> str:
    if found.baseline is None or found.systolic.peak is None or found.diastolic.peak is None:
        return f"The highest pressure to expect is not known. {found.no_baseline}"
    read = found.baseline
    return (
        f"Over {read.systolic_mmhg:.0f}/{read.diastolic_mmhg:.0f} of {moment_words(read.taken_at, now.date())} that is "
        f"{found.systolic.peak.median:.0f}/{found.diastolic.peak.median:.0f} at its highest; 1 in 10 goes above "
        f"{found.systolic.peak.high80:.0f} systolic, 1 in 10 above {found.diastolic.peak.high80:.0f} diastolic."
    )


def _rests_on(found: PressureRise) -> str:
    """What the middle comes from. A share of evidence is nobody's chance, so it is in % as on the next-step card."""
    published = round(100 * found.systolic.prior_share)
    if not found.own:
        return "It rests on published rises alone: no infusion of this patient has readings near the peak yet."
    own = count_words(len(found.own), "own infusion")
    return f"Its middle is built from {own} ({100 - published} %) and the published rise ({published} %)."


def _own(one: OwnRise) -> str:
    return (
        f"{_signed(one.systolic_mmhg)} over {one.before.systolic_mmhg:.0f}, {_signed(one.diastolic_mmhg)} over "
        f"{one.before.diastolic_mmhg:.0f} ({count_words(one.n_readings, 'reading')})"
    )


def _span(of: Expected) -> str:
    return f"{_signed(of.rise.low80)} to {_signed(of.rise.high80)}"


def _signed(mmhg: float) -> str:
    """A change with its sign; a minus that reads as one.

    >>> _signed(12.7), _signed(-5.8), _signed(0.2)
    ('13', '−6', '0')
    """
    return f"{round(mmhg)}".replace("-", "−")
