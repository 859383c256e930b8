"""`redress keys`: what somebody who looks after an installation types."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from store.keys import read_keys

ROOT = Path(__file__).parents[2]


def keys(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "keys", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={**os.environ, "REDRESS_DATA_DIR": str(data_dir)},
    )


def test_keys_are_rotated_and_retired(tmp_path: Path) -> None:
    secret, key = tmp_path / "channel.secret", tmp_path / "conversation.key"
    old = read_keys(secret)
    assert keys(tmp_path, "rotate").returncode == 0
    assert read_keys(secret)[1:] == old and len(read_keys(key)) == 2
    answer = keys(tmp_path, "retire", "channel")
    assert answer.returncode == 0 and "1 dropped" in answer.stdout
    assert not set(old) & set(read_keys(secret)) and len(read_keys(key)) == 2
    assert old[0].decode() not in answer.stdout


def test_a_file_that_is_no_key_is_said_and_left(tmp_path: Path) -> None:
    (tmp_path / "channel.secret").write_text("short")
    answer = keys(tmp_path, "rotate", "channel")
    assert answer.returncode == 1 and "channel.secret does not hold" in answer.stderr
    assert (tmp_path / "channel.secret").read_text() == "short"
    assert keys(tmp_path, "rotate", "wrong").returncode == 2
