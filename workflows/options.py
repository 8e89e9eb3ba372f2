"""How activities are tried: attempts are short, the number of attempts is not limited; patience ends in the writer."""

from datetime import timedelta
from typing import Any

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType

ATTEMPT = timedelta(seconds=60)

ACTIVITY: dict[str, Any] = {
    "start_to_close_timeout": ATTEMPT,
    # an attempt that got lost, or whose worker did, is repeated so soon (see `activities.heartbeat`)
    "heartbeat_timeout": timedelta(seconds=10),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=60)
    ),
    # an attempt that reached outside finishes and records its outcome, also after the command was called off
    "cancellation_type": ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
}
