"""The response model: how one patient's scores answer ketamine, with doubt."""

from sextant.response.course_csv import (
    COURSE_COLUMNS,
    FORECAST_COLUMNS,
    CourseCsvError,
    Row,
    forecast_rows,
    read_courses,
)
from sextant.response.course_data import (
    DEFAULT_ATTENDANCE_SHARE,
    CourseData,
    CourseDataError,
    Dose,
    Plan,
    ScoreAt,
    from_record,
    now_day,
)
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
    MODEL_VERSION,
    MODELLED,
    PRIOR_VERSION,
    HyperParameters,
    bedside_draws,
    draws,
)
from sextant.response.report import LEVELS, Band, Forecast, Lasting, Trajectory

__all__ = [
    "CLEAR_FRACTION_OF_BASELINE",
    "COURSE_COLUMNS",
    "DEFAULT",
    "DEFAULT_ATTENDANCE_SHARE",
    "FORECAST_COLUMNS",
    "LEVELS",
    "MODELLED",
    "MODEL_VERSION",
    "PRIOR_VERSION",
    "STUDIED_DOSE_SOURCES",
    "STUDIED_MG_PER_KG",
    "Band",
    "CourseCsvError",
    "CourseData",
    "CourseDataError",
    "Dose",
    "Forecast",
    "HyperParameters",
    "Lasting",
    "Plan",
    "Row",
    "ScoreAt",
    "Trajectory",
    "bedside_draws",
    "draws",
    "forecast",
    "forecast_rows",
    "from_record",
    "now_day",
    "read_courses",
    "refusal",
    "trajectory",
]
