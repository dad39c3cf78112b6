"""How fast all endpoints of many words are worked out, and how long the command takes for the same file.

.venv/bin/python benchmarks/endpoints.py [--words N]
"""

import argparse
import contextlib
import io
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

WORDS = 10_000
SEED = 1
SYMBOLS = "-+*o"
SHARES = (0.36, 0.16, 0.01, 0.47)  # of the weeks of the 1,870 shared patients of CTN-0094
SHORTEST, LONGEST = 14, 39


def main(arguments: list[str]) -> int:
    """Print both figures."""
    from sextant.cli.main import main as sextant
    from sextant.outcomes import ENDPOINTS, Word

    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--words", type=int, default=WORDS, help=f"so many (default: {WORDS:,})")
    n = asked.parse_args(arguments).words
    made = words(n)
    columns = sum(len(one.columns) for one in ENDPOINTS.values())

    begun = perf_counter()
    for symbols in made:
        word = Word(symbols)
        for endpoint in ENDPOINTS.values():
            endpoint.of(word)
    seconds = perf_counter() - begun
    what = f"{len(ENDPOINTS)} endpoints ({columns} columns) of {n:,} words"
    print(f"{what}: {seconds:.1f} s, {1e6 * seconds / n:.0f} us a word")

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "words.csv"
        file.write_text("patient,word\n" + "".join(f"P{number},{symbols}\n" for number, symbols in enumerate(made)))
        for wanted in ((), ("--json",)):
            printed = io.StringIO()
            begun = perf_counter()
            with contextlib.redirect_stdout(printed):
                sextant(["endpoints", str(file), *wanted])
            seconds = perf_counter() - begun
            print(f"sextant endpoints {' '.join(wanted)}: {seconds:.1f} s, {len(printed.getvalue()) / 1e6:.0f} MB")
    return 0


def words(n: int) -> list[str]:
    """So many words of weeks drawn one by one."""
    rng = np.random.default_rng(SEED)
    lengths = rng.integers(SHORTEST, LONGEST + 1, n)
    return ["".join(rng.choice([*SYMBOLS], length, p=SHARES)) for length in lengths]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
