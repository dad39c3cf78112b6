"""Questionnaires and ratings: one file each, with range, codes, licence and one pure `score`."""

from sextant.instruments.instrument import (
    INSTRUMENTS,
    Instrument,
    InstrumentError,
    instrument,
    instrument_of_loinc,
)

__all__ = ["INSTRUMENTS", "Instrument", "InstrumentError", "instrument", "instrument_of_loinc"]
