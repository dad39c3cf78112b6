"""Montgomery-Asberg Depression Rating Scale, kept as a total: its item text is not shipped."""

from sextant.instruments.instrument import Instrument

INSTRUMENT = Instrument(
    key="madrs",
    name="MADRS",
    measures="depression",
    lowest=0,
    highest=60,
    recall="as rated",
    licence="total only; licence of the item text not read",
    source="RESPONSE-MODEL",
)
