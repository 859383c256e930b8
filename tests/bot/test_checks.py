"""Each check of tests/bot/probes as a test; they run in the Rasa environment (Python 3.10), in one process."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROBES = Path(__file__).parent / "probes"
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"


def check_names() -> list[str]:
    """The names of all checks, read without importing them."""
    names = []
    for path in sorted(PROBES.glob("checks_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("check_"):
                names.append(f"{path.stem}.{node.name}")
    return names


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run all checks once; {name: traceback, empty when it passed}."""
    data = tmp_path_factory.mktemp("data")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("REDRESS_")} | {"REDRESS_DATA_DIR": str(data)}
    done = subprocess.run([RASA_PYTHON, PROBES / "run.py"], env=environment, capture_output=True, text=True, timeout=300, cwd=ROOT)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"check"')]
    assert lines, done.stderr
    return {line["check"]: line["error"] for line in lines}


@pytest.mark.parametrize("name", check_names())
def test_check(name: str, results: dict[str, str]) -> None:
    assert name in results, "the check did not run"
    assert not results[name], results[name]
