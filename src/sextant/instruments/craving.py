"""Craving now, one rating of our own wording, 0 (none) to 100 (as strong as can be)."""

from sextant.instruments.instrument import Instrument

INSTRUMENT = Instrument(
    key="craving",
    name="Craving",
    measures="craving",
    lowest=0,
    highest=100,
    recall="now",
    licence="own wording",
    source="RESPONSE-MODEL",
)
