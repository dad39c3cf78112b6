"""Tests on the real or openly licensed data that is kept beside the project, never in it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the project; the test is skipped where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("no shared data beside the project on this machine")
    return SHARED
