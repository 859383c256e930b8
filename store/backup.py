"""Backup and restore of what must last: the releases of the rules. Conversations are in no backup: what was deleted cannot come back by one."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from store.models import RuleRelease

VERSION = 1
#: What a restored release must have: all but the note.
_NEEDED = ("id", "sha256", "engine", "created_at")


class BackupError(ValueError):
    """A file is no backup, or one of a newer version; the text says which, and what to do."""


def write_backup(engine: Engine, target: Path) -> int:
    """Write a backup: one JSON file, the same from every kind of database, readable by its owner only. It appears whole or not at all.

    Returns how many releases it holds. Raises sqlalchemy.exc.SQLAlchemyError, OSError.
    """
    with Session(engine) as session:
        rows = session.scalars(select(RuleRelease).order_by(RuleRelease.created_at)).all()
        releases = [
            {"id": row.id, "sha256": row.sha256, "engine": row.engine, "created_at": row.created_at.isoformat(), "note": row.note}
            for row in rows
        ]
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"redress_backup": VERSION, "releases": releases}, file, ensure_ascii=False, indent=2)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return len(releases)


def restore_backup(engine: Engine, source: Path) -> int:
    """Bring back the releases that are missing; those that are there stay. Returns how many came back.

    Raises BackupError, sqlalchemy.exc.SQLAlchemyError.
    """
    releases = [_release(item, source) for item in _read(source)]
    with Session(engine) as session, session.begin():
        known = set(session.scalars(select(RuleRelease.sha256)).all())
        missing = [release for release in releases if release.sha256 not in known]
        session.add_all(missing)
        return len(missing)


def _read(source: Path) -> list[Any]:
    try:
        body = json.loads(source.read_text("utf-8"))
    except OSError as error:
        raise BackupError(f"{source} cannot be read ({error.strerror}). Check its name and place.") from None
    except ValueError:
        body = None
    version = body.get("redress_backup") if isinstance(body, dict) else None
    if not isinstance(version, int) or not isinstance(body.get("releases"), list):
        raise BackupError(f"{source} is no backup of Redress. Give a file that `redress backup` has written.")
    if version > VERSION:
        raise BackupError(f"{source} was written by a newer Redress (format {version}; this one reads up to {VERSION}). Update first.")
    releases: list[Any] = body["releases"]
    return releases


def _release(item: Any, source: Path) -> RuleRelease:
    try:
        if not all(isinstance(item[name], str) for name in _NEEDED):
            raise TypeError
        made = datetime.fromisoformat(item["created_at"])
        if made.tzinfo is None:
            raise ValueError
        return RuleRelease(id=item["id"], sha256=item["sha256"], engine=item["engine"], created_at=made, note=item.get("note"))
    except (KeyError, TypeError, ValueError):
        raise BackupError(f"{source} holds a release that cannot be read: {str(item)[:80]}. Use another backup.") from None
