"""What the whole suite shares: where it may leave tests out, and where it may not."""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code: how long an example takes decides nothing.
settings.register_profile("whatever the machine does", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whatever the machine does")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With REQUIRE_ALL_TESTS=1, as in CI, a test that lacks its browser, database or data fails and is not left out."""
    report = yield
    if report.skipped and os.environ.get("REQUIRE_ALL_TESTS") == "1" and "on this machine" in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"Left out, and nothing may be left out here: {report.longrepr}"
    return report


LONGEST = ("tests/test_on_postgresql.py", "tests/browser/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: started last, it would run on one core while the others wait."""
    items.sort(key=lambda item: next((at for at, place in enumerate(LONGEST) if item.nodeid.startswith(place)), 9))
