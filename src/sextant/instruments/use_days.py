"""Days with use among the last seven, counted from the calendar."""

from sextant.instruments.instrument import Instrument

INSTRUMENT = Instrument(
    key="use_days",
    name="Days of use",
    measures="use",
    lowest=0,
    highest=7,
    recall="last 7 days",
    licence="own wording",
    source="RESPONSE-MODEL",
)
