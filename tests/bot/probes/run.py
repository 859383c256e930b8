"""Runs every `check_*` function of the modules beside this file in the Rasa environment; one JSON line a check.

Usage: `.venv-rasa/bin/python tests/bot/probes/run.py`. The environment has no pytest, so tests/bot/test_checks.py
starts this once and reports each check as a test of its own.
"""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import json
import sys
import tempfile
import traceback
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[2]), str(HERE)]

from bot.environment import prepare_environment  # noqa: E402


def main() -> None:
    """Run the checks; a check may take `folder`, a fresh directory."""
    prepare_environment()
    for path in sorted(HERE.glob("checks_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, check in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("check_"):
                continue
            error = ""
            with tempfile.TemporaryDirectory() as folder:
                try:
                    result = check(Path(folder)) if inspect.signature(check).parameters else check()
                    if inspect.iscoroutine(result):
                        asyncio.run(result)
                except Exception:
                    error = traceback.format_exc()
            print(json.dumps({"check": f"{path.stem}.{name}", "error": error}), flush=True)


if __name__ == "__main__":
    main()
