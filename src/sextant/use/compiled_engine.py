"""The forecast of use compiled with numba (extra `fast`): many patients at once, and one patient week by week."""

from dataclasses import dataclass

import numpy as np

from sextant.use import kernel
from sextant.use.belief import CONSTANTS, Lines
from sextant.use.calendar import CALENDAR_WEEKS, calendar, design
from sextant.use.coding import SideBySide, arm_log_weights
from sextant.use.history import FloatArray, IntArray, of_the_lines
from sextant.use.population import DOUBT_NODES, DOUBT_WEIGHTS, Population


@dataclass(frozen=True, slots=True)
class Tables:
    """A population laid out as the compiled functions take it; see `kernel`."""

    cells: FloatArray
    plan: FloatArray
    moves: FloatArray
    terms: FloatArray
    start: FloatArray
    doubt: FloatArray
    parameter_sd: float

    @classmethod
    def of(cls, population: Population, passed: int = 0) -> "Tables":
        """Worked out once for any number of patients; `passed` weeks lie before the first row of any."""
        values = population.values
        lines, plan = (
            Lines.of(values),
            calendar(values, design(population.plans, CALENDAR_WEEKS), population.baseline_share),
        )
        states = population.n_states
        rows = [
            np.broadcast_to(one, (states, *CONSTANTS.shape))
            for one in (
                CONSTANTS,
                lines.odds_use[:, :, None],
                lines.odds_missed,
                *lines.told.reshape(-1, states, 1, 1),
            )
        ]
        # What stands in no cell has odds of 1 and no weight.
        filled = -(-states * kernel.NODES // kernel.WIDTH) * kernel.WIDTH
        cells = np.ones((len(rows), filled))
        cells[kernel.CONSTANT] = 0.0
        cells[:, : states * kernel.NODES] = np.stack(rows).reshape(len(rows), -1)
        return cls(
            cells=cells,
            plan=np.stack([plan.test, plan.missed], axis=-1),
            moves=np.ascontiguousarray(plan.moves),
            terms=np.vstack([of_the_lines(values["test_terms"], values["missed_terms"]), population.start_terms]),
            start=np.ascontiguousarray(plan.start_after(passed)),
            doubt=np.stack([DOUBT_NODES, DOUBT_WEIGHTS]),
            parameter_sd=population.parameter_sd,
        )


class CompiledEngine:
    """Same numbers as NumPy's engine, some ten times sooner; see `Engine`."""

    name = "compiled"

    @staticmethod
    def figures(patients: SideBySide, population: Population) -> FloatArray:
        """What was foretold of each week; see `Engine`."""
        tables = Tables.of(population, patients.passed)
        found = np.zeros((*patients.result.shape, 4))
        kernel.follow(
            *(tables.cells, tables.plan, tables.moves, tables.terms, tables.start, tables.doubt),
            tables.parameter_sd,
            *_before_the_start(patients, population),
            *(patients.passed, patients.weeks, patients.result, patients.told),
            np.zeros((0, 0, 2)) if patients.shifts is None else np.stack(patients.shifts, axis=-1),
            found,
        )
        return found

    @staticmethod
    def steps(patient: SideBySide, population: Population) -> "CompiledSteps":
        """One patient, week by week; see `Engine`."""
        return CompiledSteps(patient, population)


class CompiledSteps:
    """One patient of whom nothing is known but the weeks before week 1, an update in microseconds; see `Steps`."""

    def __init__(self, patient: SideBySide, population: Population) -> None:
        """Before week 1."""
        tables = Tables.of(population)
        arms, n_cells = len(tables.plan), tables.cells.shape[1]
        past, arm_log = np.zeros(kernel.TERM + kernel.TERMS), np.zeros(arms)
        belief, parts, room = np.zeros((arms, n_cells)), np.zeros((arms, 3, n_cells)), np.zeros((6, n_cells))
        before, arm_start = _before_the_start(patient, population)
        kernel.begin(past, arm_log, belief, tables.cells, tables.start, before[0], arm_start[0], 0)
        past[kernel.SHIFT], past[kernel.SHIFT_SD] = (one[0] for one in patient.shift(0))
        self._out = np.zeros(4)
        self._state = (
            *(past, arm_log, belief, parts, room),
            *(tables.cells, tables.plan, tables.moves, tables.terms, tables.doubt, tables.parameter_sd),
            self._out,
        )

    def look(self) -> list[float]:
        """The coming week; see `Steps`."""
        kernel.look(*self._state)
        return self._out.tolist()

    def update(self, result: int, told: int, shift: float, shift_sd: float) -> list[float]:
        """The week taken and the next foretold; see `Steps`."""
        kernel.update(*self._state, result, told, shift, shift_sd)
        return self._out.tolist()


def _before_the_start(patients: SideBySide, population: Population) -> tuple[IntArray, FloatArray]:
    """What the weeks before week 1 told, and the log weight of each arm, one row a patient."""
    before = patients.before.after(patients.passed)
    arms = arm_log_weights(patients.arm, before, population)
    told = np.column_stack([before.result, before.told, before.week_before, before.last_test, before.start])
    return told, np.ascontiguousarray(arms.T)
