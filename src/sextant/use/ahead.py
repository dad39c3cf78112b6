"""The weeks ahead of one patient, as if nothing more were learned until then."""

from sextant.use.choose import Engine
from sextant.use.forecast import WeekForecast
from sextant.use.patient_follower import PatientFollower
from sextant.use.population import Population
from sextant.use.weeks import PatientWeeks, Week


def weeks_ahead(
    patient: PatientWeeks, population: Population, *, after: int, weeks: int, by: Engine | None = None
) -> tuple[WeekForecast, ...]:
    """So many weeks after week `after`, from the weeks up to it; `by` does the work, as in `PatientFollower`."""
    follower = PatientFollower(patient.until(after), population, by)
    while follower.ahead.week <= after:
        follower.update(Week(follower.ahead.week, "_"))
    ahead = [follower.ahead]
    while len(ahead) < weeks:
        ahead.append(follower.update(Week(ahead[-1].week, "_")))
    return tuple(ahead)
