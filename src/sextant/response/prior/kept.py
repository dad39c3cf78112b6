"""What `make prior` kept of the prior that ships: its numbers, its checks, and on which studies each answer rests."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def kept_prior() -> dict[str, Any]:
    """The packaged answer of `sextant evidence prior --json`, as its schema in `docs/schemas` describes it."""
    return dict(json.loads(files("sextant.response").joinpath("prior.json").read_text(encoding="utf-8")))
