"""What an answer of a forecast is about: what the studies behind the prior are weighed for."""

from enum import StrEnum


class About(StrEnum):
    """One kind of answer about a patient."""

    CLEAR = "clear benefit by infusion 6"
    LASTING = "how long benefit lasts"
    ONE_MORE = "what one more infusion adds"
    WORSE = "who gets worse"
