"""The dose sheet as a card: weight with its age, milligrams, and millilitres once the vial's strength is told."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sextant.clinic.pages.at_hand import AtHand
from sextant.clinic.pages.evidence_words import Address, address_of, name_of, treated_words
from sextant.clinic.pages.exposure_words import rate_down, rate_words
from sextant.clinic.pages.words import ago_words, short_day
from sextant.units.words import list_words
from sextant.visit import DoseSheet, InSyringe, dose_sheet

_NEAR = Decimal("0.99")  # a difference that is worth saying, a choice of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialWords:
    """One trial that gave as much in as long."""

    name: str
    of: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseCard:
    """All that the card shows; without `mg` the sentence of `missing` stands in its place."""

    mg: str = ""
    made_of: str = ""
    weighed: str = ""
    old_weight: bool = False
    ml: str = ""
    ml_per_h: str = ""
    mg_per_min: str = ""
    strength: str = ""
    runs: tuple[str, ...] = ()
    trials: tuple[TrialWords, ...] = ()
    missing: str = ""
    weigh: bool = False


def dose_card(of: AtHand | None, strength: Decimal | None, today: date) -> DoseCard:
    """The card of the infusion at hand, from a vial of a strength where one was told."""
    if of is None:
        return DoseCard(
            missing="The dose in milligrams and millilitres will stand here. It starts with a prescriber’s order of "
            "one infusion, or with the first infusion that was given."
        )
    weight = of.given.weight
    if of.given.regimen is None or weight is None or of.dose_mg_per_kg is None or of.duration_min is None:
        return DoseCard(
            missing=f"The milligrams are not known: {missing_words(of)}. Nothing is filled in.", weigh=weight is None
        )
    sheet = dose_sheet(of.dose_mg_per_kg, of.duration_min, weight, of.on, strength)
    drawn = sheet.in_syringe
    return DoseCard(
        mg=f"{sheet.mg}",
        made_of=f"{sheet.mg_per_kg} mg/kg × {sheet.weight_kg} kg, over {sheet.minutes} min",
        weighed=_weighed(sheet, of.on, today),
        old_weight=sheet.weight_days > 0,
        mg_per_min=f"{rate_down(float(sheet.mg_per_min)):g}",
        ml=f"{drawn.ml}" if drawn else "",
        ml_per_h=f"{drawn.ml_per_h}" if drawn else "",
        strength=f"{drawn.strength_mg_per_ml}" if drawn else "",
        runs=_runs(drawn, sheet, "ordered" if of.meant else "on record") if drawn else (),
        trials=tuple(
            TrialWords(name=name_of(one.study_id), of=treated_words(one.substance), address=address_of(one.address))
            for one in sheet.same_in_trials
        ),
    )


def missing_words(of: AtHand) -> str:
    """What the record does not tell of the infusion at hand.

    'the dose and the minutes are not on record', say.
    """
    are = "is" if len(of.given.missing) == 1 else "are"
    return f"{list_words(of.given.missing)} {are} not on record"


def _weighed(sheet: DoseSheet, on: date, today: date) -> str:
    day = short_day(sheet.weighed_on, today)
    if sheet.weight_days <= 0:
        return f"Weighed {day}, on the day of the infusion."
    before = ago_words(sheet.weighed_on, on).removesuffix(" ago")
    return f"Weighed {day}, {before} before the infusion."


def _runs(drawn: InSyringe, sheet: DoseSheet, where: str) -> tuple[str, ...]:
    """How long the volume runs, and where a step of volume or rate is too coarse to come near what is ordered."""
    if drawn.runs_min is None:
        return ("Below 0.1 mL/h: no pump rate is shown. A weaker solution gives one.",)
    words = [f"At that rate the volume runs for {drawn.runs_min:.1f} min; {sheet.minutes} min are {where}."]
    if drawn.mg < sheet.mg * _NEAR:
        words.append(f"{drawn.ml} mL hold {drawn.mg:.2f} mg, not {sheet.mg}. A weaker solution comes nearer.")
    if drawn.mg_per_min < sheet.mg_per_min * _NEAR:
        words.append(
            f"{drawn.ml_per_h} mL/h give {rate_words(float(drawn.mg_per_min))}, not "
            f"{rate_words(float(sheet.mg_per_min))}: slower than {where}. A weaker solution comes nearer."
        )
    return tuple(words)
