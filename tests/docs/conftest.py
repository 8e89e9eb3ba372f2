"""The recipe for `.env`, carried out."""

import subprocess
from pathlib import Path

import pytest

from tests.docs.reading import ROOT, blocks


@pytest.fixture(scope="session")
def recipe_carried_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `.env` that the block of docs/operating.md makes."""
    folder: Path = tmp_path_factory.mktemp("env")
    recipe = next(block for block in blocks(ROOT / "docs" / "operating.md") if "> .env" in block)
    subprocess.run(["bash", "-euo", "pipefail", "-c", recipe], cwd=folder, check=True)
    return folder / ".env"


@pytest.fixture(scope="session")
def env_of_the_recipe(recipe_carried_out: Path) -> dict[str, str]:
    """What it sets."""
    lines = recipe_carried_out.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
