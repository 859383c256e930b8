"""`redress staff` and `redress audit`: what somebody who looks after an installation types."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from store.database import connect
from store.keys import read_or_make_key
from store.models import AuditRow
from store.organisations.staff import Staff
from store.organisations.tombstones import Tombstones
from store.sealing import Sealer

ROOT = Path(__file__).parents[2]


def redress(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={**os.environ, "REDRESS_DATA_DIR": str(data_dir), "REDRESS_PUBLIC_URL": "https://help.example"},
    )


def add(data_dir: Path, name: str, *more: str) -> subprocess.CompletedProcess[str]:
    return redress(data_dir, "staff", "add", name, "--role", "administrator", "--organisation", "House of Hope", *more)


def test_the_first_administrator_comes_in_with_the_code_that_is_printed(tmp_path: Path) -> None:
    made = add(tmp_path, "Ana", "--role", "support_worker")
    assert made.returncode == 0 and "https://help.example/staff" in made.stdout
    code = made.stdout.splitlines()[1]
    key = read_or_make_key(tmp_path / "conversation.key")
    staff = Staff(connect(f"sqlite:///{tmp_path / 'redress.db'}"), Sealer(key), lambda: datetime.now(UTC), Tombstones(tmp_path / "tombstones"))
    assert staff.invited(code) == "ana"
    assert staff.join(code, "four words of my own").recovery_key
    again = add(tmp_path, "ana")
    assert again.returncode == 1 and "this name" in again.stderr and "Traceback" not in again.stderr


def test_an_unknown_role_is_said_with_those_there_are(tmp_path: Path) -> None:
    refused = redress(tmp_path, "staff", "add", "Ana", "--role", "boss", "--organisation", "x")
    assert refused.returncode == 2 and "support_worker" in refused.stderr


def test_the_audit_is_verified_and_its_anchor_finds_a_cut(tmp_path: Path) -> None:
    assert redress(tmp_path, "audit", "anchor").returncode == 1
    for name in ("ana", "bea", "cleo"):
        add(tmp_path, name)
    anchor = tmp_path / "anchor.json"
    anchor.write_text(redress(tmp_path, "audit", "anchor").stdout)
    assert json.loads(anchor.read_text())["number"] == 3
    assert "whole." in redress(tmp_path, "audit", "verify", "--anchor", str(anchor)).stdout
    engine = connect(f"sqlite:///{tmp_path / 'redress.db'}")
    with Session(engine) as session, session.begin():
        session.execute(delete(AuditRow).where(AuditRow.number == 3))
    assert redress(tmp_path, "audit", "verify").returncode == 0
    cut = redress(tmp_path, "audit", "verify", "--anchor", str(anchor))
    assert cut.returncode == 1 and "cut off" in cut.stderr
    with Session(engine) as session, session.begin():
        session.execute(update(AuditRow).where(AuditRow.number == 1).values(actor="nobody"))
    changed = redress(tmp_path, "audit", "verify")
    assert changed.returncode == 1 and "row 1 is not as it was written" in changed.stderr
    anchor.write_text("{}")
    refused = redress(tmp_path, "audit", "verify", "--anchor", str(anchor))
    assert refused.returncode == 1 and "no anchor" in refused.stderr and "Traceback" not in refused.stderr


def test_the_audit_is_given_out_whole_and_what_was_given_out_finds_a_cut(tmp_path: Path) -> None:
    assert redress(tmp_path, "audit", "export").stdout == ""
    for name in ("ana", "Žofie"):
        add(tmp_path, name)
    to = tmp_path / "audit.jsonl"
    made = redress(tmp_path, "audit", "export", "-o", str(to))
    assert made.returncode == 0 and made.stdout == ""
    assert redress(tmp_path, "audit", "export").stdout == to.read_text(encoding="utf-8")
    rows = [json.loads(line) for line in to.read_text(encoding="utf-8").splitlines()]
    assert [row["number"] for row in rows] == [1, 2] and {row["action"] for row in rows} == {"invite"}
    previous = "0" * 64
    for row in rows:
        assert row["previous"] == previous
        previous = row.pop("hash")
        # As docs/staff.md says it: SHA-256 over the values in their order, as JSON.
        assert hashlib.sha256(json.dumps(list(row.values()), ensure_ascii=False).encode()).hexdigest() == previous
    assert redress(tmp_path, "audit", "verify", "--anchor", str(to)).returncode == 0
    with Session(connect(f"sqlite:///{tmp_path / 'redress.db'}")) as session, session.begin():
        session.execute(delete(AuditRow).where(AuditRow.number == 2))
    cut = redress(tmp_path, "audit", "verify", "--anchor", str(to))
    assert cut.returncode == 1 and "cut off" in cut.stderr
    folder = redress(tmp_path, "audit", "export", "-o", str(tmp_path))
    assert folder.returncode == 1 and "Traceback" not in folder.stderr
