"""Failures as Temporal may keep them: a code and the moment to try again, never a text from outside."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from onething.domain.errors import FailureCode, OneThingError

log = logging.getLogger(__name__)

# a command of another epoch, or a case that is gone: trying again can't help, a newer snapshot can
_FINAL = frozenset({FailureCode.COMMAND_VOID, FailureCode.NOT_FOUND})


class AnswerNotReady(Exception):
    """The counterpart gave no answer. `failure` says why, `again_in_s` when to ask again."""

    def __init__(self, failure: OneThingError, again_in_s: float) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.again_in_s = again_in_s


def try_again(failure: OneThingError, delay_s: float) -> ApplicationError:
    """This attempt is over; the next one comes after `delay_s`, without a slot being held meanwhile."""
    return ApplicationError(failure.code, type=failure.code, next_retry_delay=timedelta(seconds=delay_s))


class Discreet(Interceptor):
    """Keeps texts of exceptions (which may quote data) out of histories: they get a reference into the worker's log."""

    def intercept_activity(self, inner: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _DiscreetInbound(inner)


class _DiscreetInbound(ActivityInboundInterceptor):
    async def execute_activity(self, call: ExecuteActivityInput) -> Any:
        try:
            return await super().execute_activity(call)
        except ApplicationError:
            raise
        except OneThingError as failure:
            final = failure.code in _FINAL
            raise ApplicationError(failure.code, type=failure.code, non_retryable=final) from None
        except Exception as failure:
            info = activity.info()
            reference = f"{info.workflow_id}/{info.activity_id}/{info.attempt}"
            log.error(
                "activity failed",
                extra={
                    "reference": reference,
                    "activity": info.activity_type,
                    "failure": type(failure).__name__,
                    "at": _places(failure),
                },
            )
            raise ApplicationError(f"{type(failure).__name__} {reference}", type=FailureCode.INTERNAL) from None


def _places(failure: BaseException) -> Sequence[str]:
    """Where it happened, without the message: that may quote what was being handled."""
    places = []
    trace = failure.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return places[-6:]
