"""The response model: how one patient's scores answer ketamine, with doubt."""

from sextant.response.course_csv import (
    COURSE_COLUMNS,
    FORECAST_COLUMNS,
    CourseCsvError,
    Row,
    forecast_rows,
    read_courses,
    read_day,
)
from sextant.response.course_data import (
    DEFAULT_ATTENDANCE_SHARE,
    INFUSIONS_IN_SERIES,
    Ages,
    CourseData,
    CourseDataError,
    Dose,
    Plan,
    ScoreAt,
    from_record,
    now_day,
)
from sextant.response.engine import Engine, engine, fastest
from sextant.response.forecast import (
    STUDIED_DOSE_SOURCES,
    STUDIED_MG_PER_KG,
    forecast,
    refusal,
    trajectory,
)
from sextant.response.hyper_parameters import (
    CLEAR_FRACTION_OF_BASELINE,
    DEFAULT,
    MODELLED,
    PLAIN,
    HyperParameters,
)
from sextant.response.population import MODEL_VERSION, Population, shipped_population
from sextant.response.report import LEVELS, Averaged, Band, Forecast, Lasting, OneMore, Trajectory

__all__ = [
    "CLEAR_FRACTION_OF_BASELINE",
    "COURSE_COLUMNS",
    "DEFAULT",
    "DEFAULT_ATTENDANCE_SHARE",
    "FORECAST_COLUMNS",
    "INFUSIONS_IN_SERIES",
    "LEVELS",
    "MODELLED",
    "MODEL_VERSION",
    "PLAIN",
    "STUDIED_DOSE_SOURCES",
    "STUDIED_MG_PER_KG",
    "Ages",
    "Averaged",
    "Band",
    "CourseCsvError",
    "CourseData",
    "CourseDataError",
    "Dose",
    "Engine",
    "Forecast",
    "HyperParameters",
    "Lasting",
    "OneMore",
    "Plan",
    "Population",
    "Row",
    "ScoreAt",
    "Trajectory",
    "engine",
    "fastest",
    "forecast",
    "forecast_rows",
    "from_record",
    "now_day",
    "read_courses",
    "read_day",
    "refusal",
    "shipped_population",
    "trajectory",
]
