"""Generalized Anxiety Disorder-7: anxiety over two weeks."""

from sextant.instruments.instrument import Instrument

INSTRUMENT = Instrument(
    key="gad7",
    name="GAD-7",
    measures="anxiety",
    lowest=0,
    highest=21,
    recall="2 weeks",
    licence="public domain, no permission needed; developer credit kept",
    source="https://camcops.readthedocs.io/en/latest/tasks/gad7.html",
    loinc_total="70274-6",
    items=7,
    item_highest=3,
)
