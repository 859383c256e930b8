"""A thousand messages that nobody expects, and what must hold all the same (tools/fuzz; docs/fuzzing.md)."""

from __future__ import annotations

import pytest

from cli.stack import Stack
from tools.fuzz.client import probed
from tools.fuzz.conversations import run
from tools.fuzz.installation import Logs
from tools.fuzz.progress import Progress

pytestmark = pytest.mark.stack

#: Known, and written down in docs/fuzzing.md: `make fuzz-conversations` counts them, this test does not yet.
OPEN = {"same_id_same_answer", "case_changes_are_said", "nothing_deleted_unasked"}


def test_a_thousand_turns(stack: Stack) -> None:
    progress = Progress(seed=20261129)
    run(probed(stack.url, stack.rasa_url), progress, 1000, logs=Logs(stack.data_dir / "logs"))
    assert progress.turns >= 1000
    broken = [failure for failure in progress.failures if failure.complaint.check not in OPEN]
    assert not broken, "\n".join(line for failure in broken for line in failure.lines())
