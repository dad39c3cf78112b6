"""Does the fast benefit of an infusion add to what is left of the last, or renew it? Studies and real ratings answer.

    .venv/bin/python benchmarks/carry_over.py [NIMH_FOLDER]

For each share that is carried over (1 adds up, 0 renews) the prior is fitted to the published studies. Lower misfit is
better; a difference is the log of how much likelier the figures are. Ratings of the NIMH patients on day 10 are
forecast with the prior made without them (see nimh_bands.py).
"""

import sys
from dataclasses import replace
from pathlib import Path

import nimh_bands
import numpy as np

from sextant.evidence.library import library
from sextant.response import Population, design_assumptions
from sextant.response.population import FITTED
from sextant.response.prior import fit, readings_of

SHARES = (0.0, 0.25, 0.5, 1.0)


def main(arguments: list[str]) -> int:
    """Print one row for each share."""
    readings, _ = readings_of(library())
    print("| carried over | misfit | fast benefit lasts, days | NIMH day 10: CRPS, points |")
    print("|---|---|---|---|")
    for share in SHARES:
        before = assuming(share)
        fitted = fit(readings, before)
        days = np.exp(fitted.at[FITTED.index("tau_f_days")])
        crps = _crps(Path(arguments[0]), before) if arguments else "not at hand"
        print(f"| {share:g} | {fitted.misfit:.1f} | {days:.1f} | {crps} |", flush=True)
    return 0


def assuming(share: float) -> Population:
    """The design assumptions with so much carried over."""
    before = design_assumptions()
    return replace(before, fixed=replace(before.fixed, fast_carry_over=share))


def _crps(folder: Path, before: Population) -> str:
    told = nimh_bands.compared(nimh_bands.score_everyone(folder, before))
    return f"{told['forecasts'][0]['crps']:.2f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
