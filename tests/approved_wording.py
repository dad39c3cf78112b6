"""What every gate says in every vignette, as one text to read: `.venv/bin/python tests/approved_wording.py` writes."""

import sys
from pathlib import Path

from vignettes import FOLDER, Vignette, read_vignettes

APPROVED = FOLDER / "approved.txt"


def vignettes() -> list[Vignette]:
    """All vignettes, by gate and name."""
    paths = sorted(FOLDER.glob("*.yaml"))
    whole = [one for path in paths for one in read_vignettes(path.read_text(encoding="utf-8"), path.name)]
    return sorted(whole, key=lambda one: (one.rule.code, one.name))


def told() -> str:
    """All vignettes, each with all that a person at the bedside would read."""
    return "\n".join(line for one in vignettes() for line in lines_of(one)) + "\n"


def lines_of(vignette: Vignette) -> list[str]:
    """What one gate says in one vignette, and whether its signatures pass it."""
    found = vignette.finding()
    lines = [f"{vignette.rule.code} {vignette.name}", f"    {found.verdict}, {found.strength}. {found.saw}"]
    if found.opens_when:
        lines.append(f"    Opens when: {found.opens_when}")
    parts = {"seen on": found.seen_on, "holds to": found.holds_to, "limit": found.limit and found.limit.name}
    if any(parts.values()):
        lines.append(f"    {', '.join(f'{what} {part}' for what, part in parts.items() if part)}")
    if vignette.passes is not None:
        lines.append(f"    Signed: {'passed' if vignette.is_passed() else 'not passed'}")
    return [*lines, ""]


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    APPROVED.write_text(told(), encoding="utf-8")
    print(f"Written: {APPROVED.name}. Read what changed before it is kept: git diff.")
