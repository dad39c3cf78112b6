"""CPU seconds of `sextant --help` and of `sextant next-step` for one bundle: `python benchmarks/cli_start.py [BUNDLE]`.

The limits that the project set itself: help under 0.3 s of CPU, an answer under 2 s.
"""

import resource
import subprocess
import sys

RUNS = 5


def cpu_s(*arguments: str) -> float:
    """The least CPU seconds of several runs of one command."""
    spent = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "sextant.cli.main", *arguments], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return min(spent)


def main() -> None:
    """Print one line a command."""
    bare = cpu_s("--version")
    print(f"--version  {bare:.3f} s CPU (python itself and nothing else)")
    print(f"--help     {cpu_s('--help'):.3f} s CPU")
    for bundle in sys.argv[1:]:
        print(f"next-step  {cpu_s('next-step', bundle):.3f} s CPU")


if __name__ == "__main__":
    main()
