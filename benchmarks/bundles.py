"""CPU seconds to read a bundle and to answer it, for every bundle of a folder: `python benchmarks/bundles.py FOLDER`.

The project's own limit is an answer in under 2 s, start of the program included (benchmarks/cli_start.py adds that).
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from sextant.course import advise
from sextant.fhir import OutOfScopeError, read_bundle
from sextant.protocol import default_limits
from sextant.response import shipped_population


def main() -> None:
    """Print one line a bundle, and the slowest."""
    now = datetime.now(UTC)
    slowest = 0.0
    for file in sorted(Path(sys.argv[1]).glob("*.json*")):
        started = process_time()
        try:
            record = read_bundle(file.read_bytes(), now=now).record
        except OutOfScopeError:
            print(f"{file.name:<16} {process_time() - started:6.3f} s, refused: dead")
            continue
        read = process_time() - started
        advise(record, default_limits(), now=now, population=shipped_population())
        whole = process_time() - started
        slowest = max(slowest, whole)
        print(f"{file.name:<16} {read:6.3f} s read, {whole:6.3f} s answered")
    print(f"slowest answer: {slowest:.3f} s")


if __name__ == "__main__":
    main()
