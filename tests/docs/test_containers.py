"""docker-compose.yml and Dockerfile, as far as they can be judged without a container engine."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from onething import __version__
from onething.embedded.pieces import WORKER_STOP_S
from onething.settings import Settings
from tests.docs.reading import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SETTINGS = {f"ONETHING_{name.upper()}" for name in Settings.model_fields}
OURS = ("schema", "worker", "api", "simulator")
# without these a process stops with a message, or demonstrates to nobody
SECRETS = ("PASSWORD", "KEY")


def test_it_is_a_compose_file() -> None:
    schema = json.loads((ROOT / "tests/docs/compose-spec.json").read_text())
    errors = jsonschema_rs.validator_for(schema).iter_errors(COMPOSE)
    assert [f"{error.instance_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("service", OURS)
def test_every_setting_exists(service: str) -> None:
    named = {name for name in SERVICES[service].get("environment", {}) if name.startswith("ONETHING_")}
    assert named <= SETTINGS


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned(name: str) -> None:
    assert re.search(r":\d+\.\d+(\.\d+)?$", SERVICES[name]["image"]), SERVICES[name]["image"]


def test_base_images_are_pinned_and_alike() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.search(r":\d+\.\d+\.\d+-", bases[0])


@pytest.mark.parametrize("name", OURS)
def test_our_image_is_this_version(name: str) -> None:
    assert SERVICES[name]["image"] == f"onething:{__version__}"


def test_no_secret_has_a_default() -> None:
    for name, fallback in re.findall(r"\$\{(\w+):-([^}]*)\}", TEXT):
        assert fallback == "" or not any(part in name for part in SECRETS), name
    assert not re.search(r"^\s+\w*(PASSWORD|KEYS?|PWD): (?!\"?\$\{)", TEXT, re.MULTILINE)


def test_a_trial_has_to_be_asked_for_and_is_published_on_this_machine_only() -> None:
    for name in ("api", "worker", "simulator"):
        assert SERVICES[name]["environment"]["ONETHING_TRIAL"] == "${ONETHING_TRIAL:-false}"
    assert SERVICES["simulator"]["profiles"] == ["trial"]
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_only_the_installer_of_the_schema_knows_the_owner() -> None:
    knowing = [name for name in SERVICES if "ONETHING_DATABASE_OWNER_URL" in SERVICES[name].get("environment", {})]
    assert knowing == ["schema"]


def test_only_the_gateway_of_a_fixed_network_is_believed() -> None:
    """What comes from a port that the host publishes has its address; the page tells the same two."""
    [network] = [one for network in COMPOSE["networks"].values() for one in network["ipam"]["config"]]
    believed = SERVICES["api"]["environment"]["ONETHING_TRUSTED_PROXIES"]
    assert believed == f"${{ONETHING_TRUSTED_PROXIES-{network['gateway']}}}"
    page = (ROOT / "docs" / "operating.md").read_text()
    assert f"固定为 {network['subnet']}、只信网关 {network['gateway']}" in page


def test_ports_agree() -> None:
    api, worker = SERVICES["api"], SERVICES["worker"]
    port = api["environment"]["ONETHING_API_PORT"]
    assert api["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f":{port}/readyz" in api["healthcheck"]["test"][-1]
    assert f"EXPOSE {port}" in DOCKERFILE
    assert f":{worker['environment']['ONETHING_METRICS_PORT']}/metrics" in worker["healthcheck"]["test"][-1]
    simulator = SERVICES["simulator"]
    played = simulator["command"][simulator["command"].index("--port") + 1]
    assert simulator["ports"] == [f"127.0.0.1:{played}:{played}"]
    assert f":{played}/healthz" in simulator["healthcheck"]["test"][-1]


def test_whoever_waits_for_health_waits_for_somebody_with_a_check() -> None:
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], other


def test_processes_run_without_rights() -> None:
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    for name in OURS:
        assert SERVICES[name]["read_only"]
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_a_worker_may_finish_its_attempts() -> None:
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) >= WORKER_STOP_S


def test_the_image_is_built_from_the_lock() -> None:
    assert "pip install --require-hashes -r requirements.lock" in DOCKERFILE
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {path for line in copied for path in line.split()} == allowed
    assert [path for path in allowed if not (ROOT / path).exists()] == []


def test_the_recipe_makes_a_file_that_nobody_else_reads(recipe_carried_out: Path) -> None:
    assert recipe_carried_out.stat().st_mode & 0o777 == 0o600


def test_the_recipe_in_the_docs_sets_what_compose_demands(env_of_the_recipe: dict[str, str]) -> None:
    demanded = set(re.findall(r"\$\{(\w+):\?", TEXT))
    assert demanded <= env_of_the_recipe.keys()
    assert all(env_of_the_recipe[name] for name in demanded)
