from collections.abc import Iterator

import pytest

from tests.connectors.support import RunningSimulator


@pytest.fixture(scope="session")
def _shared_simulator() -> Iterator[RunningSimulator]:
    simulator = RunningSimulator()
    yield simulator
    simulator.kill()


@pytest.fixture
def simulator(_shared_simulator: RunningSimulator) -> RunningSimulator:
    """One process for all tests: each uses source codes and keys of its own."""
    return _shared_simulator
