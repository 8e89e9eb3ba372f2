"""House rules that a machine can watch."""

import importlib
import importlib.metadata
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools import chromium, node_packages

ROOT = Path(__file__).parents[2]
TOP_LEVEL_ROOMS = ("workflows", "activities", "api", "definitions")
# In halves, so that this file doesn't name them either.
REGISTRY_HOSTS = [
    "".join(halves)
    for halves in (
        ("pypi", ".org"),
        ("files.python", "hosted.org"),
        ("repo1.", "maven.org"),
        ("repo.", "maven.apache.org"),
        ("registry.", "npmjs.org"),
        ("proxy.", "golang.org"),
        ("sum.", "golang.org"),
        ("crates", ".io"),
        ("deb.", "debian.org"),
    )
]


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [file for name in listed.split("\0") if name and (file := ROOT / name).is_file()]


@pytest.mark.parametrize("name", TOP_LEVEL_ROOMS)
def test_nobody_else_owns_a_top_level_room(name: str) -> None:
    """Another distribution with such a package would overwrite ours, or be overwritten, in site-packages."""
    owners = set(importlib.metadata.packages_distributions().get(name, []))
    assert owners <= {"onething"}, f"{owners} ship a package `{name}` too"
    module = importlib.import_module(name)
    assert Path(str(module.__file__)).is_relative_to(ROOT)


def test_every_folder_of_tests_is_a_package() -> None:
    """Without it pytest puts the folder itself on the path, and `import workflows` finds the tests."""
    folders = {file.parent for file in (ROOT / "tests").rglob("*.py")}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the machine's business: mirrors and closed networks differ."""
    naming = [
        f"{file.relative_to(ROOT)}: {host}"
        for file in tracked_files()
        for host in REGISTRY_HOSTS
        if host.encode() in file.read_bytes()
    ]
    assert naming == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    pins = re.split(r"\n(?=[a-z0-9])", text, flags=re.IGNORECASE)
    pinned = [pin for pin in pins if "==" in pin.split("\n", 1)[0]]
    assert len(pinned) > 40
    assert [pin.split("\n", 1)[0] for pin in pinned if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("folder", [node_packages.FOLDER, chromium.FOLDER], ids=lambda folder: folder.name)
def test_a_lock_of_npm_has_hashes_and_no_addresses(folder: Path) -> None:
    demanded = json.loads((folder / "package.json").read_text())["dependencies"]
    locked = json.loads((folder / "package-lock.json").read_text())["packages"]
    root = locked.pop("")
    assert root["dependencies"] == demanded
    assert {name: locked[f"node_modules/{name}"]["version"] for name in demanded} == demanded  # exact ones
    assert [name for name, package in locked.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in locked.items() if "resolved" in package] == []


def test_locks_hold_what_the_project_needs_and_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    def pins(name: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for package, version in re.findall(r"^([a-z0-9.-]+)==([^ ;]+)", (ROOT / name).read_text(), re.MULTILINE):
            found.setdefault(package, set()).add(version)
        return found

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[><=;! ]", requirement)[0].lower().replace(".", "-") for requirement in requirements}

    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert names(project["dependencies"]) <= runtime.keys()
    assert names(project["optional-dependencies"]["dev"]) <= development.keys()
    assert {package: development.get(package) for package in runtime} == runtime
