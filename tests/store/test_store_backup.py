"""Backup and restore: releases come back, on any kind of database; nobody's words are in the file."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from cli.main import app
from erasure.wrapping import FILE_NAME, WrappingKeys
from store.backup import BackupError, restore_backup, write_backup
from store.conversations import ConversationStore
from store.database import connect
from store.keys import read_or_make_key
from store.migrate import upgrade
from store.models import RuleRelease
from store.sealing import Sealer

NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)


def keep_release(engine, number):
    with Session(engine) as session, session.begin():
        made = datetime(2026, 11, number, 12, 30, tzinfo=UTC)
        session.add(
            RuleRelease(
                id=f"2026-11-{number:02}", number=number, sha256=f"{number:064}", engine="1.0", created_at=made, note="née", state="named"
            )
        )


def releases(engine):
    with Session(engine) as session:
        return [(r.id, r.sha256, r.created_at, r.note) for r in session.scalars(select(RuleRelease).order_by(RuleRelease.id))]


def test_releases_come_back_into_an_empty_database_of_another_kind(engine, tmp_path, tombstones):
    for number in (1, 2, 3):
        keep_release(engine, number)
    file = tmp_path / "backup.json"
    assert write_backup(engine, file, NOW).releases == 3
    assert file.stat().st_mode & 0o777 == 0o600
    url = f"sqlite:///{tmp_path / 'fresh' / 'redress.db'}"
    upgrade(url)
    fresh = connect(url)
    assert restore_backup(fresh, file, tombstones, NOW).releases == 3
    assert releases(fresh) == releases(engine)
    assert restore_backup(fresh, file, tombstones, NOW).releases == 0


def test_what_is_there_stays_and_what_is_missing_comes_back(engine, tmp_path, tombstones):
    keep_release(engine, 1)
    write_backup(engine, tmp_path / "b", NOW)
    keep_release(engine, 2)
    assert restore_backup(engine, tmp_path / "b", tombstones, NOW).releases == 0
    assert [release[0] for release in releases(engine)] == ["2026-11-01", "2026-11-02"]


def test_nobodys_words_and_no_key_are_in_a_backup(engine, tmp_path):
    wrapping = WrappingKeys(tmp_path / FILE_NAME)
    store = ConversationStore(engine, Sealer(read_or_make_key(tmp_path / "key")), wrapping, 60)
    store.create("my-conversation", {"words": "marzipan"})
    write_backup(engine, tmp_path / "b", NOW)
    kept = json.loads((tmp_path / "b").read_text())
    assert kept.pop("tables") == dict.fromkeys(("organisation", "organisation_key", "staff", "member_key", "case_file", "audit"), [])
    assert kept == {"redress_backup": 3, "made_at": NOW.isoformat(), "releases": [], "rule_files": {}, "rules_teams": []}


def test_a_backup_of_the_last_version_is_read(engine, tmp_path, tombstones):
    release = {"id": "2026-11-01", "sha256": "0" * 64, "engine": "1.0", "created_at": "2026-11-01T12:30:00+00:00", "note": None}
    (tmp_path / "b").write_text(json.dumps({"redress_backup": 1, "releases": [release]}))
    found = restore_backup(engine, tmp_path / "b", tombstones, NOW)
    assert found.releases == 1 and not found.over


@pytest.mark.parametrize(
    "content, says",
    [("", "no backup"), ("[]", "no backup"), ('{"redress_backup": 4, "releases": []}', "newer Redress"),
     ('{"redress_backup": 1, "releases": [{"id": "x"}]}', "cannot be read")])  # fmt: skip
def test_a_file_that_cannot_be_used_says_why(engine, tmp_path, tombstones, content, says):
    (tmp_path / "b").write_text(content)
    with pytest.raises(BackupError, match=says):
        restore_backup(engine, tmp_path / "b", tombstones, NOW)
    with pytest.raises(BackupError, match="Check its name"):
        restore_backup(engine, tmp_path / "missing", tombstones, NOW)


def test_the_commands(tmp_path, monkeypatch):
    monkeypatch.setenv("REDRESS_DATA_DIR", str(tmp_path / "data"))
    run = CliRunner().invoke
    assert "0 releases of the rules and 0 sealed cases" in run(app, ["backup", str(tmp_path / "b")]).output
    assert run(app, ["staff", "add", "ana", "--role", "administrator", "--organisation", "House of Hope"]).exit_code == 0
    (tmp_path / "backups").mkdir()
    assert run(app, ["backup", str(tmp_path / "backups")]).exit_code == 0
    [file] = (tmp_path / "backups").iterdir()
    monkeypatch.setenv("REDRESS_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    # Without the file of what was deleted it says what that means.
    told = run(app, ["restore", str(file)])
    assert told.exit_code == 0 and "1 organisations and 0 cases" in told.output and "tombstones is not there" in told.output
    monkeypatch.delenv("REDRESS_DATABASE_URL")
    assert run(app, ["restore", str(tmp_path / "b")]).exit_code == 0
    assert run(app, ["restore", str(tmp_path / "none")]).exit_code == 2
    assert run(app, ["backup", str(tmp_path / "no" / "folder")]).exit_code == 2
    monkeypatch.setenv("REDRESS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert run(app, ["backup", str(tmp_path / "b")]).exit_code == 2
