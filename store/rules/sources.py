"""What is known of the pages on which the rules can be read, and which of them somebody has to look at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from store.models import SourcePage
from store.organisations.audit import record
from store.organisations.roles import Action
from store.rules.releases import Actor


class Answer(StrEnum):
    """What came of looking at a page."""

    ANSWERS = "answers"
    #: It says something else than last time.
    CHANGED = "changed"
    #: For good, to another address.
    MOVED = "moved"
    #: It is gone.
    DEAD = "dead"
    #: No answer, or one that says that the server is at fault: it may come back.
    SILENT = "silent"
    #: The site lets no program read it: a person has to.
    BARRED = "barred"


#: A page that may come back is somebody's business when it was silent in so many rounds one after the other.
SILENT_ROUNDS = 2
#: It is not where it was: somebody has to look, at once.
GONE = frozenset({Answer.MOVED, Answer.DEAD})


@dataclass(frozen=True, slots=True)
class Known:
    """What the next look at a page needs of the last one."""

    url: str
    blocks: frozenset[str] | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a page. `blocks`: None where it was not read, also where it says that it has not changed."""

    url: str
    answer: Answer
    detail: str = ""
    blocks: frozenset[str] | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What is told of a page."""

    url: str
    answer: Answer
    detail: str
    checked_at: datetime
    open_since: datetime | None


class Sources:
    """All methods raise sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now

    def due(self, urls: Iterable[str], every: timedelta) -> list[Known]:
        """Those of these pages that were not looked at for so long: a round that was cut off goes on with the rest."""
        before = self._now() - every
        with Session(self._engine) as session:
            rows = {row.url: row for row in session.scalars(select(SourcePage))}
        wanted = [(url, rows.get(url)) for url in dict.fromkeys(urls)]
        return [_known(url, row) for url, row in wanted if row is None or row.checked_at <= before]

    def keep(self, seen: Seen) -> Page:
        """Write down one look, and whether somebody has to look at the page now."""
        with Session(self._engine) as session, session.begin():
            row = session.get(SourcePage, seen.url)
            if row is None:
                row = SourcePage(url=seen.url, answer=Answer.ANSWERS, detail="", failures=0, checked_at=self._now())
                session.add(row)
            row.checked_at = self._now()
            row.failures = row.failures + 1 if seen.answer is Answer.SILENT else 0
            if seen.answer is Answer.CHANGED:
                row.answer, row.detail, row.changed = Answer.ANSWERS.value, "", seen.detail
            else:
                row.answer, row.detail = seen.answer.value, seen.detail
            if row.answer == Answer.ANSWERS:
                row.settled = None
            row.open_since = (row.open_since or self._now()) if _waits(row) else None
            if seen.blocks is not None:
                row.blocks, row.etag, row.last_modified = json.dumps(sorted(seen.blocks)), seen.etag, seen.last_modified
            session.flush()
            return _page(row)

    def all(self) -> list[Page]:
        """Every page that was looked at."""
        with Session(self._engine) as session:
            return [_page(row) for row in session.scalars(select(SourcePage).order_by(SourcePage.url))]

    def open(self) -> list[Page]:
        """Those that somebody has to look at, the longest first."""
        with Session(self._engine) as session:
            found = select(SourcePage).where(SourcePage.open_since.is_not(None)).order_by(SourcePage.open_since, SourcePage.url)
            return [_page(row) for row in session.scalars(found)]

    def settle(self, by: Actor, url: str) -> bool:
        """Somebody has looked at it: what was found is known, until it is something else. False: nobody has to look at this page."""
        with Session(self._engine) as session, session.begin():
            row = session.get(SourcePage, url)
            if row is None or row.open_since is None:
                return False
            row.open_since, row.changed, row.settled = None, None, _told(row)
            record(session, self._now(), by.organisation, by.id, Action.SETTLE_SOURCE, name_of(url))
            return True


def name_of(url: str) -> str:
    """A short name of a page, for the audit."""
    return hashlib.sha256(url.encode()).hexdigest()[:32]


def _waits(row: SourcePage) -> bool:
    """Whether somebody has to look at it. What changed stays so though it is silent now, or has not changed again."""
    gone = row.answer in GONE or (row.answer == Answer.SILENT and row.failures >= SILENT_ROUNDS)
    return row.changed is not None or (gone and row.settled != _told(row))


def _told(row: SourcePage) -> str:
    return f"{row.answer} {row.detail}"


def _known(url: str, row: SourcePage | None) -> Known:
    if row is None:
        return Known(url)
    return Known(url, frozenset(json.loads(row.blocks)) if row.blocks else None, row.etag, row.last_modified)


def _page(row: SourcePage) -> Page:
    if row.changed is not None and row.answer not in GONE:
        return Page(row.url, Answer.CHANGED, row.changed, row.checked_at, row.open_since)
    return Page(row.url, Answer(row.answer), row.detail, row.checked_at, row.open_since)
