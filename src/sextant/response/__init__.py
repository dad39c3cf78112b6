"""The response model: how one patient's scores answer ketamine, with doubt."""

from sextant.response.about import About
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
from sextant.response.population import MODEL_VERSION, Population, design_assumptions
from sextant.response.report import LEVELS, Averaged, Band, Forecast, Lasting, OneMore, Trajectory
from sextant.response.shipped import shipped_population

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
    "About",
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
    "design_assumptions",
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
