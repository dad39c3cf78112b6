"""The patients of CTN-0094 from its public tables (source CTN0094): the randomised people with their weekly urines."""

import csv
import io

from sextant.use.weeks import PatientWeeks, Week


def read_trial_patients(weekly: str, randomization: str) -> dict[str, PatientWeeks]:
    """The randomised patients by their number, each with the arm of the first randomisation.

    Parameters
    ----------
    weekly : text of the table `weekly` (who, project, randomised, week, phase, uds, tlfb)
    randomization : text of the table `randomization` (who, treatment, which, when)
    """
    arms = {
        row["who"]: row["treatment"] for row in csv.DictReader(io.StringIO(randomization)) if int(row["which"]) == 1
    }
    weeks: dict[str, list[Week]] = {}
    for row in csv.DictReader(io.StringIO(weekly)):
        if row["who"] in arms:
            weeks.setdefault(row["who"], []).append(Week(int(row["week"]), row["uds"], row["tlfb"] or "_"))
    return {who: PatientWeeks(tuple(one), arms[who]) for who, one in weeks.items()}
