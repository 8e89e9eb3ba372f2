"""What the composition root promises to the processes that it makes."""

import pytest

from onething.embedded import ports
from onething.settings import Settings
from onething.wiring.worker import connect


async def test_metrics_do_not_keep_a_worker_from_connecting_again() -> None:
    """Temporal is often there only after the worker: every try must fail for its absence, not for our own port."""
    settings = Settings(metrics_port=ports.any_free(), temporal_address=f"127.0.0.1:{ports.any_free()}")
    for _ in range(3):
        with pytest.raises(RuntimeError, match="connect"):
            await connect(settings)
