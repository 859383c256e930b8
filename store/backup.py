"""Backup and restore of what must last: the releases of the rules, organisations, members and sealed cases.

Conversations are in no backup: what was deleted cannot come back by one. Cases can be brought back for thirty days; what was deleted since is
noted outside the backup (`store.organisations.tombstones`) and does not come back.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from store.organisations.copies import BroughtBack, CopyError, bring_back, taken_out
from store.organisations.tombstones import Tombstones
from store.rules.copies import bring_rules_back, bring_teams_back, rules_taken_out

#: 2 since cases are in it; a file of 1 holds releases alone. 3 since releases have their files; before, only checksums were known.
VERSION = 3
#: For so long cases can be brought back.
LASTS = timedelta(days=30)
#: Names of files that are made in a folder.
NAMES = "redress-*.json"


class BackupError(ValueError):
    """A file is no backup, or one of a newer version; the text says which, and what to do."""


@dataclass(frozen=True)
class Written:
    """A backup that was written, and how many that were too old went."""

    file: Path
    releases: int
    cases: int
    ended: int


@dataclass
class Restored:
    """What came back."""

    releases: int = 0
    of_organisations: BroughtBack = field(default_factory=BroughtBack)
    #: The file is older than `LASTS`: only releases came back.
    over: bool = False


def write_backup(engine: Engine, target: Path, now: datetime) -> Written:
    """Write a backup: one JSON file, the same from every kind of database, readable by its owner only. It appears whole or not at all.

    `target`: a file; or a folder, in which it gets a name of its own and backups that are over are deleted.
    Raises sqlalchemy.exc.SQLAlchemyError, OSError.
    """
    file = target / f"redress-{now.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}.json" if target.is_dir() else target
    kept = rules_taken_out(engine)
    tables = taken_out(engine)
    body = {"redress_backup": VERSION, "made_at": now.isoformat(), **kept, "tables": tables}
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(body, stream, ensure_ascii=False, indent=2)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    ended = list(_over(target, now)) if target.is_dir() else []
    for old in ended:
        old.unlink(missing_ok=True)
    return Written(file, len(kept["releases"]), len(tables["case_file"]), len(ended))


def restore_backup(engine: Engine, source: Path, tombstones: Tombstones, now: datetime) -> Restored:
    """Bring back what is missing, all or nothing; what is there stays.

    Raises BackupError, sqlalchemy.exc.SQLAlchemyError, store.organisations.tombstones.TombstonesError.
    """
    body = _read(source)
    found = Restored()
    with Session(engine) as session, session.begin():
        try:
            found.releases = bring_rules_back(session, body)
        except CopyError as error:
            raise BackupError(f"{source} holds a release that cannot be read: {error}. Use another backup.") from None
        if body["redress_backup"] > 1:
            found.over = now - _made(body, source) > LASTS
            if not found.over:
                try:
                    found.of_organisations = bring_back(session, body.get("tables") or {}, tombstones, now)
                    session.flush()
                    bring_teams_back(session, body, now)
                except CopyError as error:
                    raise BackupError(f"{source} holds rows of “{error}” that cannot be read. Use another backup.") from None
                except (IntegrityError, DataError):
                    raise BackupError(f"{source} holds rows that contradict each other. Use another backup.") from None
    return found


def _over(folder: Path, now: datetime) -> Iterator[Path]:
    """Backups in a folder that are older than `LASTS`; a file that is none is left alone."""
    for file in folder.glob(NAMES):
        try:
            if now - _made(_read(file), file) > LASTS:
                yield file
        except BackupError:
            continue


def _made(body: dict[str, Any], source: Path) -> datetime:
    try:
        made = datetime.fromisoformat(body["made_at"])
        if made.tzinfo is not None:
            return made
    except (KeyError, TypeError, ValueError):
        pass
    raise BackupError(f"{source} does not say when it was made. Use another backup.")


def _read(source: Path) -> dict[str, Any]:
    try:
        body = json.loads(source.read_text("utf-8"))
    except OSError as error:
        raise BackupError(f"{source} cannot be read ({error.strerror}). Check its name and place.") from None
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("redress_backup"), int) or not isinstance(body.get("releases"), list):
        raise BackupError(f"{source} is no backup of Redress. Give a file that `redress backup` has written.")
    version = body["redress_backup"]
    if version > VERSION:
        raise BackupError(f"{source} was written by a newer Redress (format {version}; this one reads up to {VERSION}). Update first.")
    return body
