"""Releases of the rules in a backup: every one with its files, and who looks after them."""

from __future__ import annotations

import base64
import hashlib
import zlib
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from store.models import OrganisationRow, RuleFile, RuleRelease, RulesTeam
from store.organisations.copies import CopyError
from store.rules.releases import PRODUCT, State

_MOMENTS = ("created_at", "decided_at", "from_at", "ends_at")
_WORDS = ("id", "sha256", "engine", "note", "made_by", "base", "state", "decided_by")
#: What even a release known by its checksum alone has.
_NEEDED = ("id", "sha256", "engine", "created_at")


def rules_taken_out(engine: Engine) -> dict[str, Any]:
    """Parts of a backup: `releases`, `rule_files`, `rules_teams`."""
    with Session(engine) as session:
        releases = [_told(row) for row in session.scalars(select(RuleRelease).order_by(RuleRelease.number))]
        files = {row.sha256: base64.b64encode(row.content).decode("ascii") for row in session.scalars(select(RuleFile))}
        return {"releases": releases, "rule_files": files, "rules_teams": sorted(session.scalars(select(RulesTeam.organisation)))}


def bring_rules_back(session: Session, body: dict[str, Any]) -> int:
    """Add the releases that are missing; how many. Raises CopyError, which quotes what cannot be read."""
    kept = set(session.scalars(select(RuleFile.sha256)))
    for sha256, content in (body.get("rule_files") or {}).items():
        if sha256 not in kept:
            session.add(RuleFile(sha256=sha256, content=_content(sha256, content)))
    there = {row.id: row.sha256 for row in session.execute(select(RuleRelease.id, RuleRelease.sha256))}
    number = session.scalar(select(func.max(RuleRelease.number))) or 0
    missing = [row for row in map(_row, body["releases"]) if there.get(row.id) != row.sha256]
    for row in missing:
        if row.id in there:
            # Another installation, or this one begun anew, has given the same name to something else.
            row.id = f"{row.id}-restored"
            if row.id in there:
                continue
        number += 1
        row.number = number
        session.add(row)
    session.flush()
    _product_steps_back(session, missing)
    return len(missing)


def bring_teams_back(session: Session, body: dict[str, Any], now: datetime) -> None:
    """Organisations that came back look after the rules again."""
    for organisation in body.get("rules_teams") or []:
        if session.get(OrganisationRow, organisation) is not None and session.get(RulesTeam, organisation) is None:
            session.add(RulesTeam(organisation=organisation, since=now))


def _product_steps_back(session: Session, restored: list[RuleRelease]) -> None:
    """What a version of the product brought before a team's rules were restored is a draft beside them."""
    own = [row.from_at for row in restored if row.made_by != PRODUCT and row.state == "approved" and row.from_at is not None]
    if not own:
        return
    names = {row.id for row in restored}
    for row in session.scalars(select(RuleRelease).where(RuleRelease.made_by == PRODUCT, RuleRelease.from_at > max(own))):
        if row.id not in names:
            row.state, row.from_at, row.decided_by, row.decided_at = State.DRAFT, None, None, None


def _told(row: RuleRelease) -> dict[str, Any]:
    words = {name: getattr(row, name) for name in _WORDS}
    moments = {name: moment.isoformat() if (moment := getattr(row, name)) is not None else None for name in _MOMENTS}
    return {**words, **moments, "files": base64.b64encode(row.files).decode("ascii") if row.files is not None else None}


def _row(item: Any) -> RuleRelease:
    try:
        if not all(isinstance(item[name], str) for name in _NEEDED):
            raise TypeError
        moments = {name: datetime.fromisoformat(item[name]) if item.get(name) else None for name in _MOMENTS}
        if any(moment is not None and moment.tzinfo is None for moment in moments.values()):
            raise ValueError
        words = {name: item.get(name) for name in _WORDS}
        files = base64.b64decode(item["files"], validate=True) if item.get("files") else None
        # A file of a version that kept no files.
        words["state"] = words["state"] if files is not None and words["state"] else State.NAMED.value
        return RuleRelease(**words, **moments, files=files)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CopyError(str(item)[:80]) from None


def _content(sha256: str, content: Any) -> bytes:
    try:
        found = base64.b64decode(content, validate=True)
        if hashlib.sha256(zlib.decompress(found)).hexdigest() == sha256:
            return found
    except (TypeError, ValueError, zlib.error):
        pass
    raise CopyError(f"the file {sha256[:12]}")
