"""Patient Health Questionnaire-9: depression over two weeks; item nine asks about being better off dead."""

from sextant.instruments.instrument import Instrument

INSTRUMENT = Instrument(
    key="phq9",
    name="PHQ-9",
    measures="depression",
    lowest=0,
    highest=27,
    recall="2 weeks",
    licence="public domain, no permission needed; developer credit kept",
    source="https://camcops.readthedocs.io/en/latest/tasks/phq9.html",
    loinc_total="44261-6",
    items=9,
    item_highest=3,
)
