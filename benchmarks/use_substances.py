"""How the shipped values foretell each substance, read as a clinic's record is: figures of docs/use-model.md.

    .venv/bin/python benchmarks/use_substances.py [--tables DIR]

Of each substance, in the people who have its use disorder: what was said a week ahead and what was seen, by how many
weeks before were not known and after a first week alone; how often a week that a page would mark showed use; and how
sure it is that the own weeks alone foretell less well, people drawn anew. Then what the same people told of cocaine and
cannabis, foretold by values that were fitted to tests. The values were fitted to these people's opioid tests: the
figures of held-out people are those of `benchmarks/use.py --cross-validate`. About a minute.
"""

import argparse
from pathlib import Path

import numpy as np

from sextant.use import PatientWeeks, Population, shipped_population, tried
from sextant.use.cross_validation import as_on_record, looked_ahead
from sextant.use.ctn0094 import SUBSTANCES, read_told_of, read_urines_of, with_disorder
from sextant.use.judge import folds, log_loss
from sextant.use.own_weeks import foretold_by_own_weeks
from use import ROOT, Tables, patients_of, tables_of

DRAWS = 2_000


def main() -> None:
    """Print the tables."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--tables", type=Path, default=ROOT.parent / "shared" / "data" / "ctn0094" / "tables")
    tables = tables_of(given.parse_args().tables)
    for substance in tried():
        population = shipped_population(substance)
        show(substance, records(substance, tables, told=population.tried_on[substance].told), population)
    for substance in ("cocaine", "cannabis"):
        show(f"{substance} told", records(substance, tables, told=True), shipped_population())


def records(substance: str, tables: Tables, *, told: bool) -> list[PatientWeeks]:
    """The people who have the use disorder, as on record; of opioids all."""
    if substance not in SUBSTANCES:
        return as_on_record(patients_of(tables))
    one = SUBSTANCES[substance]
    weeks, having = (read_told_of if told else read_urines_of)(one, tables), with_disorder(one, tables["psychiatric"])
    return as_on_record([patient for who, patient in weeks.items() if who in having])


def show(name: str, people: list[PatientWeeks], population: Population) -> None:
    """All figures of one substance."""
    whole = np.zeros(len(people), np.int64)
    scored, chance, used = looked_ahead(people, whole, [population], weeks=1)
    who, gap, known, last_used = (np.array(column) for column in zip(*rows(people, scored), strict=True))
    print(name)
    for words, some in (
        ("week before known", gap == 0),
        ("one week not known", gap == 1),
        ("more weeks not known", gap > 1),
        ("after one week alone, use", (known == 1) & last_used),
        ("after one week alone, none", (known == 1) & ~last_used),
        ("marked as hard", np.round(10 * chance) > 5),
    ):
        print(f"  {words:<28}said {chance[some].mean():.3f}  seen {used[some].mean():.3f}  {some.sum()} weeks")
    own, _, _ = foretold_by_own_weeks(people, scored, folds(whole))
    print(
        f"  log loss {log_loss(chance, used):.4f}, own weeks {log_loss(own, used):.4f}, difference in 95 of 100 draws:"
    )
    low, high = np.quantile(differences(chance, own, used, who), [0.025, 0.975])
    print(f"  {low:+.4f} to {high:+.4f}", flush=True)


def rows(people: list[PatientWeeks], scored: list[set[int]]) -> list[tuple[int, int, int, bool]]:
    """Of each scored week: whose it is, weeks not known right before it, weeks known, whether the last showed use."""
    return [
        (k, week.number - before.number - 1, n, before.result != "-")
        for k, one in enumerate(people)
        for n, (before, week) in enumerate(zip(one.weeks, one.weeks[1:], strict=False), start=1)
        if week.number in scored[k]
    ]


def differences(chance: np.ndarray, own: np.ndarray, used: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Log loss of the chances less that of the own weeks, people drawn anew."""
    loss = -np.log(np.where(used, chance, 1 - chance)) + np.log(np.where(used, own, 1 - own))
    total, n = np.bincount(who, loss), np.bincount(who)
    drawn = np.random.default_rng(0).integers(len(n), size=(DRAWS, len(n)))
    return total[drawn].sum(axis=1) / n[drawn].sum(axis=1)


if __name__ == "__main__":
    main()
