"""Units by their UCUM code: a short table of those that the record uses, and no guess beside it."""

import re

from sextant.fhir.element import Element
from sextant.fhir.refusal import refused, shown
from sextant.units import KG_PER_POUND, MMHG_PER_KPA

UCUM = "http://unitsofmeasure.org"
_ANNOTATION = re.compile(r"\{[^{}]*\}")  # UCUM: text in braces never changes the value

# For each canonical unit of the record, the UCUM codes that convert to it by one factor.
_FACTORS: dict[str, dict[str, float]] = {
    "kg": {
        "kg": 1.0,
        "g": 1e-3,
        "[lb_av]": KG_PER_POUND,
        "[oz_av]": KG_PER_POUND / 16,
        "[stone_av]": 14 * KG_PER_POUND,
    },
    "cm": {"cm": 1.0, "m": 100.0, "mm": 0.1, "[in_i]": 2.54, "[ft_i]": 30.48},
    "mm[Hg]": {"mm[Hg]": 1.0, "kPa": MMHG_PER_KPA, "cm[Hg]": 10.0},
    "/min": {"/min": 1.0, "1/min": 1.0, "min-1": 1.0},
    "%": {"%": 1.0, "1": 100.0},
    "kg/m2": {"kg/m2": 1.0},
    # For enzymes the international unit is the unit (one micromole a minute), so both codes mean the same.
    "U/L": {"U/L": 1.0, "[iU]/L": 1.0, "ukat/L": 60.0, "nkat/L": 0.06},
    # Molar codes convert by the molar mass of the one substance, so each substance has a table of its own.
    "bilirubin mg/dL": {"mg/dL": 1.0, "mg/L": 0.1, "umol/L": 584.66e-4},
    "creatinine mg/dL": {"mg/dL": 1.0, "mg/L": 0.1, "umol/L": 113.12e-4},
    "g/(210.L)": {"g/(210.L)": 1.0},
    "mg": {"mg": 1.0, "g": 1000.0, "ug": 1e-3},
    "mg/kg": {"mg/kg": 1.0, "ug/kg": 1e-3},
    "score": {"": 1.0, "1": 1.0},
    "share": {"": 1.0, "1": 1.0, "%": 0.01},
    "days": {"": 1.0, "1": 1.0, "d": 1.0},
}


def factor(code: str, canonical: str) -> float | None:
    """What to multiply a value by to have it in the canonical unit; None when the unit is not known.

    >>> factor("[lb_av]", "kg"), factor("{beats}/min", "/min"), factor("stone", "kg")
    (0.45359237, 1.0, None)
    """
    return _FACTORS[canonical].get(_ANNOTATION.sub("", code))


def quantity(element: Element, name: str, label: str, canonical: str) -> float | None:
    """A quantity in the canonical unit; None when it has no value or says only 'more' or 'less' than one.

    Parameters
    ----------
    element, name : where the Quantity stands
    label : what is measured, for people ('Weight')
    canonical : a key of the table

    Raises
    ------
    BundleError
        If the unit is missing or not known for this kind of measurement; it is never guessed.
    """
    part = element.child(name)
    if part is None:
        return None
    value = part.number("value")
    if value is None or part.text("comparator"):
        return None
    # A unit without a code counts only where its text is itself a UCUM code.
    unit = part.text("code") or part.text("unit")
    known = ", ".join(code or "no unit" for code in _FACTORS[canonical])
    if part.text("system") not in {"", UCUM}:
        raise refused(
            part.at("system"),
            f"{label} has a unit of the system {shown(part.text('system'))}",
            f"Send the UCUM code ({UCUM}): {known}.",
        )
    times = factor(unit, canonical)
    if times is None:
        seen = f"{label} in {shown(unit)}, a unit that is not known here" if unit else f"{label} has no unit"
        raise refused(element.at(name), seen, f"Send it with one of these UCUM codes: {known}.")
    return value * times


def plain_number(element: Element, label: str, canonical: str = "score") -> float | None:
    """A number that needs no unit, however the element holds it; None when it holds none."""
    for name in ("valueInteger", "valueDecimal"):
        if element.has(name):
            return element.number(name)
    amount = element.child("valueQuantity")
    if amount is not None and not amount.has("code") and not amount.has("unit"):
        return None if amount.text("comparator") else amount.number("value")
    return quantity(element, "valueQuantity", label, canonical)
