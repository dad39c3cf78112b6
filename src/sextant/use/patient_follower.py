"""One patient followed week by week: what a clinic does as each week's result comes in."""

from sextant.use.choose import Engine, engine
from sextant.use.coding import covariate_shift, side_by_side
from sextant.use.forecast import WeekForecast
from sextant.use.population import Population
from sextant.use.weeks import NONE_DUE, TOLD_NOTHING, PatientWeeks, Week, WeeksError


class PatientFollower:
    """What is known of one patient, in a state of constant size: a week more costs the same, however many there were.

    Examples
    --------
    >>> from sextant.use import shipped_population, word
    >>> follower = PatientFollower(word("--+"), shipped_population())
    >>> follower.ahead.week
    4
    >>> follower.update(Week(4, "-")).week
    5
    """

    def __init__(self, patient: PatientWeeks, population: Population, by: Engine | None = None) -> None:
        """At the end of the last week on record. `by` does the work, NumPy's engine where none is named."""
        self._population = population
        self._steps = (by or engine("numpy")).steps(side_by_side([patient], population), population)
        self._ahead = WeekForecast(1, *self._steps.look())
        for week in patient.weeks:
            if week.number >= 1:
                self.update(week)

    @property
    def ahead(self) -> WeekForecast:
        """The week after the last, if a test is due in it."""
        return self._ahead

    def update(self, week: Week) -> WeekForecast:
        """A week as it was; returns the one after it. Weeks between the last and this one were not due.

        Raises
        ------
        WeeksError
            If the week is not after the last (the past is not undone), or a covariate is unknown or a slip.
        """
        at = self._ahead.week
        if week.number < at:
            raise WeeksError(f"Week {week.number} is not after week {at - 1}, the last that is known. Start again.")
        update = self._steps.update
        for _ in range(at, week.number):
            update(NONE_DUE, TOLD_NOTHING, 0.0, 0.0)
        shift, shift_sd = covariate_shift(week, self._population) if week.covariates else (0.0, 0.0)
        self._ahead = WeekForecast(week.number + 1, *update(week.code, week.told, shift, shift_sd))
        return self._ahead
