"""What becomes of one entry: facts, or a reason for setting it aside."""

from dataclasses import dataclass

from sextant.fhir.bundle import Bundle
from sextant.fhir.times import Clock
from sextant.record import Fact

NO_DAY = "the day is not given"


@dataclass(frozen=True, slots=True)
class Taken:
    """Facts of an entry that was used; `remark` says what was read into it, where that is not plain."""

    facts: tuple[Fact, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """An entry that was set aside, and why; `what` names its kind more closely than the resource type."""

    why: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What every reader needs beside the resource itself."""

    bundle: Bundle
    clock: Clock


def one(fact: Fact, remark: str = "") -> Taken:
    """A single fact."""
    return Taken((fact,), remark)
