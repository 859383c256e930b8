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


def keep_release(engine, number):
    with Session(engine) as session, session.begin():
        made = datetime(2026, 11, number, 12, 30, tzinfo=UTC)
        session.add(RuleRelease(id=f"2026-11-{number:02}", sha256=f"{number:064}", engine="1.0", created_at=made, note="née"))


def releases(engine):
    with Session(engine) as session:
        return [(r.id, r.sha256, r.created_at, r.note) for r in session.scalars(select(RuleRelease).order_by(RuleRelease.id))]


def test_releases_come_back_into_an_empty_database_of_another_kind(engine, tmp_path):
    for number in (1, 2, 3):
        keep_release(engine, number)
    file = tmp_path / "backup.json"
    assert write_backup(engine, file) == 3
    assert file.stat().st_mode & 0o777 == 0o600
    url = f"sqlite:///{tmp_path / 'fresh' / 'redress.db'}"
    upgrade(url)
    fresh = connect(url)
    assert restore_backup(fresh, file) == 3
    assert releases(fresh) == releases(engine)
    assert restore_backup(fresh, file) == 0


def test_what_is_there_stays_and_what_is_missing_comes_back(engine, tmp_path):
    keep_release(engine, 1)
    write_backup(engine, tmp_path / "b")
    keep_release(engine, 2)
    assert restore_backup(engine, tmp_path / "b") == 0
    assert [release[0] for release in releases(engine)] == ["2026-11-01", "2026-11-02"]


def test_nobodys_words_and_no_key_are_in_a_backup(engine, tmp_path):
    wrapping = WrappingKeys(tmp_path / FILE_NAME)
    store = ConversationStore(engine, Sealer(read_or_make_key(tmp_path / "key")), wrapping, 60)
    store.create("my-conversation", {"words": "marzipan"})
    write_backup(engine, tmp_path / "b")
    assert json.loads((tmp_path / "b").read_text()) == {"redress_backup": 1, "releases": []}


@pytest.mark.parametrize(
    "content, says",
    [("", "no backup"), ("[]", "no backup"), ('{"redress_backup": 2, "releases": []}', "newer Redress"),
     ('{"redress_backup": 1, "releases": [{"id": "x"}]}', "cannot be read")])  # fmt: skip
def test_a_file_that_cannot_be_used_says_why(engine, tmp_path, content, says):
    (tmp_path / "b").write_text(content)
    with pytest.raises(BackupError, match=says):
        restore_backup(engine, tmp_path / "b")
    with pytest.raises(BackupError, match="Check its name"):
        restore_backup(engine, tmp_path / "missing")


def test_the_commands(tmp_path, monkeypatch):
    monkeypatch.setenv("REDRESS_DATA_DIR", str(tmp_path / "data"))
    run = CliRunner().invoke
    assert "0 releases" in run(app, ["backup", str(tmp_path / "b")]).output
    assert run(app, ["restore", str(tmp_path / "b")]).exit_code == 0
    assert run(app, ["restore", str(tmp_path / "none")]).exit_code == 2
    assert run(app, ["backup", str(tmp_path / "no" / "folder")]).exit_code == 2
    monkeypatch.setenv("REDRESS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert run(app, ["backup", str(tmp_path / "b")]).exit_code == 2
