"""The exact engine: one pass over a patient's visits, constant time for each, then a posterior over explanations.

Given whether and how the patient responds (the explanation), all is linear and Gaussian in theta = (baseline of each
instrument, h, a, c). Day-to-day variation is filtered out of the scores and of every column of the design in one pass
(whitening); only the last column, slow benefit, differs between the nodes of ln tau_s. So all nodes share the first
rows of one Cholesky factor, and each costs one row more (specification, section 3).

Explanations, in this order everywhere: ketamine changes nothing; each node of ln tau_s; gets worse, whatever the cause.
"""

from sextant.response.engine.choose import Engine, engine, fastest
from sextant.response.engine.filtered import Filtered
from sextant.response.engine.grid import Grid, default_grid

__all__ = ["Engine", "Filtered", "Grid", "default_grid", "engine", "fastest"]
