"""The individual forecast of use: the chance of use next week, from a patient's own weeks and the population."""

from sextant.use.ahead import weeks_ahead
from sextant.use.choose import Engine, engine, fastest
from sextant.use.coding import weeks_before_the_first_row
from sextant.use.forecast import WeekForecast, forecast, next_week
from sextant.use.from_record import Coming, coming, weeks_of
from sextant.use.patient_follower import PatientFollower
from sextant.use.population import MODEL_VERSION, Covariate, Plan, Population, Span, TriedOn
from sextant.use.population_file import read_population, text_of
from sextant.use.population_parts import PopulationFileError
from sextant.use.shipped import shipped_population, tried
from sextant.use.weeks import SYMBOLS, PatientWeeks, Week, WeeksError, word
from sextant.use.weeks_csv import FORECAST_COLUMNS, WeeksCsvError, WeeksFile, columns_read, read_weeks

__all__ = [
    "FORECAST_COLUMNS",
    "MODEL_VERSION",
    "SYMBOLS",
    "Coming",
    "Covariate",
    "Engine",
    "PatientFollower",
    "PatientWeeks",
    "Plan",
    "Population",
    "PopulationFileError",
    "Span",
    "TriedOn",
    "Week",
    "WeekForecast",
    "WeeksCsvError",
    "WeeksError",
    "WeeksFile",
    "columns_read",
    "coming",
    "engine",
    "fastest",
    "forecast",
    "next_week",
    "read_population",
    "read_weeks",
    "shipped_population",
    "text_of",
    "tried",
    "weeks_ahead",
    "weeks_before_the_first_row",
    "weeks_of",
    "word",
]
