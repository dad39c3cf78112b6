"""What others measured after the dose of the trials, to be drawn over the curves and read with care."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Ketamine measured in plasma by one study, as a review quotes it.

    Parameters
    ----------
    study, quoted_in, address : who measured, and where it was read
    what : what the figure is of: 'peak', or 'during dissociation'
    population, sampling_site : on whom, and from which vessel, 'not stated' where that was not
    dose_mg_per_kg, over_min : what was given
    lowest_ng_per_ml, highest_ng_per_ml : the range; alike where there is one figure
    at_min : minutes from the start, about; None where not stated
    use_with_care : why
    """

    study: str
    quoted_in: str
    address: str
    what: str
    population: str
    sampling_site: str
    dose_mg_per_kg: float
    over_min: float
    lowest_ng_per_ml: float
    highest_ng_per_ml: float
    use_with_care: str
    at_min: float | None = None


@cache
def observations() -> tuple[Observation, ...]:
    """All that can stand over a curve of racemic ketamine; see `observations.toml` for what cannot."""
    told = tomllib.loads((files(__package__) / "observations.toml").read_text(encoding="utf-8"))
    return tuple(Observation(**one) for one in told["observation"])
