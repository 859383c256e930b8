"""What a log may hold: where something happened, and nothing of who it happened to."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from envelope.logs import HIDDEN, PrivateFormatter, masked
from store.private import keep_private, readable_by_others

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "secret",
    [
        *(urlsafe_b64encode(sha256(bytes([n])).digest()[:24]).decode() for n in range(50)),
        sha256(b"row").hexdigest(),
        "203.0.113.7",
        "2001:db8::17",
        "::ffff:203.0.113.7",
        "+49 30 1234567",
        "ana@help.example",
    ],
)
def test_what_identifies_is_masked_wherever_it_stands(secret: str) -> None:
    for line in (f"GET /api/v1/conversations/{secret}/messages HTTP/1.1", f"no answer from {secret}: timeout", f"'{secret}'", f"({secret})."):
        assert secret not in masked(line) and HIDDEN in masked(line), line


def test_what_was_asked_for_in_an_address_is_masked() -> None:
    assert masked("GET /chat?text=he%20hit%20me HTTP/1.1") == f"GET /chat{HIDDEN} HTTP/1.1"


def test_the_password_of_a_database_is_masked_and_its_host_stays() -> None:
    assert masked("cannot open postgresql://redress:hunter2@db.internal/redress") == f"cannot open postgresql://{HIDDEN}@db.internal/redress"


@pytest.mark.parametrize(
    "line",
    [
        "the database does not answer: OperationalError",
        "2026-11-30 12:44:15,155 WARNING web.memory: expired conversations were not purged",
        "Redis does not answer, turns are lined up in this process only: ConnectionError",
        "http://127.0.0.1:5005/status answered 503",
        "line 1234567 of a_function_with_quite_a_long_name in 12.5 s",
    ],
)
def test_what_helps_to_mend_stays(line: str) -> None:
    assert masked(line) == line


def test_of_libraries_only_the_place_is_told_and_of_errors_only_the_kind() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PrivateFormatter(["web"]))
    ours, theirs = logging.getLogger("web.test_logs"), logging.getLogger("library.test_logs")
    for logger in (ours, theirs):
        logger.addHandler(handler)
        logger.propagate = False
        try:
            raise ValueError("marzipan")
        except ValueError:
            logger.exception("said in\n%s", "A" * 32)
    first, second, *rest = stream.getvalue().splitlines()
    assert not rest and "marzipan" not in stream.getvalue() and "A" * 32 not in stream.getvalue()
    assert "ERROR web.test_logs: said in *** (ValueError in test_of_libraries" in first
    assert "ERROR library.test_logs: test_of_libraries" in second and "(ValueError in " in second


@pytest.mark.parametrize(
    ("crash", "told"),
    [
        ("raise ValueError('marzipan')", "ValueError"),
        ("import threading; t = threading.Thread(target=lambda: int('marzipan')); t.start(); t.join()", "ValueError"),
        ("import warnings; warnings.warn('marzipan')", "py.warnings"),
        (
            "import asyncio\nasync def f(): raise ValueError('marzipan')\nasync def g():\n  asyncio.ensure_future(f()); await asyncio.sleep(0)\n"
            "asyncio.run(g())",
            "asyncio",
        ),
        ("from store.settings import load_settings; load_settings({'REDRESS_IDLE_MINUTES': 'soon'})", "REDRESS_IDLE_MINUTES is 'soon'"),
    ],
)
def test_what_nobody_catches_is_told_without_its_text(crash: str, told: str) -> None:
    program = f"from envelope.logs import set_up_logs; set_up_logs(['store'])\n{crash}"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert told in done.stderr and "marzipan" not in done.stderr + done.stdout


def test_what_others_could_read_in_the_data_folder_is_taken_from_them(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    (folder / "logs").mkdir(parents=True, mode=0o755)
    for name in ("redress.db", "logs/web.log"):
        (folder / name).write_text("")
        (folder / name).chmod(0o644)
    (folder / "conversation.key").touch(mode=0o600)
    outside = tmp_path / "outside"
    outside.touch(mode=0o644)
    outside.chmod(0o644)
    (folder / "link").symlink_to(outside)
    folder.chmod(0o755)
    assert {path.name for path in readable_by_others(folder)} == {"var", "logs", "redress.db", "web.log"}
    before = os.umask(0o022)
    try:
        keep_private(folder)
        (folder / "later").touch()
    finally:
        os.umask(before)
    assert list(readable_by_others(folder)) == []
    assert outside.stat().st_mode & 0o777 == 0o644
    assert (folder / "logs").stat().st_mode & 0o777 == 0o700
