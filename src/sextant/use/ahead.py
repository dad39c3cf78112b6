"""The weeks ahead of one patient, as if nothing more were learned until then."""

from sextant.use.forecast import WeekForecast
from sextant.use.patient_follower import PatientFollower
from sextant.use.population import Population
from sextant.use.weeks import PatientWeeks, Week


def weeks_ahead(patient: PatientWeeks, population: Population, *, after: int, weeks: int) -> tuple[WeekForecast, ...]:
    """So many weeks after week `after`, from the weeks up to it."""
    follower = PatientFollower(patient.until(after), population)
    while follower.ahead.week <= after:
        follower.update(Week(follower.ahead.week, "_"))
    ahead = [follower.ahead]
    while len(ahead) < weeks:
        ahead.append(follower.update(Week(ahead[-1].week, "_")))
    return tuple(ahead)
