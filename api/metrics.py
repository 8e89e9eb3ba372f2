"""What this process answered, and how quickly, in Prometheus' text format: by method, route template and status."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator

MEDIA_TYPE = "text/plain; version=0.0.4"
_BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Requests:
    """Counts since the process began. Routes are templates, so nothing of a case gets in, and series stay few."""

    def __init__(self) -> None:
        self._answered: Counter[tuple[str, str, int]] = Counter()
        self._took: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(_BOUNDS_S) + 1))
        self._seconds: defaultdict[tuple[str, str], float] = defaultdict(float)

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """`seconds` until the answer began: a stream may then go on for hours."""
        method = method if method in _METHODS else "other"
        self._answered[method, route, status] += 1
        self._took[method, route][bisect_left(_BOUNDS_S, seconds)] += 1
        self._seconds[method, route] += seconds

    def lines(self) -> Iterator[str]:
        yield "# HELP onething_http_requests_total Requests answered."
        yield "# TYPE onething_http_requests_total counter"
        for (method, route, status), count in self._answered.items():
            yield f'onething_http_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}'
        yield "# HELP onething_http_request_seconds Time until the answer began."
        yield "# TYPE onething_http_request_seconds histogram"
        for (method, route), counts in self._took.items():
            of = f'method="{method}",route="{route}"'
            total = 0
            for bound, count in zip((*_BOUNDS_S, "+Inf"), counts, strict=True):
                total += count
                yield f'onething_http_request_seconds_bucket{{{of},le="{bound}"}} {total}'
            yield f"onething_http_request_seconds_sum{{{of}}} {self._seconds[method, route]:.6f}"
            yield f"onething_http_request_seconds_count{{{of}}} {total}"


def gauge(name: str, what: str, value: float) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} gauge"
    yield f"{name} {value}"
