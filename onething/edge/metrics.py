"""What this process answered, and how quickly, for Prometheus: by method, route template and status. And what browsers
tell it of themselves."""

from collections.abc import Iterator, Mapping
from functools import cache

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_AGES_S = (60, 300, 900, 3_600, 4 * 3_600, 8 * 3_600, 24 * 3_600, 72 * 3_600)
_ENTRIES = (1, 2, 5, 10, 20, 50)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# or every series gets a second one, of when it began; the library leaves this function without types
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it so


class Requests:
    """Counts since the process began. Routes are templates, so nothing of a case gets in, and series stay few.

    In a registry of its own: what else in the process counts for Prometheus is nobody's business here.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answered = Counter(
            "onething_http_requests_total",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._took = Histogram(
            "onething_http_request_seconds",
            "Time until the answer began.",
            ("method", "route"),
            registry=self._registry,
            buckets=_BOUNDS_S,
        )
        self._limits = Counter(
            "onething_http_limits_total",
            "Calls beyond what is allowed: refused, or by a counter's clerk (alarm).",
            ("limit", "outcome"),
            registry=self._registry,
        )
        self._script_errors = Counter(
            "onething_script_errors_total",
            "What failed in pages' own scripts, as browsers tell.",
            ("kind", "file"),
            registry=self._registry,
        )
        self._outbox_age = Histogram(
            "onething_outbox_age_seconds",
            "How long the oldest form of a counter's clerk has waited in the browser, told when it is on line again.",
            registry=self._registry,
            buckets=_AGES_S,
        )
        self._outbox_entries = Histogram(
            "onething_outbox_entries", "How many wait there then.", registry=self._registry, buckets=_ENTRIES
        )
        # finding a series by its labels takes the library twice as long as counting in it
        self._series = cache(self._find)

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """`seconds` until the answer began: a stream may then go on for hours."""
        answered, took = self._series(method if method in _METHODS else "other", route, status)
        answered.inc()
        took.observe(seconds)

    def over(self, limit: str, outcome: str) -> None:
        """`outcome`: refused or alarm."""
        self._limits.labels(limit, outcome).inc()

    def script_error(self, kind: str, file: str) -> None:
        """Both of few that are known: they come from outside."""
        self._script_errors.labels(kind, file).inc()

    def outbox_waiting(self, entries: int, oldest_s: int) -> None:
        self._outbox_entries.observe(entries)
        self._outbox_age.observe(oldest_s)

    def _find(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        return self._answered.labels(method, route, status), self._took.labels(method, route)

    def text(self, outbox: tuple[int, float] | None, certificates: Mapping[str, int]) -> bytes:
        """All there is to tell, in the text format. `outbox`: snapshots that wait, and for how many seconds the oldest
        of them has; None where the record does not answer. `certificates`: what was found wrong → how often."""
        return generate_latest(self._registry) + generate_latest(_Record(outbox, certificates))


class _Record:
    """How the record was when it was looked at for this answer, and what was ever found wrong in it."""

    def __init__(self, outbox: tuple[int, float] | None, certificates: Mapping[str, int]) -> None:
        self._outbox = outbox
        self._certificates = certificates

    def collect(self) -> Iterator[Metric]:
        alarms = CounterMetricFamily(
            "onething_certificate_alarms_total", "Certificates that were found not to be genuine.", labels=("found",)
        )
        for found, times in self._certificates.items():
            alarms.add_metric((found,), times)
        yield alarms
        up = int(self._outbox is not None)
        yield GaugeMetricFamily("onething_database_up", "Whether the record answers.", up)
        if self._outbox is not None:
            waiting, lag_s = self._outbox
            name, what = "onething_handovers_waiting", "Cases whose workflow has yet to be told."
            yield GaugeMetricFamily(name, what, waiting)
            name, what = "onething_handover_lag_seconds", "For how long the oldest of them has waited."
            yield GaugeMetricFamily(name, what, lag_s)
