"""GET /metrics: what was answered and how quickly, and how far behind the outbox is; nothing of any case."""

import re
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from onething.domain.errors import FailureCode, OneThingError
from onething.edge.metrics import Requests
from tests.api import acts
from tests.api.town import Town


def series(text: str) -> dict[str, float]:
    """Each value by its name and labels, these in alphabetical order."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {f"{one.name}{{{_words(one.labels)}}}" if one.labels else one.name: one.value for one in samples}


def _words(labels: dict[str, str]) -> str:
    return ",".join(f'{name}="{labels[name]}"' for name in sorted(labels))


async def scraped(town: Town) -> dict[str, float]:
    answer = await town.get(None, "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return series(answer.text)


async def test_requests_are_counted_by_template(fresh_town: Town) -> None:
    town = fresh_town
    case_no = await acts.open_case(town)
    for _ in range(3):
        await town.get("citizen", f"/api/cases/{case_no}")
    await town.get("citizen", "/api/moon")
    seen = await scraped(town)
    of = 'method="GET",route="/api/cases/{case_no}"'
    assert seen[f'onething_http_requests_total{{{of},status="200"}}'] == 3
    assert seen[f'onething_http_request_seconds_bucket{{le="+Inf",{of}}}'] == 3
    assert seen[f"onething_http_request_seconds_count{{{of}}}"] == 3
    assert seen['onething_http_requests_total{method="GET",route="-",status="404"}'] == 1
    assert not re.search(r"\d{14}|moon|citizen", "".join(seen))


async def test_how_far_behind_hand_overs_are(fresh_town: Town) -> None:
    town = fresh_town
    assert (await scraped(town))["onething_handovers_waiting"] == 0
    await acts.open_case(town)
    town.clock.move(timedelta(seconds=90))
    seen = await scraped(town)
    assert (seen["onething_handovers_waiting"], seen["onething_handover_lag_seconds"]) == (1, 90)


async def test_without_the_record_there_are_still_counts(fresh_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> None:
        raise OneThingError(FailureCode.UNAVAILABLE, "数据库暂时无法访问，请稍后重试。")

    monkeypatch.setattr("onething.services.health.outbox_record.waiting", gone)
    await fresh_town.get(None, "/healthz")
    seen = await scraped(fresh_town)
    assert seen["onething_database_up"] == 0
    assert 'onething_http_requests_total{method="GET",route="/healthz",status="200"}' in seen
    assert "onething_handovers_waiting" not in seen


def test_buckets_add_up_and_odd_methods_count_together() -> None:
    requests = Requests()
    for method, seconds in (("BREW", 0.001), ("BREW", 0.005), ("POUR", 0.02), ("BREW", 99)):
        requests.add(method, "/x", 200, seconds)
    seen = series(requests.text(None, {}).decode())
    of = 'method="other",route="/x"'
    for bound, count in (("0.005", 2), ("0.01", 2), ("0.025", 3), ("10.0", 3), ("+Inf", 4)):
        assert seen[f'onething_http_request_seconds_bucket{{le="{bound}",{of}}}'] == count
    assert seen[f"onething_http_request_seconds_sum{{{of}}}"] == pytest.approx(99.026)
    assert seen[f'onething_http_requests_total{{{of},status="200"}}'] == 4


def test_only_our_own_series_are_told_each_by_the_name_it_always_had() -> None:
    requests = Requests()
    requests.add("GET", "/x", 200, 0.1)
    told = [line.split() for line in requests.text((2, 1.5), {}).decode().splitlines() if line.startswith("# TYPE")]
    assert [(name, kind) for _, __, name, kind in told] == [
        ("onething_http_requests_total", "counter"),
        ("onething_http_request_seconds", "histogram"),
        ("onething_http_limits_total", "counter"),
        ("onething_script_errors_total", "counter"),
        ("onething_outbox_age_seconds", "histogram"),
        ("onething_outbox_entries", "histogram"),
        ("onething_certificate_alarms_total", "counter"),
        ("onething_database_up", "gauge"),
        ("onething_handovers_waiting", "gauge"),
        ("onething_handover_lag_seconds", "gauge"),
    ]
