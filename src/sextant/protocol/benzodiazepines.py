"""Benzodiazepines as milligrams of diazepam, by the two tables that differ most: both are shown, none is the truth."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Equivalents:
    """One table: milligrams of each medicine that stand for 10 mg of diazepam."""

    name: str
    source: str
    for_ten_mg: dict[str, float]

    def diazepam_mg(self, drug: str, mg: float) -> float | None:
        """Milligrams of diazepam, None for a medicine that the table does not list.

        >>> TABLES[0].diazepam_mg("lorazepam", 2.0), TABLES[1].diazepam_mg("lorazepam", 2.0)
        (10.0, 20.0)
        """
        one = self.for_ten_mg.get(drug)
        return None if one is None else 10 * mg / one


TABLES = (
    Equivalents(
        "VA/DoD 2021",
        "S100",
        {
            "diazepam": 10,
            "lorazepam": 2,
            "alprazolam": 1,
            "clonazepam": 1,
            "oxazepam": 30,
            "temazepam": 15,
            "chlordiazepoxide": 25,
        },
    ),
    Equivalents(
        "Ashton",
        "S100",
        {
            "diazepam": 10,
            "lorazepam": 1,
            "alprazolam": 0.5,
            "clonazepam": 0.5,
            "oxazepam": 20,
            "temazepam": 20,
            "chlordiazepoxide": 25,
        },
    ),
)
