"""A thousand messages that nobody expects, and what must hold all the same (tools/fuzz; docs/fuzzing.md)."""

from __future__ import annotations

import pytest

from cli.stack import Stack
from tools.fuzz.client import probed
from tools.fuzz.conversations import run
from tools.fuzz.installation import Logs
from tools.fuzz.progress import Progress

pytestmark = pytest.mark.stack


def test_a_thousand_turns(stack: Stack) -> None:
    progress = Progress(seed=20261129)
    run(probed(stack.url, stack.rasa_url), progress, 1000, logs=Logs(stack.data_dir / "logs"))
    assert progress.turns >= 1000
    assert not progress.failures, "\n".join(line for failure in progress.failures for line in failure.lines())
